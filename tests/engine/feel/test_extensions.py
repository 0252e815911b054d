"""Our own functions ask the house through the Runtime."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine import feel


class Weekdays:
    """Monday to Friday, but for 1 October."""

    def is_working_day(self, day: date, /) -> bool:
        return day.weekday() < 5 and (day.month, day.day) != (10, 1)


def _due(key: str, start: date | datetime) -> date | None:
    return {"acceptance": date(2026, 10, 9)}.get(key)


HOUSE = feel.Runtime(now=lambda: datetime(2026, 9, 30, 8, tzinfo=UTC), calendar=Weekdays(), deadline=_due)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("now()", datetime(2026, 9, 30, 8, tzinfo=UTC)),
        ("today()", date(2026, 9, 30)),
        ("is working day(today())", True),
        ('is working day(@"2026-10-01")', False),
        ("add working days(today(), 2)", date(2026, 10, 5)),
        ("add working days(now(), -3)", date(2026, 9, 25)),
        ("add working days(today(), 0)", date(2026, 9, 30)),
        ('working days between(today(), @"2026-10-05")', 2),
        ('working days between(@"2026-10-05", today())', -2),
        ('deadline("acceptance", today())', date(2026, 10, 9)),
        ('deadline("nothing", today())', None),
        ("is defined(null)", False),
        ("get or else(null, 1)", 1),
        ("duplicate values([1, 2, 1, 3, 2, 1])", [1, 2]),
        ('last day of month(@"2028-02-01")', 29),
        ('trim("  a ")', "a"),
    ],
)
def test_value(source: str, value: Any) -> None:
    assert feel.evaluate(source, {}, runtime=HOUSE) == value


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('add working days(@"2026-01-01", 1)', "no-calendar"),
        ('deadline("acceptance", @"2026-01-01")', "no-deadlines"),
    ],
)
def test_without_a_house_there_is_no_answer(source: str, code: str) -> None:
    runtime = feel.Runtime()
    assert feel.evaluate(source, {}, runtime=runtime) is None
    assert [warning.code for warning in runtime.warnings] == [code]
