"""One line of JSON a request, with ids and no personal data: the route's pattern and never the address itself."""

import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
FIELDS = ("request", "actor", "method", "route", "status", "millis", "code")
QUIET = {"static", "health.healthz", "health.readyz"}

logger = logging.getLogger("hejie.web")


class JsonLines(logging.Formatter):
    """A log record as one JSON object; what was passed as `extra` and is known here becomes its members."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) is not None}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def to_stderr() -> None:
    """Write every log line of this process as JSON to the standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def init_app(app: Flask) -> None:
    """Give every request an id, taken from a trusted proxy or made here, and log its end."""
    app.before_request(_begin)
    app.after_request(_end)


def facts() -> dict[str, Any]:
    """What every line of this request says."""
    actor = g.get("actor")
    return {
        "request": g.get("request_id"),
        "actor": (actor.id or None) if actor is not None else None,
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
    }


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    if request.endpoint not in QUIET:
        millis = round((time.perf_counter() - g.begun) * 1000, 1)
        logger.info("answered", extra=facts() | {"status": response.status_code, "millis": millis})
    return response
