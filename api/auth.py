"""Who is asking: the session cookie of a browser or the bearer token of another system, and the guard of forms.

A browser's session and an API token are the same thing in the database. A cookie is sent by the browser on its own,
so whoever comes with one must also show the form token, which another site cannot read; a bearer token is never sent
by itself and needs none. The form token is an HMAC of the cookie: nothing to store, and a new sign-in makes it new.
"""

import hmac
import secrets
from contextlib import suppress
from urllib.parse import urlsplit

from flask import Flask, g, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from api import i18n, posted
from api.problems import FormExpired, SignInNeeded
from engine import db
from engine.config import settings
from engine.people.actor import Actor
from engine.people.queries import actor_of_session
from engine.people.second_factor import require_known_roles

SESSION = "hejie_session"
VISITOR = "hejie_visitor"
FIELD = posted.GUARD
HEADER = "X-CSRF-Token"
SAFE = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    """Give templates the actor and the form token; set the visitor's cookie where a form needed one."""
    require_known_roles()
    app.before_request(_know_who_went_astray)
    app.after_request(_set_visitor)
    app.jinja_env.globals.update(csrf_token=form_token, csrf_field=FIELD)
    app.context_processor(lambda: {"actor": g.get("actor", Actor.PUBLIC)})


def authenticate(session: Session) -> Actor:
    """The actor of this request; Actor.PUBLIC if nobody is signed in.

    Raises SignInNeeded for a bearer token that is not good (a stale cookie just means: signed out).
    """
    token = session_token()
    actor = actor_of_session(session, token) if token else None
    if actor is None and bearer():
        raise SignInNeeded
    g.actor = actor or Actor.PUBLIC
    i18n.follow(g.actor.locale)
    return actor or Actor.PUBLIC


def know_who_was_refused() -> None:
    """Where a request is refused before a page asks who is there, the page that says so shows them signed in too."""
    if session_token():
        with suppress(SignInNeeded, OperationalError), db.transaction() as session:
            authenticate(session)


def _know_who_went_astray() -> None:
    if isinstance(request.routing_exception, NotFound) and not request.path.startswith("/api/"):
        know_who_was_refused()


def session_token() -> str | None:
    """The token that this request came with, to sign it out."""
    return bearer() or g.get("new_session") or request.cookies.get(_name(SESSION))


def begin(session: Session, token: str) -> None:
    """Let the rest of this request be that of the session which it has just begun."""
    g.new_session = token
    authenticate(session)


def bearer() -> str | None:
    """The token in the Authorization header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def signed_in(response: Response, token: str) -> Response:
    """Give the browser its session."""
    _set_cookie(response, SESSION, token)
    return response


def signed_out(response: Response) -> Response:
    """Take the browser's session away."""
    response.delete_cookie(_name(SESSION), secure=settings().secure_cookies, httponly=True, samesite="Lax")
    return response


def form_token() -> str:
    """The token that every form carries in a hidden field (scripts: in the header X-CSRF-Token)."""
    secret = g.get("new_session") or request.cookies.get(_name(SESSION)) or visitor()
    return hmac.digest(secret.encode(), b"form", "sha256").hex()


def visitor() -> str:
    """The name of this browser while nobody is signed in; random, and sent back as a cookie."""
    if "visitor" not in g:
        g.visitor = request.cookies.get(_name(VISITOR)) or secrets.token_urlsafe(24)
    return str(g.visitor)


def check_form() -> None:
    """Refuse a change that a browser's cookie would carry and that none of our own pages asked for.

    Raises FormExpired.
    """
    if request.method in SAFE or bearer() or _comes_without_cookie():
        return
    if not posted.from_this_site():
        raise FormExpired
    given = request.headers.get(HEADER) or request.form.get(FIELD) or ""
    known = request.cookies.get(_name(SESSION)) or request.cookies.get(_name(VISITOR))
    if not known or not hmac.compare_digest(given.encode(), form_token().encode()):
        raise FormExpired


def local(address: str | None) -> str | None:
    """`address` if it is a path of this site, for going on after signing in; None for anything else."""
    if not address or not address.startswith("/") or any(ord(char) < 33 or char == "\\" for char in address):
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc and not address.startswith("//") else None


def _comes_without_cookie() -> bool:
    return request.path.startswith("/api/v1") and not request.cookies.get(_name(SESSION))


def _set_visitor(response: Response) -> Response:
    if "visitor" in g and not request.cookies.get(_name(VISITOR)):
        _set_cookie(response, VISITOR, g.visitor)
    return response


def _set_cookie(response: Response, name: str, value: str) -> None:
    secure = settings().secure_cookies
    response.set_cookie(_name(name), value, secure=secure, httponly=True, samesite="Lax", path="/")


def _name(name: str) -> str:
    return f"__Host-{name}" if settings().secure_cookies else name
