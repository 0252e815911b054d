"""Functions on numbers (DMN 1.5 §10.3.4.5)."""

import random
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from engine.feel import temporal
from engine.feel.functions.registry import Code, Family
from engine.feel.numbers import DECIMAL128, exact, rounded, whole
from engine.feel.runtime import Evaluation
from engine.feel.temporal import YearsMonthsDuration

FUNCTIONS = Family()
LEAST_SCALE, LARGEST_SCALE = -6111, 6176
CHANCE = random.SystemRandom()


def _at_scale(number: Any, scale: Any, mode: str) -> Any:
    """A number rounded to so many places after the point. Raises ValueError if the scale is out of range."""
    places = exact(scale)
    if not LEAST_SCALE <= places <= LARGEST_SCALE:
        raise ValueError("scale")
    places = int(places)
    value = Decimal(rounded(number))
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if -exponent <= places:
        return whole(value)
    context = DECIMAL128.copy()
    context.prec = 40 + max(0, -places)
    return whole(DECIMAL128.plus(value.quantize(Decimal(1).scaleb(-places), rounding=mode, context=context)))


def _rounding(mode: str) -> Code:
    def code(evaluation: Evaluation, number: Any, scale: Any = 0) -> Any:
        return _at_scale(number, 0 if scale is None else scale, mode)

    return code


for _name, _mode in (
    ("decimal", ROUND_HALF_EVEN), ("round up", ROUND_UP), ("round down", ROUND_DOWN),
    ("round half up", ROUND_HALF_UP), ("round half down", ROUND_HALF_DOWN),
):  # fmt: skip
    FUNCTIONS.declare(f"{_name}(n: number, scale: number) -> number")(_rounding(_mode))
for _name, _mode in (("floor", ROUND_FLOOR), ("ceiling", ROUND_CEILING)):
    FUNCTIONS.declare(f"{_name}(n: number) -> number")(_rounding(_mode))
    FUNCTIONS.declare(f"{_name}(n: number, scale: number) -> number")(_rounding(_mode))


@FUNCTIONS.declare("abs(n: number) -> number")
def _abs(evaluation: Evaluation, n: Any) -> Any:
    number = exact(n)
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


@FUNCTIONS.declare("abs(n: days and time duration) -> days and time duration")
def _abs_span(evaluation: Evaluation, n: Any) -> Any:
    return temporal.make_span(abs(temporal.in_nanoseconds(n)))


@FUNCTIONS.declare("abs(n: years and months duration) -> years and months duration")
def _abs_months(evaluation: Evaluation, n: YearsMonthsDuration) -> Any:
    return YearsMonthsDuration(abs(n.months))


@FUNCTIONS.declare("modulo(dividend: number, divisor: number) -> number")
def _modulo(evaluation: Evaluation, dividend: Any, divisor: Any) -> Any:
    dividend, divisor = rounded(dividend), rounded(divisor)
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    rest = DECIMAL128.remainder(dividend, divisor)
    return DECIMAL128.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@FUNCTIONS.declare("sqrt(number: number) -> number")
def _sqrt(evaluation: Evaluation, number: Any) -> Any:
    return whole(DECIMAL128.sqrt(rounded(number)))


@FUNCTIONS.declare("log(number: number) -> number")
def _log(evaluation: Evaluation, number: Any) -> Any:
    if exact(number) <= 0:
        raise ValueError("log")
    return whole(DECIMAL128.ln(rounded(number)))


@FUNCTIONS.declare("exp(number: number) -> number")
def _exp(evaluation: Evaluation, number: Any) -> Any:
    return whole(DECIMAL128.exp(rounded(number)))


@FUNCTIONS.declare("odd(number: number) -> boolean")
def _odd(evaluation: Evaluation, number: Any) -> bool:
    return bool(_modulo(evaluation, number, 2) == 1)


@FUNCTIONS.declare("even(number: number) -> boolean")
def _even(evaluation: Evaluation, number: Any) -> bool:
    return bool(_modulo(evaluation, number, 2) == 0)


@FUNCTIONS.declare("random number() -> number")
def _random_number(evaluation: Evaluation) -> Any:
    return Decimal(CHANCE.randrange(10**16)).scaleb(-16)
