"""Counting days as the law does (民法典 §§201–203; 民事诉讼法 §85)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.clock import ZONE

DURATION = re.compile(r"P(?P<days>\d+)D|WD(?P<working>\d+)|PT(?P<hours>\d+)H|PT(?P<minutes>\d+)M|P(?P<years>\d+)Y")
SENSIBLE = re.compile(r"(P|WD|PT)[1-9]\d{0,3}[DHM]?|P[1-9]\d?Y")
"""At least one, and at most 9999 days or hours, or 99 years: no date can be counted far beyond."""


@dataclass(frozen=True)
class Calendar:
    """Days off and make-up workdays; `years` are those whose public holidays are known, others count weekends only."""

    holidays: Collection[date]
    workdays: Collection[date]
    years: Collection[int] = ()

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def working_days(self, first: date, last: date) -> int:
        """How many working days there are from one day up to, but not including, another."""
        return sum(self.is_working_day(first + timedelta(days=n)) for n in range((last - first).days))

    def missing(self, first: date, last: date) -> tuple[int, ...]:
        """The years between two days whose holidays are not known."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.years)


@dataclass(frozen=True)
class Due:
    """When something is due. `on` is the day that is warned from; `displayed` may be later for citizens' rights.

    `at` is the instant at which the last day ends, or the exact instant for hours or minutes. `missing_years`
    are years that were counted with weekends alone because nobody has entered their holidays yet.
    """

    on: date
    displayed: date
    at: datetime
    warn: tuple[tuple[str, datetime], ...]
    missing_years: tuple[int, ...] = ()


def due(duration: str, start: date | datetime, calendar: Calendar, *, roll_forward: bool = False) -> Due:
    """When a duration (P30D, WD5, PT72H, PT30M, P2Y) is due, from a day or an instant.

    The day of the event does not count (民法典 §201). Only citizens' rights roll to the next working day in what is
    displayed (§203); duties of organs do not, and warnings go from the day that is not rolled. Raises ValueError.
    """
    found = _read(duration)
    if found["hours"] or found["minutes"]:
        if not isinstance(start, datetime):
            raise ValueError(f"{duration} starts at an hour, not at a day")
        at = start.astimezone(ZONE) + timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
        return Due(at.date(), at.date(), at, warnings(start, at, duration, calendar))
    begin = start.astimezone(ZONE) if isinstance(start, datetime) else datetime.combine(start, time(), tzinfo=ZONE)
    first = begin.date()
    last = last_day(duration, first, calendar)
    displayed = next_working_day(last, calendar) if roll_forward else last
    missing: tuple[int, ...] = ()
    if found["working"]:
        missing = calendar.missing(first, displayed)
    elif roll_forward:
        missing = calendar.missing(last, displayed)
    return Due(last, displayed, end_of(last), warnings(begin, end_of(last), duration, calendar), missing)


def last_day(duration: str, first: date, calendar: Calendar) -> date:
    """The last day of a duration in days, working days or years that begins after `first`. Raises ValueError."""
    found = _read(duration)
    if found["working"]:
        return after_working_days(first, int(found["working"]), calendar)
    if found["years"]:
        return _same_day(first, int(found["years"]))
    if found["days"]:
        return first + timedelta(days=int(found["days"]))
    raise ValueError(f"{duration} is not a duration in days")


def after_working_days(start: date, count: int, calendar: Calendar) -> date:
    """The day on which the last of `count` working days ends; the start does not count."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


def next_working_day(day: date, calendar: Calendar) -> date:
    """The day itself, or the first working day after it."""
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def end_of(day: date) -> datetime:
    """The last second of a day in the county."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZONE)


DAY = timedelta(days=1)
MARKS = ("half", "eighty", "day_before", "overdue")
"""What is warned of, the more urgent the later."""


def warnings(begin: datetime, end: datetime, duration: str, calendar: Calendar) -> tuple[tuple[str, datetime], ...]:
    """When to warn, in time's order: half of the time gone, 80 % of it, a day before the end, and at the end.

    Of days it is the first minute of the day on which that much is reached, of working days those alone; of hours the
    very moment. In short ones marks may fall together, the day before may come ahead of 80 %, or not be there at all.
    """
    found = _read(duration)
    if found["hours"] or found["minutes"]:
        length = end - begin
        marks = [("half", begin + length * 0.5), ("eighty", begin + length * 0.8), ("day_before", end - DAY)]
    else:
        marks = _on_days(begin.astimezone(ZONE).date(), end.astimezone(ZONE).date(), calendar, bool(found["working"]))
    ahead = [(mark, at) for mark, at in marks if at > begin]
    return tuple(sorted([*ahead, ("overdue", end)], key=lambda mark: mark[1]))


def _on_days(first: date, last: date, calendar: Calendar, working: bool) -> list[tuple[str, datetime]]:
    after = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    days = [day for day in after if not working or calendar.is_working_day(day)]
    count = len(days)
    reached = (("half", -(-count // 2)), ("eighty", -(-count * 4 // 5)), ("day_before", count - 1))
    return [(mark, datetime.combine(days[nth - 1], time(), tzinfo=ZONE)) for mark, nth in reached if nth > 0]


def check(duration: str) -> None:
    """Whether a length can be a law's. Raises ValueError for what is none, nothing, or longer than people live."""
    _read(duration)
    if not SENSIBLE.fullmatch(duration):
        raise ValueError(f"{duration} is not a length that a law sets")


WORDS = {
    "days": ("日", "days"),
    "working": ("个工作日", "working days"),
    "hours": ("小时", "hours"),
    "minutes": ("分钟", "minutes"),
    "years": ("年", "years"),
}
"""How a length of time is said: in Chinese, in English."""


def in_words(duration: str, locale: str) -> str:
    """A duration of the catalogue in words: 30日, 5 working days. Raises ValueError."""
    unit, number = next((unit, number) for unit, number in _read(duration).groupdict().items() if number)
    if locale == "zh":
        return f"{number}{WORDS[unit][0]}"
    return f"{number} {WORDS[unit][1].removesuffix('s') if number == '1' else WORDS[unit][1]}"


def _read(duration: str) -> re.Match[str]:
    found = DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(f"{duration} is no duration of the catalogue")
    return found


def _same_day(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February: the month's last day (民法典 §202)
        return day.replace(year=day.year + years, day=28)
