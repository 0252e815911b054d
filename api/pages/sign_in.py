"""Signing in and out."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import auth, i18n, kept
from api.resource import Page
from engine import demo
from engine.errors import DomainError
from engine.people import commands as people

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
        token = people.sign_in(self.session, login, password, request.remote_addr or "")
        wanted = auth.local(request.form.get("next"))
        if wanted and (typed := kept.read(kept.carried())):
            auth.begin(self.session, token)
            return auth.signed_in(make_response(render_template("sign_in_again.html", to=wanted, kept=typed)), token)
        return auth.signed_in(redirect(wanted or url_for("work.page"), 303), token)

    def refused(self, error: DomainError, **path: object) -> str:
        login, wanted = request.form.get("login", ""), auth.local(request.form.get("next"))
        return self._show(error=i18n.sentence(error), login=login, next=wanted, kept=kept.carried())

    def _show(self, **more: object) -> str:
        return render_template("sign_in.html", accounts=demo.ACCOUNTS, password=demo.PASSWORD, **more)


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
