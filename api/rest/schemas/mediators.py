"""Mediation bodies, mediators, visits."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class BodySchema(Schema):
    """A mediation body."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata=said("commercial ones may charge; all others are free"))
    name = fields.String(required=True)
    level = fields.String(required=True)
    legal_basis = fields.String(required=True)
    fee = fields.String(required=True)
    phone = fields.String(required=True)


class MediatorSchema(Schema):
    """A mediator."""

    id = fields.UUID(attribute="account.id", required=True)
    name = fields.String(attribute="account.name", required=True)
    body_id = fields.UUID(attribute="unit.id", required=True)
    specialities = fields.List(
        fields.String(), attribute="mediator.specialities", required=True, metadata=said("Codes of categories")
    )
    languages = fields.List(
        fields.String(), attribute="mediator.languages", required=True, metadata=said("Codes of languages")
    )
    open_cases = fields.Integer(required=True)


class DirectorySchema(Schema):
    """Who mediates."""

    bodies = fields.List(fields.Nested(BodySchema), required=True)
    mediators = fields.List(fields.Nested(MediatorSchema), required=True)


class BookingSchema(Schema):
    """Who comes when; without a time it is a number for today."""

    name = fields.String(required=True)
    phone = fields.String(load_default="")
    matter = fields.String(load_default="")
    day = fields.Date(load_default=None, allow_none=True)
    slot = fields.Time(load_default=None, allow_none=True)


class VisitSchema(Schema):
    """A visit."""

    id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    day = fields.Date(required=True)
    number = fields.Integer(required=True)
    slot = fields.Time(allow_none=True)
    name = fields.String(required=True)
    state = fields.String(required=True, metadata=said("waiting, called, served, missed or cancelled"))
    moved_because = fields.String(required=True, metadata=said("Why the desk has moved it; empty where it has not"))


class BookedSchema(Schema):
    """A visit that was booked, and the code that cancels it."""

    visit = fields.Nested(VisitSchema, required=True)
    code = fields.String(required=True)


class QueueSchema(Schema):
    """Today's visits."""

    items = fields.List(fields.Nested(VisitSchema), required=True)


class VisitTimeSchema(Schema):
    """To which time a visit is moved."""

    day = fields.Date(required=True)
    slot = fields.Time(required=True)


class PutOffSchema(VisitTimeSchema):
    """To which time the desk moves a visit, and why."""

    reason = fields.String(required=True)


class VisitStateSchema(Schema):
    """What becomes of a visit."""

    state = fields.String(required=True, metadata=said("called, served, missed, or waiting again"))
