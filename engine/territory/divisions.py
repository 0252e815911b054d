"""Which divisions there are: added and renamed from the public lists, never moved nor deleted.

A county's code is that of GB/T 2260, those of towns, villages and communities are 统计用区划代码; a grid has its
village's and three digits more. Each begins with the code above it, so that no division can lie within itself.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine import events
from engine.errors import N_, FieldError, Invalid
from engine.territory.models import COMMUNITY, COUNTY, GRID, TOWN, VILLAGE, Division
from engine.territory.queries import is_within

HEAD = ["code", "name", "name_en", "kind", "parent"]
MOST = 5000
"""Divisions that are given at once."""
LONGEST = 100
"""Characters of a name."""

DIGITS = {COUNTY: 6, TOWN: 9, VILLAGE: 12, COMMUNITY: 12, GRID: 15}
"""Digits of a code, by kind."""
ABOVE = {TOWN: (COUNTY,), VILLAGE: (TOWN,), COMMUNITY: (TOWN,), GRID: (VILLAGE, COMMUNITY)}
"""In what a division of a kind lies."""

WRONG = {
    "kind": N_("Line %(line)s: “%(kind)s” is no kind. Write county, town, village, community or grid."),
    "code": N_(
        "Line %(line)s: “%(code)s” cannot be its code. A county's has 6 digits, a town's 9, a village's or community's "
        "12, a grid's 15."
    ),
    "twice": N_("Line %(line)s: the code %(code)s stands here twice. Keep one of the two lines."),
    "name": N_(
        "Line %(line)s: say the Chinese name, and where you know it the English one, each in at most 100 characters."
    ),
    "parent": N_(
        "Line %(line)s: there is no division with the code “%(parent)s”. Correct it, or give it a line of its own."
    ),
    "parent-kind": N_(
        "Line %(line)s: %(code)s cannot lie in “%(parent)s”. A county's parent stays empty; "
        "a town lies in a county, a village or community in a town, a grid in a village or community."
    ),
    "begins": N_(
        "Line %(line)s: the code %(code)s does not begin with that of its parent, %(parent)s. Correct one of the two."
    ),
    "moved": N_(
        "Line %(line)s: %(code)s lies in %(was)s and stays there, so that old cases keep their place. Where divisions "
        "were drawn anew, add the new one with its new code."
    ),
    "outside": N_("Line %(line)s: %(code)s lies outside of what you administer. Ask whoever administers it."),
}  # fmt: skip


class DivisionsUnfit(Invalid):
    """Some lines cannot be right; nothing was changed."""

    code = "divisions-unfit"
    message = N_("No division was added or renamed: some lines cannot be right.")


class DivisionsCsvUnfit(Invalid):
    """The text is no CSV of divisions."""

    code = "divisions-csv-unfit"
    message = N_("The first line must be code,name,name_en,kind,parent; after it at most 5000 lines of these five.")


@dataclass(frozen=True)
class Line:
    """A division as it was given, in which line (from 1, as an editor counts), and as which of all (`at`, from 0)."""

    at: int
    line: int
    code: str
    name: str
    name_en: str
    kind: str
    parent: str


def read_csv(text: str) -> list[dict[str, Any]]:
    """Divisions as they are written, one a line, each with its number as `line`. Raises DivisionsCsvUnfit."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if any(one.strip() for one in row)]
    except csv.Error:
        raise DivisionsCsvUnfit from None
    if not lines or [one.strip() for one in lines[0][1]] != HEAD or len(lines) > MOST + 1:
        raise DivisionsCsvUnfit
    if any(len(row) != len(HEAD) for _, row in lines):
        raise DivisionsCsvUnfit
    return [{**dict(zip(HEAD, row, strict=True)), "line": number} for number, row in lines[1:]]


