"""Where divisions lie: degrees (WGS 84) that somebody read off a source, never guessed."""

import csv
import math
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import events
from engine.errors import N_, FieldError, Invalid
from engine.territory.models import Division

BOUNDS = {"latitude": (3.0, 54.0), "longitude": (73.0, 136.0)}
"""Degrees between which China lies, its seas included."""

HEAD = ["code", "latitude", "longitude", "source"]
MOST = 5000
"""Positions that are set at once."""
LONGEST = 200
"""Characters of a source."""

WRONG = {
    "unknown": N_("%(code)s: there is no town or village of this code here."),
    "latitude": N_("%(code)s: the latitude %(given)s is no number of degrees between 3 and 54, where China lies."),
    "longitude": N_("%(code)s: the longitude %(given)s is no number of degrees between 73 and 136, where China lies."),
    "source": N_("%(code)s: say where the numbers are from, in at most 200 characters."),
    "twice": N_("%(code)s: this code stands here twice."),
}


class PositionUnfit(Invalid):
    """A position is two numbers within China and a source; or nothing of the three, which takes it away."""

    code = "position-unfit"
    message = N_("No position was changed: some cannot be right.")


class CsvUnfit(Invalid):
    """The text is no CSV of positions."""

    code = "csv-unfit"
    message = N_("The first line must be code,latitude,longitude,source; after it at most 5000 lines of these four.")


def read_csv(text: str) -> list[dict[str, str]]:
    """Positions as they are written, one a line, below a line with the names of the columns. Raises CsvUnfit."""
    try:
        head, *lines = [line for line in csv.reader(StringIO(text.removeprefix("\ufeff").strip()), strict=True) if line]
    except (csv.Error, ValueError):
        raise CsvUnfit from None
    if [one.strip() for one in head] != HEAD or len(lines) > MOST or any(len(one) != len(HEAD) for one in lines):
        raise CsvUnfit
    return [dict(zip(HEAD, line, strict=True)) for line in lines]


def put(session: Session, given: Sequence[Mapping[str, Any]], *, within: Sequence[str], by: str | None) -> int:
    """Set positions of divisions below the paths `within`, all or none; returns how many changed.

    Each has `code`, `latitude`, `longitude`, `source`; all three empty take a position away. Raises PositionUnfit.
    """
    query = select(Division).where(Division.code.in_({str(one["code"]).strip() for one in given})).with_for_update()
    known = {
        one.code: one
        for one in session.scalars(query.order_by(Division.code))
        if any(f"{one.path}/".startswith(f"{path}/") for path in within)
    }
    wrong: list[FieldError] = []
    seen: set[str] = set()
    changed = 0
    for number, row in enumerate(given):
        code = str(row["code"]).strip()
        found, problem = known.get(code), "twice" if code in seen else "unknown"
        seen.add(code)
        if found is None or problem == "twice":
            wrong.append(FieldError(f"/items/{number}/code", problem, WRONG[problem], (("code", code),)))
            continue
        position, problems = _read(row)
        wrong.extend(
            FieldError(
                f"/items/{number}/{name}", name, WRONG[name], (("code", code), ("given", _said(row, name) or "—"))
            )
            for name in problems
        )
        if not problems:
            changed += _set(session, found, position, by)
    if wrong:
        raise PositionUnfit(fields=wrong)
    return changed


Position = tuple[float | None, float | None, str | None]
"""Latitude, longitude, source."""


def _read(row: Mapping[str, Any]) -> tuple[Position, list[str]]:
    """A position, and the names of what is wrong in it."""
    if not any(_said(row, name) for name in HEAD[1:]):
        return (None, None, None), []
    degrees = {name: _degrees(_said(row, name), *bounds) for name, bounds in BOUNDS.items()}
    source = _said(row, "source")
    wrong = [name for name, found in degrees.items() if found is None]
    if not 0 < len(source) <= LONGEST:
        wrong.append("source")
    return (degrees["latitude"], degrees["longitude"], source), wrong


def _said(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name)
    return "" if found is None else str(found).strip()


def _degrees(text: str, least: float, most: float) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return round(found, 6) if math.isfinite(found) and least <= found <= most else None


def _set(session: Session, division: Division, position: Position, by: str | None) -> bool:
    before = division.latitude, division.longitude, division.position_source
    if before == position:
        return False
    division.latitude, division.longitude, division.position_source = position
    names = HEAD[1:]
    events.record(
        session, "division.placed", uuid5(NAMESPACE_URL, f"division:{division.code}"), actor=by, division=division.code,
        before=dict(zip(names, before, strict=True)), after=dict(zip(names, position, strict=True)),
    )  # fmt: skip
    return True
