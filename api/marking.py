"""Words that were searched for, marked in a text; a long text is cut around the first of them."""

import re
from collections.abc import Sequence

from flask import Flask
from markupsafe import Markup, escape

WINDOW = 60
"""Characters that are shown on both sides of the first word that was found."""


def init_app(app: Flask) -> None:
    """Give templates both filters."""
    app.jinja_env.filters.update(marked=marked, around=around)


def marked(text: str, terms: Sequence[str]) -> Markup:
    """The text as HTML with every term in a <mark>."""
    found = _found(terms)
    if found is None:
        return escape(text)
    pieces = found.split(text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces)
    )


def around(text: str, terms: Sequence[str]) -> str:
    """The part of a text where the first term stands; the beginning where none does."""
    found = _found(terms)
    first = found.search(text) if found else None
    begin = max(0, first.start() - WINDOW) if first else 0
    end = max(begin + 2 * WINDOW, first.end() + WINDOW) if first else 2 * WINDOW
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")


def _found(terms: Sequence[str]) -> re.Pattern[str] | None:
    """One group that matches any of the terms, the longest first."""
    if not terms:
        return None
    return re.compile("(" + "|".join(map(re.escape, sorted(terms, key=len, reverse=True))) + ")", re.IGNORECASE)
