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


class AccidentSchema(Schema):
    """Incidents of a kind."""

    key = fields.String(required=True)
    count = fields.Integer(required=True, allow_none=True)
    rate = fields.Float(required=True, allow_none=True, metadata=said("For ten thousand residents"))


class AccidentsSchema(Schema):
    """Incidents, and the residents they are set against."""

    lines = fields.List(fields.Nested(AccidentSchema), required=True)
    residents = fields.Integer(required=True, allow_none=True, metadata=said("Of the whole county, as published"))
    year = fields.Integer(required=True, allow_none=True)
    source = fields.String(required=True)


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
    incidents = fields.Nested(AccidentsSchema, required=True)


class ShortfallSchema(Schema):
    """One thing that falls short."""

    why = fields.String(required=True)
    division = fields.String(attribute="division.path", metadata=said("A path of codes"))
    case_id = fields.UUID(attribute="case.id")
    role = fields.String(required=True)
    count = fields.Integer(required=True, metadata=said("How many households or people, where it is about some"))
    day = fields.Date(allow_none=True, metadata=said("The day, where it is about one"))


class CoverageSchema(Schema):
    """What each check found."""

    no_exception = fields.List(fields.Nested(ShortfallSchema), required=True)
    no_dead_corner = fields.List(fields.Nested(ShortfallSchema), required=True)
    no_gap = fields.List(fields.Nested(ShortfallSchema), required=True)


class PublishedEntrySchema(Schema):
    """A figure to enter."""

    metric = fields.String(required=True, metadata=said("As the source calls it"))
    year = fields.Integer(required=True)
    value = fields.Decimal(
        load_default=None, allow_none=True, as_string=True, metadata=said("A decimal; null: the source has none")
    )
    unit = fields.String(load_default="")
    method = fields.String(required=True, metadata=said("Who asked whom and how, or the definition"))
    source = fields.String(required=True, metadata=said("The document that states it"))
    sample_size = fields.Integer(load_default=None, allow_none=True, metadata=said("n; null: the source has none"))


class CorrectionSchema(PublishedEntrySchema):
    """What a line says instead; name and year stay those of the line."""

    reason = fields.String(required=True)


class PublishedSchema(PublishedEntrySchema):
    """A figure that others published about a county."""

    id = fields.UUID(required=True)
    county = fields.String(required=True)
    replaces = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True, metadata=said("Why the line before was corrected"))
    by = fields.String(required=True)
    at = fields.DateTime(required=True)


class PublishedLineSchema(Schema):
    """The line in force of a figure and year."""

    entry = fields.Nested(PublishedSchema, required=True)
    earlier = fields.List(fields.Nested(PublishedSchema), required=True, metadata=said("What it replaced"))


class PublishedListSchema(Schema):
    """All of the county."""

    items = fields.List(fields.Nested(PublishedLineSchema), required=True)
