"""Operators on FEEL's values: what does not fit gives null (DMN 1.5 §10.3.2.13)."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, DecimalException
from typing import Any

from engine.feel.values import Range, YearsMonthsDuration, equal, is_number, order

DIGITS = Context(prec=34)
MAX_EXPONENT = 10_000


def conjunction(left: Any, right: Callable[[], Any]) -> bool | None:
    """Three-valued and."""
    if left is False:
        return False
    other = right()
    if other is False:
        return False
    return True if left is True and other is True else None


def disjunction(left: Any, right: Callable[[], Any]) -> bool | None:
    """Three-valued or."""
    if left is True:
        return True
    other = right()
    if other is True:
        return True
    return False if left is False and other is False else None


def negate(value: Any) -> bool | None:
    """Three-valued not."""
    return not value if isinstance(value, bool) else None


def contains(span: Range, value: Any) -> bool | None:
    """Whether a value lies in a range; null where they have no order."""
    if span.start is not None:
        low = order(span.start, value)
        if low is None:
            return None
        if low > 0 or (low == 0 and not span.start_included):
            return False
    if span.end is not None:
        high = order(value, span.end)
        if high is None:
            return None
        if high > 0 or (high == 0 and not span.end_included):
            return False
    return True


def add_months(day: date, months: int) -> date:
    """A day some months later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def _number(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _plus(left: Any, right: Any) -> Any:
    if is_number(left) and is_number(right):
        left, right = _number(left), _number(right)
        return left + right if isinstance(left, int) and isinstance(right, int) else DIGITS.add(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(right, date | time) and isinstance(left, timedelta | YearsMonthsDuration):
        left, right = right, left
    if isinstance(left, date) and isinstance(right, YearsMonthsDuration):
        return add_months(left, right.months)
    if isinstance(left, date) and isinstance(right, timedelta):
        return left + right if isinstance(left, datetime) else left + timedelta(days=right.days)
    if isinstance(left, time) and isinstance(right, timedelta):
        return (datetime.combine(date(2000, 1, 1), left) + right).timetz()
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left + right
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return YearsMonthsDuration(left.months + right.months)
    return None


def _minus(left: Any, right: Any) -> Any:
    if is_number(left) and is_number(right):
        left, right = _number(left), _number(right)
        return left - right if isinstance(left, int) and isinstance(right, int) else DIGITS.subtract(left, right)
    if isinstance(right, timedelta):
        return _plus(left, -right)
    if isinstance(right, YearsMonthsDuration):
        return _plus(left, YearsMonthsDuration(-right.months))
    if isinstance(left, datetime) != isinstance(right, datetime):
        return None
    if isinstance(left, date) and isinstance(right, date):
        if (
            isinstance(left, datetime)
            and isinstance(right, datetime)
            and (left.tzinfo is None) != (right.tzinfo is None)
        ):
            return None
        return left - right
    if isinstance(left, time) and isinstance(right, time):
        return datetime.combine(date(2000, 1, 1), left) - datetime.combine(date(2000, 1, 1), right)
    return None


def _times(left: Any, right: Any) -> Any:
    if is_number(left) and is_number(right):
        left, right = _number(left), _number(right)
        return left * right if isinstance(left, int) and isinstance(right, int) else DIGITS.multiply(left, right)
    if is_number(left):
        left, right = right, left
    if not is_number(right):
        return None
    if isinstance(left, timedelta):
        return left * float(right)
    if isinstance(left, YearsMonthsDuration):
        return YearsMonthsDuration(int(left.months * right))
    return None


def _over(left: Any, right: Any) -> Any:
    if is_number(left) and is_number(right):
        return None if right == 0 else DIGITS.divide(Decimal(_number(left)), Decimal(_number(right)))
    if isinstance(left, timedelta) and is_number(right) and right:
        return left / float(right)
    if isinstance(left, timedelta) and isinstance(right, timedelta) and right:
        return Decimal(repr(left / right))
    if isinstance(left, YearsMonthsDuration) and is_number(right) and right:
        return YearsMonthsDuration(int(left.months / right))
    return None


def _power(left: Any, right: Any) -> Any:
    if not (is_number(left) and is_number(right)) or abs(right) > MAX_EXPONENT:
        return None
    try:
        return DIGITS.power(Decimal(_number(left)), Decimal(_number(right)))
    except DecimalException:
        return None


def _checked(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def safe(left: Any, right: Any) -> Any:
        try:
            return operation(left, right)
        except (OverflowError, DecimalException, ValueError):
            return None

    return safe


def _compared(test: Callable[[int], bool]) -> Callable[[Any, Any], bool | None]:
    def compare(left: Any, right: Any) -> bool | None:
        found = order(left, right)
        return None if found is None else test(found)

    return compare


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": _checked(_plus),
    "-": _checked(_minus),
    "*": _checked(_times),
    "/": _checked(_over),
    "**": _power,
    "=": equal,
    "!=": lambda left, right: negate(equal(left, right)),
    "<": _compared(lambda found: found < 0),
    "<=": _compared(lambda found: found <= 0),
    ">": _compared(lambda found: found > 0),
    ">=": _compared(lambda found: found >= 0),
}
"""What each sign does."""
