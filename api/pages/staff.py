"""Who works here: accounts and their roles, for administrators."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine.casework import accounts
from engine.errors import N_, DomainError
from engine.people.models import Account
from engine.people.roles import ROLES

EMPLOYED = {"": N_("not said"), "full": N_("full-time"), "part": N_("part-time")}
blueprint = Blueprint("staff", __name__)


class Staff(Page):
    """The accounts of an administrator's divisions; opening one."""

    secret = True

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        return told_once(*accounts.open_account(self.session, self.actor, request.form))

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(error)

    def _show(self, error: DomainError | None = None) -> str:
        words, role = request.args.get("words", ""), request.args.get("role", "")
        found = accounts.listed(self.session, self.actor, words, role)
        return render_template(
            "staff.html",
            found=found,
            words=words,
            role=role,
            employments=EMPLOYED,
            shown=accounts.SHOWN,
            roles=ROLES,
            places=accounts.divisions(self.session, self.actor),
            given=request.form,
            **_wrong(error),
        )


class Colleague(Page):
    """One account: its roles, a new password, closing it."""

    secret = True

    def get(self, account_id: UUID) -> str:
        return self._show(account_id)

    def post(self, account_id: UUID) -> ResponseReturnValue:
        session, actor = self.session, self.actor
        match request.form.get("do"):
            case "give":
                accounts.give_role(session, actor, account_id, request.form)
            case "take":
                accounts.take_role(session, actor, account_id, posted_id("membership"))
            case "describe":
                accounts.describe(session, actor, account_id, request.form)
            case "close":
                accounts.close(session, actor, account_id)
            case "reopen":
                accounts.reopen(session, actor, account_id)
            case "password":
                return told_once(*accounts.new_password(session, actor, account_id))
        return redirect(url_for("staff.one", account_id=account_id, notice="staff"), 303)

    def refused(self, error: DomainError, account_id: UUID) -> str:  # type: ignore[override]
        return self._show(account_id, error)

    def _show(self, account_id: UUID, error: DomainError | None = None) -> str:
        places = accounts.divisions(self.session, self.actor)
        return render_template(
            "colleague.html",
            one=accounts.one(self.session, self.actor, account_id),
            roles=ROLES,
            places=places,
            employments=EMPLOYED,
            by_code={one.code: one for one in places},
            given=request.form,
            **_wrong(error),
        )


def _wrong(error: DomainError | None) -> dict[str, object]:
    return {
        "error": i18n.sentence(error) if error else None,
        "wrong": [i18n.sentence(one) for one in error.fields] if error else [],
        "marked": {one.pointer.lstrip("/") for one in error.fields} if error else set(),
    }


def told_once(account: Account, password: str) -> ResponseReturnValue:
    """The page that shows a password once: it is in no address, no cache and no history."""
    page = render_template("password_told.html", account=account, password=password)
    return page, 200, {"Cache-Control": "no-store"}


blueprint.add_url_rule("/staff", view_func=Staff.as_view("page"))
blueprint.add_url_rule("/staff/<uuid:account_id>", view_func=Colleague.as_view("one"))
