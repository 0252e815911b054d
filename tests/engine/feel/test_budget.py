"""Every evaluation ends, and nothing in an expression reaches Python."""

import time
from typing import Any

import pytest

from engine import feel

DOUBLING = "for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]"
NESTING = "for i in 1..50000 return if i = 1 then [1] else [partial[-1]]"

BEYOND = {
    "nested loops": "for a in 1..99999, b in 1..99999 return a * b",
    "nested quantifiers": "some a in 1..99999, b in 1..99999 satisfies a + b = 0",
    "a range of all numbers": "for i in 1..10**30 return i",
    "a range of all days": 'for d in @"0001-01-01"..@"999999999-01-01" return d',
    "endless recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "recursion that branches": "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), r: f(60)}.r",
    "strings doubled in a loop": 'for i in 1..99 return if i = 1 then "abcdefgh" else partial[-1] + partial[-1]',
    "strings joined": f'string join(for i in 1..90000 return "{"a" * 99}", "{"b" * 99}")',
    "strings replaced": f'replace(string join(for i in 1..90000 return "a"), "a", "{"b" * 99}")',
    "a text of a doubled list": f"string({DOUBLING})",
    "equality of doubled lists": f"({DOUBLING}) = ({DOUBLING})",
    "a doubled list made flat": f"count(flatten({DOUBLING}))",
    "a text of a deep list": f"string({NESTING})",
    "equality of deep lists": f"{{l: {NESTING}, same: l = l}}.same",
    "a path into a deep list": f"({NESTING}).a",
    "comparing each with each": "count(distinct values(for i in 1..90000 return [i]))",
    "lists that grow in a loop": "for i in 1..90000 return if i = 1 then [] else append(partial[-1], i)",
    "contexts that grow in a loop": (
        'for i in 1..90000 return if i = 1 then {} else context put(partial[-1], string(i), i)'
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", BEYOND.values(), ids=BEYOND.keys())
def test_evaluation_ends_within_its_budget(source: str) -> None:
    runtime = feel.Runtime(budget=feel.Budget(steps=200_000, seconds=10))
    with pytest.raises(feel.FeelBudgetExceeded):
        feel.evaluate(source, {}, runtime=runtime)


def test_evaluation_ends_in_time() -> None:
    source = "for a in 1..1000, b in 1..1000 return a * b"
    with pytest.raises(feel.FeelBudgetExceeded, match="too long"):
        feel.evaluate(source, {}, runtime=feel.Runtime(budget=feel.Budget(steps=10**9, seconds=0.05)))


NULL = {
    "towers of powers": "(10**6000)**(10**6000)",
    "an exponent beyond all": "2**(0.5**-100)",
    "an even root of less than nothing": "(-2)**0.5",
    "a duration beyond all": '@"P999999999D" * 10**6000',
    "months beyond all": '@"P999999999Y" * 10**6000',
    "a day beyond all": '@"999999999-12-31" + @"P1D"',
    "a duration of too many digits": f'duration("P{"9" * 99}D")',
    "a number of too many digits": 'number("1e99999")',
    "a scale beyond all": "decimal(1, 10**6000)",
    "an exponential beyond all": "exp(10**10)",
    "repetitions of repetitions": 'matches("a", "((a{1,100}){1,100}){1,100}")',
}


@pytest.mark.parametrize("source", NULL.values(), ids=NULL.keys())
def test_what_cannot_be_held_is_null(source: str) -> None:
    runtime = feel.Runtime()
    assert feel.evaluate(source, {}, runtime=runtime) is None
    assert runtime.warnings


def test_catastrophic_patterns_take_no_time() -> None:
    runtime = feel.Runtime(budget=feel.Budget(seconds=1))
    text = "a" * 50_000 + "b"
    assert feel.evaluate('matches(text, "(a+)+$")', {"text": text}, runtime=runtime) is False
    assert feel.evaluate('matches(text, "(a|aa)*(a|aa)*c")', {"text": text}, runtime=runtime) is False


@pytest.mark.parametrize(
    "source",
    [
        "[" * 10_000 + "]" * 10_000,
        "(" * 20_000,
        "{a:" * 4_000 + "1" + "}" * 4_000,
        "-" * 19_999 + "1",
        "a" + ".a" * 9_000,
        "a" + "[1]" * 6_000,
        "f" + "()" * 9_000,
        "1" + "=1" * 9_000,
        "1" + " in 1" * 3_000,
        "not(" * 3_900 + "true" + ")" * 3_900,
        "if " * 6_000 + "a",
        "for a in a return " * 1_000 + "1",
        "function() " * 1_500 + "1",
        "1 instance of " + "list<" * 3_000 + "number" + ">" * 3_000,
        "9" * 20_000,
        "1e999999999",
        "x" * 20_001,
        '"' * 19_999,
    ],
    ids=lambda source: source[:12],
)
def test_monstrous_sources_are_refused(source: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile_expression(source)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("(" * 9_999 + "1" + ")" * 9_999, 1),
        ("+".join(["1"] * 5_000), 5_000),
        ("2" + "**1" * 5_000, 2),
        (" and ".join(["true"] * 2_000), True),
        ("if a = 1 then 1 else " * 900 + "2", 2),
    ],
    ids=["brackets", "sum", "powers", "conjunction", "chain of choices"],
)
def test_long_chains_are_carried_out(source: str, value: Any) -> None:
    assert feel.evaluate(source, {"a": 0}) == value


