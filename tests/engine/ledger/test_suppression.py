"""Suppression: no count that could point to somebody can be read, taken from another, or solved from all sums."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger import secured
from engine.ledger.secured import hidden
from engine.ledger.suppression import LEAST, share, suppressed


def table(rows: list[list[int]]) -> tuple[dict[tuple[Any, Any], int], list[list[tuple[Any, Any]]]]:
    """A table with its totals, and the sums that stand in it."""
    places, codes = range(len(rows)), range(len(rows[0]))
    counts: dict[tuple[Any, Any], int] = {(place, code): rows[place][code] for place in places for code in codes}
    counts |= {(place, "*"): sum(rows[place]) for place in places} | {("*", "*"): sum(map(sum, rows))}
    counts |= {("*", code): sum(row[code] for row in rows) for code in codes}
    sums = [[(place, code) for code in (*codes, "*")] for place in (*places, "*")]
    sums += [[(place, code) for place in (*places, "*")] for code in (*codes, "*")]
    return counts, sums


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=8))
def test_what_is_hidden_cannot_be_had_by_subtraction(cells: dict[str, int]) -> None:
    shown = suppressed(cells)
    assert not [count for count in shown.values() if count is not None and 0 < count < LEAST]
    hidden = [key for key, count in shown.items() if count is None]
    positive = [count for count in cells.values() if count]
    if hidden and len(positive) > 1:
        assert len(hidden) > 1
    assert all(shown[key] in (None, cells[key]) for key in cells)


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_row_and_no_column_tells_one_hidden_count(rows: list[list[int]]) -> None:
    counts, sums = table(rows)
    kept = hidden(counts, sums)
    assert not [cell for cell, count in counts.items() if 0 < count < LEAST and cell not in kept]
    assert not [cell for cell in kept if not counts[cell]], "nothing at all points to nobody"
    for one in sums:
        secret = [cell for cell in one if cell in kept]
        assert len(secret) != 1, "one hidden count of a sum is told by the others"


def rank(rows: list[list[int]]) -> int:
    """How many equations are independent, over a prime field: another way than the product's."""
    prime, left, found = 2**61 - 1, [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column] % prime), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        inverse = pow(pivot[column], -1, prime)
        for row in left:
            factor = row[column] * inverse % prime
            row[:] = [(one - factor * other) % prime for one, other in zip(row, pivot, strict=True)]
    return found


def given_away(kept: frozenset[Any], sums: list[list[Any]]) -> set[Any]:
    """What the sums determine of the hidden cells: those without which the rank drops by one."""
    unknown = sorted(kept, key=str)
    rows = [[1 if cell in one[:-1] else -1 if cell == one[-1] else 0 for cell in unknown] for one in sums]
    whole = rank(rows)
    return {
        cell for place, cell in enumerate(unknown)
        if rank([row[:place] + row[place + 1:] for row in rows]) == whole - 1
    }  # fmt: skip


def test_a_hidden_count_between_two_groups_of_hidden_ones_is_not_solved() -> None:
    """Row and column sums of two blocks tell the one cell that links them, though each sum has several hidden ones."""
    rows = [[9, 9, 50, 50], [9, 9, 3, 50], [50, 50, 9, 9], [50, 50, 9, 9]]
    counts, sums = table(rows)
    blocks = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)]
    bridge = frozenset([(1, 2), *blocks])
    assert secured.solved(bridge, sums) == given_away(bridge, sums) == {(1, 2)}
    rows = [[3, 3, 50, 50], [3, 3, 3, 50], [50, 50, 3, 3], [50, 50, 3, 3]]
    counts, sums = table(rows)
    assert not given_away(hidden(counts, sums), sums) & {cell for cell, count in counts.items() if 0 < count < LEAST}


@given(st.integers(2, 4).flatmap(lambda width: st.lists(
    st.lists(st.sampled_from([0, 1, 3, 6, 9, 50]), min_size=width, max_size=width), min_size=2, max_size=5
)))  # fmt: skip
def test_whoever_solves_all_sums_together_learns_no_small_count(rows: list[list[int]]) -> None:
    counts, sums = table(rows)
    kept = hidden(counts, sums)
    determined = given_away(kept, sums)
    assert secured.solved(kept, sums) == determined
    assert not determined & {cell for cell, count in counts.items() if 0 < count < LEAST}


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_rate_is_shown_only_if_neither_side_is_small(part: int, rest: int) -> None:
    shown, rate = share(part, part + rest)
    if shown is None:
        assert rate is None
        assert part + rest < LEAST or 0 < part < LEAST or 0 < rest < LEAST
    else:
        assert rate == pytest.approx(part / (part + rest))
