"""Links of cases, reopening, call-backs."""

from marshmallow import Schema, fields

from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.shared import said


class LinkSchema(Schema):
    """With which case to link another one."""

    number = fields.String(required=True, metadata=said("The number of the other case"))
    kind = fields.String(required=True, metadata=said("repeat, merged (this one ends) or group (it belongs under it)"))


class LinkedSchema(Schema):
    """A linked case."""

    case = fields.Nested(CaseSchema, required=True)
    kind = fields.String(required=True)
    above = fields.Boolean(required=True, metadata=said("Whether the other one is the one above"))


class ReopeningSchema(Schema):
    """Why a case is opened again."""

    reason = fields.String(required=True)


class CallbackSchema(Schema):
    """An independent call-back to make."""

    id = fields.UUID(required=True)
    case = fields.Nested(CaseSchema, required=True)


class AnsweredSchema(Schema):
    """What was answered."""

    solved = fields.String(required=True, metadata=said("yes, no or unreached"))
    satisfied = fields.String(load_default="", metadata=said("yes, no, unreached, or empty: did not say"))
