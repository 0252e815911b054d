"""Times as timers write them in ISO 8601: dates, durations, cycles."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.feel import YearsMonthsDuration, read_temporal
from engine.sentences import S_, Sentence

CYCLE = re.compile(r"R(?P<times>\d*)/(?:(?P<start>[^/P][^/]*)/)?(?P<every>P[^/]+)")
DURATION = re.compile(r"P(?P<calendar>(?:\d+Y)?(?:\d+M)?)(?:(?P<weeks>\d+)W)?(?P<rest>(?:\d+D)?(?:T.+)?)")


@dataclass(frozen=True)
class Mixed:
    """A duration of months and days, such as P1Y2M3DT4H: its months are counted in the calendar, then the rest."""

    months: YearsMonthsDuration
    rest: timedelta


Length = timedelta | YearsMonthsDuration | Mixed


@dataclass(frozen=True)
class Cycle:
    """A repeating interval: how often (None: without end), from when (None: one interval from now), how far apart."""

    times: int | None
    start: datetime | None
    every: Length


def cycle(text: str) -> Cycle | None:
    """The cycle that a text such as R3/PT10H or R/2026-12-01T09:00:00/P1D says; None if it is none."""
    found = CYCLE.fullmatch(text.strip())
    if found is None:
        return None
    every, start = read(found["every"]), read(found["start"] or "")
    if not _is_length(every) or (found["start"] and not isinstance(start, datetime)):
        return None
    return Cycle(int(found["times"]) if found["times"] else None, start, every)


def unreadable(kind: str, text: str) -> Sentence | None:
    """What is wrong with a timer's literal text; None if it can be read."""
    value = read(text)
    if kind == "cycle":
        if text.startswith("R"):
            stated = cycle(text)
            if stated is not None and stated.times == 0:
                return S_("“%(text)s” never happens.", text=text)
            return None if stated else S_("“%(text)s” is no cycle.", text=text)
        return None if _is_length(value) else S_("“%(text)s” is no cycle.", text=text)
    if kind == "duration":
        return None if _is_length(value) else S_("“%(text)s” is no duration.", text=text)
    return None if isinstance(value, date) else S_("“%(text)s” is no date.", text=text)


def read(text: str) -> Any:
    """A date, a date and time, or a duration, which beyond FEEL's may have weeks and be mixed; None if it is none."""
    found = DURATION.fullmatch(text.strip())
    try:
        if found is None or not (found["weeks"] or (found["calendar"] and found["rest"])):
            return read_temporal(text.strip())
        rest = timedelta(weeks=int(found["weeks"] or 0))
        if found["rest"]:
            rest += read_temporal(f"P{found['rest']}")
        return Mixed(read_temporal(f"P{found['calendar']}"), rest) if found["calendar"] else rest
    except (ValueError, OverflowError):
        return None


def _is_length(value: object) -> bool:
    """Whether a value is a duration above nothing."""
    if isinstance(value, Mixed):
        return value.months.months > 0 or value.rest > timedelta()
    if isinstance(value, timedelta):
        return value > timedelta()
    return isinstance(value, YearsMonthsDuration) and value.months > 0
