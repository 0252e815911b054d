"""What travels through REST: the shapes of bodies and answers, one class each. Names here are the names in OpenAPI."""

from marshmallow import Schema, fields, validate


def said(text: str) -> dict[str, str]:
    """What OpenAPI says about a field."""
    return {"description": text}


class ProblemErrorSchema(Schema):
    """One wrong field."""

    pointer = fields.String(metadata=said("Where in the body, as a JSON pointer"))
    parameter = fields.String(metadata=said("Which parameter of the address"))
    code = fields.String(required=True, metadata=said("A stable word for what is wrong"))
    detail = fields.String(required=True, metadata=said("What is wrong and what to do, in your language"))


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


class PageQuerySchema(Schema):
    """Which part of a list."""

    cursor = fields.String(metadata=said("Where the page before ended; from its `next`"))
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100), metadata=said("How many items at most"))


class CredentialsSchema(Schema):
    """A login and its password."""

    login = fields.String(required=True, validate=validate.Length(1, 100))
    password = fields.String(required=True, load_only=True, validate=validate.Length(1, 1000))


class TokenSchema(Schema):
    """A token: send it as ``Authorization: Bearer …``."""

    token = fields.String(required=True, metadata=said("Shown once; keep it secret"))


class MembershipSchema(Schema):
    """A role, and the division in which it is held."""

    role = fields.String(required=True)
    division = fields.String(required=True, metadata=said("The division's code"))


class MeSchema(Schema):
    """The person who asks."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    locale = fields.String(allow_none=True)
    memberships = fields.List(fields.Nested(MembershipSchema), required=True)
