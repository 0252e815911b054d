"""Counts of figures by place, and what of them may be told of one place.

With a root (the division of a leader, who sees no case) there are its places below it; without one everything is one
place. A small count is hidden, and every count from which it could be had.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.ledger import secured
from engine.ledger.suppression import share

WHOLE, PART, REST = "*", "part", "rest"
SAME = {"outcome": "closed", "level": "closed", "category": "closed", "kind": "closed", "response": "received",
    "solved": "recurrence", "hurt": "incidents",
}  # fmt: skip
"""Figures and tables that count parts of the same whole."""
BESIDE = ("outcome", "level", "category", "solved", "hurt")
"""Tables that count again what another one has added up to their whole already."""

SOLVED = ("performed", "struck_off")
"""The outcomes that are called solved."""

Cell = tuple[str, str, str]
"""A count: of which figure or table, at which place, of which code."""


@dataclass(frozen=True)
class Figure:
    """One figure. Numbers are None where they could point to a person; `rate` also where there is nothing to count."""

    key: str
    name: str
    meaning: str
    part: int | None
    whole: int | None
    rate: float | None

    @property
    def hidden(self) -> bool:
        """Whether there was something to count and too little of it to be shown."""
        return self.whole != 0 and self.rate is None


class Counted:
    """Counts as they come in from the database; `told`, `cells` and `figure` say what may be said of a place."""

    def __init__(self, session: Session, root: str | None) -> None:
        self.session, self.root = session, root
        self.counts: dict[Cell, int] = {}
        self.codes: dict[str, set[str]] = {}
        self.places: set[str] = {root or ""}

    def split(self, key: str, among: list[ColumnElement[bool]], fulfils: ColumnElement[bool], *froms: Any) -> None:
        """Count those among the cases (with what `froms` adds) and those of them that fulfil something."""
        query = select(Case.division, func.count(), func.count().filter(fulfils)).select_from(Case, *froms)
        for division, whole, part in self.session.execute(query.where(*among).group_by(Case.division)):
            self._add(key, division, PART, part)
            self._add(key, division, REST, whole - part)

    def table(self, key: str, code: ColumnElement[str], among: list[ColumnElement[bool]]) -> None:
        """Count cases by a code."""
        query = select(Case.division, code, func.count()).where(*among).group_by(Case.division, code)
        for division, name, count in self.session.execute(query):
            self._add(key, division, str(name), count)

    def told(self, key: str, place: str, code: str = WHOLE) -> int | None:
        """A count, or None where it may not be told."""
        cell = (_of(key, code), place, code)
        return None if cell in self._hidden else self.counts.get(cell, 0)

    def cells(self, key: str, place: str) -> dict[str, int | None]:
        """The counts of a table at a place, by code."""
        codes = [code for code in sorted(self.codes.get(key, ())) if self.counts.get((key, place, code))]
        return {code: self.told(key, place, code) for code in codes}

    def figure(self, key: str, name: str, meaning: str, place: str) -> Figure:
        """A rate at a place."""
        whole, part, rest = (self.told(key, place, code) for code in (WHOLE, PART, REST))
        if whole is None or part is None or rest is None:
            return Figure(key, name, meaning, None, whole, None)
        shown, rate = share(part, whole)
        return Figure(key, name, meaning, shown, whole, rate)

    @cached_property
    def _hidden(self) -> frozenset[Cell]:
        return secured.hidden(self._complete(), list(self._sums()))

    def _complete(self) -> dict[Cell, int]:
        return {cell: self.counts.get(cell, 0) for one in self._sums() for cell in one}

    def _sums(self) -> Iterator[list[Cell]]:
        """What adds up: the codes of each place to its whole, the places of each code to all of the root."""
        root = self.root or ""
        below = sorted(self.places - {root})
        for key, codes in self.codes.items():
            for place in (*below, root):
                yield [*((key, place, code) for code in sorted(codes)), (_of(key, WHOLE), place, WHOLE)]
            for code in (*sorted(codes), WHOLE) if below else ():
                name = _of(key, code)
                yield [*((name, place, code) for place in below), (name, root, code)]
        for place in (*below, root):
            solved = sorted(self.codes.get("outcome", set()) & set(SOLVED))
            if solved:  # what was solved was performed or struck off
                yield [*(("outcome", place, code) for code in solved), (_of("solved", WHOLE), place, WHOLE)]
            for code in self.codes.get("level", ()):  # what was closed at a level was solved there or was not
                yield [(key, place, code) for key in ("solved", "unsolved", "level")]

    def _add(self, key: str, division: str, code: str, count: int) -> None:
        self.codes.setdefault(key, set()).add(code)
        for place in {self._below(division), self.root or ""}:
            self.places.add(place)
            self.counts[key, place, code] = self.counts.get((key, place, code), 0) + count
            if key not in BESIDE:
                whole = (_of(key, WHOLE), place, WHOLE)
                self.counts[whole] = self.counts.get(whole, 0) + count

    def _below(self, division: str) -> str:
        """The place right below the root in which a division lies; what lies in none of them has one of its own."""
        if self.root is None:
            return ""
        if division == self.root:
            return self.root + "/"
        return "/".join(division.split("/")[: self.root.count("/") + 2])


def _of(key: str, code: str) -> str:
    return SAME.get(key, key) if code == WHOLE else key
