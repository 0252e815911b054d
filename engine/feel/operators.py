"""What the operators do with values that the compiled code has no short way for (DMN 1.5 §10.3.2.13, tables 42 to 55).

Each takes the evaluation and the operator's position first; what does not fit gives null and says why.
"""

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any

from engine.feel import numbers, temporal
from engine.feel.runtime import Evaluation
from engine.feel.temporal import YearsMonthsDuration
from engine.feel.values import Range, contains, equal, kind, order

Operation = Callable[[Evaluation, int, Any, Any], Any]
DATES = ("date", "date and time")
MS, DT = "years and months duration", "days and time duration"


def _checked(sign: str, operation: Callable[[str, str, Any, Any], Any]) -> Operation:
    """An arithmetic operation that warns where it has no result."""

    def compute(evaluation: Evaluation, position: int, left: Any, right: Any) -> Any:
        kinds = kind(left), kind(right)
        try:
            found = operation(*kinds, left, right)
        except ZeroDivisionError:
            evaluation.warn(position, "division-by-zero")
            return None
        except (ArithmeticError, ValueError):
            evaluation.warn(position, "out-of-range", sign)
            return None
        if found is None:
            evaluation.warn(position, "not-computable", sign, *kinds)
        elif type(found) is str:
            evaluation.text(found)
        return found

    return compute


def _plus(one: str, other: str, left: Any, right: Any) -> Any:
    if one == other == "number":
        return numbers.add(numbers.exact(left), numbers.exact(right))
    if one == other == "string":
        return left + right
    if one == other == DT:
        return temporal.make_span(temporal.in_nanoseconds(left) + temporal.in_nanoseconds(right))
    if one == other == MS:
        return temporal.make_months(left.months + right.months)
    if one in (DT, MS):
        one, other, left, right = other, one, right, left
    return _later(one, other, left, right, 1)


def _later(one: str, other: str, left: Any, right: Any, sign: int) -> Any:
    if one in DATES and other == MS:
        return temporal.add_months(left, sign * right.months)
    if one in (*DATES, "time") and other == DT:
        return temporal.add_span(left, temporal.make_span(sign * temporal.in_nanoseconds(right)))
    return None


def _minus(one: str, other: str, left: Any, right: Any) -> Any:
    if one == other == "number":
        return numbers.subtract(numbers.exact(left), numbers.exact(right))
    if one == other == DT:
        return temporal.make_span(temporal.in_nanoseconds(left) - temporal.in_nanoseconds(right))
    if one == other == MS:
        return temporal.make_months(left.months - right.months)
    if (one in DATES and other in DATES) or one == other == "time":
        return _distance(one, other, left, right)
    return _later(one, other, left, right, -1)


def _distance(one: str, other: str, left: Any, right: Any) -> Any:
    """How far apart two days or moments are; beside a moment a day is its midnight in UTC (§10.3.2.9.4)."""
    if one != other:
        left, right = (_midnight(value) if what == "date" else value for what, value in ((one, left), (other, right)))
    if one == other == "date":
        return temporal.make_span((temporal.day_number(left) - temporal.day_number(right)) * temporal.DAY)
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return temporal.make_span(temporal.instant(left) - temporal.instant(right))


def _midnight(day: Any) -> Any:
    return temporal.make_moment(day, temporal.clock_of(0, UTC))


def _times(one: str, other: str, left: Any, right: Any) -> Any:
    if one == other == "number":
        return numbers.multiply(numbers.exact(left), numbers.exact(right))
    if one == "number":
        one, other, left, right = other, one, right, left
    if other != "number":
        return None
    if one == DT:
        return temporal.make_span(_product(temporal.in_nanoseconds(left), right))
    return temporal.make_months(_product(left.months, right)) if one == MS else None


def _product(amount: int, factor: Any) -> int:
    factor = numbers.exact(factor)
    return amount * factor if isinstance(factor, int) else int(numbers.multiply(Decimal(amount), factor))


def _over(one: str, other: str, left: Any, right: Any) -> Any:
    if one == other == "number":
        return numbers.divide(numbers.exact(left), numbers.exact(right))
    if one == other == DT:
        return numbers.divide(temporal.in_nanoseconds(left), temporal.in_nanoseconds(right))
    if one == other == MS:
        return numbers.divide(left.months, right.months)
    if other != "number" or one not in (DT, MS):
        return None
    amount = left.months if one == MS else temporal.in_nanoseconds(left)
    result = int(numbers.divide(amount, numbers.exact(right)))
    return temporal.make_months(result) if one == MS else temporal.make_span(result)


def _power(one: str, other: str, left: Any, right: Any) -> Any:
    return numbers.power(numbers.exact(left), numbers.exact(right)) if one == other == "number" else None


_sum = _checked("+", _plus)


def add(evaluation: Evaluation, position: int, left: Any, right: Any) -> Any:
    """`left + right`."""
    if left.__class__ is str and right.__class__ is str:
        return evaluation.text(left + right)
    return _sum(evaluation, position, left, right)


