"""Cases opened in an emergency."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class OpeningSchema(Schema):
    """Which case is opened, and why."""

    number = fields.String(required=True, metadata=said("The case's number as people use it"))
    reason = fields.String(required=True, metadata=said("What the emergency is; the county centre reads it"))


class EmergencyLookSchema(Schema):
    """An emergency look."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    by = fields.String(required=True, metadata=said("The account that looked"))
    at = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True, metadata=said("From when on the case is closed to them again"))


class ListedLookSchema(Schema):
    """An emergency look as it is listed."""

    look = fields.Nested(EmergencyLookSchema, required=True)
    number = fields.String(required=True)
    times = fields.Integer(required=True, metadata=said("How often the case was read in it"))
    runs = fields.Boolean(required=True)


class EmergencyLookListSchema(Schema):
    """Emergency looks."""

    items = fields.List(fields.Nested(ListedLookSchema), required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=said("By account"))
