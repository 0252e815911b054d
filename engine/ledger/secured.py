"""Small counts among many that add up: what must be hidden so that no sum gives a hidden one away.

Counts stand in sums (a row, a column, the parts of a whole). A small one is hidden; where a sum has one hidden member,
or its hidden ones together are few, the next smallest is hidden as well, until every sum keeps its secret.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from engine.ledger.suppression import LEAST, is_small

Cell = TypeVar("Cell", bound=Hashable)


def hidden(counts: Mapping[Cell, int], sums: Iterable[Sequence[Cell]]) -> frozenset[Cell]:
    """The cells that may not be told. Each of `sums` names its members, and last what they add up to."""
    found = {cell for cell, count in counts.items() if is_small(count)}
    open_sums = [list(one) for one in sums]
    before = -1
    while before != len(found):
        before = len(found)
        for one in open_sums:
            _keep(one, counts, found)
    return frozenset(found)


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
