"""Functions on dates and the time (DMN 1.5 §10.3.4.7, §10.3.4.11)."""

from datetime import date, datetime
from typing import Any

from engine.feel import temporal
from engine.feel.functions.registry import Family
from engine.feel.runtime import Evaluation, Runtime

FUNCTIONS = Family()
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@FUNCTIONS.declare("day of year(date: date|date and time) -> number")
def _day_of_year(evaluation: Evaluation, day: Any) -> int:
    return temporal.day_number(day) - temporal.day_number(temporal.make_date(day.year, 1, 1)) + 1


@FUNCTIONS.declare("day of week(date: date|date and time) -> string")
def _day_of_week(evaluation: Evaluation, day: Any) -> str:
    return DAYS[temporal.weekday(day) - 1]


@FUNCTIONS.declare("month of year(date: date|date and time) -> string")
def _month_of_year(evaluation: Evaluation, day: Any) -> str:
    return MONTHS[day.month - 1]


@FUNCTIONS.declare("week of year(date: date|date and time) -> number")
def _week_of_year(evaluation: Evaluation, day: Any) -> int:
    """The week by ISO 8601: that of the Thursday beside the day."""
    thursday = temporal.day_of(temporal.day_number(day) - temporal.weekday(day) + 4)
    first = temporal.day_number(temporal.make_date(thursday.year, 1, 1))
    return (temporal.day_number(thursday) - first) // 7 + 1


@FUNCTIONS.declare("now() -> date and time")
def _now(evaluation: Evaluation) -> datetime:
    return (evaluation.runtime or Runtime()).now()


@FUNCTIONS.declare("today() -> date")
def _today(evaluation: Evaluation) -> date:
    return (evaluation.runtime or Runtime()).now().date()