subtract = _checked("-", _minus)
multiply = _checked("*", _times)
divide = _checked("/", _over)
power = _checked("**", _power)
ARITHMETIC = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}


def negative(evaluation: Evaluation, position: int, value: Any) -> Any:
    """`-value`."""
    what = kind(value)
    if what == "number":
        return subtract(evaluation, position, 0, value)
    if what == DT:
        return temporal.make_span(-temporal.in_nanoseconds(value))
    if what == MS:
        return YearsMonthsDuration(-value.months)
    evaluation.warn(position, "not-negatable", what)
    return None


# comparing


def equals(evaluation: Evaluation, position: int, left: Any, right: Any) -> bool | None:
    """`left = right`."""
    found = equal(left, right, evaluation)
    if found is None:
        evaluation.warn(position, "not-comparable", "=", kind(left), kind(right))
    return found


def differs(evaluation: Evaluation, position: int, left: Any, right: Any) -> bool | None:
    """`left != right`."""
    found = equals(evaluation, position, left, right)
    return None if found is None else not found


def _compared(sign: str, test: Callable[[int], bool]) -> Operation:
    def compare(evaluation: Evaluation, position: int, left: Any, right: Any) -> bool | None:
        found = order(left, right)
        if found is None:
            evaluation.warn(position, "not-comparable", sign, kind(left), kind(right))
            return None
        return test(found)

    return compare


COMPARISONS: dict[str, Operation] = {
    "=": equals,
    "!=": differs,
    "<": _compared("<", lambda found: found < 0),
    "<=": _compared("<=", lambda found: found <= 0),
    ">": _compared(">", lambda found: found > 0),
    ">=": _compared(">=", lambda found: found >= 0),
}


def between(evaluation: Evaluation, position: int, value: Any, low: Any, high: Any) -> bool | None:
    """`value between low and high`: not below the one and not above the other."""
    above = COMPARISONS[">="](evaluation, position, value, low)
    if above is False:
        return False
    below = COMPARISONS["<="](evaluation, position, value, high)
    return False if below is False else (None if above is None else below)


# ranges and tests


def make_range(
    evaluation: Evaluation, position: int, start: Any, end: Any, included: tuple[bool, bool], sides: tuple[bool, bool]
) -> Range | None:
    """A range; `sides` says which ends were written. Null if an end is null or the ends do not fit together."""
    has_start, has_end = sides
    bad = (has_start and kind(start) not in KINDS_IN_RANGES) or (has_end and kind(end) not in KINDS_IN_RANGES)
    if bad or (has_start and has_end and kind(start) != kind(end)):
        evaluation.warn(position, "bad-range")
        return None
    return Range(start, end, *included)


KINDS_IN_RANGES = ("number", "string", "date", "time", "date and time", DT, MS)


def test_range(evaluation: Evaluation, position: int, sign: str, operand: Any) -> Range | None:
    """The range that a unary test such as `< 5` is, as a value."""
    if sign in ("=", "!="):
        return Range(operand, operand, True, True, sign)
    if kind(operand) not in KINDS_IN_RANGES:
        evaluation.warn(position, "bad-range")
        return None
    if sign.startswith("<"):
        return Range(None, operand, False, sign == "<=")
    return Range(operand, None, sign == ">=", False)


def fits(evaluation: Evaluation, position: int, value: Any, test: Any) -> bool | None:
    """`value in test`: equal to it, within it, or one of its items."""
    what = kind(test)
    if what == "range":
        if kind(value) == "range":
            return equal(value, test, evaluation)
        found = contains(test, value, evaluation)
        if found is None:
            evaluation.warn(position, "not-comparable", "in", kind(value), f"range<{kind(test.start or test.end)}>")
        return found
    if what == "list":
        evaluation.spend(len(test) + 1)
        if kind(value) == "list" and equal(value, test, evaluation):
            return True
        return any(_fits_item(evaluation, value, item) for item in test)
    found = equal(value, test, evaluation)
    if found is None:
        evaluation.warn(position, "not-comparable", "in", kind(value), what)
    return found


def _fits_item(evaluation: Evaluation, value: Any, item: Any) -> bool:
    if isinstance(item, Range) and not isinstance(value, Range):
        return contains(item, value, evaluation) is True
    if isinstance(item, list | tuple) and not isinstance(value, list | tuple):
        return False
    return equal(value, item, evaluation) is True


def about(evaluation: Evaluation, position: int, value: Any, test: Any) -> bool | None:
    """A cell that speaks of `?`: its own truth, or if it is no boolean, what the value must fit."""
    if test is None or isinstance(test, bool):
        return test
    return fits(evaluation, position, value, test)


def not_boolean(evaluation: Evaluation, position: int, word: str, value: Any) -> None:
    """Warn of an operand of `and` or `or` that is neither true nor false."""
    if value is not None:
        evaluation.warn(position, "not-boolean", word, kind(value))
