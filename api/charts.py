"""Columns of numbers for the pages, made here so that they are there without script.

A drawing says nothing that the table beside it does not say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 360.0


@dataclass(frozen=True)
class Column:
    """One column: its left edge, top and height in the drawing (None: the number is hidden)."""

    series: int
    x: float
    y: float
    height: float | None


HEIGHT, BASE = 120.0, 132.0


def columns(rows: Sequence[Sequence[int | None]]) -> list[Column]:
    """Columns side by side for each row, one for each of its numbers, on one scale."""
    largest = max((number or 0 for row in rows for number in row), default=0) or 1
    step = WIDTH / max(1, len(rows))
    wide = step * 0.8 / max(1, max((len(row) for row in rows), default=1))
    return [
        Column(
            series, step * place + step * 0.1 + wide * series, BASE - HEIGHT * (number or 0) / largest,
            None if number is None else HEIGHT * number / largest,
        )
        for place, row in enumerate(rows)
        for series, number in enumerate(row)
    ]  # fmt: skip
