"""Which divisions there are: added and renamed from the public lists, ended, never moved nor deleted.

A county's code is that of GB/T 2260, those of towns, villages and communities are 统计用区划代码; a grid has its
village's and three digits more. Each begins with the code above it, so that no division can lie within itself.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine import clock, events
from engine.errors import N_, FieldError, Invalid
from engine.territory.endings import set_end
from engine.territory.models import COMMUNITY, COUNTY, GRID, TOWN, VILLAGE, Division
from engine.territory.queries import is_within

HEAD = ["code", "name", "name_en", "kind", "parent"]
OPTIONAL = ["boundary", "last_day", "successor"]
"""Columns that may follow: how far it reaches, in words; its last day and who takes what is new there since."""
MOST = 5000
"""Divisions that are given at once."""
LONGEST = 100
"""Characters of a name."""
BOUNDARY = 300
"""Characters of the words for a boundary."""

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
    "boundary": N_("Line %(line)s: say in at most 300 characters how far %(code)s reaches."),
    "day": N_(
        "Line %(line)s: the last day of %(code)s is a day like 2026-11-30, today or before; a successor needs one."
    ),
    "successor": N_(
        "Line %(line)s: say which division takes what is new in %(code)s: one of its own level (for a grid, a village "
        "too) that you administer and that has not ended. A county does not end."
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
    message = N_(
        "The first line must be code,name,name_en,kind,parent; boundary, last_day and successor may stand behind them. "
        "At most 5000 lines follow, each with as many columns."
    )


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
    boundary: str | None
    last_day: str | None
    successor: str | None

    @property
    def day(self) -> date | None:
        """The last day as it was given; None where it is none."""
        try:
            return date.fromisoformat(self.last_day or "")
        except ValueError:
            return None


def read_csv(text: str) -> list[dict[str, Any]]:
    """Divisions as they are written, one a line, each with its number as `line`. Raises DivisionsCsvUnfit."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if any(one.strip() for one in row)]
    except csv.Error:
        raise DivisionsCsvUnfit from None
    head = [one.strip() for one in lines[0][1]] if lines else []
    if head[:5] != HEAD or sorted(set(head[5:]) & set(OPTIONAL)) != sorted(head[5:]) or len(lines) > MOST + 1:
        raise DivisionsCsvUnfit
    if any(len(row) != len(head) for _, row in lines):
        raise DivisionsCsvUnfit
    return [{**dict(zip(head, row, strict=True)), "line": number} for number, row in lines[1:]]


def put(
    session: Session, given: Sequence[Mapping[str, Any]], *, within: Sequence[str] | None, by: str | None
) -> tuple[int, int, list[Division]]:
    """Add divisions and change known ones below the paths `within` (None: anywhere), all or none.

    Each has `code`, `name`, `name_en`, `kind` and its parent's code as `parent`, and may have what OPTIONAL names: of a
    known one, what is left out stays, and an empty `last_day` takes its end back. Returns how many were added, how many
    changed, and what ended. Raises DivisionsUnfit.
    """
    session.execute(text("LOCK TABLE division IN SHARE ROW EXCLUSIVE MODE"))  # two must not add the same one
    lines = [_line(at, row) for at, row in enumerate(given)]
    wanted = {one.code for one in lines} | {one.parent for one in lines} | {one.successor or "" for one in lines}
    known = {one.code: one for one in session.scalars(select(Division).where(Division.code.in_(wanted)))}
    if wrong := list(_wrong(lines, known, within)):
        raise DivisionsUnfit(fields=wrong)
    new = {one.code for one in lines} - set(known)
    changed: set[str] = set()
    for one in sorted(lines, key=lambda line: len(line.code)):
        if one.code in new:
            known[one.code] = _add(session, known.get(one.parent), one, by)
        elif _rename(session, known[one.code], one, by):
            changed.add(one.code)
    session.flush()  # a successor may be new itself
    ended: list[Division] = []
    for one in lines:
        if one.last_day is not None and (moved := set_end(session, known[one.code], one.day, one.successor or None)):
            facts = {"last_day": one.last_day or None, "successor": one.successor or None}
            _tell(session, "division.ended" if one.day else "division.reopened", moved[0], by, **facts)
            changed.add(one.code)
            ended += moved if one.day else []
    return len(new), len(changed - new), ended


