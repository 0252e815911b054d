"""Boxed expressions (DMN 1.5 §10.2)."""

from typing import Any

import pytest

from engine import dmn
from tests.engine.dmn.models import decided, decision, literal, xml


def entry(name: str | None, logic: str, type_: str = "") -> str:
    reference = f' typeRef="{type_}"' if type_ else ""
    variable = f'<variable name="{name}"{reference}/>' if name is not None else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def parts(**logic: str) -> str:
    return "".join(f"<{name}>{inner}</{name}>" for name, inner in logic.items())


def test_context_entries_see_those_before_them() -> None:
    logic = f"<context>{entry('a', literal('1'))}{entry('b', literal('a + 1'))}</context>"
    assert decided(logic).value == {"a": 1, "b": 2}


def test_context_with_a_result_is_its_result() -> None:
    logic = f"<context>{entry('a', literal('20'))}{entry(None, literal('a + 1'))}</context>"
    assert decided(logic).value == 21


def test_context_entry_is_bound_to_its_type() -> None:
    logic = f"<context>{entry('a', literal('1'), 'string')}{entry('b', literal('[2]'), 'number')}</context>"
    result = decided(logic)
    assert result.value == {"a": None, "b": 2}
    assert [one.code for one in result.warnings] == ["wrong-type"]


def test_list_and_relation() -> None:
    assert decided(f"<list>{literal('1')}<list>{literal('2')}</list></list>").value == [1, [2]]
    columns = '<column name="a"/><column name="b" typeRef="string"/>'
    rows = f"<row>{literal('1')}{literal('2')}</row><row>{literal('3')}{literal('x')}</row>"
    assert decided(f"<relation>{columns}{rows}</relation>", {"x": "y"}).value == [
        {"a": 1, "b": None},
        {"a": 3, "b": "y"},
    ]


def test_function_definition_closes_over_what_it_sees() -> None:
    function = (
        f'<functionDefinition><formalParameter name="n" typeRef="number"/>{literal("n * k")}</functionDefinition>'
    )
    logic = (
        f"<context>{entry('k', literal('3'))}{entry('f', function)}{entry(None, literal('[f(2), f([4])]'))}</context>"
    )
    assert decided(logic).value == [6, 12]


def test_result_type_may_stand_where_the_function_type_belongs() -> None:
    function = f'<functionDefinition><formalParameter name="n"/>{literal("n")}</functionDefinition>'
    logic = f"<context>{entry('f', function, 'number')}{entry(None, literal('[f(1), f(true)]'))}</context>"
    assert decided(logic).value == [1, None]


def test_functions_in_functions() -> None:
    inner = f'<functionDefinition><formalParameter name="b"/>{literal("a * b")}</functionDefinition>'
    outer = f'<functionDefinition><formalParameter name="a"/>{inner}</functionDefinition>'
    logic = f"<context>{entry('f', outer)}{entry(None, literal('f(10)(3)'))}</context>"
    assert decided(logic).value == 30


def invocation(function: str, **bindings: str) -> str:
    bound = "".join(
        f'<binding><parameter name="{key}"/>{literal(source)}</binding>' for key, source in bindings.items()
    )
    return f"<invocation>{literal(function)}{bound}</invocation>"


def test_invocation_binds_by_name() -> None:
    assert decided(invocation("function(a, b) a - b", b="1", a="10")).value == 9


@pytest.mark.parametrize(
    "logic", [invocation("function(a) a"), invocation("function(a) a", b="1"), invocation("5", a="1")]
)
def test_invocation_that_does_not_fit_gives_null(logic: str) -> None:
    result = decided(logic)
    assert result.value is None
    assert result.warnings


@pytest.mark.parametrize(("test", "expected"), [("true", 1), ("false", 2), ("null", 2), ('"x"', 2)])
def test_conditional_takes_then_for_true_alone(test: str, expected: int) -> None:
    logic = parts(**{"if": literal(test), "then": literal("1"), "else": literal("2")})
    assert decided(f"<conditional>{logic}</conditional>").value == expected


@pytest.mark.parametrize(
    ("items", "match", "expected"),
    [("[1, 2, 3]", "item >= 2", [2, 3]), ("[1]", "item > 5", []), ("[{a: 1}, {a: 2}]", "a = 2", [{"a": 2}]),
     ("7", "item = 7", [7]), ("[1, 2]", '"x"', None), ("null", "true", [])],
)  # fmt: skip
def test_filter(items: str, match: str, expected: Any) -> None:
    logic = parts(**{"in": literal(items), "match": literal(match)})
    assert decided(f"<filter>{logic}</filter>").value == expected


def test_for_sees_its_results_so_far() -> None:
    logic = parts(**{"in": literal("[1, 2, 3]"), "return": literal("i + count(partial)")})
    assert decided(f'<for iteratorVariable="i">{logic}</for>').value == [1, 3, 5]


@pytest.mark.parametrize(
    ("kind", "items", "test", "expected"),
    [("some", "[1, 2]", "i > 1", True), ("some", "[1, 2]", "i > 2", False), ("some", "[]", "true", False),
     ("some", "[null, 2]", "i > 1", True), ("some", "[null, 1]", "i > 1", None), ("some", "[1]", '"x"', None),
     ("every", "[1, 2]", "i > 0", True), ("every", "[1, 2]", "i > 1", False), ("every", "[]", "false", True),
     ("every", "[2, null]", "i > 1", None), ("every", "[null, 1]", "i > 1", False), ("every", "1", '"x"', None)],
)  # fmt: skip
def test_quantifiers_have_three_values(kind: str, items: str, test: str, expected: bool | None) -> None:
    logic = parts(**{"in": literal(items), "satisfies": literal(test)})
    assert decided(f'<{kind} iteratorVariable="i">{logic}</{kind}>').value is expected


def test_function_of_another_language_is_found_and_gives_null() -> None:
    logic = f'<functionDefinition kind="Java">{literal("1")}</functionDefinition>'
    assert [one.rule for one in dmn.check(xml(decision("d", logic)))] == ["external-function"]


def test_one_broken_expression_leaves_the_others_alone() -> None:
    file = xml(decision("good", literal("1")), decision("bad", literal("1 +")), decision("worse", literal(")")))
    found = dmn.check(file)
    assert [(one.rule, one.element_id, one.line) for one in found] == [
        ("feel-syntax", "bad", 1),
        ("feel-syntax", "worse", 1),
    ]
    read = dmn.parse(file)
    assert read.decide("good", {}).value == 1
    result = read.decide("bad", {})
    assert (result.value, result.warnings[0].code) == (None, "broken-expression")
