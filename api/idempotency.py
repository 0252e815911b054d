"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the same request sent twice is done once.

What is stored of an answer are its status, the headers that matter, and its body, in the transaction of the work.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from api import auth
from api.resource import Resource
from engine import idempotency
from engine.errors import N_, Invalid
from engine.people.actor import Actor

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
SHORTEST, LONGEST = 16, 100


class KeyUnfit(Invalid):
    """The key is too short to be unique, or too long."""

    code = "idempotency-key-unfit"
    message = N_("An Idempotency-Key has 16 to 100 characters. A UUID is a good one.")


R = TypeVar("R", bound=Resource)
P = ParamSpec("P")


def idempotent(method: Callable[Concatenate[R, P], Response]) -> Callable[Concatenate[R, P], Response]:
    """Answer a request with a known key as before; goes outside of `response`, so that what it sees is the answer."""

    @wraps(method)
    def answered(self: R, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return method(self, *args, **kwargs)
        held = claim(self.session, self.actor, key, request.get_data())
        if held.answer is not None:
            return _again(held.answer)
        response = method(self, *args, **kwargs)
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        stored = {"status": response.status_code, "headers": headers, "body": response.get_data(as_text=True)}
        idempotency.keep(self.session, held, stored)
        return response

    return answered  # type: ignore[return-value]  # wraps hides that self is passed by position


def claim(session: Session, actor: Actor, key: str, *asked: bytes) -> idempotency.Claim:
    """Hold a key for what was asked of this address. Raises KeyUnfit, KeyReused."""
    if not SHORTEST <= len(key) <= LONGEST:
        raise KeyUnfit
    digest = hashlib.sha256()
    for part in asked:
        digest.update(hashlib.sha256(part).digest())
    return idempotency.claim(session, f"{actor.id or 'public'} {request.path}", key, digest.digest())


def claim_form(session: Session, actor: Actor, key: str) -> idempotency.Claim:
    """Hold the key of a page's form for exactly what was typed and chosen; anything else is another request."""
    typed = sorted((name, value) for name, value in request.form.items(multi=True) if name != auth.FIELD)
    chosen = [(name, _digest(file)) for name, file in request.files.items(multi=True) if file.filename]
    digest = hashlib.sha256(json.dumps([*typed, *chosen]).encode()).hexdigest()
    return claim(session, actor, f"{key[:40]}.{digest[:32]}")


def _digest(file: FileStorage) -> str:
    file.stream.seek(0)
    digest = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)  # for whoever stores it
    return digest


def _again(answer: Any) -> Response:
    response = Response(answer["body"], answer["status"], answer["headers"])
    response.headers["Idempotency-Replayed"] = "true"
    return response
