"""Small counts among many that add up: what must be hidden so that no sum gives a hidden one away.

Counts stand in sums (a row, a column, the parts of a whole). A small one is hidden; where a sum has one hidden member,
or its hidden ones together are few, the next smallest is hidden as well, until every sum keeps its secret. Then all
sums are solved together, as whoever sets up every equation would: what they still give away takes another one with it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from engine.ledger.suppression import LEAST, is_small

Cell = TypeVar("Cell", bound=Hashable)


def hidden(counts: Mapping[Cell, int], sums: Iterable[Sequence[Cell]]) -> frozenset[Cell]:
    """The cells that may not be told. Each of `sums` names its members, and last what they add up to."""
    small = {cell for cell, count in counts.items() if is_small(count)}
    found, listed = set(small), [list(one) for one in sums]
    while True:
        _settle(listed, counts, found)
        given_away = small & solved(found, listed)
        if not given_away:
            return frozenset(found)
        found.add(_beside(min(given_away, key=str), listed, counts, found))


def solved(unknown: Iterable[Cell], sums: Iterable[Sequence[Cell]]) -> set[Cell]:
    """The unknown cells that the sums, taken together, leave one value for (elimination over the rational numbers)."""
    secret = set(unknown)
    pivots: dict[Cell, dict[Cell, Fraction]] = {}
    for *members, whole in sums:
        row = {cell: Fraction(1) for cell in members if cell in secret}
        if whole in secret:
            row[whole] = Fraction(-1)
        for cell, known in pivots.items():
            _take_off(row, cell, known)
        if row:
            cell, factor = next(iter(row.items()))
            row = {one: value / factor for one, value in row.items()}
            for known in pivots.values():
                _take_off(known, cell, row)
            pivots[cell] = row
    return {cell for cell, row in pivots.items() if len(row) == 1}


def _take_off(row: dict[Cell, Fraction], cell: Cell, known: Mapping[Cell, Fraction]) -> None:
    """Take so much of a known row off that the cell is gone from this one."""
    factor = row.get(cell)
    if factor is None:
        return
    for one, value in known.items():
        left = row.pop(one, Fraction(0)) - factor * value
        if left:
            row[one] = left


def _beside(cell: Cell, sums: Sequence[Sequence[Cell]], counts: Mapping[Cell, int], found: set[Cell]) -> Cell:
    """The smallest count that is still told and stands in a sum with a cell, or else with what is hidden beside it."""
    reached = {cell}
    while True:
        near = {one for each in sums if reached & set(each) for one in each}
        told = [one for one in near if one not in found and counts[one]]
        if told:
            return min(told, key=lambda one: (counts[one], str(one)))
        reached |= near


def _settle(sums: Iterable[Sequence[Cell]], counts: Mapping[Cell, int], found: set[Cell]) -> None:
    before = -1
    while before != len(found):
        before = len(found)
        for one in sums:
            _keep(one, counts, found)


def _keep(cells: Sequence[Cell], counts: Mapping[Cell, int], found: set[Cell]) -> None:
    """Hide more of one sum, the whole last, until what is hidden cannot be had by subtraction."""
    *members, whole = cells
    shown = sorted(
        (one for one in members if counts[one] and one not in found), key=lambda one: (counts[one], str(one))
    )
    order = [*shown, *([whole] if whole not in found and counts[whole] else [])]
    secret = [one for one in cells if one in found]
    while (
        secret and order and (len(secret) == 1 or (whole not in found and sum(counts[one] for one in secret) < LEAST))
    ):
        found.add(order[0])
        secret.append(order.pop(0))
