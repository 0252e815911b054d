"""Functions that DMN does not have: working days and deadlines of the house, and a few that Camunda's FEEL knows.

The house is asked through the Runtime: its clock, its calendar of working days, its catalogue of deadlines.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from engine.feel import temporal
from engine.feel.functions.registry import Family, NoValue
from engine.feel.numbers import exact
from engine.feel.runtime import Evaluation, WorkingDays
from engine.feel.values import equal

FUNCTIONS = Family()
MAX_DAYS = 36_600


def _calendar(evaluation: Evaluation) -> WorkingDays:
    if evaluation.runtime is None or evaluation.runtime.calendar is None:
        raise NoValue("no-calendar")
    return evaluation.runtime.calendar


def _day(value: Any) -> date:
    day = temporal.date_of(value)
    if not isinstance(day, date):
        raise ValueError("year")
    return day


@FUNCTIONS.declare("is working day(date: date|date and time) -> boolean")
def _is_working_day(evaluation: Evaluation, day: Any) -> bool:
    return _calendar(evaluation).is_working_day(_day(day))


@FUNCTIONS.declare("add working days(date: date|date and time, days: number) -> date")
def _add_working_days(evaluation: Evaluation, start: Any, days: Any) -> date:
    """The day on which the last of so many working days ends; the start does not count."""
    calendar, day, left = _calendar(evaluation), _day(start), int(exact(days))
    if abs(left) > MAX_DAYS:
        raise ValueError("days")
    step = timedelta(days=1 if left > 0 else -1)
    left = abs(left)
    while left:
        evaluation.spend()
        day += step
        left -= calendar.is_working_day(day)
    return day


@FUNCTIONS.declare("working days between(from: date|date and time, to: date|date and time) -> number")
def _working_days_between(evaluation: Evaluation, first: Any, last: Any) -> int:
    """How many working days lie after the first day and up to the last; negative if the last is earlier."""
    calendar, begin, end = _calendar(evaluation), _day(first), _day(last)
    if abs((end - begin).days) > MAX_DAYS * 2:
        raise ValueError("days")
    low, high = min(begin, end), max(begin, end)
    evaluation.spend((high - low).days + 1)
    found = sum(calendar.is_working_day(low + timedelta(days=step)) for step in range(1, (high - low).days + 1))
    return found if begin <= end else -found


@FUNCTIONS.declare("deadline(key: string, start: date|date and time) -> Any")
def _deadline(evaluation: Evaluation, key: str, start: Any) -> Any:
    """When the deadline of the catalogue that begins then is due."""
    if evaluation.runtime is None or evaluation.runtime.deadline is None:
        raise NoValue("no-deadlines")
    if isinstance(start, temporal.FarDate | temporal.FarDateTime):
        raise ValueError("year")
    found = evaluation.runtime.deadline(key, start)
    if found is None:
        raise NoValue("no-deadline", key)
    return found


# what Camunda's FEEL has besides


@FUNCTIONS.declare("is defined(value: Any) -> boolean")
def _is_defined(evaluation: Evaluation, value: Any) -> bool:
    return value is not None


@FUNCTIONS.declare("get or else(value: Any, default: Any) -> Any")
def _get_or_else(evaluation: Evaluation, value: Any, default: Any) -> Any:
    return default if value is None else value


@FUNCTIONS.declare("is empty(list: list) -> boolean")
def _is_empty(evaluation: Evaluation, items: Sequence[Any]) -> bool:
    return not items


@FUNCTIONS.declare("is blank(string: string) -> boolean")
def _is_blank(evaluation: Evaluation, string: str) -> bool:
    return not string.strip()


@FUNCTIONS.declare("trim(string: string) -> string")
def _trim(evaluation: Evaluation, string: str) -> str:
    return string.strip()


@FUNCTIONS.declare("duplicate values(list: list) -> list")
def _duplicate_values(evaluation: Evaluation, items: Sequence[Any]) -> list[Any]:
    """The values that occur more than once, each once."""
    once: list[Any] = []
    twice: list[Any] = []
    for item in items:
        evaluation.spend(len(once) + 1)
        if not any(equal(item, other, evaluation) is True for other in once):
            once.append(item)
        elif not any(equal(item, other, evaluation) is True for other in twice):
            twice.append(item)
    return twice


@FUNCTIONS.declare("last day of month(date: date|date and time) -> number")
def _last_day_of_month(evaluation: Evaluation, day: Any) -> int:
    return temporal.days_in(day.year, day.month)
