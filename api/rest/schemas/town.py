"""Volunteers, shifts, rewards."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class VolunteerSchema(Schema):
    """A volunteer."""

    id = fields.UUID(dump_only=True)
    kind = fields.String(required=True, metadata=said("mediator, publicist or red_armband"))
    name = fields.String(required=True)
    division = fields.String(required=True, metadata=said("Code of the village or town"))
    phone = fields.String(load_default="", load_only=True)
    trained_on = fields.Date(load_default=None, allow_none=True)
    certificate = fields.String(load_default="")
    to_day = fields.Date(dump_only=True)


class StrengthSchema(Schema):
    """How strong a roster is."""

    kind = fields.String(required=True)
    active = fields.Integer(required=True)
    trained = fields.Integer(required=True)
    target = fields.Integer(required=True)


class VolunteerListSchema(Schema):
    """The register."""

    items = fields.List(fields.Nested(VolunteerSchema), required=True)
    strengths = fields.List(fields.Nested(StrengthSchema), required=True)


class ShiftStandSchema(Schema):
    """Somebody in a shift."""

    id = fields.UUID(required=True)
    volunteer_id = fields.UUID(required=True)
    state = fields.String(required=True, metadata=said("assigned or absent"))
    covers = fields.UUID(required=True, allow_none=True)


class WatchSchema(Schema):
    """A shift."""

    id = fields.UUID(attribute="shift.id", required=True)
    case_id = fields.UUID(attribute="shift.case_id", required=True)
    place = fields.String(attribute="shift.place", required=True)
    starts_at = fields.DateTime(attribute="shift.starts_at", required=True)
    ends_at = fields.DateTime(attribute="shift.ends_at", required=True)
    needed = fields.Integer(attribute="shift.needed", required=True)
    missing = fields.Integer(required=True)
    stands = fields.Function(lambda one: ShiftStandSchema(many=True).dump([each.stand for each in one.people]))


class VolunteerLoginSchema(Schema):
    """The sign-in name of a volunteer's account."""

    login = fields.String(required=True)


class OwnStandSchema(Schema):
    """A shift of one's own."""

    id = fields.UUID(attribute="stand.id", required=True)
    state = fields.String(attribute="stand.state", required=True, metadata=said("assigned or absent"))
    place = fields.String(attribute="shift.place", required=True)
    starts_at = fields.DateTime(attribute="shift.starts_at", required=True)
    ends_at = fields.DateTime(attribute="shift.ends_at", required=True)


class OwnStandListSchema(Schema):
    """One's own shifts."""

    items = fields.List(fields.Nested(OwnStandSchema), required=True)


class WatchListSchema(Schema):
    """Shifts."""

    items = fields.List(fields.Nested(WatchSchema), required=True)


class StandSchema(Schema):
    """Who shall stand."""

    volunteer_id = fields.UUID(required=True)
    covers = fields.UUID(load_default=None, allow_none=True, metadata=said("The stand that is taken over"))


class RewardSchema(Schema):
    """A line of the ledger."""

    id = fields.UUID(attribute="entry.id", required=True)
    at = fields.DateTime(attribute="entry.at", required=True)
    decided_in = fields.String(attribute="number", required=True)
    about = fields.String(required=True)
    for_whom = fields.String(attribute="entry.for_whom", required=True)
    kind = fields.String(attribute="entry.what", required=True)
    points = fields.Integer(attribute="entry.amount", required=True)
    rule = fields.String(attribute="entry.rule", required=True)
    table_version = fields.Integer(attribute="entry.table_version", required=True)
    reverses = fields.UUID(attribute="entry.reverses", required=True, allow_none=True)
    reason = fields.String(attribute="entry.reason", required=True)


class RewardListSchema(Schema):
    """The ledger."""

    items = fields.List(fields.Nested(RewardSchema), required=True)
