"""The one place that knows status codes: every refusal becomes a problem (RFC 9457) for machines, a page for people."""

import http
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

import forms
from api import i18n, kept, log, refused_fields
from engine.casework.errors import AnswersInvalid, Outdated
from engine.errors import N_, Conflict, DomainError, FieldError, Forbidden, Invalid, NotFound, Unavailable
from engine.people.attempts import TooManyAttempts
from engine.people.commands import FirstPassword
from engine.people.second_factor import SecondFactorMissing

MEDIA_TYPE = "application/problem+json"
MEGABYTE = 1024 * 1024
RETRY_AFTER = {429: 900, 503: 5}
"""Seconds to wait before trying again; 429 is as long as engine.people remembers failed sign-ins."""


class SignInNeeded(DomainError):
    """Nobody is signed in, or the session or token is no longer good."""

    code = "sign-in-needed"
    message = N_("Sign in first.")


class FormExpired(Forbidden):
    """The form was not made for this session: the page is old, or the request comes from another site."""

    code = "form-expired"
    message = N_("This form is too old, or was opened in another window. Look over what you typed and send it again.")


STATUS: dict[type[Exception], tuple[int, str]] = {
    SignInNeeded: (401, N_("Sign in")),
    Forbidden: (403, N_("Not allowed")),
    NotFound: (404, N_("Nothing here")),
    Conflict: (409, N_("Changed in the meantime")),
    Outdated: (412, N_("Changed in the meantime")),
    Invalid: (422, N_("Something is missing or wrong")),
    TooManyAttempts: (429, N_("Too often")),
    Unavailable: (503, N_("Not available now")),
    OperationalError: (503, N_("Not available now")),
    Exception: (500, N_("Something broke here")),
}
"""Each kind of error with its status and its title; a subclass is what its nearest ancestor here is."""

HTTP: dict[int, tuple[str, str]] = {
    400: (N_("Not understood"), N_("The request could not be read. Check its syntax.")),
    404: (N_("Nothing here"), NotFound.message),
    405: (N_("Not possible here"), N_("This address does not take this method.")),
    406: (N_("Not possible here"), N_("This cannot be given in the format that was asked for.")),
    408: (N_("Too slow"), N_("The request took too long to arrive. Send it again.")),
    411: (N_("Not understood"), N_("The request must say how long it is.")),
    413: (
        N_("Too large"),
        N_("What was sent is too large: at most %(most)s MB go at once. Go back and leave out or shrink a file."),
    ),
    414: (N_("Too large"), N_("The address is too long.")),
    415: (N_("Not understood"), N_("What was sent is in a format that is not taken here.")),
    416: (N_("Not possible here"), N_("The file has no such part.")),
    422: (N_("Something is missing or wrong"), Invalid.message),
    429: (N_("Too often"), TooManyAttempts.message),
    431: (N_("Too large"), N_("The headers are too large.")),
    500: (N_("Something broke here"), N_("Something broke on our side; it has been noted. Nothing was saved.")),
    503: (N_("Not available now"), Unavailable.message),
}
"""What Flask, Werkzeug and webargs refuse by themselves: title and sentence."""


