"""Dates, times and durations: Python's own classes where a value fits them, else ours (DMN 1.5 §10.3.2.3).

Ours are for years outside 1 to 9999 (the standard goes to ±999,999,999), for seconds finer than microseconds, and for
durations beyond a `timedelta`. All arithmetic is on whole days and nanoseconds, so that both give the same results.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from datetime import tzinfo as Zone  # noqa: N812  # FineTime has a field of its name
from typing import Any
from zoneinfo import ZoneInfo

LARGEST_YEAR = 999_999_999
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date in a year that Python's `date` does not reach."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time of day with nanoseconds."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: Zone | None = None


Day = date | FarDate
Clock = time | FineTime


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time of which one part does not fit Python's classes."""

    date: Day
    time: Clock

    year = property(lambda self: self.date.year)
    month = property(lambda self: self.date.month)
    day = property(lambda self: self.date.day)
    hour = property(lambda self: self.time.hour)
    minute = property(lambda self: self.time.minute)
    second = property(lambda self: self.time.second)
    tzinfo = property(lambda self: self.time.tzinfo)


@dataclass(frozen=True, slots=True)
class LongDuration:
    """A days-and-time duration that a `timedelta` cannot hold exactly."""

    nanoseconds: int


@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A duration of whole months (DMN 1.5 §10.3.2.3.8)."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.months < 0 else ''}P{text}"


Moment = datetime | FarDateTime
Span = timedelta | LongDuration
DAYS, CLOCKS, MOMENTS, SPANS = (date, FarDate), (time, FineTime), (datetime, FarDateTime), (timedelta, LongDuration)


def is_day(value: Any) -> bool:
    """Whether a value is a date without a time."""
    return isinstance(value, DAYS) and not isinstance(value, datetime)


LARGEST_MONTHS = 24 * LARGEST_YEAR


def make_months(months: int) -> YearsMonthsDuration:
    """The years-and-months duration of so many months. Raises OverflowError beyond all calendars."""
    if abs(months) > LARGEST_MONTHS:
        raise OverflowError("the duration is too long")
    return YearsMonthsDuration(months)


# days


