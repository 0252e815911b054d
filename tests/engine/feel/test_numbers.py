"""Numbers are decimal128: 34 digits, rounded half to even."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine import feel

REFERENCE = Context(
    prec=34, Emin=-6143, Emax=6144, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow]
)
NUMBERS = st.one_of(
    st.integers(-(10**40), 10**40),
    st.integers(-100, 100),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
)
COMPILED = {sign: feel.compile_expression(f"a {sign} b") for sign in ("+", "-", "*", "/", "=", "<", "<=", ">", ">=")}


def _decimal(value: Any) -> Decimal:
    """What a number from outside is: a float is what its repr says, all have 34 digits."""
    return REFERENCE.create_decimal(repr(value) if isinstance(value, float) else value)


def _reference(sign: str, one: Any, other: Any) -> Any:
    left, right = (Decimal(repr(value)) if isinstance(value, float) else Decimal(value) for value in (one, other))
    operation = {"+": REFERENCE.add, "-": REFERENCE.subtract, "*": REFERENCE.multiply, "/": REFERENCE.divide}[sign]
    try:
        return operation(left, right)
    except ArithmeticError:
        return None


@given(st.sampled_from("+-*/"), NUMBERS, NUMBERS)
def test_arithmetic_is_that_of_decimal128(sign: str, one: Any, other: Any) -> None:
    assert COMPILED[sign].evaluate({"a": one, "b": other}) == _reference(sign, one, other)


@given(NUMBERS, NUMBERS)
def test_order_is_that_of_the_numbers(one: Any, other: Any) -> None:
    left, right = (Decimal(repr(value)) if isinstance(value, float) else Decimal(value) for value in (one, other))
    context = {"a": one, "b": other}
    found = [COMPILED[sign].evaluate(context) for sign in ("=", "<", "<=", ">", ">=")]
    if max(len(value.as_tuple().digits) for value in (left, right)) <= 34:
        assert found == [left == right, left < right, left <= right, left > right, left >= right]


@given(NUMBERS)
def test_text_of_a_number_reads_as_the_number(value: Any) -> None:
    text = feel.evaluate("string(a)", {"a": value})
    assert "e" not in text.lower()
    assert feel.evaluate("number(text)", {"text": text}) == REFERENCE.plus(_decimal(value))


@given(st.integers(-(10**12), 10**12), st.integers(-(10**6), 10**6).filter(bool))
def test_modulo_has_the_sign_of_its_divisor(dividend: int, divisor: int) -> None:
    assert feel.evaluate("modulo(a, b)", {"a": dividend, "b": divisor}) == dividend % divisor


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(-3, 5))
def test_rounding_goes_where_its_name_says(value: Decimal, scale: int) -> None:
    def rounded(name: str) -> Decimal:
        return Decimal(feel.evaluate(f"{name}(a, s)", {"a": value, "s": scale}))

    step = Decimal(10) ** -scale
    assert rounded("floor") <= value < rounded("floor") + step
    assert rounded("ceiling") - step < value <= rounded("ceiling")
    assert abs(rounded("round down")) <= abs(value) <= abs(rounded("round up"))
    assert abs(rounded("round half up") - value) <= step / 2
    assert abs(rounded("round half down") - value) <= step / 2
    assert abs(rounded("decimal") - value) <= step / 2
