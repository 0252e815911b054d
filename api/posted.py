"""Ids in the fields of forms. Pages of ours send nothing else; what is no id is a request nobody can read (400)."""

from uuid import UUID

from flask import request
from werkzeug.exceptions import BadRequest


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
