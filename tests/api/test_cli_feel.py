"""`hejie feel` prints values as JSON, and says where and why something is null or cannot be read."""

import json

import pytest
from click.testing import CliRunner, Result

from api.cli import main


def _feel(*words: str) -> Result:
    return CliRunner().invoke(main, ["feel", *words])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('date("2026-11-23") + duration("P30D")', "2026-12-23"),
        ('amount > 1000 and level = "town"', True),
        ('{length: @"P1DT2H", when: @"10:00:00+08:00"}', {"length": "P1DT2H", "when": "10:00:00+08:00"}),
        ("people.first name", ["王"]),
        ("1 / 4", 0.25),
    ],
)
def test_value_is_json(expression: str, value: object) -> None:
    context = {"amount": 1200, "level": "town", "people": [{"first name": "王"}]}
    result = _feel(expression, "--context", json.dumps(context))
    assert result.exit_code == 0
    assert json.loads(result.stdout) == value
    assert result.stderr == ""


def test_reason_of_a_null_stands_under_its_place() -> None:
    result = _feel("名 = amount + 1")
    assert result.exit_code == 0
    assert "名 = amount + 1\n     ^\nThere is nothing named “amount”.\n" in result.stderr


def test_syntax_error_points_at_its_place() -> None:
    result = _feel("1 +\n (2 *)")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(" (2 *)\n     ^\n“)” was not expected; a value may stand here")


@pytest.mark.parametrize(("expression", "written"), [("2 / 3", "0." + "6" * 33 + "7"), ("10**5000", "1E+5000")])
def test_numbers_keep_their_digits(expression: str, written: str) -> None:
    result = _feel(expression)
    assert (result.exit_code, result.stdout) == (0, written + "\n")


def test_numbers_of_the_context_keep_their_digits() -> None:
    assert _feel("a", "--context", '{"a": 0.1000000000000000000001}').stdout == "0.1000000000000000000001\n"


@pytest.mark.parametrize(
    ("number", "why"), [("1e7000", "larger than FEEL"), ("NaN", "not JSON"), ("-Infinity", "not JSON")]
)
def test_number_that_feel_has_not_is_refused(number: str, why: str) -> None:
    result = _feel("a", "--context", f'{{"a": {number}}}')
    assert (result.exit_code, result.stdout) == (2, "")
    assert why in result.stderr
