"""Reports, and following one."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.mediators import VisitSchema, VisitTimeSchema
from api.rest.schemas.shared import said


class ReportedSchema(Schema):
    """A report on the ledger."""

    id = fields.UUID(required=True, metadata=said("The case's id"))
    number = fields.String(required=True, metadata=said("The number people use"))
    tracking_code = fields.String(required=True, metadata=said("Shown once; to follow the report with"))


class ReportedListSchema(Schema):
    """Reports on the ledger."""

    items = fields.List(fields.Nested(ReportedSchema), required=True)


class FollowSchema(Schema):
    """What somebody who reported has in hand."""

    tracking_code = fields.String(required=True, validate=validate.Length(1, 40))
    phone = fields.String(load_default="", validate=validate.Length(0, 40))


class RightSchema(Schema):
    """Something that the law leaves to the parties, whether the matter is closed or not, and until which day."""

    key = fields.String(required=True, metadata=said("Its key in the catalogue of deadlines"))
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    law = fields.String(required=True, metadata=said("The article"))
    until = fields.Date(required=True, metadata=said("The last day, moved to the next working day where it is one off"))


class FollowedSchema(Schema):
    """Where a report stands: codes of the dictionary, nothing about anybody else."""

    may = fields.List(fields.String(), required=True, metadata=said("add, choose, book, rate, withdraw"))
    told = fields.Boolean(required=True, metadata=said("Whether messages go to a phone"))
    now = fields.String(required=True, metadata=said("Where it stands, as a sentence"))
    following = fields.String(required=True, metadata=said("What happens next, as a sentence"))
    call = fields.String(required=True, metadata=said("The telephone number of whoever has it"))
    visits = fields.List(fields.Nested(VisitSchema), required=True, metadata=said("Visits to come"))
    rights = fields.List(fields.Nested(RightSchema), required=True, metadata=said("What the law leaves to parties"))
    number = fields.String(required=True)
    stage = fields.String(required=True)
    level = fields.String(allow_none=True)
    reported_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String(allow_none=True)


class ProvenAnswersSchema(FollowSchema):
    """Answers to a form, from whoever has code and phone."""

    answers = fields.Dict(keys=fields.String(), required=True)


class ProvenVisitSchema(FollowSchema):
    """A visit for a case, from whoever has code and phone."""

    body_id = fields.UUID(required=True, metadata=said("The mediation body"))
    name = fields.String(required=True, validate=validate.Length(1, 100))
    day = fields.Date(load_default=None, allow_none=True)
    slot = fields.Time(load_default=None, allow_none=True)


class ProvenTimeSchema(FollowSchema, VisitTimeSchema):
    """Another time for a visit, from whoever has code and phone."""


class MessagesSchema(FollowSchema):
    """Whether messages are wanted, and at which number (the one left with the report, if none is said)."""

    wanted = fields.Boolean(required=True)
    to = fields.String(load_default="", validate=validate.Length(0, 40))
