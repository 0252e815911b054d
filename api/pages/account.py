"""One's own account: roles, language, password, signing out."""

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from api import auth, i18n
from api.resource import Page
from engine.errors import DomainError
from engine.people import commands as people
from engine.people import second_factor
from engine.people.roles import ROLES
from engine.people.second_factor import SecondFactorUnfit
from engine.territory import queries as territory

blueprint = Blueprint("account", __name__)


class Account(Page):
    """What the house knows of the person, and what they can change. A new password ends every session."""

    secret = True
    before_ready = True

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


class SecondFactor(Page):
    """Setting up or taking off the code that signing in asks for. The secret travels in the form until the app has
    shown that it knows it."""

    secret = True
    before_ready = True

    def get(self) -> ResponseReturnValue:
        return self._show(second_factor.new_secret()), 200, {"Cache-Control": "no-store"}

    def post(self) -> ResponseReturnValue:
        digits = request.form.get("digits", "")
        if request.form.get("do") == "off":
            second_factor.take_off(self.session, self.actor, digits)
            return redirect(url_for("account.page", notice="second-factor-off"), 303)
        second_factor.set_up(self.session, self.actor, request.form.get("secret", ""), digits)
        return redirect(url_for("account.page", notice="second-factor"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        kept = "" if isinstance(error, SecondFactorUnfit) else request.form.get("secret")
        return self._show(kept or second_factor.new_secret(), i18n.sentence(error))

    def _show(self, made: str, error: str | None = None) -> str:
        link = second_factor.uri(second_factor.login_of(self.session, self.actor), made)
        drawn = segno.make(link, error="m").svg_inline(scale=5, dark="#000", light="#fff", omitsize=False)
        return render_template(
            "second_factor.html",
            secret=made,
            spaced=" ".join(made[at : at + 4] for at in range(0, len(made), 4)),
            link=link,
            picture=Markup(drawn),  # noqa: S704  (drawn here)
            demanded=second_factor.demanded(self.actor),
            error=error,
        )


blueprint.add_url_rule("/account/second-factor", view_func=SecondFactor.as_view("second_factor"))
blueprint.add_url_rule("/account", view_func=Account.as_view("page"))
