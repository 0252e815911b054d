"""Times as timers write them: dates, durations and cycles in ISO 8601, and cycles as cron has them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from croniter import croniter

from engine.feel import YearsMonthsDuration, read_temporal
from engine.sentences import S_, Sentence

CYCLE = re.compile(r"R(?P<times>\d*)/(?:(?P<start>[^/P][^/]*)/)?(?P<every>P[^/]+)(?:/(?P<end>[^/P][^/]*))?")
CRON = re.compile(r"@(yearly|annually|monthly|weekly|daily|midnight|hourly)|\S+( +\S+){5}")
DURATION = re.compile(r"P(?P<calendar>(?:\d+Y)?(?:\d+M)?)(?:(?P<weeks>\d+)W)?(?P<rest>(?:\d+D)?(?:T.+)?)")


@dataclass(frozen=True)
class Mixed:
    """A duration of months and days, such as P1Y2M3DT4H: its months are counted in the calendar, then the rest."""

    months: YearsMonthsDuration
    rest: timedelta


@dataclass(frozen=True)
class Cron:
    """Moments such as 0 0 9 * * MON-FRI: second, minute, hour, day of the month, month, day of the week, or @daily."""

    text: str

    def after(self, moment: datetime) -> datetime:
        """The next of them after a moment, by the clock of its time zone. Where both days are given, both must fit."""
        found: datetime = croniter(self.text, moment, second_at_beginning=True, day_or=False).get_next(datetime)
        return found


Length = timedelta | YearsMonthsDuration | Mixed
Rhythm = Length | Cron


@dataclass(frozen=True)
class Cycle:
    """A repeating interval: how often (None: without end), from when (None: one interval from now), how far apart.

    With an end it is counted back from there, as often as it says.
    """

    times: int | None
    start: datetime | None
    every: Length
    end: datetime | None = None


def cycle(text: str) -> Cycle | None:
    """The cycle that a text such as R3/PT10H, R/2026-12-01T09:00:00/P1D or R5/PT1H/2026-12-01T09:00:00 says.

    None if it is none.
    """
    found = CYCLE.fullmatch(text.strip())
    if found is None:
        return None
    parts = {name: read(stated) for name, stated in found.groupdict().items() if stated and name != "times"}
    every = parts.pop("every")
    if not _is_length(every) or len(parts) > 1 or not all(isinstance(one, datetime) for one in parts.values()):
        return None
    if "end" in parts and not isinstance(every, timedelta):  # months are not the same counted back and forth
        return None
    return Cycle(int(found["times"]) if found["times"] else None, parts.get("start"), every, parts.get("end"))


def cron(text: str) -> Cron | None:
    """The moments that a cron expression of six fields names; None if it is none, or names a day that never comes."""
    if not CRON.fullmatch(text.strip()):
        return None
    stated = Cron(text.strip())
    try:
        stated.after(datetime(2026, 1, 1))  # noqa: DTZ001 - any moment shows whether there is a next one
    except ValueError:
        return None
    return stated


def unreadable(kind: str, text: str) -> Sentence | None:
    """What is wrong with a timer's literal text; None if it can be read."""
    value = read(text)
    if kind == "cycle":
        if text.startswith("R"):
            stated = cycle(text)
            if stated is not None and stated.times == 0:
                return S_("“%(text)s” never happens.", text=text)
            return None if stated else S_("“%(text)s” is no cycle.", text=text)
        return None if _is_length(value) or cron(text) else S_("“%(text)s” is no cycle.", text=text)
    if kind == "duration":
        at_once = value == timedelta()
        return None if at_once or _is_length(value) else S_("“%(text)s” is no duration.", text=text)
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
