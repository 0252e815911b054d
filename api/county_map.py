"""The places of a board as a drawing: where they lie if all positions are known, else a plan in the order of codes."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from engine.territory.models import Division

WIDTH, CELL, LARGEST, SMALLEST = 360.0, 112.0, 34.0, 9.0
TALLEST = 480.0
"""Of a map; one that is longer from north to south is drawn smaller."""
LINE = 13
KM_OF_A_DEGREE = 111.195
"""Of latitude, on a sphere with the earth's mean radius of 6371.0088 km."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Spot:
    """A place: its middle, radius and number (None: hidden), its name in lines, and the first line's base point."""

    path: str
    x: float
    y: float
    radius: float
    number: int | None
    name: tuple[str, ...]
    label: Point


@dataclass(frozen=True)
class Bar:
    """A scale bar: how many kilometres, and how long that is in the drawing."""

    km: int
    length: float


@dataclass(frozen=True)
class Map:
    """The places of a division. With a scale they stand where they lie, north up; else `lacking` have no position."""

    spots: tuple[Spot, ...]
    height: float
    bar: Bar | None
    lacking: tuple[Division, ...]


def county_map(divisions: Sequence[Division], numbers: Mapping[str, int | None], locale: str) -> Map:
    """Circles whose area is the number: at their positions where all of them are known, else row by row."""
    lacking = tuple(one for one in divisions if one.longitude is None or one.latitude is None)
    true = bool(divisions) and not lacking
    points, scale = projected(divisions) if true else (_in_rows(len(divisions)), 0.0)
    largest = max((number or 0 for number in numbers.values()), default=0)
    radii = [_radius(numbers[one.path], largest) for one in divisions]
    names = [_lines(one.label(locale)) for one in divisions]
    if true:
        radii = _apart(points, radii)
        labels = labelled(points, radii, names)
    else:
        labels = [(x, y + radius + LINE + 1) for (x, y), radius in zip(points, radii, strict=True)]
    drawn = zip(divisions, points, radii, names, labels, strict=True)
    spots = [Spot(one.path, x, y, radius, numbers[one.path], name, label) for one, (x, y), radius, name, label in drawn]
    lowest = max((max(one.y + one.radius, _box(one.label, one.name)[3]) for one in spots), default=0)
    spots.sort(key=lambda spot: -spot.radius)  # a small circle within a large one stays to be seen
    return Map(tuple(spots), lowest + (3 * LINE if true else LINE), _bar(scale) if true else None, lacking)


def projected(divisions: Sequence[Division]) -> tuple[list[Point], float]:
    """Equirectangular, true at the middle latitude: points of the drawing, and how long a kilometre is in it."""
    known = [(one.longitude or 0.0, one.latitude or 0.0) for one in divisions]
    middle = (min(y for _, y in known) + max(y for _, y in known)) / 2
    shorter = math.cos(math.radians(middle))
    flat = [(x * shorter * KM_OF_A_DEGREE, -y * KM_OF_A_DEGREE) for x, y in known]
    left, top = min(x for x, _ in flat), min(y for _, y in flat)
    wide, high = max(x for x, _ in flat) - left, max(y for _, y in flat) - top
    room = WIDTH - CELL, TALLEST - CELL
    scale = min(room[0] / max(wide, 1.0), room[1] / max(high, 1.0))  # nearer than a kilometre is not drawn larger
    indent = (WIDTH - wide * scale) / 2
    return [(indent + (x - left) * scale, CELL / 2 + (y - top) * scale) for x, y in flat], scale


def _apart(points: Sequence[Point], radii: Sequence[float]) -> list[float]:
    """All radii smaller by one factor, so that no two circles overlap; none under the smallest."""
    pairs = combinations(zip(points, radii, strict=True), 2)
    factor = min((math.dist(a, b) / (r + s) for (a, r), (b, s) in pairs), default=1.0)
    return [max(SMALLEST, radius * min(1.0, factor)) for radius in radii]


def labelled(points: Sequence[Point], radii: Sequence[float], names: Sequence[tuple[str, ...]]) -> list[Point]:
    """Where names stand: below, above or beside their circle, as near as nothing is in the way; northern ones first."""
    taken = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=True)]
    found: dict[int, Point] = {}
    for number in sorted(range(len(points)), key=lambda one: points[one][1]):
        name = names[number]
        best = min(_sides(points[number], radii[number], name), key=lambda base: _hidden(_box(base, name), taken))
        found[number] = best
        taken.append(_box(best, name))
    return [found[number] for number in range(len(points))]


def _sides(point: Point, radius: float, name: tuple[str, ...]) -> Iterator[Point]:
    """Bases of the first line around a circle, the nearest first."""
    (x, y), beside, more = point, radius + 4 + _wide(name) / 2, LINE * (len(name) - 1)
    for away in (0, LINE, 2 * LINE):
        yield x, y + radius + LINE + 1 + away
        yield x, y - radius - 5 - more - away
        yield x + beside + away, y + 4 - more / 2
        yield x - beside - away, y + 4 - more / 2


def _box(base: Point, name: tuple[str, ...]) -> Box:
    x, y = base
    return x - _wide(name) / 2, y - 11, x + _wide(name) / 2, y + 3 + LINE * (len(name) - 1)


def _wide(name: tuple[str, ...]) -> float:
    """About how wide a name is at 12 px: a Chinese character a full one, a Latin letter half."""
    return max(sum(6.6 if letter < "⺀" else 12 for letter in line) for line in name)


def _hidden(box: Box, taken: Sequence[Box]) -> float:
    """How much of a label would lie on something else or outside of the drawing."""
    left, top, right, bottom = box
    outside = (max(0, -left) + max(0, right - WIDTH)) * LINE + max(0, -top) * (right - left)
    return outside + sum(
        max(0, min(right, r) - max(left, x)) * max(0, min(bottom, b) - max(top, y)) for x, y, r, b in taken
    )


def _bar(scale: float) -> Bar:
    """The longest round length that takes at most a third of the width."""
    km = max((one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500) if one * scale <= WIDTH / 3), default=1)
    return Bar(km, km * scale)


def _in_rows(count: int) -> list[tuple[float, float]]:
    """Rows of two or three, as even as they can be, so that no place stands alone at the end."""
    rows = max(1, math.ceil(count / 3))
    ends = [count * row // rows for row in range(rows + 1)]
    return [
        (WIDTH * (number - begins + 0.5) / (ends - begins), CELL * (row + 0.42))
        for row, (begins, ends) in enumerate(pairwise(ends))
        for number in range(begins, ends)
    ]


def _radius(number: int | None, largest: int) -> float:
    if not number or not largest:
        return SMALLEST
    return max(SMALLEST, LARGEST * math.sqrt(number / largest))


def _lines(name: str) -> tuple[str, ...]:
    """A name in one or two lines: English ones break at their last space."""
    first, _, last = name.rpartition(" ")
    return (first, last) if len(name) > 14 and first else (name,)
