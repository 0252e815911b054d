"""Counting days as the law does (民法典 §§201–203; 民事诉讼法 §85)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.clock import ZONE

DURATION = re.compile(r"P(?P<days>\d+)D|WD(?P<working>\d+)|PT(?P<hours>\d+)H|P(?P<years>\d+)Y")


@dataclass(frozen=True)
class Calendar:
    """Days off and make-up workdays; a year not listed in `years` counts weekends only."""

    holidays: Collection[date]
    workdays: Collection[date]
    years: Collection[int] = ()

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def knows(self, day: date) -> bool:
        """Whether the holidays of the day's year are known."""
        return day.year in self.years


@dataclass(frozen=True)
class Due:
    """When something is due. `on` is the day that is warned from; `displayed` may be later for citizens' rights.

    `at` is the instant at which the last day ends, or the exact instant for deadlines in hours.
    """

    on: date
    displayed: date
    at: datetime
    warn: tuple[tuple[str, datetime], ...]
    calendar_known: bool


def due(duration: str, start: date | datetime, calendar: Calendar, *, roll_forward: bool = False) -> Due:
    """When a duration (P30D, WD5, PT72H, P2Y) from a day or instant is due.

    The day of the event does not count (民法典 §201). Only citizens' rights roll to the next working day in what is
    displayed (§203); duties of organs do not, and warnings go from the day that is not rolled. Raises ValueError.
    """
    found = DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(f"{duration} is no duration of the catalogue")
    begin = start if isinstance(start, datetime) else datetime.combine(start, time(), tzinfo=ZONE)
    begin = begin.astimezone(ZONE)
    if found["hours"]:
        at = begin + timedelta(hours=int(found["hours"]))
        return Due(at.date(), at.date(), at, _warnings(begin, at, day_before=False), True)
    first = begin.date()
    if found["working"]:
        last = after_working_days(first, int(found["working"]), calendar)
    elif found["years"]:
        last = _same_day(first, int(found["years"]))
    else:
        last = first + timedelta(days=int(found["days"]))
    displayed = next_working_day(last, calendar) if roll_forward else last
    at = datetime.combine(last, time(23, 59, 59), tzinfo=ZONE)
    return Due(last, displayed, at, _warnings(begin, at), calendar.knows(first) and calendar.knows(displayed))


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


def _same_day(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February: the month's last day (民法典 §202)
        return day.replace(year=day.year + years, day=28)


def _warnings(begin: datetime, end: datetime, *, day_before: bool = True) -> tuple[tuple[str, datetime], ...]:
    length = end - begin
    marks = [("half", begin + length * 0.5), ("eighty", begin + length * 0.8)]
    if day_before and length > timedelta(days=2):
        marks.append(("day_before", end - timedelta(days=1)))
    return (*marks, ("overdue", end))
