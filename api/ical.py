"""A calendar as other programs read it (RFC 5545). It leaves the house: numbers and places, never names or words."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from flask_babel import gettext

from api import i18n
from engine import clock
from engine.cases.models import Case
from engine.sessions.models import Sitting

WIDEST = 73
"""Bytes of a line before it is folded; with its break 75."""


def calendar(planned: Iterable[tuple[Sitting, Case]]) -> bytes:
    """The sittings as one calendar; of a sealed case neither number nor place is told."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hejie//Hejie//ZH", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_text(gettext('Hejie: hearings and visits'))}")
    for sitting, case in planned:
        title = i18n.code(sitting.kind, "sitting")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{sitting.id}@hejie",
            f"DTSTAMP:{_at(clock.now())}",
            f"DTSTART:{_at(sitting.starts_at)}",
            f"DTEND:{_at(sitting.starts_at + timedelta(minutes=sitting.minutes))}",
            f"SUMMARY:{_text(title if case.sealed else f'{title} {case.number}')}",
            f"LOCATION:{'' if case.sealed else _text(sitting.place)}",
            f"STATUS:{'CANCELLED' if sitting.cancelled_at else 'CONFIRMED'}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> str:
    """A long line goes on behind a break and a space, never within a character (section 3.1)."""
    pieces, width = [""], 0
    for char in line:
        size = len(char.encode())
        if width + size > WIDEST:
            pieces.append("")
            width = 0
        pieces[-1] += char
        width += size
    return "\r\n ".join(pieces)
