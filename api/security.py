"""The headers that every answer carries."""

import secrets

from flask import Flask, Response, g, request

from engine.config import settings

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
DIAGRAM = {"style-src-attr": "'unsafe-inline'"}
"""The diagram viewer positions its parts through style attributes; only the page that shows one may."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Set the headers after every request; templates get the nonce for their scripts."""
    app.after_request(_harden)
    app.jinja_env.globals["csp_nonce"] = nonce


def nonce() -> str:
    """The nonce of this answer's own scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def allow_diagram() -> None:
    """Let this answer show a diagram."""
    g.shows_diagram = True


def allow_editor() -> None:
    """Let this answer show an editor of the studio, whose fields bring their styles along, under the page's nonce."""
    g.shows_editor = True


def allow_reporting() -> None:
    """Let this page ask the phone for its place and its microphone, when the person presses the button for it."""
    g.reports = True


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _policy())
    devices = "self" if g.get("reports") else ""
    response.headers.add("Permissions-Policy", f"camera=(), microphone=({devices}), geolocation=({devices})")
    response.headers.extend(ALWAYS)
    if settings().secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    if request.endpoint == "static":
        _cache_static(response)
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _policy() -> str:
    """What this answer may load and run: of scripts in the page those with its nonce, if it has named one."""
    own, editor = g.get("csp_nonce"), g.get("shows_editor")
    diagram = g.get("shows_diagram") or editor
    if not own and not diagram:
        return PLAIN
    trusted = f"'self' 'nonce-{own}'"
    named = ({"script-src": trusted} if own else {}) | ({"style-src": trusted} if own and editor else {})
    return _joined({**POLICY, **named, **(DIAGRAM if diagram else {})})


def _joined(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


PLAIN = _joined(POLICY)


def _cache_static(response: Response) -> None:
    """A file asked for with its fingerprint never changes; any other is asked for again."""
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if "v" in request.args else "no-cache"
