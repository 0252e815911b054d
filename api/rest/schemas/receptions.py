"""Leaders' receptions."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class ReceptionSlotSchema(Schema):
    """A time of a leader."""

    id = fields.UUID(dump_only=True)
    leader = fields.String(required=True, metadata=said("Account of the leader"))
    place = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    capacity = fields.Integer(required=True, metadata=said("How many matters are heard, 1 to 20"))


class CaseNumberSchema(Schema):
    """Which case."""

    number = fields.String(required=True)


class MovedCaseSchema(Schema):
    """To which reception, and why."""

    slot_id = fields.UUID(required=True)
    reason = fields.String(required=True)


class BookedCaseSchema(Schema):
    """A case in a reception."""

    id = fields.UUID(required=True)
    slot_id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    moved_because = fields.String(required=True, metadata=said("Why it was moved; empty where it was not"))
    cancelled_at = fields.DateTime(required=True, allow_none=True)


class ReceptionSchema(Schema):
    """A reception."""

    slot = fields.Nested(ReceptionSlotSchema, required=True)
    booked = fields.Integer(required=True)
    free = fields.Integer(required=True)
    cases = fields.Function(lambda one: BookedCaseSchema(many=True).dump([booking for booking, _ in one.cases]))


class ReceptionListSchema(Schema):
    """Receptions."""

    items = fields.List(fields.Nested(ReceptionSchema), required=True)
