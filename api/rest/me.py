"""Who am I, and tokens for other systems."""

from typing import Any

from flask import request

from api import auth
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.people import CredentialsSchema, MeSchema, TokenSchema
from engine.people import commands as people
from engine.people.actor import Actor
from engine.people.commands import SignInRefused, TooManyAttempts

blueprint = Blueprint("Me", __name__, description="Who asks, and tokens for other systems.")


@blueprint.route("/me")
class Me(Resource):
    """The person a token or session belongs to."""

    @blueprint.response(200, MeSchema)
    def get(self) -> Actor:
        """Who am I, and what may I do where?"""
        return self.actor


@blueprint.route("/tokens")
class Tokens(Resource):
    """Tokens for other systems."""

    public = True

    @refuses(SignInRefused, TooManyAttempts)
    @blueprint.arguments(CredentialsSchema)
    @blueprint.response(201, TokenSchema)
    @blueprint.doc(security=[])
    def post(self, credentials: dict[str, str]) -> dict[str, Any]:
        """Get a token for a login and a password.

        It is good as long as a session. Attempts are limited: 429 says how long to wait.
        """
        token = people.sign_in(self.session, credentials["login"], credentials["password"], request.remote_addr or "")
        return {"token": token}


@blueprint.route("/tokens/current")
class CurrentToken(Resource):
    """The token this request came with."""

    @blueprint.response(204)
    def delete(self) -> None:
        """Withdraw the token that this request came with."""
        token = auth.session_token()
        if token:
            people.sign_out(self.session, token)
