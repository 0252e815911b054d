"""Mediation bodies, mediators, visits."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import said


class DirectoryQuerySchema(Schema):
    """Which bodies and mediators to list: at most 100 of each, from the `start`th on."""

    words = fields.String(load_default="", metadata=said("In their name, or that of their body or its place"))
    speciality = fields.String(load_default="", metadata=said("Code of a category, for mediators"))
    language = fields.String(load_default="", metadata=said("Code of a language, for mediators"))
    start = fields.Integer(load_default=0, validate=validate.Range(0, 1_000_000), metadata=said("How many to skip"))


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
    skills = fields.String(attribute="mediator.skills", required=True, metadata=said("What else they bring"))
    open_cases = fields.Integer(required=True)


class DirectorySchema(Schema):
    """Who mediates."""

    bodies = fields.List(fields.Nested(BodySchema), required=True)
    mediators = fields.List(fields.Nested(MediatorSchema), required=True)


class DayQuerySchema(Schema):
    """A day."""

    day = fields.Date(load_default=None, metadata=said("Today where it is left out"))


class TimesSchema(Schema):
    """The times of a day."""

    day = fields.Date(required=True)
    times = fields.List(fields.Time(), required=True)
    mediators = fields.List(fields.Nested(MediatorSchema), required=True, metadata=said("Who is there that day"))


class CalledSchema(Schema):
    """Numbers of today."""

    called = fields.List(fields.Integer(), required=True)
    waiting = fields.List(fields.Integer(), required=True)


class VisitCodeSchema(Schema):
    """The code of a visit."""

    code = fields.String(required=True)


class DeclaredSchema(Schema):
    """Somebody whom a mediator is close to."""

    id = fields.UUID(dump_only=True)
    kind = fields.String(required=True, metadata=said("kin or interest"))
    name = fields.String(required=True)
    phone = fields.String(load_default="", metadata=said("Without it everybody of the name is meant"))


class BookingSchema(Schema):
    """Who comes when; without a time it is a number for today."""

    name = fields.String(required=True)
    phone = fields.String(load_default="")
    matter = fields.String(load_default="")
    day = fields.Date(load_default=None, allow_none=True)
    slot = fields.Time(load_default=None, allow_none=True)
    mediator = fields.UUID(load_default=None, allow_none=True, metadata=said("Whom the visitor wishes for"))


class VisitSchema(Schema):
    """A visit."""

    id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    day = fields.Date(required=True)
    number = fields.Integer(required=True)
    slot = fields.Time(allow_none=True)
    name = fields.String(required=True)
    mediator = fields.UUID(required=True, allow_none=True, metadata=said("Whom the visitor wishes for"))
    state = fields.String(required=True, metadata=said("waiting, called, served, missed or cancelled"))
    moved_because = fields.String(required=True, metadata=said("Why the desk has moved it; empty where it has not"))


class BookedSchema(Schema):
    """A visit that was booked, and the code that cancels it."""

    visit = fields.Nested(VisitSchema, required=True)
    code = fields.String(required=True)


class QueueSchema(Schema):
    """The visits of a day."""

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