def _line(at: int, row: Mapping[str, Any]) -> Line:
    said = {name: str(row.get(name) or "").strip() for name in HEAD}
    more: dict[str, Any] = {name: str(row[name] or "").strip() if name in row else None for name in OPTIONAL}
    if more["successor"] and more["last_day"] is None:
        more["last_day"] = ""
    return Line(at=at, line=row.get("line", at + 1), **said, **more)


def _wrong(lines: Sequence[Line], known: Mapping[str, Division], within: Sequence[str] | None) -> Iterable[FieldError]:
    kinds = {code: one.kind for code, one in known.items()} | {one.code: one.kind for one in lines}
    ending = {one.code for one in lines if one.last_day}
    seen: set[str] = set()
    for one in lines:
        found = known.get(one.code)
        problem = "twice" if one.code in seen else _problem(one, found, kinds, within)
        heir = known.get(one.successor or "")
        ends = (heir is not None and heir.last_day is not None) or one.successor in ending
        if not problem and (one.last_day or one.successor) and (ends or not _takes_over(one, heir, kinds, within)):
            problem = "successor"
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
        ("boundary", len(one.boundary or "") > BOUNDARY),
        ("day", bool(one.last_day or one.successor) and not (one.day and one.day <= clock.today())),
    )
    return next((name for name, holds in checks if holds), None)


def _takes_over(
    one: Line, heir: Division | None, kinds: Mapping[str, str], within: Sequence[str] | None
) -> bool:  # fmt: skip
    """Whether what is new in a division can go to the one that is named."""
    code = one.successor or ""
    level = DIGITS.get(kinds.get(code, ""))
    fits = level == DIGITS[one.kind] or (one.kind == GRID and level == DIGITS[VILLAGE])
    apart = one.kind != COUNTY and not code.startswith(one.code)
    return fits and apart and (within is None or _lies_within(code, heir, within))


def _lies_within(code: str, found: Division | None, within: Sequence[str]) -> bool:
    """Whether a division is of somebody's: a known one by its path, a new one by its code."""
    if found:
        return any(is_within(found.path, path) for path in within)
    return any(code.startswith(path.rpartition("/")[2]) for path in within)


def _add(session: Session, above: Division | None, one: Line, by: str | None) -> Division:
    path = f"{above.path}/{one.code}" if above else one.code
    made = Division(
        code=one.code, name=one.name, name_en=one.name_en, kind=one.kind, parent=one.parent or None, path=path,
        boundary=one.boundary or "",
    )  # fmt: skip
    session.add(made)
    _tell(session, "division.added", made, by, name=made.name, division_kind=made.kind, parent=made.parent)
    return made


def _rename(session: Session, found: Division, one: Line, by: str | None) -> bool:
    """Name a known division anew; a village may have become a community (村改居), under its code."""
    before = {name: getattr(found, name) for name in ("name", "name_en", "kind", "boundary")}
    boundary = found.boundary if one.boundary is None else one.boundary
    after = {"name": one.name, "name_en": one.name_en, "kind": one.kind, "boundary": boundary}
    if before == after:
        return False
    found.name, found.name_en, found.kind, found.boundary = one.name, one.name_en, one.kind, boundary
    found.placeholder = False
    _tell(session, "division.renamed", found, by, before=before, after=after)
    return True


def _tell(session: Session, kind: str, division: Division, by: str | None, **facts: Any) -> None:
    stream = uuid5(NAMESPACE_URL, f"division:{division.code}")
    events.record(session, kind, stream, actor=by, division=division.code, **facts)
