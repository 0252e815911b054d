"""A grid worker's own reports, likely duplicates, rounds."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.shared import AnswersSchema, said


class OwnReportsSchema(Schema):
    """What somebody has reported themselves, newest first."""

    items = fields.List(fields.Nested(CaseSchema), required=True)


class LookSchema(Schema):
    """A report that is being written."""

    what = fields.String(required=True, validate=validate.Length(1, 5000))
    where = fields.String(required=True, validate=validate.Length(1, 200))


class AlikeSchema(Schema):
    """An open case that may be the same matter."""

    case = fields.Nested(CaseSchema, required=True)
    alike = fields.Float(required=True, metadata=said("How alike the words are, from 0 to 1"))
    metres = fields.Integer(allow_none=True, metadata=said("How far it is, where both places are known"))
    photo = fields.UUID(allow_none=True, metadata=said("An upload; its copy bears no note of place and time"))


class AlikeListSchema(Schema):
    """Open cases that may be the same matter, the likeliest first."""

    items = fields.List(fields.Nested(AlikeSchema), required=True)


class JoinSchema(AnswersSchema):
    """The answers of a report that goes to an open case."""


class RoundSchema(Schema):
    """A patrol on which nothing was found."""

    division = fields.String(required=True, metadata=said("The path of the division"))
    at = fields.AwareDateTime(required=True)


class RoundListSchema(Schema):
    """One's own rounds of the last thirty days."""

    items = fields.List(fields.Nested(RoundSchema), required=True)


class WentSchema(Schema):
    """A patrol to note; the same key notes it once."""

    key = fields.String(required=True, validate=validate.Length(8, 100))
    at = fields.AwareDateTime(load_default=None, allow_none=True, metadata=said("When, if that was earlier"))