DUNDERS = ["__class__", "__builtins__", "__import__", "__globals__", "__subclasses__", "ev", "ctx", "run", "SOURCE"]


@pytest.mark.parametrize("name", DUNDERS)
def test_python_is_out_of_reach(name: str) -> None:
    """A name of Python's or of the generated code is a name like any other."""
    assert feel.evaluate(name, {}) is None
    assert feel.evaluate(name, {name: 1}) == 1
    for value in ('"a"', "1", "[1]", '@"2026-01-01"', "(function() 1)", "[1..2]", "string"):
        found = feel.evaluate(f"{value}.{name}", {})
        assert found in (None, [None])
    assert feel.evaluate(f"{{{name}: 5}}.{name}", {}) == 5
    assert feel.evaluate(f"[{{{name}: 5}}][{name} = 5].{name}", {}) == [5]
    assert feel.evaluate(f"(function({name}) {name} + 1)(1)", {}) == 2
    assert feel.evaluate(f"for {name} in [1, 2] return {name}", {}) == [1, 2]
    assert feel.evaluate(f'get value({{"{name}": 7}}, "{name}")', {}) == 7


@pytest.mark.parametrize("text", ["'", '\\"', "\\\\", "{x}", "\\n", "'''", "# ", "\\u0000", "{0.__class__}"])
def test_text_stays_text(text: str) -> None:
    """What stands in strings and keys never becomes code, nor a pattern of a message."""
    value = feel.evaluate(f'"{text}"', {})
    assert feel.evaluate(f'{{"{text}": 1}}', {}) == {value: 1}
    assert feel.evaluate("x[1]", {"x": value}) == value
    runtime = feel.Runtime()
    feel.evaluate(f'get value({{}}, "{text}")', {}, runtime=runtime)
    assert value in runtime.warnings[0].message


def test_a_context_nested_without_end_is_refused() -> None:
    nested: Any = 1
    for _ in range(20_000):
        nested = [nested]
    with pytest.raises(feel.FeelBudgetExceeded, match="context goes too deep"):
        feel.evaluate("1", {"a": nested})


def test_type_of_a_value_that_holds_one_value_twice_at_every_depth_is_told_in_time() -> None:
    shared = "l: for i in 1..41 return if i = 1 then 1 else [partial[-1], partial[-1]]"
    wanted = "list<" * 40 + "number" + ">" * 40
    began = time.process_time()
    assert feel.evaluate(f"{{{shared}, r: l[-1] instance of {wanted}}}.r", {}) is True
    assert feel.evaluate(f"{{{shared}, f: function(a: {wanted}) 1, r: f(l[-1])}}.r", {}) == 1
    assert time.process_time() - began < 5
