"""Accounts and their roles, for other systems of administrators."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.accounts import (
    AccountGivenSchema,
    AccountListSchema,
    AccountSchema,
    AccountsQuerySchema,
    DetailsSchema,
    PasswordGivenSchema,
    RoleGivenSchema,
)
from engine.casework import accounts
from engine.casework.accounts import AccountUnfit, AlsoElsewhere, Listed, NotByOneself, RoleHeld
from engine.casework.errors import AdministratorsOnly
from engine.people.models import Account
from engine.people.queries import AccountUnknown

blueprint = Blueprint("Accounts", __name__, description="Who works here, and with which roles. For administrators.")

KNOWN = (AdministratorsOnly, AccountUnknown)
OTHERS = (*KNOWN, NotByOneself)
WHOLLY = (*OTHERS, AlsoElsewhere)


def told(account: Account, password: str) -> dict[str, Any]:
    """A password as it is told this once."""
    return {"id": account.id, "login": account.login, "password": password}


@blueprint.route("/accounts")
class Accounts(Resource):
    """Accounts of the administrator's divisions."""

    @refuses(AdministratorsOnly)
    @blueprint.arguments(AccountsQuerySchema, location="query")
    @blueprint.response(200, AccountListSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The accounts with a role in your divisions, by name."""
        return {"items": accounts.listed(self.session, self.actor, **query)}

    @refuses(AdministratorsOnly, AccountUnfit)
    @blueprint.arguments(AccountGivenSchema)
    @blueprint.response(201, PasswordGivenSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Open an account with a first role. Its password is told in this answer alone."""
        return told(*accounts.open_account(self.session, self.actor, body))


class _One(Resource):
    def seen(self, account_id: UUID) -> Listed:
        """The account as it is now."""
        self.session.flush()
        return accounts.one(self.session, self.actor, account_id)


@blueprint.route("/accounts/<uuid:account_id>")
class One(_One):
    """An account."""

    @refuses(*KNOWN)
    @blueprint.response(200, AccountSchema)
    def get(self, account_id: UUID) -> Listed:
        """One account with its roles in your divisions."""
        return self.seen(account_id)

    @refuses(*KNOWN, AccountUnfit)
    @blueprint.arguments(DetailsSchema)
    @blueprint.response(200, AccountSchema)
    def put(self, body: dict[str, Any], account_id: UUID) -> Listed:
        """Say how somebody is reached and when they were trained."""
        accounts.describe(self.session, self.actor, account_id, body)
        return self.seen(account_id)


@blueprint.route("/accounts/<uuid:account_id>/roles")
class Roles(_One):
    """Giving roles."""

    @refuses(*OTHERS, AccountUnfit, RoleHeld)
    @blueprint.arguments(RoleGivenSchema)
    @blueprint.response(200, AccountSchema)
    def post(self, body: dict[str, Any], account_id: UUID) -> Listed:
        """Give a role in a division, from today on. Nobody gives one to themselves."""
        accounts.give_role(self.session, self.actor, account_id, body)
        return self.seen(account_id)


@blueprint.route("/accounts/<uuid:account_id>/roles/<uuid:membership_id>")
class Role(_One):
    """Taking roles."""

    @refuses(*OTHERS)
    @blueprint.response(204)
    def delete(self, account_id: UUID, membership_id: UUID) -> None:
        """Let a role end, at once."""
        accounts.take_role(self.session, self.actor, account_id, membership_id)


@blueprint.route("/accounts/<uuid:account_id>/close")
class Close(_One):
    """Closing."""

    @refuses(*WHOLLY)
    @blueprint.response(200, AccountSchema)
    def post(self, account_id: UUID) -> Listed:
        """Close an account: nobody signs in with it, and every session ends."""
        accounts.close(self.session, self.actor, account_id)
        return self.seen(account_id)


@blueprint.route("/accounts/<uuid:account_id>/reopen")
class Reopen(_One):
    """Opening again."""

    @refuses(*WHOLLY)
    @blueprint.response(200, AccountSchema)
    def post(self, account_id: UUID) -> Listed:
        """Open a closed account again."""
        accounts.reopen(self.session, self.actor, account_id)
        return self.seen(account_id)


@blueprint.route("/accounts/<uuid:account_id>/password")
class Password(_One):
    """A new password."""

    @refuses(*WHOLLY)
    @blueprint.response(200, PasswordGivenSchema)
    def post(self, account_id: UUID) -> dict[str, Any]:
        """Give a new password, told in this answer alone; every session of theirs ends."""
        return told(*accounts.new_password(self.session, self.actor, account_id))
