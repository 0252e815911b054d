"""Decision tables (DMN 1.5 §8): hit policies, allowed values, defaults, and what is reported."""

from typing import Any

import pytest

from tests.engine.dmn.models import decided, decision, model, table

AGES = [["< 18", '"child"'], ["[18..60)", '"adult"'], [">= 60", '"elder"']]
MARKS = [[">= 1", '"low"'], [">= 2", '"high"'], [">= 3", '"low"']]


def outcome(policy: str, rules: list[list[str]], value: Any, **more: Any) -> Any:
    return decided(table(["x"], rules, policy=policy, **more), {"x": value})


@pytest.mark.parametrize(("age", "expected"), [(17, "child"), (18, "adult"), (59.5, "adult"), (60, "elder")])
def test_unique_table_gives_the_rule_that_holds(age: float, expected: str) -> None:
    assert outcome("UNIQUE", AGES, age).value == expected


def test_report_names_rule_and_place() -> None:
    result = outcome("UNIQUE", AGES, 30)
    assert result.fired_rules == {"t": ["r2"]}
    assert [(one.table, one.rule, one.position) for one in result.fired] == [("t", "r2", 2)]


def test_unique_table_with_two_rules_gives_null_and_says_which() -> None:
    result = outcome("UNIQUE", [["> 1", "1"], ["> 2", "2"]], 3)
    assert result.value is None
    assert [(one.code, one.element_id) for one in result.warnings] == [("several-rules", "t")]
    assert "1, 2" in result.warnings[0].message


def test_any_table_wants_equal_results() -> None:
    assert outcome("ANY", [["> 1", '"a"'], ["> 2", '"a"']], 3).value == "a"
    result = outcome("ANY", [["> 1", '"a"'], ["> 2", '"b"']], 3)
    assert (result.value, result.warnings[0].code) == (None, "different-results")


def test_first_table_stops_at_the_first_rule() -> None:
    result = outcome("FIRST", MARKS, 3)
    assert (result.value, result.fired_rules) == ("low", {"t": ["r1"]})


def test_priority_table_gives_the_first_of_the_output_values() -> None:
    assert outcome("PRIORITY", MARKS, 3, values={"": '"high", "low"'}).value == "high"


def test_output_order_table_sorts_by_the_output_values() -> None:
    assert outcome("OUTPUT ORDER", MARKS, 3, values={"": '"high", "low"'}).value == ["high", "low", "low"]


def test_rule_order_table_keeps_the_order_of_rules() -> None:
    assert outcome("RULE ORDER", MARKS, 3).value == ["low", "high", "low"]


def test_priority_of_several_outputs_goes_from_left_to_right() -> None:
    rules = [["> 0", '"a"', "2"], ["> 0", '"b"', "1"], ["> 0", '"a"', "1"]]
    values = {"first": '"a", "b"', "second": "1, 2"}
    result = outcome("PRIORITY", rules, 1, outputs=["first", "second"], values=values)
    assert result.value == {"first": "a", "second": 1}


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("", [5, 1, 3]), ('aggregation="SUM"', 9), ('aggregation="MIN"', 1), ('aggregation="MAX"', 5),
     ('aggregation="COUNT"', 3)],
)  # fmt: skip
def test_collect_table_lists_or_aggregates(aggregation: str, expected: Any) -> None:
    rules = [["> 0", "5"], ["> 0", "1"], ["> 0", "3"], ["> 9", "100"]]
    assert outcome("COLLECT", rules, 1, more=aggregation).value == expected


def test_letters_stand_for_hit_policies() -> None:
    assert outcome("F", MARKS, 3).value == "low"


def test_no_rule_gives_null_without_a_default() -> None:
    result = outcome("UNIQUE", [["1", '"one"']], 2)
    assert (result.value, result.warnings, result.fired) == (None, (), ())


def test_no_rule_gives_the_default() -> None:
    result = outcome("UNIQUE", [["1", '"one"']], 2, outputs=["o"], defaults={"o": '"other"'})
    assert result.value == "other"


def test_several_outputs_make_a_context() -> None:
    result = outcome("UNIQUE", [["1", '"a"', "x + 1"]], 1, outputs=["name", "next"])
    assert result.value == {"name": "a", "next": 2}


def test_input_that_is_not_allowed_counts_as_null() -> None:
    rules = [['"foo"', '"complies"'], ["null", '"does not"']]
    result = outcome("UNIQUE", rules, "baz", values={"x": '"foo", "bar"'})
    assert (result.value, result.warnings[0].code) == ("does not", "input-not-allowed")


def test_input_of_another_type_counts_as_null() -> None:
    result = outcome("UNIQUE", [["-", "x"]], "7", types={"x": "number"})
    assert result.warnings[0].code == "wrong-type"
    assert outcome("UNIQUE", [["> 5", "1"]], "7", types={"x": "number"}).value is None


def test_output_that_is_not_allowed_is_null() -> None:
    result = outcome("UNIQUE", [["-", '"c"']], 1, outputs=["o"], values={"o": '"a", "b"'})
    assert (result.value, result.warnings[0].code) == (None, "output-not-allowed")


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [("-", None, True), ("", 3, True), ("1, 3", 3, True), ("not(1, 3)", 3, False), ("not(1, 3)", 2, True),
     ("]1..3[", 3, False), ("(1..3]", 3, True), ('"a", "b"', "b", True), ("null", None, True), ("< 5", None, False),
     ("true", True, True), ("false", False, True), ("? > 2 and ? < 4", 3, True), ('starts with(?, "a")', "abc", True),
     ("[1, 2, 3]", 2, True), ("y", 3, True), ("< y", 3, False)],
)  # fmt: skip
def test_cell_accepts(cell: str, value: Any, holds: bool) -> None:
    result = decided(table(["x"], [[cell, '"yes"']]), {"x": value, "y": 3})
    assert (result.value == "yes") is holds


def test_dates_and_durations_are_compared() -> None:
    rules = [['< date("2026-01-01")', '"old"'], ['>= date("2026-01-01")', '"new"']]
    assert decided(table(['date("2026-05-04")'], rules)).value == "new"
    assert decided(table(['duration("PT36H")'], [['> duration("P1D")', '"long"']])).value == "long"


def test_table_without_inputs_has_one_rule_that_holds() -> None:
    assert decided(table([], [['"always"']])).value == "always"


def test_all_values_on_the_way_are_told() -> None:
    asked = model(
        decision("base", "<literalExpression><text>2</text></literalExpression>"),
        decision("top", table(["base"], [["2", "base * 10"]]), needs=["base"]),
    ).decide("top", {})
    assert dict(asked.values) == {"base": 2, "top": 20}