def days_in(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def make_date(year: int, month: int, day: int) -> Day:
    """The day of a year, month and day. Raises ValueError if there is none."""
    if abs(year) > LARGEST_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in(year, month):
        raise ValueError("there is no such day")
    return date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def day_number(day: Any) -> int:
    """Days since 1970-01-01, in the Gregorian calendar at all times."""
    if isinstance(day, date):
        return day.toordinal() - EPOCH
    year = day.year - (day.month <= 2)
    era, of_era = divmod(year, 400)
    of_year = (153 * ((day.month + 9) % 12) + 2) // 5 + day.day - 1
    return int(era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468)


def day_of(number: int) -> Day:
    """The day that is so many days after 1970-01-01. Raises ValueError beyond the largest year."""
    if 1 - EPOCH <= number <= date.max.toordinal() - EPOCH:
        return date.fromordinal(number + EPOCH)
    era, of_era = divmod(number + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return make_date(year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1)


def weekday(day: Any) -> int:
    """1 for Monday to 7 for Sunday."""
    return (day_number(day) + 3) % 7 + 1


# times


def nanosecond(clock: Any) -> int:
    """The fraction of the second, in nanoseconds."""
    if isinstance(clock, FarDateTime):
        clock = clock.time
    return clock.nanosecond if isinstance(clock, FineTime) else clock.microsecond * 1000


def make_time(hour: int, minute: int, second: int, fraction: int = 0, zone: Zone | None = None) -> Clock:
    """A time of day; the fraction is in nanoseconds. Raises ValueError if there is none."""
    if not 0 <= fraction < SECOND:
        raise ValueError("there is no such time")
    plain = time(hour, minute, second, fraction // 1000, zone)
    return FineTime(hour, minute, second, fraction, zone) if fraction % 1000 else plain


def of_day(clock: Any) -> int:
    """Nanoseconds since midnight."""
    return int(clock.hour * 3600 + clock.minute * 60 + clock.second) * SECOND + nanosecond(clock)


def clock_of(nanoseconds: int, zone: Zone | None) -> Clock:
    """The time that is so many nanoseconds after midnight."""
    seconds, fraction = divmod(nanoseconds, SECOND)
    return make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, fraction, zone)


# dates and times


def make_moment(day: Day, clock: Clock) -> Moment:
    """A day and a time as one."""
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(date(day.year, day.month, day.day), clock)
    return FarDateTime(date_of(day), clock)


def date_of(value: Any) -> Day:
    """The day of a date or date and time."""
    if isinstance(value, FarDateTime):
        return value.date
    return value.date() if isinstance(value, datetime) else value


def time_of(value: Moment) -> Clock:
    """The time of a date and time."""
    return value.time if isinstance(value, FarDateTime) else value.timetz()


def offset(value: Any) -> timedelta | None:
    """How far a time or date and time is ahead of UTC; None if it does not say."""
    zone = value.tzinfo
    if zone is None or isinstance(zone, timezone):
        return zone.utcoffset(None) if zone else None
    if isinstance(value, datetime):
        return value.utcoffset()
    if isinstance(value, FarDateTime):  # zones repeat after 400 years; Python knows none before the year 1
        year = value.year if 1 < value.year < 9999 else value.year % 400 + (9200 if value.year > 1 else 400)
        return datetime(year, value.month, value.day, value.hour, value.minute, tzinfo=zone).utcoffset()
    return datetime(1972, 12, 31, tzinfo=zone).utcoffset()  # a time alone: as XPath's reference day has it


def in_nanoseconds(span: Any) -> int:
    """A days-and-time duration in nanoseconds."""
    if isinstance(span, LongDuration):
        return span.nanoseconds
    return int((span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds) * 1000


def make_span(nanoseconds: int) -> Span:
    """The days-and-time duration of so many nanoseconds. Raises OverflowError beyond all calendars."""
    if abs(nanoseconds) > 4 * LARGEST_YEAR * 366 * DAY:
        raise OverflowError("the duration is too long")
    if nanoseconds % 1000 == 0 and abs(nanoseconds) < 999_999_999 * DAY:
        return timedelta(microseconds=nanoseconds // 1000)
    return LongDuration(nanoseconds)


def instant(value: Any) -> int:
    """Nanoseconds since 1970, in UTC where the value has an offset; a day is its midnight, a time one of 1970-01-01."""
    if is_day(value):
        return day_number(value) * DAY
    day = 0 if isinstance(value, CLOCKS) else day_number(value) * DAY
    ahead = offset(value)
    return day + of_day(value) - (in_nanoseconds(ahead) if ahead else 0)


def add_span(value: Any, span: Any) -> Any:
    """A date, time or date and time later by a days-and-time duration. Raises ValueError beyond the largest year."""
    by = in_nanoseconds(span)
    if isinstance(value, CLOCKS):
        return clock_of((of_day(value) + by) % DAY, value.tzinfo)
    if is_day(value):
        return day_of(day_number(value) + by // DAY)
    if isinstance(value.tzinfo, ZoneInfo):  # as many hours later as the duration has, also over a change of clocks
        moved = _at_instant(instant(value) + by, value.tzinfo)
        return moved
    days, rest = divmod(day_number(value) * DAY + of_day(value) + by, DAY)
    return make_moment(day_of(days), clock_of(rest, value.tzinfo))


def _at_instant(nanoseconds: int, zone: ZoneInfo) -> Moment:
    days, rest = divmod(nanoseconds, DAY)
    utc = make_moment(day_of(days), clock_of(rest, UTC))
    if isinstance(utc, datetime) and 1 < utc.year < 9999:
        return utc.astimezone(zone)
    ahead = in_nanoseconds(offset(FarDateTime(date_of(utc), clock_of(rest, zone))))
    days, rest = divmod(nanoseconds + ahead, DAY)
    return make_moment(day_of(days), clock_of(rest, zone))


def add_months(value: Any, months: int) -> Any:
    """A date or date and time some months later, the last of the month where that is shorter. Raises ValueError."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    day = make_date(year, month + 1, min(value.day, days_in(year, month + 1)))
    return day if is_day(value) else make_moment(day, time_of(value))


def months_between(first: Any, last: Any) -> int:
    """Whole months from one date to another, towards zero (DMN 1.5 §10.3.4.1)."""
    months = (last.year - first.year) * 12 + last.month - first.month
    begin, end = (first.day, _rest(first)), (last.day, _rest(last))
    if months > 0 and end < begin:
        return int(months) - 1
    return int(months) + 1 if months < 0 and end > begin else int(months)


def _rest(value: Any) -> int:
    return 0 if is_day(value) else of_day(value)
