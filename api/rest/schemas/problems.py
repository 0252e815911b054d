"""Refusals (RFC 9457), and the findings of a deployment."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import Told, said


class ProblemErrorSchema(Schema):
    """One wrong field."""

    pointer = fields.String(metadata=said("Where in the body, as a JSON pointer"))
    parameter = fields.String(metadata=said("Which parameter of the address"))
    code = fields.String(required=True, metadata=said("A stable word for what is wrong"))
    detail = fields.String(required=True, metadata=said("What is wrong and what to do, in your language"))


class FindingSchema(Schema):
    """What would not run as drawn, or cannot be read."""

    file = fields.String(required=True)
    line = fields.Integer(required=True, allow_none=True)
    element_id = fields.String(required=True, allow_none=True)
    rule = fields.String(required=True, metadata=said("A stable word for the rule"))
    message = Told(required=True, metadata=said("What is wrong, in your language"))
    hint = Told(required=True, metadata=said("What to do, in your language"))
    severity = fields.String(required=True, metadata=said("error or warning"))


class ProblemSchema(Schema):
    """Why something was refused (RFC 9457). Facts of the refusal stand beside these members."""

    type = fields.String(required=True, metadata=said("Address of the description of this kind of problem"))
    title = fields.String(required=True, metadata=said("The kind of problem, in your language"))
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata=said("What happened and what to do, in your language"))
    instance = fields.String(required=True, metadata=said("The path that was asked"))
    code = fields.String(required=True, metadata=said("A stable word for this kind of problem"))
    request_id = fields.String(metadata=said("Name it when you ask for help"))
    errors = fields.List(fields.Nested(ProblemErrorSchema), metadata=said("Every wrong field"))
    findings = fields.List(fields.Nested(FindingSchema), metadata=said("Of a deployment: every place to mend"))
