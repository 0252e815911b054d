"""Who asks, and tokens for other systems."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import said


class CredentialsSchema(Schema):
    """A login and its password."""

    login = fields.String(required=True, validate=validate.Length(1, 100))
    password = fields.String(required=True, load_only=True, validate=validate.Length(1, 1000))
    digits = fields.String(
        load_default="",
        load_only=True,
        validate=validate.Length(0, 20),
        metadata=said("The code of now, where a second factor is set up"),
    )


class DigitsSchema(Schema):
    """The code of now."""

    digits = fields.String(required=True, load_only=True, validate=validate.Length(1, 20))


class SecondFactorSchema(DigitsSchema):
    """A secret, and the code that an app makes of it now."""

    secret = fields.String(
        required=True,
        load_only=True,
        validate=validate.Length(1, 200),
        metadata=said("Base32, at least 160 random bits, made by whoever sets it up"),
    )


class NewPasswordSchema(Schema):
    """The password until now and the one to come."""

    old = fields.String(required=True, load_only=True, validate=validate.Length(1, 1000))
    new = fields.String(required=True, load_only=True, validate=validate.Length(1, 1000))


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
    first_password = fields.Boolean(
        required=True, metadata=said("The password was told by somebody else: change it before anything else")
    )
    second_factor = fields.Boolean(required=True, metadata=said("Signing in asks for a code, too"))


class TickSchema(Schema):
    """A step of a first day, and whether it is done."""

    step = fields.String(required=True)
    done = fields.Boolean(required=True)


class FirstDayStepSchema(TickSchema):
    """The same, with what to do."""

    text = fields.String(required=True)
