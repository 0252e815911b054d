"""Item definitions (DMN 1.5 §7.3.3) and what values become under types (§10.3.2.9.4)."""

from datetime import UTC, date, datetime
from html import escape
from typing import Any

import pytest

from engine import dmn
from tests.engine.dmn.models import data, decided, decision, knowledge, literal, model, service, xml


def item(name: str, base: str, *, allowed: str = "", constraint: str = "", many: bool = False) -> str:
    collection = ' isCollection="true"' if many else ""
    parts = f"<typeRef>{base}</typeRef>"
    parts += f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    parts += f"<typeConstraint><text>{escape(constraint)}</text></typeConstraint>" if constraint else ""
    return f'<itemDefinition name="{name}"{collection}>{parts}</itemDefinition>'


def structure(name: str, *components: str) -> str:
    inner = "".join(components).replace("itemDefinition", "itemComponent")
    return f'<itemDefinition name="{name}">{inner}</itemDefinition>'


ITEMS = "".join([
    item("tWord", "string", allowed='"foo", "bar"'),
    item("tCopy", "tWord"),
    item("tSide", "tWord", allowed='"left", "right"'),
    item("tWords", "tWord", many=True),
    item("tFew", "number", constraint="count(?) < 3", many=True),
    structure("tPerson", item("name", "string"), item("age", "number", allowed="[0..150]")),
    structure("tSpan", item("from", "number"), item("to", "number", allowed="> from")),
    item("tSome", "tWords", allowed='"foo"'),
    structure("tTree", item("value", "number"), item("children", "tTree", many=True)),
    '<itemDefinition name="tToWord"><functionItem outputTypeRef="tWord">',
    '<parameters name="a"/></functionItem></itemDefinition>',
])  # fmt: skip


@pytest.mark.parametrize(
    ("source", "type_", "expected"),
    [
        ("1 + 1", "string", None),
        ("[1, 2]", "number", None),
        ("[7]", "number", 7),
        ('["a"]', "number", None),
        ("[[7]]", "number", None),
        ('"foo"', "tWord", "foo"),
        ('"baz"', "tWord", None),
        ('"baz"', "tCopy", None),
        ('"left"', "tSide", "left"),
        ('"foo"', "tSide", None),
        ('"foo"', "tWords", ["foo"]),
        ('["foo", "baz"]', "tWords", None),
        ("null", "tWords", None),
        ("[1, 2]", "tFew", [1, 2]),
        ("[1, 2, 3]", "tFew", None),
        ('{name: "a", age: 3, more: 1}', "tPerson", {"name": "a", "age": 3, "more": 1}),
        ('{name: "a"}', "tPerson", None),
        ('{name: "a", age: 200}', "tPerson", None),
        ('{name: "a", age: null}', "tPerson", {"name": "a", "age": None}),
        ("{from: 1, to: 2}", "tSpan", {"from": 1, "to": 2}),
        ("{from: 1, to: 1}", "tSpan", None),
        ('["foo", "foo"]', "tSome", ["foo", "foo"]),
        ('["foo", "bar"]', "tSome", None),
        ("{value: 1, children: [{value: 2, children: []}]}", "tTree",
         {"value": 1, "children": [{"value": 2, "children": []}]}),
        ('{value: 1, children: [{value: "x", children: []}]}', "tTree", None),
        ('date("2026-01-02")', "date and time", datetime(2026, 1, 2, tzinfo=UTC)),
        ("5", "tNobodyKnows", 5),
        ("5", "feel:number", 5),
    ],
)  # fmt: skip
def test_value_becomes_what_the_type_asks_for(source: str, type_: str, expected: Any) -> None:
    variable = decided(literal(source), {}, ITEMS, type_=type_)
    expression = decided(literal(source, type_), {}, ITEMS)
    assert variable.value == expression.value == expected
    assert bool(variable.warnings) == (expected is None and source != "null")


def test_input_data_of_another_type_is_null_with_a_reason() -> None:
    asked = model(ITEMS, data("w", "tWord"), decision("d", literal("w"), needs=["!w"]))
    assert asked.decide("d", {"w": "foo"}).value == "foo"
    result = asked.decide("d", {"w": "baz"})
    assert result.value is None
    assert (result.warnings[0].code, result.warnings[0].element_id) == ("wrong-type", "w")
    assert str(result.warnings[0]) == 'w: "baz" (string) is not of type tWord, so it counts as null.'


def test_text_becomes_the_date_that_input_data_ask_for() -> None:
    asked = model(data("day", "date"), decision("d", literal('day + duration("P1D")'), needs=["!day"]))
    assert asked.decide("d", {"day": "2026-02-28"}).value == date(2026, 3, 1)


def test_parameters_and_results_of_knowledge_models_are_bound_to_their_types() -> None:
    parts = (
        ITEMS,
        knowledge("strict", {"w": "tWord"}, literal("w")),
        knowledge("typed", {"a": None}, literal("a"), type_="tToWord"),
        knowledge("one", {"a": None}, literal("[a]", "number")),
        decision("d", literal('[strict("foo"), strict("baz"), typed("foo"), typed("baz"), one(5)]'),
                 knows=["strict", "typed", "one"]),
    )  # fmt: skip
    assert model(*parts).decide("d", {}).value == ["foo", None, "foo", None, 5]


def test_function_is_not_called_with_an_argument_of_another_type() -> None:
    parts = (
        ITEMS,
        data("x", "tWord"),
        knowledge("missing", {"w": "tWord"}, literal("w = null")),
        decision("out", literal("x = null"), needs=["!x"]),
        service("s", ["out"], inputs=["!x"]),
        knowledge("typed", {}, literal('(function(n: number) n = null)("a")')),
        decision("d", literal('[missing(null), missing("baz"), s(null), s("baz"), typed()]'),
                 knows=["missing", "s", "typed"]),
    )  # fmt: skip
    assert model(*parts).decide("d", {}).value == [True, None, True, None, None]


def test_result_of_a_service_is_bound_to_its_type() -> None:
    parts = (ITEMS, data("x"), decision("out", literal("x"), needs=["!x"]))
    asked = model(*parts, service("s", ["out"], inputs=["!x"], type_="tToWord"))
    assert asked.decide("s", {"x": "foo"}).value == "foo"
    assert asked.decide("s", {"x": "baz"}).value is None


def test_function_value_is_bound_to_a_function_type() -> None:
    parts = (
        ITEMS,
        decision("f", literal("function(a) a", "tToWord")),
        decision("d", literal('[f("foo"), f("baz")]'), needs=["f"]),
    )
    assert model(*parts).decide("d", {}).value == ["foo", None]


def test_type_that_is_itself_is_found() -> None:
    found = dmn.check(xml('<itemDefinition name="t"><typeRef>t</typeRef></itemDefinition>'))
    assert [one.rule for one in found] == ["type-cycle"]


def test_unknown_type_is_a_warning() -> None:
    found = dmn.check(xml(decision("d", literal("1"), type_="tNobody")))
    assert [(one.rule, one.severity) for one in found] == [("unknown-type", "warning")]
