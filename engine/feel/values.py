"""FEEL's values in Python: null is None, numbers are int or Decimal, days-and-time durations are timedelta."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.errors import FeelError


@dataclass(frozen=True)
class YearsMonthsDuration:
    """A duration of whole months (DMN 1.5 §10.3.2.3.8)."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.months < 0 else ''}P{text}"


@dataclass(frozen=True)
class Range:
    """An interval (DMN 1.5 §10.3.2.7); None as an end means: open to that side."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True


@dataclass(frozen=True)
class Function:
    """A function value; `parameters` are its names for a call with names."""

    call: Callable[..., Any]
    parameters: tuple[str, ...] = ()


def is_number(value: Any) -> bool:
    """Whether a value is a FEEL number (booleans are not)."""
    return isinstance(value, int | Decimal | float) and not isinstance(value, bool)


def kind(value: Any) -> str:
    """The FEEL type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | Decimal() | float():
            return "number"
        case str():
            return "string"
        case datetime():
            return "date and time"
        case date():
            return "date"
        case time():
            return "time"
        case timedelta():
            return "days and time duration"
        case YearsMonthsDuration():
            return "years and months duration"
        case list() | tuple():
            return "list"
        case Mapping():
            return "context"
        case Range():
            return "range"
        case Function():
            return "function"
    return "unknown"


def from_json(value: Any) -> Any:
    """FEEL's value of something that came as JSON."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {key: from_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [from_json(inner) for inner in value]
    return value


def to_json(value: Any) -> Any:
    """A value as JSON can hold it: dates and durations as ISO text."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case float():
            return int(value) if value.is_integer() else value
        case Mapping():
            return {str(key): to_json(inner) for key, inner in value.items()}
        case list() | tuple():
            return [to_json(inner) for inner in value]
        case Range():
            ends = ("[" if value.start_included else "(", "]" if value.end_included else ")")
            return f"{ends[0]}{text_of(value.start)}..{text_of(value.end)}{ends[1]}"
        case Function():
            raise FeelError("a function cannot be written as JSON")
    return text_of(value)


def text_of(value: Any) -> str:
    """A value as FEEL's `string()` writes it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case Decimal():
            return format(value.normalize() + 0, "f")
        case datetime():
            return _without_zero_offset(value.isoformat())
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_text(value)
    return str(value)


def _without_zero_offset(text: str) -> str:
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def duration_text(value: timedelta) -> str:
    """A days-and-time duration in ISO 8601."""
    total = abs(value)
    hours, rest = divmod(total.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{total.microseconds:06d}".rstrip("0") if total.microseconds else ""
    clock = (
        (f"{hours}H" if hours else "")
        + (f"{minutes}M" if minutes else "")
        + (f"{seconds}{fraction}S" if seconds or fraction else "")
    )
    text = (f"{total.days}D" if total.days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if value < timedelta() else ''}P{text or 'T0S'}"


DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def parse_duration(text: str) -> timedelta | YearsMonthsDuration | None:
    """An ISO 8601 duration; None where the text is none, or mixes months with days."""
    found = DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        return None
    part = found.groupdict(default="0")
    sign = -1 if found["sign"] else 1
    if found["years"] or found["months"]:
        if any(found[name] for name in ("days", "hours", "minutes", "seconds")):
            return None
        return YearsMonthsDuration(sign * (int(part["years"]) * 12 + int(part["months"])))
    return sign * timedelta(
        days=int(part["days"]), hours=int(part["hours"]), minutes=int(part["minutes"]), seconds=float(part["seconds"])
    )


def comparable(left: Any, right: Any) -> bool:
    """Whether two values have an order between them."""
    if is_number(left) and is_number(right):
        return True
    if isinstance(left, datetime) and isinstance(right, datetime):
        return (left.tzinfo is None) == (right.tzinfo is None)
    return type(left) is type(right) and isinstance(left, str | date | time | timedelta | YearsMonthsDuration)


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None where the values have no order."""
    if isinstance(left, datetime) != isinstance(right, datetime) or not comparable(left, right):
        return None
    if isinstance(left, YearsMonthsDuration):
        left, right = left.months, right.months
    return int(left > right) - int(left < right)


def equal(left: Any, right: Any) -> bool | None:
    """FEEL's equality: null where the kinds differ (§10.3.2.13)."""
    if left is None or right is None:
        return left is right
    if kind(left) != kind(right):
        return None
    if isinstance(left, datetime) and (left.tzinfo is None) != (right.tzinfo is None):
        return None
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(equal(a, b) is True for a, b in zip(left, right, strict=True))
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(equal(value, right[key]) is True for key, value in left.items())
    return bool(left == right)


def utc(value: datetime) -> datetime:
    """An instant in UTC."""
    return value.astimezone(UTC)
