"""Gaps and overlaps of a decision table, by geometry: rules are boxes over the atoms of the columns.

A cell that is no list of literals, comparisons and intervals may hold or not: it never leads to a false alarm, and
what it keeps from being known is said.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.dmn.atoms import Atom, atoms, joined
from engine.dmn.columns import bits
from engine.dmn.findings import Finding
from engine.dmn.tables import Table
from engine.sentences import S_

SHOWN = 5
"""How many gaps, overlaps or dead rules of one table are told."""
STEPS = 40_000
SECONDS = 2.0
SINGLE = ("UNIQUE", "ANY", "PRIORITY", "FIRST")
Path = tuple[Atom, ...]

ONE_MAY = S_("Rules %(first)s and %(second)s both hold for %(box)s, but only one may.")
DIFFER = S_("Rules %(first)s and %(second)s both hold for %(box)s, but their results differ.")

ANY_VALUE = Atom("", None, 0)


class _Exhausted(Exception):
    """The analysis would take too long."""


@dataclass
class _Space:
    """A table's columns as atoms, and what is left of the time."""

    table: Table
    columns: list[list[Atom]]
    steps: int = STEPS
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def step(self) -> None:
        self.steps -= 1
        if self.steps < 0 or (self.steps % 1000 == 0 and time.monotonic() > self.until):
            raise _Exhausted

    def uncovered(self, rules: int, within: list[list[Atom]]) -> Iterator[Path]:
        """Boxes of atoms that none of the rules accepts; a box that ends early holds for all values of the rest."""
        after = self._accept_the_rest(rules, within)

        def walk(index: int, left: int, path: Path) -> Iterator[Path]:
            self.step()
            if not left:
                yield path
                return
            if left & after[index]:
                return
            alike: dict[int, list[Atom]] = {}
            for atom in within[index]:  # atoms that leave the same rules have the same gaps below them
                alike.setdefault(left & atom.rules, []).append(atom)
            for remaining, same in alike.items():
                whole = len(same) == len(within[index])
                yield from walk(index + 1, remaining, (*path, ANY_VALUE if whole else joined(same)))

        yield from walk(0, rules, ())

    def _accept_the_rest(self, rules: int, within: list[list[Atom]]) -> list[int]:
        """For each column, the rules that accept everything in it and in all after it."""
        after = [rules]
        for column in reversed(within):
            everything = rules
            for atom in column:
                everything &= atom.rules
            after.append(after[-1] & everything)
        return after[::-1]


def coverage(table: Table) -> Iterator[Finding]:
    """What a table's rules leave open, and where they meet."""
    if not table.rules or not table.inputs:
        return
    space = _Space(table, [atoms(table, index) for index in range(len(table.inputs))])
    try:
        if table.hit_policy in SINGLE and all(one.default is None for one in table.outputs):
            yield from _gaps(space)
        if table.hit_policy in ("UNIQUE", "ANY"):
            yield from _overlaps(space)
        if table.hit_policy == "FIRST":
            yield from _dead(space)
    except _Exhausted:
        message = S_("The table is too intricate to be searched for all gaps and overlaps.")
        yield Finding("warning", "not-analysed", message, table.id, table.line, S_("Split it into smaller tables."))


def _gaps(space: _Space) -> Iterator[Finding]:
    table, everything = space.table, (1 << len(space.table.rules)) - 1
    hint = S_("Add a rule, or a default output, or limit the input's values.")
    told = 0
    for path in space.uncovered(everything, space.columns):
        told += 1
        if told > SHOWN:
            message = S_("There are more gaps.")
            yield Finding("warning", "gap", message, table.id, table.line, hint)
            return
        box = _box(table, path)
        message = S_("No rule holds for %(box)s.", box=box)
        yield Finding("warning", "gap", message, table.id, table.line, hint, box, example=_example(table, path))
    clear = everything & ~_unclear(table)
    if not told and clear != everything and table.hit_policy != "FIRST":  # there, falling through is meant
        path_ = next(space.uncovered(clear, space.columns), None)
        if path_ is not None:
            rules = tuple(rule + 1 for rule in bits(everything & ~clear))
            box = _box(table, path_)
            message = S_("Whether a rule holds for %(box)s depends on cells that are not analysed.", box=box)
            hint = S_("Look at rules %(rules)s, or add a default output.", rules=", ".join(map(str, rules)))
            example = _example(table, path_)
            yield Finding("warning", "not-analysed", message, table.id, table.line, hint, box, rules, example)


