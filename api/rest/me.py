"""Who am I, and tokens for other systems."""

from typing import Any

from flask import request

from api import auth, handbook, i18n
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.people import (
    CredentialsSchema,
    DigitsSchema,
    FirstDayStepSchema,
    MeSchema,
    NewPasswordSchema,
    SecondFactorSchema,
    TickSchema,
    TokenSchema,
)
from engine.people import commands as people
from engine.people import first_day, second_factor
from engine.people.actor import Actor
from engine.people.attempts import TooManyAttempts
from engine.people.commands import PasswordTooWeak, SignInRefused
from engine.people.first_day import StepUnknown
from engine.people.second_factor import SecondFactorNeeded, SecondFactorThere, SecondFactorUnfit, SecondFactorWrong

blueprint = Blueprint("Me", __name__, description="Who asks, and tokens for other systems.")


@blueprint.route("/me")
class Me(Resource):
    """The person a token or session belongs to."""

    before_ready = True

    @blueprint.response(200, MeSchema)
    def get(self) -> Actor:
        """Who am I, and what may I do where?"""
        return self.actor


@blueprint.route("/me/password")
class OwnPassword(Resource):
    """The person's password."""

    before_ready = True

    @refuses(PasswordTooWeak, SignInRefused)
    @blueprint.arguments(NewPasswordSchema)
    @blueprint.response(204)
    def put(self, given: dict[str, str]) -> None:
        """Change your password. Every session and token of yours ends with the old one."""
        people.change_password(self.session, self.actor, given["old"], given["new"])


@blueprint.route("/me/second-factor")
class OwnSecondFactor(Resource):
    """The person's second factor."""

    before_ready = True

    @refuses(SecondFactorThere, SecondFactorUnfit, SecondFactorWrong)
    @blueprint.arguments(SecondFactorSchema)
    @blueprint.response(204)
    def put(self, given: dict[str, str]) -> None:
        """Ask for a code at sign-in from now on (TOTP, RFC 6238: six digits, thirty seconds, SHA-1)."""
        second_factor.set_up(self.session, self.actor, given["secret"], given["digits"])

    @refuses(SecondFactorNeeded, SecondFactorWrong, TooManyAttempts)
    @blueprint.arguments(DigitsSchema)
    @blueprint.response(204)
    def delete(self, given: dict[str, str]) -> None:
        """Ask for no code any more; the code of now shows that it is you."""
        second_factor.take_off(self.session, self.actor, given["digits"])


@blueprint.route("/me/first-day")
class FirstDay(Resource):
    """The first day of the person."""

    @blueprint.response(200, FirstDayStepSchema(many=True))
    def get(self) -> list[dict[str, Any]]:
        """The steps of your first day, by your roles, and which of them you have ticked off."""
        return self._steps()

    @refuses(StepUnknown)
    @blueprint.arguments(TickSchema)
    @blueprint.response(200, FirstDayStepSchema(many=True))
    def put(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """Tick a step off, or take that back."""
        first_day.tick(self.session, self.actor, given["step"], done=given["done"], known=handbook.steps())
        return self._steps()

    def _steps(self) -> list[dict[str, Any]]:
        ticked = first_day.ticked(self.session, self.actor)
        steps = handbook.first_day(self.actor.roles, i18n.locale())
        return [{"step": one.key, "text": one.text, "done": one.key in ticked} for one in steps]


@blueprint.route("/tokens")
class Tokens(Resource):
    """Tokens for other systems."""

    public = True

    @refuses(SignInRefused, SecondFactorNeeded, SecondFactorWrong, TooManyAttempts)
    @blueprint.arguments(CredentialsSchema)
    @blueprint.response(201, TokenSchema)
    @blueprint.doc(security=[])
    def post(self, credentials: dict[str, str]) -> dict[str, Any]:
        """Get a token for a login and a password, and the code of the app where a second factor is set up.

        It is good as long as a session. Attempts are limited: 429 says how long to wait.
        """
        token = people.sign_in(
            self.session,
            credentials["login"],
            credentials["password"],
            request.remote_addr or "",
            credentials["digits"],
        )
        return {"token": token}


@blueprint.route("/tokens/current")
class CurrentToken(Resource):
    """The token this request came with."""

    before_ready = True

    @blueprint.response(204)
    def delete(self) -> None:
        """Withdraw the token that this request came with."""
        token = auth.session_token()
        if token:
            people.sign_out(self.session, token)
