"""One's own account: roles, language, password, signing out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import auth, i18n
from api.resource import Page
from engine.errors import DomainError
from engine.people import commands as people
from engine.people.roles import ROLES
from engine.territory import queries as territory

blueprint = Blueprint("account", __name__)


class Account(Page):
    """What the house knows of the person, and what they can change. A new password ends every session."""

    secret = True
    before_own_password = True

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        people.change_password(self.session, self.actor, request.form.get("old", ""), request.form.get("new", ""))
        return auth.signed_out(redirect(url_for("sign_in.page", notice="password"), 303))

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(error=i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        places = territory.by_path(self.session, {held.path for held in self.actor.memberships})
        held = [(ROLES[one.role], places.get(one.path)) for one in self.actor.memberships]
        return render_template("account.html", held=held, error=error)


blueprint.add_url_rule("/account", view_func=Account.as_view("page"))
