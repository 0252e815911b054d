"""Figures and coverage."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class WindowSchema(Schema):
    """Which days and division."""

    since = fields.String(load_default="", metadata=said("First day; a year back where it is left out"))
    until = fields.String(load_default="", metadata=said("Last day; today where it is left out"))
    division = fields.String(load_default="", metadata=said("A path of codes; with everything below it"))


class FigureSchema(Schema):
    """A rate."""

    key = fields.String(required=True)
    meaning = fields.String(required=True, metadata=said("What is divided by what"))
    part = fields.Integer(required=True, allow_none=True, metadata=said("Numerator"))
    whole = fields.Integer(required=True, allow_none=True, metadata=said("Denominator, n"))
    rate = fields.Float(required=True, allow_none=True)


class TableSchema(Schema):
    """Counts of one total."""

    key = fields.String(required=True)
    total = fields.Integer(required=True, allow_none=True)
    cells = fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True), required=True)


class FiguresSchema(Schema):
    """All figures of a window."""

    since = fields.Date(attribute="window.since", required=True)
    until = fields.Date(attribute="window.until", required=True)
    received = fields.Integer(required=True, allow_none=True)
    closed = fields.Integer(required=True, allow_none=True)
    alone = fields.Boolean(
        required=True, metadata=said("For somebody who sees no case: a whole quarter that has ended")
    )
    median_days = fields.Float(required=True, allow_none=True)
    report_seconds = fields.Float(required=True, allow_none=True, metadata=said("Median to write a report; at most 60"))
    rates = fields.List(fields.Nested(FigureSchema), required=True)
    tables = fields.List(fields.Nested(TableSchema), required=True)


class ShortfallSchema(Schema):
    """One thing that falls short."""

    why = fields.String(required=True)
    division = fields.String(attribute="division.path", metadata=said("A path of codes"))
    case_id = fields.UUID(attribute="case.id")
    role = fields.String(required=True)


class CoverageSchema(Schema):
    """What each check found."""

    no_exception = fields.List(fields.Nested(ShortfallSchema), required=True)
    no_dead_corner = fields.List(fields.Nested(ShortfallSchema), required=True)
    no_gap = fields.List(fields.Nested(ShortfallSchema), required=True)
