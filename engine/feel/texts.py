"""Dates, times and durations as text, read and written (XML Schema's forms, with `@zone`; DMN 1.5 §10.3.4.1)."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel import temporal
from engine.feel.temporal import DAY, SECOND, Clock, Day, Moment, Span, YearsMonthsDuration

DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
TIME = re.compile(
    r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z][A-Za-z0-9_+\-/]*))?",
    re.ASCII,
)
DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?P<time>T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d*)?)S)?)?",
    re.ASCII,
)
MAX_TEXT = 100
PRECISE = Context(prec=MAX_TEXT)


def read(text: str) -> Any:
    """The value of `@"…"`: a date, time, date and time, or duration. Raises ValueError if it is none."""
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if "T" in text.partition("@")[0]:
        return read_moment(text)
    return read_time(text) if ":" in text else read_date(text)


def read_date(text: str) -> Day:
    """A date such as 2026-01-31. Raises ValueError."""
    found = DATE.fullmatch(text) if len(text) < MAX_TEXT else None
    if found is None:
        raise ValueError("a date is written as 2026-01-31")
    year = int(found[2]) * (-1 if found[1] else 1)
    return temporal.make_date(year, int(found[3]), int(found[4]))


def read_time(text: str) -> Clock:
    """A time such as 23:59:00, 23:59:00Z, 23:59:00+08:00 or 23:59:00@Asia/Shanghai. Raises ValueError."""
    clock, past_midnight = _clock(text)
    return clock if not past_midnight else temporal.clock_of(0, clock.tzinfo)


def read_moment(text: str) -> Moment:
    """A date and time such as 2026-01-31T23:59:00+08:00; a date alone is its beginning. Raises ValueError."""
    day_text, mark, clock_text = text.partition("T")
    day = read_date(day_text)
    if not mark:
        return temporal.make_moment(day, temporal.clock_of(0, None))
    clock, past_midnight = _clock(clock_text)
    return temporal.make_moment(temporal.day_of(temporal.day_number(day) + past_midnight), clock)


def _clock(text: str) -> tuple[Clock, bool]:
    """The time, and whether it is the 24:00:00 that begins the next day."""
    found = TIME.fullmatch(text) if len(text) < MAX_TEXT else None
    if found is None:
        raise ValueError("a time is written as 23:59:00")
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    fraction = int(((found[4] or "0") + "0" * 9)[:9])
    zone = _zone(found)
    if (hour, minute, second, fraction) == (24, 0, 0, 0):
        return temporal.clock_of(0, zone), True
    return temporal.make_time(hour, minute, second, fraction, zone), False


def _zone(found: re.Match[str]) -> tzinfo | None:
    if found[5]:
        return UTC
    if found[6]:
        seconds = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
        if int(found[8]) > 59 or int(found[9] or 0) > 59:
            raise ValueError("there is no such offset")
        return fixed(timedelta(seconds=-seconds if found[6] == "-" else seconds))
    return named_zone(found[10]) if found[10] else None


def fixed(ahead: timedelta) -> timezone:
    """A zone with a fixed offset. Raises ValueError beyond 18 hours."""
    if abs(ahead) > timedelta(hours=18):
        raise ValueError("there is no such offset")
    return timezone(ahead) if ahead else UTC


@lru_cache(maxsize=256)
def named_zone(name: str) -> tzinfo:
    """A zone such as Asia/Shanghai. Raises ValueError if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError("there is no such time zone") from None


def read_duration(text: str) -> Span | YearsMonthsDuration:
    """A duration such as P3DT12H or P1Y2M. Raises ValueError if it is none, or mixes months with days."""
    found = DURATION.fullmatch(text) if len(text) < MAX_TEXT else None
    if found is None or text.endswith(("P", "T")):
        raise ValueError("a duration is written as P3DT12H or P1Y2M")
    sign = -1 if found["sign"] else 1
    if found["years"] or found["months"]:
        if found["days"] or found["time"]:
            raise ValueError("a duration has either years and months or days and times")
        return temporal.make_months(sign * (int(found["years"] or 0) * 12 + int(found["months"] or 0)))
    nanoseconds = int(Decimal(found["seconds"] or 0).scaleb(9, PRECISE))
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        nanoseconds += int(found[unit] or 0) * length * SECOND
    return temporal.make_span(sign * nanoseconds)


# writing


def write_date(day: Any) -> str:
    """A date in ISO 8601."""
    return f"{'-' if day.year < 0 else ''}{abs(day.year):04d}-{day.month:02d}-{day.day:02d}"


def write_time(clock: Any, *, names: bool = True) -> str:
    """A time in ISO 8601, with its zone's name (or with the offset that it stands for)."""
    fraction = temporal.nanosecond(clock)
    decimals = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"{clock.hour:02d}:{clock.minute:02d}:{clock.second:02d}{decimals}{_write_zone(clock, names)}"


def _write_zone(value: Any, names: bool) -> str:
    if value.tzinfo is None:
        return ""
    if names and isinstance(value.tzinfo, ZoneInfo):
        return f"@{value.tzinfo.key}"
    seconds = int((temporal.offset(value) or timedelta()).total_seconds())
    if seconds == 0:
        return "Z"
    rest = f":{abs(seconds) % 60:02d}" if seconds % 60 else ""
    return f"{'-' if seconds < 0 else '+'}{abs(seconds) // 3600:02d}:{abs(seconds) // 60 % 60:02d}{rest}"


def write_moment(value: Any, *, names: bool = True) -> str:
    """A date and time in ISO 8601."""
    return f"{write_date(value)}T{write_time(value, names=names)}"


def write_span(value: Any) -> str:
    """A days-and-time duration in ISO 8601."""
    nanoseconds = temporal.in_nanoseconds(value)
    days, rest = divmod(abs(nanoseconds), DAY)
    seconds, fraction = divmod(rest, SECOND)
    decimals = f".{fraction:09d}".rstrip("0") if fraction else ""
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    clock = (
        (f"{hours}H" if hours else "")
        + (f"{minutes}M" if minutes else "")
        + (f"{seconds}{decimals}S" if seconds or decimals else "")
    )
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if nanoseconds < 0 else ''}P{text or 'T0S'}"
