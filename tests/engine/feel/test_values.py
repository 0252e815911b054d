"""Operators on values: arithmetic, comparison, logic, ranges (DMN 1.5 §10.3.2.13)."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.feel import YearsMonthsDuration

NUMBERS: list[tuple[str, Any]] = [
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("10 - 4 - 3", 3),
    ("-3 ** 2", 9),
    ("2 ** 3 ** 2", 64),
    ("2 ** -1", Decimal("0.5")),
    ("0.1 + 0.2", Decimal("0.3")),
    ("1 / 3 * 3", Decimal("0.9999999999999999999999999999999999")),
    ("10 / 4", Decimal("2.5")),
    ("10 / 5", 2),
    ("9999999999999999999999999999999999 + 1", Decimal("1E+34")),
    ("99999999999999999999 * 99999999999999999999", Decimal("9.999999999999999999800000000000000E+39")),
    ("1 / 0", None),
    ("1 + null", None),
    ('1 + "a"', None),
    ('"a" + "b"', "ab"),
    ("1.5e3", 1500),
    (".5 + 0.5", 1),
]
TRUTHS: list[tuple[str, Any]] = [
    ("true and null", None),
    ("false and null", False),
    ("true or null", True),
    ("false or null", None),
    ('true and "a"', None),
    ("not(null)", None),
    ("1 = 1.0", True),
    ('1 = "1"', None),
    ("null = null", True),
    ("1 != null", True),
    ("[1, {a: 2}] = [1, {a: 2.0}]", True),
    ("{a: 1} = {a: 1, b: 2}", False),
    ("1 < 2", True),
    ('"a" < "b"', True),
    ('1 < "b"', None),
    ("5 between 1 and 5", True),
    ("5 between 6 and null", False),
    ("5 between null and 6", None),
    ("3 in [1..5)", True),
    ("5 in [1..5)", False),
    ("5 in ]5..9]", False),
    ("5 in (< 6, > 9)", True),
    ("7 in (< 6, > 9)", False),
    ("1 in [2, 3, 1]", True),
    ("1 in [[5..6], [0..2]]", True),
    ("[1, 2] in [[1, 2], [3]]", True),
    ("null in [1..2]", None),
    ("(< 5) = (..5)", True),
    ("(= 5) = [5..5]", False),
    ("[1..3] = [1..3]", True),
    ("[1..3) = [1..3]", False),
    ("3 in (> 2)", True),
    ('[1..3].start included', True),
    ('(..3].start', None),
    ("if null then 1 else 2", 2),
    ("if 1 > 2 then 1 else if 1 > 3 then 2 else 3", 3),
]  # fmt: skip
TIMES: list[tuple[str, Any]] = [
    ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
    ('@"2026-03-31" - @"P1M"', date(2026, 2, 28)),
    ('@"2026-01-31" + @"P1DT23H"', date(2026, 2, 1)),
    ('@"2026-01-02" - @"2026-01-01"', timedelta(days=1)),
    ('@"2026-01-01T10:00:00" + @"PT90M"', datetime(2026, 1, 1, 11, 30)),
    ('@"2026-01-01T10:00:00Z" - @"2026-01-01T10:00:00+08:00"', timedelta(hours=8)),
    ('@"23:30:00" + @"PT1H"', time(0, 30)),
    ('@"10:00:00" - @"09:30:00"', timedelta(minutes=30)),
    ('@"P1Y" + @"P3M"', YearsMonthsDuration(15)),
    ('@"P1Y" * 1.5', YearsMonthsDuration(18)),
    ('@"P1D" / 2', timedelta(hours=12)),
    ('@"P1D" / @"PT6H"', 4),
    ('-@"P1D"', timedelta(days=-1)),
    ('@"P1D" < @"PT25H"', True),
    ('@"P1Y" < @"P400D"', None),
    ('@"2026-01-01T00:00:00" < @"2026-01-01T00:00:00Z"', None),
    ('@"2026-01-01T08:00:00@Asia/Shanghai" = @"2026-01-01T00:00:00Z"', True),
    ('@"10:00:00.1" = @"10:00:00.2"', True),
    ('@"2026-01-01T00:00:00Z" - @"2025-12-31"', timedelta(days=1)),
    ('@"2024-02-30"', None),
    ('string(@"-0044-03-15" + @"P1Y")', "-0043-03-15"),
    ('string(@"9999-12-31" + @"P1D")', "10000-01-01"),
    ('string(@"999999999-12-31" + @"P1D")', None),
    ('string(@"2026-01-01T00:00:00.123456789" + @"PT0.000000001S")', "2026-01-01T00:00:00.12345679"),
    ('string(@"P999999999D" + @"P999999999D")', "P1999999998D"),
    ('@"24:00:00"', time(0)),
    ('@"2026-12-31T24:00:00"', datetime(2027, 1, 1)),
    # 2026-10-25 has 25 hours in Paris
    ('string(@"2026-10-25T00:00:00@Europe/Paris" + @"P1D")', "2026-10-25T23:00:00@Europe/Paris"),
]
OTHERS: list[tuple[str, Any]] = [
    ("[1, 2, 3][-1]", 3),
    ("[1, 2, 3][4]", None),
    ("[][1]", None),
    ("5[1]", 5),
    ("[1, 2, 3][item > 1]", [2, 3]),
    ("[{a: 1}, {a: 2}][a = 2].a", [2]),
    ("[{a: 1}, {b: 2}].a", [1, None]),
    ("[{item: 7}][item = 7]", [{"item": 7}]),
    ("for i in [3, 1, 2] return [10, 20, 30][i]", [30, 10, 20]),
    ("for i in 3..1 return i", [3, 2, 1]),
    ("for i in 1..3 return i + count(partial)", [1, 3, 5]),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
    ('for d in @"2026-02-27"..@"2026-03-01" return d.day', [27, 28, 1]),
    ("for i in [1..3) return i", [1, 2]),
    ("for i in 1..2, j in 1..i return [i, j]", [[1, 1], [2, 1], [2, 2]]),
    ("for f in (for n in 1..3 return function(x) x * n) return f(10)", [10, 20, 30]),
    ("some x in [1, null] satisfies x > 5", None),
    ("every x in [] satisfies x > 5", True),
    ("{a b: 1, c+d: a b + 1}.c+d", 2),
    ("{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(10)}.r", 55),
    ("(function(a: number, b) [a, b])(b: 1, a: 2)", [2, 1]),
    ('(function(a: number) a)("x")', None),
    ("(function(a) a)([1])", [1]),
    ("(function(a: number) a)([1])", 1),
    ("(function(x) external {java: {}})(1)", None),
    ("1 instance of number", True),
    ("[1, 2] instance of list<number>", True),
    ('[1, "a"] instance of list<number>', False),
    ("{a: 1} instance of context<a: number>", True),
    ("[1..2] instance of range<number>", True),
    ("(function(a: number) 1) instance of function<number> -> Any", True),
    ('@"2026-01-01" instance of date and time', False),
    ("null instance of number", False),
    ("null instance of Null", True),
]


@pytest.mark.parametrize(("source", "value"), [*NUMBERS, *TRUTHS, *TIMES, *OTHERS])
def test_value(source: str, value: Any) -> None:
    found = feel.evaluate(source, {})
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("1 + amount", "unknown-name", 5),
        ("1 +  1 / 0", "division-by-zero", 8),
        ('1 < "a"', "not-comparable", 3),
        ("{a: 1}.b", "no-entry", 8),
        ('@"2026-02-30"', "bad-literal", 1),
        ('string length(1)', "wrong-arguments", 1),
        ("if 1 then 2 else 3", "failed-condition", 4),
        ("(function(a) a)(1, 2)", "wrong-count", 2),
        ("1(2)", "not-a-function", 1),
    ],
)  # fmt: skip
def test_null_has_a_reason(source: str, code: str, column: int) -> None:
    runtime = feel.Runtime()
    feel.evaluate(source, {}, runtime=runtime)
    warning = runtime.take_warnings()[0]
    assert (warning.code, warning.line, warning.column) == (code, 1, column)


def test_unary_tests_see_their_input() -> None:
    def holds(source: str, value: Any) -> Any:
        return feel.compile_unary_tests(source).evaluate({"?": value, "limit": 10})

    assert holds("-", 1) is True
    assert holds("< limit", 9) is True
    assert holds('"a", "b"', "b") is True
    assert holds('not("a", "b")', "b") is False
    assert holds("[1..5], > 20", 21) is True
    assert holds("? > 5 and ? < limit", 7) is True
    assert holds('contains(?, "x")', "axe") is True
    assert holds("limit > 5", "anything") is None
    assert holds("limit > 5", True) is True
    assert holds("?", "anything") is True
    assert holds("?", False) is True
    assert holds('("a", true)', True) is True
    assert holds('("a", true)', False) is None
    assert holds("true", False) is False
    assert holds("< 5", None) is None


def test_numbers_from_outside() -> None:
    assert feel.evaluate("x + 0.2", {"x": 0.1}) == Decimal("0.3")
    assert feel.compile_expression("x > 1").evaluate({"x": 1.5}) is True
    assert feel.evaluate("x[1] = 0.5", {"x": (0.5,)}) is True


def test_to_json_gives_iso_text() -> None:
    values = {
        "d": date(2026, 1, 2), "m": datetime(2026, 1, 2, 3, tzinfo=UTC), "s": timedelta(days=1, seconds=5),
        "n": Decimal("1.50"), "y": YearsMonthsDuration(14),
    }  # fmt: skip
    assert feel.to_json(values) == {
        "d": "2026-01-02", "m": "2026-01-02T03:00:00Z", "s": "P1DT5S", "n": 1.5, "y": "P1Y2M",
    }  # fmt: skip


def test_json_text_keeps_all_digits_of_numbers() -> None:
    third = feel.evaluate("1 / 3", {})
    assert feel.json_text({"王": [third, True, None]}) == f'{{"王": [0.{"3" * 34}, true, null]}}'
    assert feel.json_text(feel.evaluate("10**40 + 0.5", {})) == "1" + "0" * 40
    assert feel.json_text(feel.evaluate("-2.5 * 10**5000", {})) == "-2.5E+5000"


def test_number_that_python_writes_not_is_refused_as_json() -> None:
    with pytest.raises(feel.FeelBudgetExceeded, match="too many digits"):
        feel.to_json(feel.evaluate("10**5000", {}))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_floats_that_are_no_numbers_of_feel_come_as_null(number: float) -> None:
    assert feel.evaluate("[a, b[1]]", {"a": number, "b": [number]}) == [None, None]
