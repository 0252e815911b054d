"""Templates of steps."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class KeepStepSchema(Schema):
    """A step to keep."""

    title = fields.String(required=True, metadata=said("What it is called in the menus; at most 80 characters"))
    content = fields.String(required=True, metadata=said("Its BPMN element, such as userTask, as XML"))


class StepTemplateSchema(Schema):
    """A step that is kept."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, metadata=said("The element's name, such as userTask"))
    content = fields.String(required=True, metadata=said("Its BPMN element as XML, without ids and flows"))
    made_by = fields.String(required=True, metadata=said("The account's id"))
    made_at = fields.AwareDateTime(required=True)


class StepTemplateListSchema(Schema):
    """Steps that are kept."""

    items = fields.List(fields.Nested(StepTemplateSchema), required=True)
