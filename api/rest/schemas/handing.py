"""Tasks that are handed to others: returned, delegated, agreed to."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.operation import NAME, REASON, TEXT, CommandSchema, VerdictSchema
from api.rest.schemas.shared import said


class ReturnSchema(CommandSchema):
    """Where a task goes back to."""

    to = fields.String(required=True, validate=NAME, metadata=said("The earlier step's id"))


class ReturnTargetSchema(Schema):
    """An earlier step, and whether one can go back to it."""

    element_id = fields.String(attribute="element.id", required=True)
    name = fields.String(attribute="element.name", required=True)
    done_by = fields.String(required=True, allow_none=True)
    done_at = fields.AwareDateTime(required=True)
    refusal = fields.Nested(VerdictSchema, required=True, allow_none=True, metadata=said("Why not; null: one can"))


class ReturnTargetListSchema(Schema):
    """Earlier steps, the last one first."""

    items = fields.List(fields.Nested(ReturnTargetSchema), required=True)


class DelegationSchema(CommandSchema):
    """Who works on a task for its owner."""

    to = fields.UUID(required=True, metadata=said("The colleague's id"))


class SignersSchema(CommandSchema):
    """Who must agree."""

    people = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 20))
    in_order = fields.Boolean(load_default=False, metadata=said("One after another, as listed; else all at once"))


class SignerSchema(CommandSchema):
    """Who need not agree after all."""

    person = fields.UUID(required=True)


class AgreementAnswerSchema(Schema):
    """Agree, or decline and say why."""

    agrees = fields.Boolean(required=True)
    reason = fields.String(load_default="", validate=TEXT, metadata=REASON)


class SignatureSchema(Schema):
    """Somebody who was asked to agree."""

    person = fields.String(required=True)
    turn = fields.Integer(required=True, allow_none=True, metadata=said("null: asked at once"))
    state = fields.String(required=True, metadata=said("asked, agreed, declined or removed"))
    asked_by = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)


class SignatureListSchema(Schema):
    """Who was asked to agree."""

    items = fields.List(fields.Nested(SignatureSchema), required=True)