def _overlaps(space: _Space) -> Iterator[Finding]:
    table, told = space.table, 0
    for first, second in _meeting(space):
        if table.hit_policy == "ANY" and table.rules[first].results == table.rules[second].results:
            continue
        path = _common(space, first, second)
        if path is None:
            continue
        told += 1
        rule = table.rules[second]
        hint = S_("Narrow one of them, or choose another hit policy.")
        if told > SHOWN:
            yield Finding("warning", "overlap", S_("There are more overlaps."), table.id, table.line, hint)
            return
        box, rules = _box(table, path), (first + 1, second + 1)
        text = ONE_MAY if table.hit_policy == "UNIQUE" else DIFFER
        message = text.filled({"first": first + 1, "second": second + 1, "box": box})
        yield Finding("warning", "overlap", message, rule.id, rule.line, hint, box, rules, _example(table, path))


def _meeting(space: _Space) -> Iterator[tuple[int, int]]:
    """Pairs of rules that share an atom in every column."""
    for first in range(len(space.table.rules)):
        meeting = -1 << (first + 1)
        for column in space.columns:
            space.step()
            meeting &= union(atom.rules for atom in column if atom.rules >> first & 1)
        for second in bits(meeting & ((1 << len(space.table.rules)) - 1)):
            yield first, second


def _common(space: _Space, first: int, second: int) -> Path | None:
    """A box that two rules share for certain; None where a cell that is not analysed may keep them apart."""
    space.step()
    both, path = 1 << first | 1 << second, []
    for index, column in enumerate(space.columns):
        one, other = space.table.cells[first][index], space.table.cells[second][index]
        sources = {space.table.rules[rule].sources[index] for rule in (first, second)}
        if "?" in (one, other) and len(sources) > 1:
            return None
        shared = [atom for atom in column if atom.rules & both == both]
        path.append(ANY_VALUE if len(shared) == len(column) else joined(shared))
    return tuple(path)


def _dead(space: _Space) -> Iterator[Finding]:
    """Rules that no values reach, since rules before them take all that they accept."""
    table, told = space.table, 0
    for index, rule in enumerate(table.rules):
        within = [_within(space, index, column) for column in range(len(table.inputs))]
        earlier = (1 << index) - 1
        if index == 0 or next(space.uncovered(earlier, within), None) is not None:
            continue
        told += 1
        hint = S_("Remove it, or move it up.")
        if told > SHOWN:
            yield Finding("warning", "dead-rule", S_("There are more rules like that."), table.id, table.line, hint)
            return
        message = S_("Rule %(index)s is never reached: rules before it hold for all that it accepts.", index=index + 1)
        yield Finding("warning", "dead-rule", message, rule.id, rule.line, hint, rules=(index + 1,))


def _within(space: _Space, rule: int, index: int) -> list[Atom]:
    """A column cut down to what one rule accepts, with the rules that surely accept it too."""
    table = space.table
    cells = [row[index] for row in table.cells]
    if cells[rule] == "?":
        source = table.rules[rule].sources[index]
        same = union(
            1 << other
            for other, cell in enumerate(cells)
            if cell == "-" or (cell == "?" and table.rules[other].sources[index] == source)
        )
        return [Atom("", None, same)]
    unclear = union(1 << other for other, cell in enumerate(cells) if cell == "?")
    found = [atom for atom in space.columns[index] if atom.rules >> rule & 1]
    null = table.columns[index].null
    if null >> rule & 1:  # a rule for anything is there for what is missing, too
        found.append(Atom("null", None, null))
    return [replace(atom, rules=atom.rules & ~unclear) for atom in found]


def _unclear(table: Table) -> int:
    return union(1 << index for index, row in enumerate(table.cells) if "?" in row)


def union(rules: Iterator[int]) -> int:
    """The rules of several numbers together."""
    found = 0
    for one in rules:
        found |= one
    return found


def _box(table: Table, path: Path) -> str:
    """Where a box lies: a cell for each column that matters."""
    told = [f"{column.label} {atom.cell}" for column, atom in zip(table.inputs, path, strict=False) if atom.cell]
    return "; ".join(told) or "-"


def _example(table: Table, path: Path) -> Mapping[str, Any]:
    return {column.source: atom.example for column, atom in zip(table.inputs, path, strict=False) if atom.cell}
