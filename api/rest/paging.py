"""Lists by cursor: a page, and the way to the next one in the body and in the Link header (RFC 8288)."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for

Listed = tuple[dict[str, Any], int, dict[str, str]]


def page(items: Sequence[Any], cursor: str | None) -> Listed:
    """The answer of a list; `cursor` says where the next page begins, None on the last."""
    body = {"items": items, "next": cursor}
    return body, 200, {"Link": f'<{_next(cursor)}>; rel="next"'} if cursor else {}


def _next(cursor: str) -> str:
    assert request.endpoint
    given = {name: request.args.getlist(name) for name in request.args if name != "cursor"}
    return url_for(request.endpoint, **(request.view_args or {}), **given, cursor=cursor)  # type: ignore[arg-type]
