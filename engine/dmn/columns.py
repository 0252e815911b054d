"""An input column compiled for lookup: which rules may hold for a value, as bits of one number."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.dmn.cells import Region, key


@dataclass(frozen=True)
class Kind:
    """The values of one kind, cut at the ends of all intervals: rules for each end, and for each stretch between."""

    ends: tuple[Any, ...]
    at: dict[Any, int]
    between: tuple[int, ...]

    def rules(self, value: Any) -> int:
        """The rules that accept a value."""
        found = self.at.get(value)
        return found if found is not None else self.between[bisect_left(self.ends, value)]

    def stretches(self) -> Iterator[tuple[Any, Any, int]]:
        """The stretches between ends, each with its ends (None: without) and rules."""
        bounds = (None, *self.ends, None)
        for position, rules in enumerate(self.between):
            yield bounds[position], bounds[position + 1], rules


@dataclass(frozen=True)
class Column:
    """An input column: rules whose cell accepts anything, rules whose cell must be evaluated, and the rest by value."""

    anything: int
    unclear: int
    null: int
    kinds: dict[str, Kind] = field(hash=False)

    def rules(self, value: Any) -> int:
        """The rules that may hold for a value: those whose cell accepts it, or must be evaluated."""
        if value is None:
            return self.null
        kind, ordered = key(value)
        if not kind:
            return -1
        found = self.kinds.get(kind)
        return found.rules(ordered) if found is not None else self.anything | self.unclear


def column(cells: Sequence[Region | str]) -> Column:
    """Compile a column from its cells: "-" accepts anything, "?" must be evaluated."""
    anything = _bits(index for index, cell in enumerate(cells) if cell == "-")
    unclear = _bits(index for index, cell in enumerate(cells) if cell == "?")
    regions = [(1 << index, cell) for index, cell in enumerate(cells) if isinstance(cell, Region)]
    always = anything | unclear
    null = always | sum(bit for bit, cell in regions if cell.null)
    kinds = {
        kind: _kind([(bit, cell) for bit, cell in regions if cell.kind == kind], always)
        for kind in {cell.kind for _, cell in regions}
    }
    return Column(anything, unclear, null, kinds)


def _kind(regions: list[tuple[int, Region]], always: int) -> Kind:
    """Sweep over ends and stretches in their order (stretch, end, stretch, …), where rules begin and cease to hold."""
    ends = tuple(sorted({end for _, cell in regions for end in cell.ends()}))
    place = {end: 2 * index + 1 for index, end in enumerate(ends)}
    places = 2 * len(ends) + 1
    changes = [0] * (places + 1)
    for bit, cell in regions:
        for start, stop in _runs(cell, place, places):
            changes[start] ^= bit
            changes[stop] ^= bit
    held, rules = [], 0
    for change in changes[:places]:
        rules ^= change
        held.append(rules | always)
    return Kind(ends, dict(zip(ends, held[1::2], strict=True)), tuple(held[::2]))


def _runs(cell: Region, place: dict[Any, int], places: int) -> Iterator[tuple[int, int]]:
    """The places that a cell accepts, as runs from a first to behind a last, which do not meet."""
    spans = []
    for one in cell.intervals:
        start = 0 if one.low is None else place[one.low] + (not one.low_included)
        stop = places if one.high is None else place[one.high] + one.high_included
        if start < stop:
            spans.append((start, stop))
    behind = 0
    for start, stop in sorted(spans):
        if cell.inverted and behind < start:
            yield behind, start
        elif not cell.inverted and max(start, behind) < stop:
            yield max(start, behind), stop
        behind = max(behind, stop)
    if cell.inverted and behind < places:
        yield behind, places


def bits(rules: int) -> Iterator[int]:
    """The positions of the rules in a number, from 0."""
    while rules:
        lowest = rules & -rules
        yield lowest.bit_length() - 1
        rules ^= lowest


def _bits(indexes: Iterator[int]) -> int:
    found = 0
    for index in indexes:
        found |= 1 << index
    return found
