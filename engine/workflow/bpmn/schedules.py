"""Times as timers write them in ISO 8601: dates, durations, cycles."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.feel import YearsMonthsDuration, read_temporal
from engine.sentences import S_, Sentence

CYCLE = re.compile(r"R(?P<times>\d*)/(?:(?P<start>[^/P][^/]*)/)?(?P<every>P[^/]+)")


@dataclass(frozen=True)
class Cycle:
    """A repeating interval: how often (None: without end), from when (None: one interval from now), how far apart."""

    times: int | None
    start: datetime | None
    every: timedelta | YearsMonthsDuration


def cycle(text: str) -> Cycle | None:
    """The cycle that a text such as R3/PT10H or R/2026-12-01T09:00:00/P1D says; None if it is none."""
    found = CYCLE.fullmatch(text.strip())
    if found is None:
        return None
    every, start = _read(found["every"]), _read(found["start"])
    if not _is_length(every) or (found["start"] and not isinstance(start, datetime)):
        return None
    return Cycle(int(found["times"]) if found["times"] else None, start, every)


def unreadable(kind: str, text: str) -> Sentence | None:
    """What is wrong with a timer's literal text; None if it can be read."""
    value = _read(text)
    if kind == "cycle":
        if text.startswith("R"):
            read = cycle(text)
            if read is not None and read.times == 0:
                return S_("“%(text)s” never happens.", text=text)
            return None if read else S_("“%(text)s” is no cycle.", text=text)
        return None if _is_length(value) else S_("“%(text)s” is no cycle.", text=text)
    if kind == "duration":
        return None if _is_length(value) else S_("“%(text)s” is no duration.", text=text)
    return None if isinstance(value, date) else S_("“%(text)s” is no date.", text=text)


def _read(text: str | None) -> Any:
    try:
        return read_temporal(text.strip()) if text else None
    except ValueError:
        return None


def _is_length(value: object) -> bool:
    """Whether a value is a duration above nothing."""
    if isinstance(value, timedelta):
        return value > timedelta()
    return isinstance(value, YearsMonthsDuration) and value.months > 0