def put(
    session: Session, given: Sequence[Mapping[str, Any]], *, within: Sequence[str] | None, by: str | None
) -> tuple[int, int]:
    """Add divisions and rename known ones below the paths `within` (None: anywhere), all or none.

    Each has `code`, `name`, `name_en`, `kind` and its parent's code as `parent`. Returns how many were added and how
    many renamed. Raises DivisionsUnfit.
    """
    session.execute(text("LOCK TABLE division IN SHARE ROW EXCLUSIVE MODE"))  # two must not add the same one
    lines = [_line(at, row) for at, row in enumerate(given)]
    wanted = {one.code for one in lines} | {one.parent for one in lines}
    known = {one.code: one for one in session.scalars(select(Division).where(Division.code.in_(wanted)))}
    if wrong := list(_wrong(lines, known, within)):
        raise DivisionsUnfit(fields=wrong)
    added = renamed = 0
    for one in sorted(lines, key=lambda line: len(line.code)):
        if found := known.get(one.code):
            renamed += _rename(session, found, one, by)
        else:
            known[one.code] = _add(session, known.get(one.parent), one, by)
            added += 1
    return added, renamed


def _line(at: int, row: Mapping[str, Any]) -> Line:
    said = {name: str(row.get(name) or "").strip() for name in HEAD}
    return Line(at=at, line=row.get("line", at + 1), **said)


def _wrong(lines: Sequence[Line], known: Mapping[str, Division], within: Sequence[str] | None) -> Iterable[FieldError]:
    kinds = {code: one.kind for code, one in known.items()} | {one.code: one.kind for one in lines}
    seen: set[str] = set()
    for one in lines:
        found = known.get(one.code)
        problem = "twice" if one.code in seen else _problem(one, found, kinds, within)
        seen.add(one.code)
        if problem:
            params = {"line": one.line, "code": one.code, "kind": one.kind, "parent": one.parent}
            params["was"] = (found.parent if found else None) or "—"
            yield FieldError(f"/items/{one.at}", problem, WRONG[problem], tuple(params.items()))


def _problem(
    one: Line, found: Division | None, kinds: Mapping[str, str], within: Sequence[str] | None
) -> str | None:  # fmt: skip
    """What is wrong with a line, the first thing only."""
    above = ABOVE.get(one.kind, ())
    checks = (
        ("kind", one.kind not in DIGITS),
        ("code", not (one.code.isascii() and one.code.isdigit()) or len(one.code) != DIGITS.get(one.kind)),
        ("outside", within is not None and not _lies_within(one.code, found, within)),
        ("name", not 0 < len(one.name) <= LONGEST or len(one.name_en) > LONGEST),
        ("parent", bool(one.parent) and one.parent not in kinds),
        ("parent-kind", kinds[one.parent] not in above if one.parent in kinds else bool(above)),
        ("moved", found is not None and (found.parent or "") != one.parent),
        ("begins", not one.code.startswith(one.parent)),
    )
    return next((name for name, holds in checks if holds), None)


def _lies_within(code: str, found: Division | None, within: Sequence[str]) -> bool:
    """Whether a division is of somebody's: a known one by its path, a new one by its code."""
    if found:
        return any(is_within(found.path, path) for path in within)
    return any(code.startswith(path.rpartition("/")[2]) for path in within)


def _add(session: Session, above: Division | None, one: Line, by: str | None) -> Division:
    path = f"{above.path}/{one.code}" if above else one.code
    made = Division(
        code=one.code, name=one.name, name_en=one.name_en, kind=one.kind, parent=one.parent or None, path=path
    )
    session.add(made)
    _tell(session, "division.added", made, by, name=made.name, division_kind=made.kind, parent=made.parent)
    return made


def _rename(session: Session, found: Division, one: Line, by: str | None) -> bool:
    """Name a known division anew; a village may have become a community (村改居), under its code."""
    before = {name: getattr(found, name) for name in ("name", "name_en", "kind")}
    after = {"name": one.name, "name_en": one.name_en, "kind": one.kind}
    if before == after:
        return False
    found.name, found.name_en, found.kind, found.placeholder = one.name, one.name_en, one.kind, False
    _tell(session, "division.renamed", found, by, before=before, after=after)
    return True


def _tell(session: Session, kind: str, division: Division, by: str | None, **facts: Any) -> None:
    stream = uuid5(NAMESPACE_URL, f"division:{division.code}")
    events.record(session, kind, stream, actor=by, division=division.code, **facts)
