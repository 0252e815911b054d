"""How points and ranges lie to each other: Allen's relations (DMN 1.5 §10.3.4.8, table 78)."""

from collections.abc import Callable
from typing import Any

from engine.feel.functions.registry import Family
from engine.feel.runtime import Evaluation
from engine.feel.values import Range, order

FUNCTIONS = Family()
SCALARS = "number|string|date|time|date and time|days and time duration|years and months duration"


def _compare(one: Any, other: Any) -> int:
    """The order of two points. Raises ValueError if they have none."""
    found = order(one, other)
    if found is None:
        raise ValueError("order")
    return found


def _starts(one: Range, other: Range) -> int:
    """The order of where two ranges start: a start without a point is before all others."""
    if one.start is None or other.start is None:
        return (other.start is None) - (one.start is None)
    return _compare(one.start, other.start) or other.start_included - one.start_included


def _ends(one: Range, other: Range) -> int:
    """The order of where two ranges end: an end without a point is after all others."""
    if one.end is None or other.end is None:
        return (one.end is None) - (other.end is None)
    return _compare(one.end, other.end) or one.end_included - other.end_included


def _gap(one: Range, other: Range) -> int:
    """Where one ends against where the other starts: -1 apart, 0 in the same point, 1 beyond it."""
    if one.end is None or other.start is None:
        return 1
    return _compare(one.end, other.start)


def _touch(one: Range, other: Range) -> bool:
    """Whether the end of one and the start of the other both hold their point."""
    return one.end_included and other.start_included


def _reaches(one: Range, other: Range) -> bool:
    """Whether one goes at least to where the other starts, with a point in common if it is only that."""
    gap = _gap(one, other)
    return gap > 0 or (gap == 0 and _touch(one, other))


def _point(value: Any) -> Range:
    return Range(value, value)


def _before(one: Range, other: Range) -> bool:
    return not _reaches(one, other)


def _includes(one: Range, other: Range) -> bool:
    return _starts(one, other) <= 0 <= _ends(one, other)


def _overlaps(one: Range, other: Range) -> bool:
    return _reaches(one, other) and _reaches(other, one)


def _overlaps_before(one: Range, other: Range) -> bool:
    return _starts(one, other) < 0 and _reaches(one, other) and _ends(one, other) <= 0


def _meets(one: Range, other: Range) -> bool:
    return _touch(one, other) and _gap(one, other) == 0


def _finishes(one: Range, other: Range) -> bool:
    return _ends(one, other) == 0 and _starts(one, other) >= 0


def _begins(one: Range, other: Range) -> bool:
    return _starts(one, other) == 0 and _ends(one, other) <= 0


def _coincides(one: Range, other: Range) -> bool:
    return _starts(one, other) == 0 and _ends(one, other) == 0


Relation = Callable[[Range, Range], bool]


def _converse(relation: Relation) -> Relation:
    return lambda one, other: relation(other, one)


def _declare(name: str, relation: Relation, forms: str) -> None:
    """Declare a relation between points (p) and ranges (r), for the pairs that the table has."""
    names = {"pp": ("point1", "point2"), "pr": ("point", "range"), "rp": ("range", "point"), "rr": ("range1", "range2")}
    for form in forms.split():
        listed = ", ".join(
            f"{word}: {SCALARS if one == 'p' else 'range'}" for word, one in zip(names[form], form, strict=True)
        )

        def code(evaluation: Evaluation, one: Any, other: Any) -> bool:
            return relation(
                one if isinstance(one, Range) else _point(one), other if isinstance(other, Range) else _point(other)
            )

        FUNCTIONS.declare(f"{name}({listed}) -> boolean")(code)


_declare("before", _before, "pp pr rp rr")
_declare("after", _converse(_before), "pp pr rp rr")
_declare("meets", _meets, "rr")
_declare("met by", _converse(_meets), "rr")
_declare("overlaps", _overlaps, "rr")
_declare("overlaps before", _overlaps_before, "rr")
_declare("overlaps after", _converse(_overlaps_before), "rr")
_declare("finishes", _finishes, "pr rr")
_declare("finished by", _converse(_finishes), "rp rr")
_declare("includes", _includes, "rp rr")
_declare("during", _converse(_includes), "pr rr")
_declare("starts", _begins, "pr rr")
_declare("started by", _converse(_begins), "rp rr")
_declare("coincides", _coincides, "pp rr")
