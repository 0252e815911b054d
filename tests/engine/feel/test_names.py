"""Names hold spaces, signs and keywords; the longest known one wins (DMN 1.5 §10.3.1.2)."""

from typing import Any

import pytest

from engine import feel

CONTEXT: dict[str, Any] = {
    "first name": "An",
    "a-b": 10,
    "a": 5,
    "b": 2,
    "date of birth": "1990",
    "in a list": [1, 2],
    "days in weekend": ["sat", "sun"],
    "profit and loss": -3,
    "王 明": "明",
    "it's": 1,
    "x/y": 7,
    "person": {"first name": "Bo", "date and time": "noon", "home-address": {"street": "Main"}},
    "time": "variable",
    "count": 99,
    "🐎": "horse",
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("first name", "An"),
        ("first   name", "An"),
        ('first name + "!"', "An!"),
        ("a-b", 10),
        ("a - b", 3),
        ("a-b - a", 5),
        ("date of birth", "1990"),
        ("for i in in a list return i + 1", [2, 3]),
        ('for i in days in weekend return if i = "sun" then true else false', [False, True]),
        ("profit and loss < 0 and true", True),
        ("王 明", "明"),
        ("it's + 1", 2),
        ("x/y * 2", 14),
        ("person.first name", "Bo"),
        ("person.date and time", "noon"),
        ("person.home-address.street", "Main"),
        ('[person][first name = "Bo"].first name', ["Bo"]),
        ("time", "variable"),
        ('time("10:00:00").hour', 10),
        ("count([1, 2])", 2),
        ("count + 1", 100),
        ("🐎", "horse"),
        ("nothing known here", None),
        ("{new name: 1, other: new name + 1}.other", 2),
        ("{a-b: 1, c: a-b + 1}.c", 2),
        ("{if: 1, date and time: 2}.date and time", 2),
        ("{for: 3}.for", 3),
        ("for my item in [1, 2] return my item * 2", [2, 4]),
        ("for a+b in [1, 2] return a+b * 2", [2, 4]),
        ("some the value in [1, 2] satisfies the value = 2", True),
        ("(function(the value, b-c) the value + b-c)(1, 2)", 3),
        ("(function(the value: number) the value + 1)(the value: 2)", 3),
        ("{is item: 5}.is item", 5),
        ("[{item: 1}, {item: 2}][item > 1].item", [2]),
        ("{partial: [1]}.partial", [1]),
        ("{external: 1}.external", 1),
        ("{not: 1}.not", 1),
    ],
)
def test_name(source: str, value: Any) -> None:
    assert feel.evaluate(source, CONTEXT) == value


def test_names_read_are_known_without_carrying_out() -> None:
    source = (
        "for x in people return x.age + bonus + count(list) + (function(y) y + z)(1) + { k: 1, l: k }.l "
        "+ people[age > limit][1].age"
    )
    assert feel.compile_expression(source).names == {"people", "bonus", "list", "z", "age", "limit"}
    assert feel.compile_unary_tests("? > low, [a..b]").names == {"low", "a", "b"}
    assert feel.compile_expression("now() > today()").names == frozenset()


def test_types_are_told_without_carrying_out() -> None:
    for source, told in [
        ("1 + 2", "number"),
        ('a = "x" or b', "boolean"),
        ('if a then "x" else null', "string"),
        ("for x in [1, 2] return string(x)", "list<string>"),
        ("{a: 1, b: [a]}", "context<a: number, b: list<number>>"),
        ("[{a: 1}][1].a", "number"),
        ('@"2026-01-01" - @"2025-01-01"', "days and time duration"),
        ("[1..5]", "range<number>"),
        ("function(a: number) a + 1", "function<number>->number"),
        ("a", "Any"),
    ]:
        assert str(feel.compile_expression(source).type) == told
