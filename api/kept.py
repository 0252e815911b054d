"""What was typed into a form whose session had ended meanwhile: the sign-in page carries it and gives it back.

It lies in the browser alone, in a hidden field; nothing of it is stored here.
"""

import json
from dataclasses import dataclass

from flask import request

from api import posted

FIELD = "kept"


@dataclass(frozen=True)
class Kept:
    """The fields of a form in their order, and whether files came along, which no page can carry."""

    fields: tuple[tuple[str, str], ...]
    files: bool


def typed() -> str | None:
    """The fields of this request as one text; None where there is nothing to keep, or another site sent them.

    A form of the account is not kept: it holds passwords.
    """
    if request.blueprint == "account":
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != posted.GUARD]
    if request.method != "POST" or not fields or not posted.from_this_site():
        return None
    files = any(file.filename for _, listed in request.files.lists() for file in listed)
    return json.dumps([fields, files], ensure_ascii=False)


def carried() -> str:
    """What the sign-in form that was sent carries; nothing where another site sent it."""
    return request.form.get(FIELD, "") if posted.from_this_site() else ""


def read(text: str) -> Kept | None:
    """What such a text holds; None for anything that `typed` did not write."""
    try:
        fields, files = json.loads(text)
        return Kept(tuple((str(name), str(value)) for name, value in fields), bool(files))
    except (ValueError, TypeError):
        return None
