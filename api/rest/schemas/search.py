"""Finding cases."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.shared import PageQuerySchema, said
from engine.cases.search import LONGEST
from engine.errors import N_


class SearchQuerySchema(PageQuerySchema):
    """What to look for."""

    q = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST, error=N_("Write at most 100 characters.")),
        metadata=said("Terms with spaces between them"),
    )


class HitSchema(Schema):
    """A case that was found."""

    case = fields.Nested(CaseSchema, required=True)
    names = fields.List(fields.String(), required=True, metadata=said("Its people whose name or phone was found"))


class HitPageSchema(Schema):
    """A page of what was found."""

    items = fields.List(fields.Nested(HitSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=said("The cursor of the next page"))


class EarlierSchema(Schema):
    """Another case with something in common."""

    case = fields.Nested(CaseSchema, required=True)
    why = fields.String(required=True, metadata=said("identity, phone, name or place"))
    name = fields.String(required=True)


class FoundConflictSchema(Schema):
    """What stands between you and a case."""

    kind = fields.String(required=True, metadata=said("kin, interest, reporter or earlier"))
    name = fields.String(required=True)
    number = fields.String(required=True)


class KnownSchema(Schema):
    """What to know before one begins."""

    earlier = fields.List(fields.Nested(EarlierSchema), required=True)
    conflicts = fields.List(fields.Nested(FoundConflictSchema), required=True)


class WaitingSchema(Schema):
    """A reason why a case stands still."""

    kind = fields.String(
        required=True,
        metadata=said("police, suspended, incident, signatures, person, group, message or timer"),
    )
    since = fields.AwareDateTime(required=True, allow_none=True)
    until = fields.AwareDateTime(required=True, allow_none=True)
    element_id = fields.Function(lambda one: one.step[1] if one.step else None, metadata=said("Where it waits"))
    roles = fields.List(fields.String(), required=True, metadata=said("Who may act"))
    person = fields.String(required=True, metadata=said("The name of who has it"))


class WaitingListSchema(Schema):
    """Why a case stands still."""

    items = fields.List(fields.Nested(WaitingSchema), required=True)
