"""Numbers: 34 decimal digits, as IEEE 754-2008 decimal128 has them (DMN 1.5 §10.3.2.3.1).

A number is a Python int where it is whole and fits, else a Decimal. One that comes as float is what its repr says.
"""

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

Numeric = int | Decimal
DECIMAL128 = Context(
    prec=34, Emin=-6143, Emax=6144, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow]
)
LARGEST = 10**34
"""Whole numbers below this are exact."""


def is_number(value: Any) -> bool:
    """Whether a value is a FEEL number (booleans are not)."""
    return isinstance(value, int | Decimal | float) and not isinstance(value, bool)


def rounded(value: Any) -> Numeric:
    """A number with at most 34 digits. Raises ArithmeticError (for infinities and what is no number as well)."""
    if type(value) is int and -LARGEST < value < LARGEST:
        return value
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, int) and value.bit_length() > 21_000:  # more digits than any exponent allows
        raise Overflow
    found = DECIMAL128.create_decimal(value)
    if not found.is_finite():
        raise InvalidOperation
    return found


def literal(text: str) -> Numeric:
    """The value of a numeric literal. Raises ArithmeticError, ValueError if it has too many digits."""
    return rounded(Decimal(text) if any(sign in text for sign in ".eE") else int(text))


def exact(value: Any) -> Any:
    """The number that a Python value stands for: floats by their repr."""
    return rounded(value) if isinstance(value, float) else value


def add(left: Numeric, right: Numeric) -> Numeric:
    """The sum. Raises ArithmeticError."""
    if type(left) is int and type(right) is int:
        return rounded(left + right)
    return DECIMAL128.add(left, right)


def subtract(left: Numeric, right: Numeric) -> Numeric:
    """The difference. Raises ArithmeticError."""
    if type(left) is int and type(right) is int:
        return rounded(left - right)
    return DECIMAL128.subtract(left, right)


def multiply(left: Numeric, right: Numeric) -> Numeric:
    """The product. Raises ArithmeticError."""
    if type(left) is int and type(right) is int and max(left.bit_length(), right.bit_length()) < 20_000:
        return rounded(left * right)
    return DECIMAL128.multiply(left, right)


def divide(left: Numeric, right: Numeric) -> Numeric:
    """The quotient. Raises ArithmeticError, ZeroDivisionError among them."""
    if type(left) is int and type(right) is int and right and left % right == 0:
        return rounded(left // right)
    return DECIMAL128.divide(left, right)


def power(base: Numeric, exponent: Numeric) -> Numeric:
    """The power. Raises ArithmeticError; an exponent beyond reason overflows before it costs anything."""
    if exponent == 0:
        return 1
    found = DECIMAL128.power(rounded(base), rounded(exponent))
    return whole(found)


def negated(value: Any) -> Any:
    """The negative of a number, with all its digits."""
    return value.copy_negate() if isinstance(value, Decimal) and value else -value


def whole(value: Decimal) -> Numeric:
    """The number as int where it is whole and short."""
    if value.adjusted() < 34 and value == value.to_integral_value():
        return int(value)
    return value


def text(value: Numeric) -> str:
    """A number as FEEL writes it: without exponent and without zeros that say nothing."""
    if type(value) is int:
        return str(value)
    found = format(Decimal(value).normalize(DECIMAL128), "f")
    return "0" if found == "-0" else found
