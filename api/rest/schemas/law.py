"""Working days and deadlines."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class YearSchema(Schema):
    """Which year."""

    year = fields.Integer(load_default=0, metadata=said("This year where it is left out"))


class CalendarDaySchema(Schema):
    """A day off, or a make-up workday."""

    day = fields.Date(required=True)
    working = fields.Boolean(required=True)
    by = fields.String(required=True, allow_none=True, metadata=said("Account; null where it came with the product"))
    why = fields.String(required=True)


class CalendarSchema(Schema):
    """A year's days."""

    year = fields.Integer(required=True)
    items = fields.List(fields.Nested(CalendarDaySchema), required=True)


class CalendarChangeSchema(Schema):
    """Days to change."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)
    working = fields.Boolean(required=True, allow_none=True, metadata=said("null: ordinary again"))
    why = fields.String(required=True, metadata=said("The notice that announces them"))


class MovedSchema(Schema):
    """What was counted anew."""

    moved = fields.Integer(required=True, metadata=said("Running deadlines that end on another day now"))


class CatalogueEntrySchema(Schema):
    """A deadline as it is in force from a day on."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    law = fields.String(required=True)
    starts_at = fields.String(required=True)
    duration = fields.String(required=True, metadata=said("P30D calendar days, WD5 working days, PT72H, P2Y"))
    duty_of = fields.String(required=True)
    rule = fields.String(required=True)
    in_force_from = fields.Date(required=True)
    in_force_to = fields.Date(required=True, allow_none=True)
    why = fields.String(required=True)


class CatalogueSchema(Schema):
    """The catalogue."""

    items = fields.List(fields.Nested(CatalogueEntrySchema), required=True)


class AmendmentSchema(Schema):
    """A new law."""

    duration = fields.String(required=True)
    rule = fields.String(load_default="")
    law = fields.String(required=True)
    in_force_from = fields.Date(required=True)
    why = fields.String(required=True)
