"""Drawings of numbers for the pages, made here so that they are there without script: places on a map, and columns.

A drawing says nothing that the table beside it does not say.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.territory.models import Division

WIDTH, CELL, LARGEST, SMALLEST = 360.0, 112.0, 34.0, 9.0
LINE = 13


@dataclass(frozen=True)
class Spot:
    """A place on a map: its middle, its radius, its number (None: hidden) and its name, in lines."""

    path: str
    x: float
    y: float
    radius: float
    number: int | None
    name: tuple[str, ...]


@dataclass(frozen=True)
class Map:
    """The places of a division; `true`: they stand where they lie, and not in the order of their codes."""

    spots: tuple[Spot, ...]
    height: float
    true: bool


def county_map(divisions: Sequence[Division], numbers: Mapping[str, int | None], locale: str) -> Map:
    """Circles whose area is the number; at their coordinates where all of them are known, else row by row."""
    known = [one for one in divisions if one.longitude is not None and one.latitude is not None]
    true = bool(known) and len(known) == len(divisions)
    places = _projected(divisions) if true else _in_rows(len(divisions))
    largest = max((number or 0 for number in numbers.values()), default=0)
    spots = tuple(
        Spot(one.path, x, y, _radius(numbers[one.path], largest), numbers[one.path], _lines(one.label(locale)))
        for one, (x, y) in zip(divisions, places, strict=True)
    )
    return Map(spots, max((spot.y for spot in spots), default=0) + CELL / 2 + LINE, true)


def _in_rows(count: int) -> list[tuple[float, float]]:
    """Rows of two or three, as even as they can be, so that no place stands alone at the end."""
    rows = max(1, math.ceil(count / 3))
    ends = [count * row // rows for row in range(rows + 1)]
    return [
        (WIDTH * (number - begins + 0.5) / (ends - begins), CELL * (row + 0.42))
        for row, (begins, ends) in enumerate(pairwise(ends))
        for number in range(begins, ends)
    ]


def _projected(divisions: Sequence[Division]) -> list[tuple[float, float]]:
    """Degrees as distances: a degree of longitude is shorter by the cosine of the latitude."""
    middle = math.radians(sum(one.latitude or 0 for one in divisions) / len(divisions))
    points = [((one.longitude or 0) * math.cos(middle), -(one.latitude or 0)) for one in divisions]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    widest = max(max(x for x, _ in points) - left, 1e-9)
    scale = (WIDTH - CELL) / widest
    return [(CELL / 2 + (x - left) * scale, CELL / 2 + (y - top) * scale) for x, y in points]


def _radius(number: int | None, largest: int) -> float:
    if not number or not largest:
        return SMALLEST
    return max(SMALLEST, LARGEST * math.sqrt(number / largest))


def _lines(name: str) -> tuple[str, ...]:
    """A name in one or two lines: English ones break at their last space."""
    first, _, last = name.rpartition(" ")
    return (first, last) if len(name) > 14 and first else (name,)


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
