"""FEEL's values in Python, their kinds, when two of them are equal or in order (DMN 1.5 §10.3.2.2, tables 42 to 55).

null is None, strings, booleans, lists and contexts are Python's; numbers are in numbers.py, dates and durations in
temporal.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.numbers import exact, is_number
from engine.feel.runtime import Evaluation
from engine.feel.temporal import CLOCKS, MOMENTS, SPANS, YearsMonthsDuration


@dataclass(frozen=True)
class Range:
    """An interval (DMN 1.5 §10.3.2.7); None as an end means: unbounded to that side.

    `test` is "=" or "!=" for the ranges that `(= 5)` and `(!= 5)` are.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    test: str = ""


@dataclass(frozen=True, eq=False)
class Function:
    """A function value; `parameters` are its names for a call with names."""

    call: Callable[..., Any]
    parameters: tuple[str, ...] = ()

    def apply(self, evaluation: Evaluation, position: int, given: tuple[Any, ...]) -> Any:
        """The value of a call within an evaluation; null, with a warning, where the arguments do not fit."""
        if self.parameters and len(given) > len(self.parameters):
            evaluation.warn(position, "wrong-count", len(self.parameters), len(given))
            return None
        evaluation.spend()
        return self.call(*given)

    def apply_named(self, evaluation: Evaluation, position: int, given: Mapping[str, Any]) -> Any:
        """The value of a call with names; what is not named is null."""
        for name in given:
            if name not in self.parameters:
                evaluation.warn(position, "wrong-name", "function", name)
                return None
        return self.apply(evaluation, position, tuple(given.get(name) for name in self.parameters))


KINDS: dict[type, str] = {
    type(None): "null", bool: "boolean", int: "number", Decimal: "number", float: "number", str: "string",
    date: "date", temporal.FarDate: "date", time: "time", temporal.FineTime: "time",
    datetime: "date and time", temporal.FarDateTime: "date and time",
    timedelta: "days and time duration", temporal.LongDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    list: "list", tuple: "list", dict: "context", Range: "range", Function: "function",
}  # fmt: skip
ORDERED = frozenset({
    "number", "string", "date", "time", "date and time", "days and time duration", "years and months duration",
})  # fmt: skip
WIDER: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "boolean"), ((int, Decimal, float), "number"), (str, "string"), (datetime, "date and time"), (date, "date"),
    (time, "time"), (timedelta, "days and time duration"), ((list, tuple), "list"), (Mapping, "context"),
    (Range, "range"), (Function, "function"),
)  # fmt: skip


def kind(value: Any) -> str:
    """The FEEL type of a value; “unknown” for what is none."""
    found = KINDS.get(type(value))
    if found is None:
        found = next((name for classes, name in WIDER if isinstance(value, classes)), "unknown")
    return found


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None where the values have no order between them."""
    alike = left.__class__
    if alike is right.__class__ and (alike is int or alike is str):
        return int(left > right) - int(left < right)
    what = kind(left)
    if what not in ORDERED or what != kind(right):
        return None
    low, high = measure(what, left), measure(what, right)
    if what in ("date and time", "time") and (left.tzinfo is None) != (right.tzinfo is None):
        return None
    try:
        return int(low > high) - int(low < high)
    except ArithmeticError:
        return None


def measure(what: str, value: Any) -> Any:
    """What values of one kind are compared by; times count in whole seconds (table 44)."""
    match what:
        case "number":
            return exact(value)
        case "string":
            return value
        case "date":
            return temporal.day_number(value)
        case "days and time duration":
            return temporal.in_nanoseconds(value)
        case "years and months duration":
            return value.months
    return temporal.instant(value) // temporal.SECOND


def equal(left: Any, right: Any, evaluation: Evaluation | None = None) -> bool | None:
    """FEEL's equality (table 42): null where the kinds differ."""
    if left is None or right is None:
        return left is right
    alike = left.__class__
    if alike is right.__class__ and (alike is int or alike is str):
        return bool(left == right)
    what = kind(left)
    if what != kind(right):
        return None
    if what in ORDERED:
        found = order(left, right)
        return None if found is None else found == 0
    if what == "boolean":
        return bool(left is right)
    if what == "function":
        return bool(left is right)
    return _equal_parts(what, left, right, evaluation)


def _equal_parts(what: str, left: Any, right: Any, evaluation: Evaluation | None) -> bool | None:
    if what == "list":
        pairs = list(zip(left, right, strict=False)) if len(left) == len(right) else None
    elif what == "context":
        pairs = [(value, right[key]) for key, value in left.items()] if left.keys() == right.keys() else None
    elif what == "range":
        same = (left.start_included, left.end_included, left.test) == (
            right.start_included, right.end_included, right.test,
        )  # fmt: skip
        pairs = [(left.start, right.start), (left.end, right.end)] if same else None
    else:
        return None
    if pairs is None:
        return False
    if evaluation is not None:
        evaluation.spend(len(pairs))
    return all(equal(one, other, evaluation) is True for one, other in pairs)


def contains(span: Range, value: Any, evaluation: Evaluation | None = None) -> bool | None:
    """Whether a value lies in a range; null where they have no order."""
    if span.test:
        found = equal(span.start, value, evaluation)
        return found if found is None or span.test == "=" else not found
    if span.start is None and span.end is None:
        return None
    if span.start is not None:
        low = order(span.start, value)
        if low is None:
            return None
        if low > 0 or (low == 0 and not span.start_included):
            return False
    if span.end is not None:
        high = order(value, span.end)
        if high is None:
            return None
        if high > 0 or (high == 0 and not span.end_included):
            return False
    return True


def as_list(value: Any) -> list[Any]:
    """A list as it is; null as an empty one; anything else as a list of itself (§10.3.2.9.4)."""
    if isinstance(value, list):
        return value
    if isinstance(value, tuple):
        return list(value)
    return [] if value is None else [value]


__all__ = [
    "CLOCKS", "MOMENTS", "SPANS", "Function", "Range", "as_list", "contains", "equal", "is_number", "kind", "order",
]  # fmt: skip
