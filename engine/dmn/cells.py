"""Cells of a table that say plainly which values they accept: for fast lookup, and for finding gaps and overlaps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine import feel
from engine.feel import YearsMonthsDuration

NUMBER = r"-?(?:\d+(?:\.\d+)?|\.\d+)"
TEXT = r'"(?:[^"\\\n]|\\["\\nt])*"'
TEMPORAL = r"""@"[^"\\]*"|(?:date|duration)\(\s*"[^"\\]*"\s*\)"""
LITERAL = f"{NUMBER}|{TEXT}|true|false|{TEMPORAL}"
COMPARISON = re.compile(rf"(?P<operator><=|>=|<|>|=)?\s*(?P<value>{LITERAL})")
INTERVAL = re.compile(rf"(?P<open>[\[\](])\s*(?P<low>{LITERAL})\s*\.\.\s*(?P<high>{LITERAL})\s*(?P<close>[\[\])])")
PARTS = re.compile(rf"{INTERVAL.pattern}|{COMPARISON.pattern}|null".replace("?P<", "?P<_"))


@dataclass(frozen=True)
class Interval:
    """Values between two ends; None is no end."""

    low: Any = None
    low_included: bool = False
    high: Any = None
    high_included: bool = False

    def has(self, value: Any) -> bool:
        """Whether a value lies in it."""
        if self.low is not None and (value < self.low or (value == self.low and not self.low_included)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_included)


@dataclass(frozen=True)
class Region:
    """What a cell accepts: intervals of one kind of value, or all but them; and whether it accepts null."""

    kind: str
    intervals: tuple[Interval, ...]
    inverted: bool = False
    null: bool = False

    def has(self, value: Any) -> bool:
        """Whether it accepts a value of its kind."""
        return any(one.has(value) for one in self.intervals) is not self.inverted

    def ends(self) -> Iterator[Any]:
        """The ends of its intervals."""
        for one in self.intervals:
            yield from (end for end in (one.low, one.high) if end is not None)


EITHER = Region("boolean", (Interval(True, True, True, True), Interval(False, True, False, True)))
"""Both truth values."""


def region(source: str) -> Region | None:
    """What a cell accepts, where it is a list of literals, comparisons and intervals of one kind; else None."""
    source = source.strip()
    inverted = source.startswith("not(") and source.endswith(")")
    found = list(_parts(source[4:-1].strip() if inverted else source))
    kinds = {one[0] for one in found if one is not None}
    if not found or len(kinds) > 1 or "" in kinds:
        return None
    null = None in found
    intervals = tuple(one[1] for one in found if one is not None)
    if not inverted:
        return Region(next(iter(kinds), "null"), intervals, null=null)
    if null or not kinds:
        return None
    if all(one.low == one.high and one.low is not None for one in intervals):
        return Region(kinds.pop(), intervals, inverted=True, null=True)
    return Region(kinds.pop(), _outside(intervals))  # no comparison with null holds, nor does its negation


def key(value: Any) -> tuple[str, Any]:
    """A value's kind and what it is ordered by within it; no kind where such values are not looked up here."""
    match value:
        case bool():
            return "boolean", value
        case int() | Decimal() | float():
            return "number", value
        case str():
            return "string", value
        case datetime():
            return "", None
        case date():
            return "date", value
        case timedelta():
            return "days and time duration", value
        case YearsMonthsDuration():
            return "years and months duration", value.months
    return "", None


def _outside(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """What lies in none of some intervals, themselves as intervals."""
    free = [Interval()]
    for one in intervals:
        below = [] if one.low is None else [Interval(None, False, one.low, not one.low_included)]
        above = [] if one.high is None else [Interval(one.high, not one.high_included, None, False)]
        free = [made for part in free for side in below + above if (made := _both(part, side)) is not None]
    return tuple(free)


def _both(one: Interval, other: Interval) -> Interval | None:
    """What lies in two intervals; None where that is nothing."""
    lows = [(part.low, not part.low_included) for part in (one, other) if part.low is not None]
    highs = [(part.high, part.high_included) for part in (one, other) if part.high is not None]
    low, after = max(lows, default=(None, True))
    high, included = min(highs, default=(None, False))
    if low is not None and high is not None and (low > high or (low == high and (after or not included))):
        return None
    return Interval(low, not after, high, included)


def _parts(source: str) -> Iterator[tuple[str, Interval] | None]:
    """Each part as its kind and interval, null as None; a part that is none of these as no kind."""
    position = 0
    while True:
        found = PARTS.match(source, position)
        if found is None:
            yield "", Interval()
            return
        yield _interval(found[0])
        position = found.end()
        rest = source[position:].lstrip()
        if not rest:
            return
        if rest[0] != ",":
            yield "", Interval()
            return
        position = len(source) - len(rest[1:].lstrip())


def _interval(part: str) -> tuple[str, Interval] | None:
    if part == "null":
        return None
    if found := INTERVAL.fullmatch(part):
        low_kind, low = key(_value(found["low"]))
        high_kind, high = key(_value(found["high"]))
        if (
            low_kind != high_kind
            or low_kind in ("", "boolean")
            or low > high
            or (low == high and part[0] + part[-1] != "[]")
        ):
            return "", Interval()
        return low_kind, Interval(low, found["open"] == "[", high, found["close"] == "]")
    found = COMPARISON.fullmatch(part)
    assert found is not None
    kind, value = key(_value(found["value"]))
    operator = found["operator"]
    if kind == "boolean" and operator not in (None, "="):
        return "", Interval()
    match operator:
        case "<" | "<=":
            return kind, Interval(None, False, value, operator == "<=")
        case ">" | ">=":
            return kind, Interval(value, operator == ">=", None, False)
    return kind, Interval(value, True, value, True)


def _value(literal: str) -> Any:
    return feel.compile_expression(literal).evaluate({})
