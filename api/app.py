"""The Flask application: settings, the shared parts of every request, then REST and pages."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from api import auth, compression, health, i18n, log, marking, pages, problems, rest, security
from engine.config import settings

BODY_LIMIT = 1024 * 1024
"""Bytes of a request without files; the addresses that take files allow more."""

HERE = Path(__file__).parent


def create_app(*, testing: bool = False) -> Flask:
    """The application, ready to serve. `testing` lets unexpected errors through to the test."""
    app = Flask("api", root_path=str(HERE))
    app.config.update(TESTING=testing, MAX_CONTENT_LENGTH=BODY_LIMIT)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset
    if not testing:
        log.to_stderr()
    if settings().trusted_proxies:
        hops = settings().trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    for part in (compression, log, security, i18n, marking, auth, problems, health, rest, pages):
        part.init_app(app)
    app.after_request(_say_language)
    return app


def asset(name: str) -> str:
    """The address of a static file, with its fingerprint, so that browsers keep it until it changes."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str | None:
    file = HERE / "static" / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else None


def _say_language(response: Response) -> Response:
    if response.content_language.__len__() == 0 and response.mimetype in {"text/html", problems.MEDIA_TYPE}:
        response.headers["Content-Language"] = i18n.HTML_LANG[i18n.locale()]
        response.vary.add("Accept-Language")
    return response
