"""Where a page of a list begins: a moment and an id, written with characters that an address holds as they are."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from engine.casework.errors import CursorInvalid


def write(at: datetime, identity: object) -> str:
    """Where the page after something begins."""
    plain = at.astimezone(UTC).replace(tzinfo=None)
    return f"{plain.isoformat(timespec='microseconds')}Z~{identity}"


def read(text: str, kind: Callable[[str], Any]) -> tuple[datetime, Any]:
    """The moment and id of a cursor. Raises CursorInvalid: the first page again would never end."""
    at, _, identity = text.partition("~")
    try:
        found = datetime.fromisoformat(at), kind(identity)
    except ValueError:
        raise CursorInvalid from None
    if found[0].tzinfo is None:
        raise CursorInvalid
    return found
