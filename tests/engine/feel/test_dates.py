"""Dates and durations, against Python's calendar where it reaches, and across its ends."""

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel import YearsMonthsDuration, temporal, texts

DAYS = st.dates()
FAR = st.integers(-300_000_000_000, 300_000_000_000)
MOMENTS = st.datetimes(
    datetime(1900, 1, 1),
    datetime(2100, 1, 1),
    timezones=st.sampled_from([UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")]),
)
SPANS = st.timedeltas(timedelta(days=-40_000), timedelta(days=40_000))


@given(DAYS)
def test_day_numbers_are_those_of_the_calendar(day: date) -> None:
    far = temporal.FarDate(day.year, day.month, day.day)
    assert temporal.day_number(far) == temporal.day_number(day) == (day - date(1970, 1, 1)).days
    assert temporal.day_of(temporal.day_number(far)) == day


@given(FAR)
def test_day_numbers_go_on_beyond_the_calendar(number: int) -> None:
    day = temporal.day_of(number)
    assert temporal.day_number(day) == number
    assert texts.read_date(texts.write_date(day)) == day
    following = temporal.day_of(number + 1)
    assert (following.year, following.month, following.day) > (day.year, day.month, day.day)


@given(DAYS)
def test_parts_of_a_day(day: date) -> None:
    source = "[day of year(d), d.weekday, week of year(d), last day of month(d), day of week(d), month of year(d)]"
    week = day.isocalendar().week
    assert feel.evaluate(source, {"d": day}) == [
        day.timetuple().tm_yday, day.isoweekday(), week, calendar.monthrange(day.year, day.month)[1],
        calendar.day_name[day.weekday()], calendar.month_name[day.month],
    ]  # fmt: skip


@given(DAYS, st.integers(-2_000, 2_000))
def test_months_end_where_a_month_is_shorter(day: date, months: int) -> None:
    found = feel.evaluate("d + m", {"d": day, "m": YearsMonthsDuration(months)})
    index = day.year * 12 + day.month - 1 + months
    assert (found.year, found.month) == (index // 12, index % 12 + 1)
    assert found.day == min(day.day, temporal.days_in(found.year, found.month))


@given(DAYS, DAYS)
def test_months_between_two_days_are_whole(one: date, other: date) -> None:
    low, high = sorted((one, other))
    months = feel.evaluate("years and months duration(a, b)", {"a": low, "b": high}).months
    assert temporal.add_months(low, months) <= high
    late = temporal.add_months(low, months + 1)
    assert not isinstance(late, date) or late > high or low.day > late.day


@given(MOMENTS, SPANS)
def test_a_duration_later_is_that_much_later(moment: datetime, span: timedelta) -> None:
    found = feel.evaluate("m + s", {"m": moment, "s": span})
    assert found.astimezone(UTC) == moment.astimezone(UTC) + span
    assert feel.evaluate("(m + s) - m", {"m": moment, "s": span}) == span


@given(MOMENTS, MOMENTS)
def test_moments_are_ordered_by_the_instant(one: datetime, other: datetime) -> None:
    whole = [value.astimezone(UTC).replace(microsecond=0) for value in (one, other)]
    context = {"a": one, "b": other}
    assert feel.evaluate("a < b", context) is (whole[0] < whole[1])
    assert feel.evaluate("a = b", context) is (whole[0] == whole[1])


@given(SPANS)
def test_text_of_a_duration_reads_as_the_duration(span: timedelta) -> None:
    assert feel.evaluate("duration(string(s))", {"s": span}) == span
    parts = feel.evaluate("((s.days * 24 + s.hours) * 60 + s.minutes) * 60 + s.seconds", {"s": span})
    assert parts == int(span.total_seconds())


@pytest.mark.parametrize(
    "text",
    [
        "2026-1-01", "2026-13-01", "2026-02-29", "02026-01-01", "+2026-01-01", "998-01-01", "9999999999-01-01",
        "2026-01-01Z", "24:00:01", "7:00:00", "07:1:00", "23:59:60", "10:00:00+19:00", "10:00:00+5",
        "10:00:00@No/Where", "10:00:00+01:00@Europe/Paris", "10:00:00@../../etc/passwd", "P", "PT", "P1Y1D", "P1H",
        "1D", "P-1D", "٢٠٢٦-٠١-٠١", "",
    ],
)  # fmt: skip
def test_what_is_no_time_is_null(text: str) -> None:
    for name in ("date", "time", "date and time", "duration"):
        assert feel.evaluate(f"{name}(text)", {"text": text}) is None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('@"999999999-12-31T23:59:59.999999999@Asia/Tokyo"', "999999999-12-31T23:59:59.999999999@Asia/Tokyo"),
        ('date and time("-0001-01-01T00:00:00-02:45:55")', "-0001-01-01T00:00:00-02:45:55"),
        ('@"10000-01-01T00:00:00Z" - @"PT0.000000001S"', "9999-12-31T23:59:59.999999999Z"),
        ('@"9999-12-31T23:00:00@Asia/Shanghai" + @"PT2H"', "10000-01-01T01:00:00@Asia/Shanghai"),
        ('@"0001-01-01" - @"P1D"', "0000-12-31"),
        ('time(10, 0, 1.5, -@"PT8H")', "10:00:01.5-08:00"),
        ('@"P9999999999D" / 3', "P3333333333D"),
    ],
)  # fmt: skip
def test_values_beyond_python_are_written(source: str, text: str) -> None:
    value: Any = feel.evaluate(f"string({source})", {})
    assert value == text
