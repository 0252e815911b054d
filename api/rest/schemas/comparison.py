"""Differences between versions."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class DifferenceQuerySchema(Schema):
    """Against what."""

    to = fields.UUID(required=True, metadata=said("The other version's id"))


class DraftSchema(Schema):
    """A diagram that is not deployed."""

    content = fields.String(required=True, metadata=said("BPMN 2.0 XML"))


class AttributeSchema(Schema):
    """An attribute that differs."""

    name = fields.String(required=True)
    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, allow_none=True)


class DifferenceSchema(Schema):
    """What became of an element or flow."""

    kind = fields.String(required=True, metadata=said("added, removed, changed or moved"))
    id = fields.String(required=True)
    type = fields.String(required=True, metadata=said("As in BPMN, such as userTask or sequenceFlow"))
    moved = fields.Boolean(required=True, metadata=said("Whether it is drawn elsewhere; it may be changed as well"))
    attributes = fields.List(fields.Nested(AttributeSchema), required=True)


class DifferenceListSchema(Schema):
    """Every difference, in the order of the files."""

    items = fields.List(fields.Nested(DifferenceSchema), required=True)
