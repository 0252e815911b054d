"""Where towns and villages lie."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import said
from engine.territory.divisions import DIGITS
from engine.territory.positions import MOST


class PlacesQuerySchema(Schema):
    """Which places."""

    division = fields.String(load_default="", metadata=said("Path of a division; your county where it is left out"))


class DivisionPositionSchema(Schema):
    """Where a division lies; all three null: not known."""

    code = fields.String(required=True)
    latitude = fields.Float(required=True, allow_none=True, metadata=said("Degrees, WGS 84"))
    longitude = fields.Float(required=True, allow_none=True, metadata=said("Degrees, WGS 84"))
    source = fields.String(required=True, allow_none=True, metadata=said("Where the numbers are from"))


class PlacedDivisionSchema(DivisionPositionSchema):
    """A division with its position."""

    source = fields.String(required=True, allow_none=True, attribute="position_source")
    name = fields.String(required=True)
    kind = fields.String(required=True)
    boundary = fields.String(required=True, metadata=said("How far it reaches, in words"))
    last_day = fields.Date(required=True, allow_none=True, metadata=said("Where it ended"))
    successor = fields.String(required=True, allow_none=True, metadata=said("Code of the one that takes what is new"))


class PlacedDivisionListSchema(Schema):
    """Places."""

    items = fields.List(fields.Nested(PlacedDivisionSchema), required=True)


class DivisionPositionListSchema(Schema):
    """Positions to set."""

    items = fields.List(fields.Nested(DivisionPositionSchema), required=True, validate=validate.Length(1, MOST))


class PlacesChangedSchema(Schema):
    """How many positions changed."""

    changed = fields.Integer(required=True)


class GivenDivisionSchema(Schema):
    """A division to add, or to rename, bound or end where its code is known; what is left out of a known one stays."""

    code = fields.String(required=True, metadata=said("6, 9, 12 or 15 digits; begins with the code of its parent"))
    name = fields.String(required=True)
    name_en = fields.String(load_default="")
    kind = fields.String(required=True, metadata=said(f"{', '.join(DIGITS)}"))
    parent = fields.String(load_default=None, allow_none=True, metadata=said("Code of the division above it"))
    boundary = fields.String(metadata=said("How far it reaches, in words"))
    last_day = fields.String(metadata=said("Day on which it ended, today or before; empty takes its end back"))
    successor = fields.String(metadata=said("Code of the division that takes what is new there"))


class GivenDivisionListSchema(Schema):
    """Divisions to add or to rename."""

    items = fields.List(fields.Nested(GivenDivisionSchema), required=True, validate=validate.Length(1, MOST))


class DivisionsChangedSchema(Schema):
    """How many divisions were added and renamed."""

    added = fields.Integer(required=True)
    renamed = fields.Integer(required=True)


class PosterSchema(Schema):
    """The address in a poster's QR code."""

    code = fields.String(required=True, metadata=said("Code of the place"))
    address = fields.Url(required=True, metadata=said("The public report, its place filled in"), require_tld=False)