@dataclass(frozen=True)
class Problem:
    """One refusal, ready to be shown: in the reader's language."""

    status: int
    code: str
    title: str
    detail: str
    errors: tuple[dict[str, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The RFC 9457 members; facts become extension members and never hide a standard one."""
        own = {
            "type": type_of(self.code),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": request.path,
            "code": self.code,
            "request_id": g.get("request_id"),
        }
        if self.errors:
            own["errors"] = list(self.errors)
        facts = json.loads(json.dumps(_told(dict(self.facts)), default=_plain, ensure_ascii=False))
        return {**facts, **own}


def type_of(code: str) -> str:
    """The address of a problem's description."""
    return f"/api/docs#problem-{code}"


def init_app(app: Flask) -> None:
    """Answer every error in one shape."""
    app.register_error_handler(DomainError, handle)
    app.register_error_handler(HTTPException, handle)
    app.register_error_handler(Exception, handle)


def handle(error: Exception) -> ResponseReturnValue:
    """The answer to an error: problem JSON under /api, else a page."""
    problem = of(error)
    if problem.status >= 500:
        log.logger.error(problem.code, exc_info=error, extra=log.facts() | {"code": problem.code})
        if current_app.testing and problem.status == 500:
            raise error
    if isinstance(error, HTTPException) and error.response is not None:
        return error.get_response()
    if wants_json():
        return as_json(problem)
    if problem.status == 401:
        return _to_sign_in()
    if isinstance(error, FirstPassword):
        return redirect(url_for("account.page", notice=error.code), 303)
    if isinstance(error, SecondFactorMissing):
        return redirect(url_for("account.second_factor", notice=error.code), 303)
    return as_page(problem)


def wants_json() -> bool:
    """Whether a program asks: under /api/v1, or a script that says so in Accept."""
    accepted = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith("/api/v1") or accepted == "application/json"


def of(error: Exception) -> Problem:
    """What an error says, with its status."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    status, title = status_of(error)
    if not isinstance(error, DomainError):
        _, detail = HTTP[status]
        code = "broken" if status == 500 else "unavailable"
        return Problem(status, code, gettext(title), gettext(detail), headers=_headers(status))
    return Problem(
        status,
        error.code,
        gettext(title),
        i18n.sentence(error),
        tuple(_answer(found) for found in error.errors)
        if isinstance(error, AnswersInvalid)
        else tuple(_field(found) for found in error.fields),
        error.facts,
        _headers(status),
    )


def status_of(error: Exception) -> tuple[int, str]:
    """The status and title of the nearest ancestor that has one."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def known() -> Iterator[tuple[type[DomainError], int]]:
    """Every kind of domain error with its status, for the page that explains them."""
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        status = next((STATUS[parent][0] for parent in kind.__mro__ if parent in STATUS), 500)
        if status != 500:
            yield kind, status


def as_json(problem: Problem) -> Response:
    """The problem as application/problem+json."""
    body = json.dumps(problem.body(), ensure_ascii=False)
    return Response(body, problem.status, dict(problem.headers), content_type=MEDIA_TYPE)


def as_page(problem: Problem) -> ResponseReturnValue:
    """The problem as a page."""
    return render_template("error.html", problem=problem), problem.status, dict(problem.headers)


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    code = "invalid" if status == 422 else http.HTTPStatus(status).phrase.lower().replace(" ", "-")
    title, detail = HTTP.get(status, (N_("Not possible here"), N_("This address does not take this request.")))
    data: dict[str, Any] = getattr(error, "data", None) or {}
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    errors = tuple(_wrong(data.get("messages") or {}))
    most = (request.max_content_length or 0) // MEGABYTE
    return Problem(status, code, gettext(title), gettext(detail, most=most), errors, headers=headers)


def _wrong(messages: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """webargs' messages (by location, then nested by field) as a flat list."""
    for location, found in messages.items():
        for path, text in _leaves(found, ()):
            place = {"pointer": "/".join(("", *path))} if location == "json" else {"parameter": ".".join(path)}
            yield {**place, "code": "invalid", "detail": refused_fields.in_words(text)}


def _leaves(found: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            step = () if name == "_schema" else (str(name).replace("~", "~0").replace("/", "~1"),)
            yield from _leaves(inner, (*path, *step))
    elif isinstance(found, list):
        for text in found:
            yield path, str(text)
    else:
        yield path, str(found)


def _field(error: FieldError) -> dict[str, str]:
    return {"pointer": error.pointer, "code": error.code, "detail": i18n.sentence(error)}


def _answer(error: forms.FieldError) -> dict[str, str]:
    return {"pointer": f"/answers{error.pointer}", "code": error.code, "detail": error.summary(i18n.reader())}


def _headers(status: int) -> dict[str, str]:
    if status == 401:
        return {"WWW-Authenticate": 'Bearer realm="hejie"'}
    return {"Retry-After": str(RETRY_AFTER[status])} if status in RETRY_AFTER else {}


def _told(value: Any) -> Any:
    """Facts as the reader reads them."""
    if isinstance(value, dict):
        return {name: _told(one) for name, one in value.items()}
    return [_told(one) for one in value] if isinstance(value, list) else i18n.told(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _to_sign_in() -> ResponseReturnValue:
    """To the sign-in page and back; what was typed into a form meanwhile comes along."""
    here = request.full_path.rstrip("?")
    if typed := kept.typed():
        return render_template("sign_in.html", next=here, kept=typed), 401
    return redirect(url_for("sign_in.page", next=here if request.method == "GET" else "/work"), 303)
