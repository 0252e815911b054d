"""Signing in and out."""

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from api import auth, i18n, kept
from api.resource import Page
from engine import demo
from engine.errors import DomainError
from engine.keys import key
from engine.people import commands as people
from engine.people.commands import SignInRefused
from engine.people.second_factor import SecondFactorNeeded

TICKET_LASTS = 300
"""Seconds between the password and the code."""
blueprint = Blueprint("sign_in", __name__)


class SignIn(Page):
    """The sign-in form. After it, the page that was asked for."""

    public = True
    secret = True

    def get(self) -> ResponseReturnValue:
        wanted = auth.local(request.args.get("next"))
        if self.actor.id:
            return redirect(wanted or url_for("work.page"), 303)
        return self._show(next=wanted)

    def post(self) -> ResponseReturnValue:
        login, password = request.form.get("login", ""), request.form.get("password", "")
        address, digits = request.remote_addr or "", request.form.get("digits", "")
        if ticket := request.form.get("ticket"):
            token = people.enter(self.session, _owner(ticket), address, digits)
        else:
            token = people.sign_in(self.session, login, password, address, digits)
        wanted = auth.local(request.form.get("next"))
        if wanted and (typed := kept.read(kept.carried())):
            auth.begin(self.session, token)
            return auth.signed_in(make_response(render_template("sign_in_again.html", to=wanted, kept=typed)), token)
        return auth.signed_in(redirect(wanted or url_for("work.page"), 303), token)

    def refused(self, error: DomainError, **path: object) -> str:
        login, wanted = request.form.get("login", ""), auth.local(request.form.get("next"))
        ticket = request.form.get("ticket", "")
        if isinstance(error, SecondFactorNeeded) and not ticket:
            ticket = _tickets().dumps(str(people.account_of(self.session, login)))
        if ticket and not isinstance(error, SignInRefused):
            asked = None if isinstance(error, SecondFactorNeeded) else i18n.sentence(error)
            return render_template("sign_in_code.html", error=asked, ticket=ticket, next=wanted, kept=kept.carried())
        return self._show(error=i18n.sentence(error), login=login, next=wanted, kept=kept.carried())

    def _show(self, **more: object) -> str:
        return render_template("sign_in.html", accounts=demo.ACCOUNTS, password=demo.PASSWORD, **more)


def _tickets() -> URLSafeTimedSerializer:
    """What says for five minutes that somebody has shown their password."""
    return URLSafeTimedSerializer(key("sign-in-ticket"))


def _owner(ticket: str) -> UUID:
    try:
        return UUID(_tickets().loads(ticket, max_age=TICKET_LASTS))
    except BadSignature:
        raise SignInRefused from None


class SignOut(Page):
    """End the session, here and in the database."""

    public = True

    def post(self) -> ResponseReturnValue:
        token = auth.session_token()
        if token:
            people.sign_out(self.session, token)
        return auth.signed_out(redirect(url_for("home.page", notice="signed-out"), 303))


blueprint.add_url_rule("/sign-in", view_func=SignIn.as_view("page"))
blueprint.add_url_rule("/sign-out", view_func=SignOut.as_view("out"))
