"""Accounts and their roles."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class AccountsQuerySchema(Schema):
    """Which accounts."""

    words = fields.String(load_default="", metadata=said("Part of a name or sign-in name"))
    role = fields.String(load_default="", metadata=said("Whoever holds this role alone, such as grid_worker"))


class RoleGivenSchema(Schema):
    """A role to give."""

    role = fields.String(required=True, metadata=said("A role, such as duty_officer"))
    division = fields.String(required=True, metadata=said("The code of a division: the role counts in all below"))
    last_day = fields.Date(load_default=None, allow_none=True, metadata=said("The end of the term, if it has one"))
    employment = fields.String(load_default="", metadata=said("full, part, or empty: not said"))


class DetailsSchema(Schema):
    """How somebody is reached, and their training."""

    phone = fields.String(load_default="")
    trained_on = fields.Date(load_default=None, allow_none=True, metadata=said("The day of their last training"))


class AccountGivenSchema(RoleGivenSchema):
    """An account to open, with a first role."""

    login = fields.String(required=True, metadata=said("2 to 40 small letters, digits, dots or dashes"))
    name = fields.String(required=True, metadata=said("The person's name"))


class RoleHeldSchema(Schema):
    """A role that somebody holds today or later."""

    id = fields.UUID(required=True)
    role = fields.String(required=True)
    division = fields.String(required=True)
    path = fields.String(required=True)
    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True, allow_none=True, metadata=said("The last day; null: without an end"))
    employment = fields.String(required=True, metadata=said("full, part, or empty: not said"))


class AccountSchema(Schema):
    """An account with its roles in the administrator's divisions."""

    id = fields.UUID(required=True)
    login = fields.String(required=True, attribute="account.login")
    name = fields.String(required=True, attribute="account.name")
    active = fields.Boolean(required=True, attribute="account.active")
    phone = fields.String(required=True, attribute="account.phone")
    trained_on = fields.Date(required=True, attribute="account.trained_on", allow_none=True)
    roles = fields.List(fields.Nested(RoleHeldSchema), required=True)


class AccountListSchema(Schema):
    """Accounts, by name; at most 100."""

    items = fields.List(fields.Nested(AccountSchema), required=True)


class PasswordGivenSchema(Schema):
    """An account with its new password, told this once."""

    id = fields.UUID(required=True)
    login = fields.String(required=True)
    password = fields.String(required=True)
