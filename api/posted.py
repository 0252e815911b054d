"""What forms send: ids in their fields (what is no id is a request nobody can read: 400), and from where."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import request
from werkzeug.exceptions import BadRequest

GUARD = "csrf_token"
"""The hidden field with the form token."""


def from_this_site() -> bool:
    """Whether no other site sent this request, as far as the browser says."""
    origin = request.headers.get("Origin")
    return not origin or urlsplit(origin).netloc == request.host


def posted_id(name: str) -> UUID:
    """The id that a field holds. Raises BadRequest."""
    return _id(request.form.get(name, ""))


def posted_ids(name: str) -> list[UUID]:
    """The ids that fields of one name hold. Raises BadRequest."""
    return [_id(one) for one in request.form.getlist(name)]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadRequest from None
