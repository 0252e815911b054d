"""A mediation as one of its parties sees it."""

from marshmallow import Schema, fields

from api.rest.schemas.reports import RightSchema
from api.rest.schemas.shared import said


class PartyCodeSchema(Schema):
    """A code of a party's own."""

    tracking_code = fields.String(required=True, metadata=said("Told once; to follow the mediation with"))


class InvitedSchema(Schema):
    """A sitting to come to which the party is invited."""

    kind = fields.String(required=True, metadata=said("session, hearing or visit"))
    starts_at = fields.AwareDateTime(required=True)
    minutes = fields.Integer(required=True)
    place = fields.String(required=True)
    moved_because = fields.String(required=True, metadata=said("Why it was moved; empty where it was not"))


class ObligationSchema(Schema):
    """What a side has to do."""

    who = fields.String(required=True)
    what = fields.String(required=True)
    amount = fields.Decimal(required=True, allow_none=True, as_string=True, metadata=said("Yuan"))
    due_on = fields.Date(required=True, allow_none=True)


class AgreedSchema(Schema):
    """What both sides agreed, as both read it; no contact or identity of anybody."""

    number = fields.String(required=True)
    effective_on = fields.Date(required=True)
    confirmable = fields.Boolean(required=True, metadata=said("Whether a court may confirm it"))
    content = fields.String(required=True)
    obligations = fields.List(fields.Nested(ObligationSchema), required=True)


class MediationSchema(Schema):
    """Where a mediation stands for one of its parties: nothing about who reported it, or about anybody else."""

    number = fields.String(required=True)
    role = fields.String(
        required=True, metadata=said("What the party is: applicant, respondent, third, guardian, agent")
    )
    stage = fields.String(required=True)
    level = fields.String(required=True)
    due_on = fields.Date(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String(allow_none=True)
    may = fields.List(fields.String(), required=True, metadata=said("choose, recuse, rate, end"))
    now = fields.String(required=True, metadata=said("Where it stands, as a sentence"))
    following = fields.String(required=True, metadata=said("What happens next, as a sentence"))
    call = fields.String(required=True, metadata=said("The telephone number of whoever has it"))
    mediators = fields.List(fields.String(), required=True, metadata=said("The names of who mediates"))
    wanted = fields.List(fields.String(), required=True, metadata=said("Whom the other side wants as mediator"))
    sittings = fields.List(fields.Nested(InvitedSchema), required=True)
    agreed = fields.Nested(AgreedSchema, required=True, allow_none=True)
    rights = fields.List(fields.Nested(RightSchema), required=True, metadata=said("What the law leaves to parties"))
