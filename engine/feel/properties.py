"""What `value.name` is: an entry of a context, or a property of a date, time, duration or range (table 65)."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import temporal
from engine.feel.runtime import Evaluation
from engine.feel.values import kind

Property = Callable[[Any], Any]


def path(evaluation: Evaluation, position: int, value: Any, key: str) -> Any:
    """An entry or property; of a list those of its items. Null, with a warning, where there is none."""
    if isinstance(value, list | tuple):
        evaluation.items(len(value))
        return [path(evaluation, position, item, key) for item in value]
    if isinstance(value, Mapping):
        if key in value:
            return value[key]
        evaluation.warn(position, "no-entry", key, "context")
        return None
    what = kind(value)
    read = PROPERTIES.get(what, {}).get(key)
    if read is None:
        evaluation.warn(position, "no-property", key, what)
        return None
    return read(value)


def _zone(value: Any) -> str | None:
    return getattr(value.tzinfo, "key", None)


def _part(length: int, rest: int) -> Property:
    """One part of a days-and-time duration, with the sign of the whole; in nanoseconds."""

    def read(value: Any) -> int:
        nanoseconds = temporal.in_nanoseconds(value)
        part = abs(nanoseconds) % rest // length if rest else abs(nanoseconds) // length
        return -part if nanoseconds < 0 else part

    return read


SECOND, DAY = temporal.SECOND, temporal.DAY
DATE: dict[str, Property] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": temporal.weekday,
}
TIME: dict[str, Property] = {
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": lambda value: value.second,
    "time offset": temporal.offset,
    "timezone": _zone,
}
PROPERTIES: dict[str, dict[str, Property]] = {
    "date": DATE,
    "time": TIME,
    "date and time": {**DATE, **TIME},
    "days and time duration": {
        "days": _part(DAY, 0),
        "hours": _part(3600 * SECOND, DAY),
        "minutes": _part(60 * SECOND, 3600 * SECOND),
        "seconds": _part(SECOND, 60 * SECOND),
    },
    "years and months duration": {
        "years": lambda value: int(value.months / 12),
        "months": lambda value: abs(value.months) % 12 * (-1 if value.months < 0 else 1),
    },
    "range": {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
"""The properties of each kind, by name."""
