"""Gaps, overlaps and dead rules of tables are found, with an example, and only where they are."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import dmn
from engine.dmn.checking import findings
from tests.engine.dmn.models import decision, model, table, xml

COVERAGE = ("gap", "overlap", "dead-rule", "not-analysed")


def found(columns: Sequence[str], rules: Sequence[Sequence[str]], **more: Any) -> list[dmn.Finding]:
    return [one for one in dmn.check(xml(decision("d", table(columns, rules, **more)))) if one.rule in COVERAGE]


def test_complete_table_has_no_finding() -> None:
    rules = [["< 18", "-", "1"], [">= 18", "true", "2"], [">= 18", "false", "3"]]
    assert found(["age", "member"], rules) == []


def test_gap_between_whole_numbers_is_told_with_an_example() -> None:
    [gap] = found(["age"], [["<= 17", "1"], [">= 18", "2"]])
    assert (gap.rule, gap.severity, gap.box, gap.example) == ("gap", "warning", "age (17..18)", {"age": 17.5})
    assert gap.message == "No rule holds for age (17..18)."


def test_gap_of_two_columns_is_a_box() -> None:
    [gap] = found(["age", "member"], [["< 18", "-", "1"], [">= 18", "true", "2"]])
    assert gap.box == "age >= 18; member false"
    assert gap.example == {"age": 18, "member": False}


def test_texts_without_limits_leave_others_open_and_limits_close_them() -> None:
    rules = [['"a"', "1"], ['"b"', "2"]]
    [gap] = found(["x"], rules)
    assert (gap.box, gap.example) == ('x not("a", "b")', {"x": "another"})
    assert found(["x"], rules, values={"x": '"a", "b"'}) == []
    [missing] = found(["x"], rules, values={"x": '"a", "b", "c"'})
    assert missing.example == {"x": "c"}


def test_dates_have_no_gap_between_neighbouring_days() -> None:
    rules = [['<= date("2026-01-31")', "1"], ['>= date("2026-02-01")', "2"]]
    assert found(["day"], rules) == []


def test_default_output_fills_every_gap() -> None:
    assert found(["x"], [["1", "1"]], outputs=["o"], defaults={"o": "0"}) == []


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_tables_that_gather_may_have_gaps_and_overlaps(policy: str) -> None:
    assert found(["x"], [["1", "1"], ["[1..2]", "2"]], policy=policy, values={"": "1, 2"}) == []


def test_overlap_names_both_rules_and_an_example() -> None:
    rules = [["<= 18", '"a"'], [">= 18", '"b"']]
    [overlap] = found(["x"], rules)
    assert (overlap.rule, overlap.rules, overlap.element_id, overlap.example) == ("overlap", (1, 2), "r2", {"x": 18})


def test_any_table_may_overlap_with_the_same_result() -> None:
    rules = [["<= 18", '"a"'], [">= 18", '"a"']]
    assert found(["x"], rules, policy="ANY") == []
    [overlap] = found(["x"], [rules[0], [">= 18", '"b"']], policy="ANY")
    assert "results differ" in overlap.message


def test_rule_behind_those_that_take_all_of_it_is_dead() -> None:
    rules = [["< 10", "-", "1"], [">= 10", "true", "2"], ["[0..5]", "-", "3"], ["-", "-", "4"]]
    [dead] = found(["x", "y"], rules, policy="FIRST")
    assert (dead.rule, dead.rules) == ("dead-rule", (3,))


def test_last_rule_for_anything_is_there_for_what_is_missing() -> None:
    assert found(["x"], [["true", "1"], ["false", "2"], ["-", "3"]], policy="FIRST") == []


def test_cells_that_are_not_plain_never_raise_an_alarm_and_are_told() -> None:
    rules = [["even(?)", "1"], ["odd(?)", "2"]]
    [note] = found(["x"], rules)
    assert (note.rule, note.rules) == ("not-analysed", (1, 2))


def test_the_same_intricate_cell_before_makes_a_rule_dead() -> None:
    rules = [["even(?)", "-", "1"], ["even(?)", "5", "2"], ["-", "-", "3"]]
    assert [one.rules for one in found(["x", "y"], rules, policy="FIRST")] == [(2,)]


def test_many_gaps_are_told_in_part() -> None:
    rules = [[f"{number}", f'"{number}"', "1"] for number in range(0, 100, 2)]
    assert [one.message for one in found(["x", "y"], rules)][-1] == "There are more gaps."


def test_neighbours_in_a_gap_are_one_interval() -> None:
    rules = [["< 3", "true", "1"], ["> 3", "true", "2"], ["[5..7]", "false", "3"]]
    assert [one.box for one in found(["x", "y"], rules)] == ["x < 3; y false", "x 3", "x (3..5), > 7; y false"]


def test_intricate_table_is_given_up_in_time() -> None:
    names = [f"x{number}" for number in range(12)]
    rules = [[*("> 1" if column == row % 12 else "< 9" for column in range(12)), str(row)] for row in range(200)]
    assert found(names, rules)  # and it ends


NUMBERS = st.sampled_from(["-", "1", "2", "< 2", ">= 2", "[1..3]", "(1..3)", "1, 3", "not(2)", "> 3", "<= 1"])
WORDS = st.sampled_from(["-", '"a"', '"b"', '"a", "b"', 'not("a")', '"c"'])
SWITCHES = st.sampled_from(["-", "true", "false"])
ROWS = st.lists(st.tuples(NUMBERS, WORDS, SWITCHES), min_size=1, max_size=6)
POINTS = list(product([0, 1, 1.5, 2, 2.5, 3, 4], ["a", "b", "c", "another"], [True, False]))


@given(ROWS)
def test_findings_agree_with_trying_all_values(rows: list[tuple[str, str, str]]) -> None:
    columns, rules = ["n", "w", "s"], [[*row, str(number)] for number, row in enumerate(rows)]
    tried = model(decision("d", table(columns, rules, policy="RULE ORDER")))
    holding = [tried.decide("d", dict(zip(columns, point, strict=True))).value for point in POINTS]

    unique = findings(model(decision("d", table(columns, rules))))
    assert any(one.rule == "gap" for one in unique) is any(not one for one in holding)
    assert any(one.rule == "overlap" for one in unique) is any(len(one) > 1 for one in holding)
    for one in unique:
        if one.example is not None and one.rule in ("gap", "overlap"):
            given = {"n": 0, "w": "a", "s": True, **one.example}
            held = len(tried.decide("d", given).value)
            assert held == 0 if one.rule == "gap" else held > 1

    first = [index for one in findings(model(decision("d", table(columns, rules, policy="FIRST"))))
             if one.rule == "dead-rule" for index in one.rules]  # fmt: skip
    reached = {one[0] for one in holding if one}
    for index in first:
        assert index - 1 not in reached


def test_negated_intervals_are_searched_too() -> None:
    [gap, overlap] = found(["x"], [["not(< 2, [3..4))", "1"], ["4", "2"]])
    assert (gap.rule, gap.box) == ("gap", "x < 2, [3..4)")
    assert (overlap.rule, overlap.rules, overlap.box) == ("overlap", (1, 2), "x 4")
    assert [one.rule for one in found(["x"], [["not([1..4])", "1"], ["[1..4]", "2"]])] == []
    [everything] = found(["x"], [["not(<= 3, >= 2)", "1"], [">= 0", "2"]])
    assert (everything.rule, everything.box) == ("gap", "x < 0")
