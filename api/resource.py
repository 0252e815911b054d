"""The two bases of every address: REST resources and pages.

Each request goes the same way: one transaction; who asks (authenticate, check the form token); then the method asks
`engine` for one thing, which loads, permits and does it; the answer is made inside the transaction; leaving commits.
An error rolls everything back.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from flask import g, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, HTTPException

from api import auth
from api.problems import FormExpired, SignInNeeded, status_of
from engine import db
from engine.config import settings
from engine.errors import Conflict, DomainError, Invalid, NotFound
from engine.people.actor import Actor
from engine.people.attempts import TooManyAttempts
from engine.people.commands import require_ready

FORM_OVERHEAD = 1024 * 1024
"""Bytes that a request with files may have beside them."""


def uploads_limit() -> int:
    """Bytes of a request that brings files."""
    return settings().upload_limit + FORM_OVERHEAD


class Resource(MethodView):
    """One REST address; a method answers with what its schema writes."""

    public: ClassVar[bool] = False
    """Whether nobody in particular may ask."""

    upload: ClassVar[bool] = False
    """Whether files may come with it."""

    before_ready: ClassVar[bool] = False
    """Whether it is open to whoever has yet to choose a password or to set up a second factor."""

    session: Session
    actor: Actor

    @db.again_after_deadlock
    def dispatch_request(self, **path: Any) -> ResponseReturnValue:
        """Answer within one transaction."""
        if self.upload:
            request.max_content_length = uploads_limit()
        if any("\0" in str(part) for part in path.values()):
            raise NotFound
        with db.transaction() as self.session:
            self.actor = auth.authenticate(self.session)
            _admit(self.actor, public=self.public, before_ready=self.before_ready)
            return super().dispatch_request(**path)


class Page(MethodView):
    """One page; a method answers with HTML or a redirect.

    A POST that is refused rolls back and then goes to `refused`, which shows the page again with what was typed.
    """

    public: ClassVar[bool] = False
    upload: ClassVar[bool] = False
    """Whether files may come with its form."""
    before_ready: ClassVar[bool] = False
    """Whether it is open to whoever has yet to choose a password or to set up a second factor."""
    secret: ClassVar[bool] = False
    """Whether its form holds what must not stay in the browser's history (back.js)."""

    session: Session
    actor: Actor

    @db.again_after_deadlock
    def dispatch_request(self, **path: Any) -> ResponseReturnValue:
        """Answer within one transaction; show a refusal in another."""
        if self.upload:
            request.max_content_length = uploads_limit()
        try:
            if any("\0" in one for _, typed in request.values.lists() for one in typed):
                raise BadRequest  # no text of the database can hold it, and nobody types it
        except HTTPException:
            auth.know_who_was_refused()
            raise
        try:
            with db.transaction() as self.session:
                g.session = self.session  # for what stands around every page
                self.actor = auth.authenticate(self.session)
                _admit(self.actor, public=self.public, before_ready=self.before_ready)
                return super().dispatch_request(**path)
        except (Invalid, Conflict, FormExpired, TooManyAttempts) as error:
            if request.method != "POST":
                raise
            with db.transaction() as self.session:
                g.session = self.session
                self.comes_back()
                body = self.refused(error, **path)
            return body, status_of(error)[0]

    def comes_back(self) -> None:
        """Let the page that answers this form be there on the browser's way back, where a form is (back.js)."""
        rule = request.url_rule
        g.comes_back = not self.secret and rule is not None and "GET" in (rule.methods or ())

    def refused(self, error: DomainError, **path: Any) -> str:
        """Show what was typed again, and why it was refused; pages without a form leave it to the error page."""
        raise error


def streamed(write: Callable[[Session], Iterator[str]]) -> Iterator[str]:
    """A long answer piece by piece, read within a transaction of its own while it is sent."""
    with db.transaction() as session:
        yield from write(session)


def _admit(actor: Actor, *, public: bool, before_ready: bool) -> None:
    if not public and actor is Actor.PUBLIC:
        raise SignInNeeded
    if not (public or before_ready):
        require_ready(actor)
    auth.check_form()
