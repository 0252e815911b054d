"""Where towns and villages lie."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import said
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


class PlacedDivisionListSchema(Schema):
    """Places."""

    items = fields.List(fields.Nested(PlacedDivisionSchema), required=True)


class DivisionPositionListSchema(Schema):
    """Positions to set."""

    items = fields.List(fields.Nested(DivisionPositionSchema), required=True, validate=validate.Length(1, MOST))


class PlacesChangedSchema(Schema):
    """How many positions changed."""

    changed = fields.Integer(required=True)
