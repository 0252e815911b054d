"""Whatever a model says, asking it ends: with a value, null and a reason, or a budget that is used up."""

import time
from contextlib import suppress

import pytest

from engine import dmn, feel
from tests.engine.dmn.models import decided, decision, knowledge, literal, model, table, xml

SMALL = feel.Runtime(budget=feel.Budget(steps=20_000))


def asked(*parts: str) -> None:
    with pytest.raises(feel.FeelBudgetExceeded):
        model(*parts).decide("d", {}, runtime=SMALL)


def test_knowledge_that_calls_itself_for_ever_ends() -> None:
    asked(knowledge("f", {"n": None}, literal("f(n + 1)")), decision("d", literal("f(1)"), knows=["f"]))


def test_knowledge_that_calls_itself_twice_each_time_ends() -> None:
    twice = literal("if n = 0 then 1 else f(n - 1) + f(n - 1)")
    asked(knowledge("f", {"n": None}, twice), decision("d", literal("f(40)"), knows=["f"]))


def test_two_knowledge_models_that_call_each_other_end() -> None:
    asked(
        knowledge("f", {"n": None}, literal("g(n)"), knows=["g"]),
        knowledge("g", {"n": None}, literal("f(n)"), knows=["f"]),
        decision("d", literal("f(1)"), knows=["f"]),
    )


def test_boxed_iterators_in_each_other_share_one_budget() -> None:
    inner = literal("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]")
    logic = literal("i")
    for depth in range(8):
        logic = f'<for iteratorVariable="i{depth}"><in>{inner}</in><return>{logic}</return></for>'
    asked(decision("d", logic))


def test_many_decisions_share_one_budget() -> None:
    parts = [decision("d0", literal("count(for i in 1..5000 return i)"))]
    for number in range(1, 20):
        source = f"count(for i in 1..5000 return i) + d{number - 1}"
        parts.append(decision(f"d{number}", literal(source), needs=[f"d{number - 1}"]))
    parts.append(decision("d", literal("d19"), needs=["d19"]))
    asked(*parts)


def test_types_of_values_that_hold_one_value_twice_at_every_depth_cost_steps() -> None:
    parts = ['<itemDefinition name="T0"><typeRef>number</typeRef></itemDefinition>', decision("d0", literal("1"))]
    for n in range(1, 41):
        pair = "".join(f'<itemComponent name="{one}"><typeRef>T{n - 1}</typeRef></itemComponent>' for one in "ab")
        parts.append(f'<itemDefinition name="T{n}">{pair}</itemDefinition>')
        name = "d" if n == 40 else f"d{n}"
        parts.append(decision(name, literal(f"{{a: d{n - 1}, b: d{n - 1}}}"), needs=[f"d{n - 1}"], type_=f"T{n}"))
    asked(*parts)


def test_long_chain_of_decisions_ends() -> None:
    parts = [decision("d0", literal("1"))]
    parts += [decision(f"d{n}", literal(f"d{n - 1} + 1"), needs=[f"d{n - 1}"]) for n in range(1, 400)]
    with suppress(feel.FeelBudgetExceeded):
        assert model(*parts).decide("d399", {}).value == 400


def test_deep_nesting_is_found() -> None:
    logic = "<list>" * 80 + literal("1") + "</list>" * 80
    assert "too-deep" in [one.rule for one in dmn.check(xml(decision("d", logic)))]


def test_huge_table_is_read_and_checked_in_time() -> None:
    rules = [[f"[{n}..{n + 1})", f'"{n % 7}"', str(n)] for n in range(1500)]
    began = time.process_time()
    dmn.check(xml(decision("d", table(["x", "y"], rules))))
    assert time.process_time() - began < 30


def test_table_beyond_all_measure_is_refused() -> None:
    rules = [[str(n), "1"] for n in range(5001)]
    assert ("too-large", "error") in [
        (one.rule, one.severity) for one in dmn.check(xml(decision("d", table(["x"], rules))))
    ]
    columns = [f"x{n}" for n in range(101)]
    found = dmn.check(xml(decision("d", table(columns, [["-"] * 101 + ["1"]]))))
    assert "too-large" in [one.rule for one in found]


def test_models_that_import_the_next_one_twice_are_read_once_each() -> None:
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    files = {
        f"n{n}": xml(
            "".join(f'<import name="{key}" namespace="n{n + 1}" importType="{kind}"/>' for key in "ab" if n < 18),
            decision("d", literal("1" if n == 18 else "a.d + b.d"), needs=[] if n == 18 else [f"n{n + 1}#d"]),
            namespace=f"n{n}",
        )
        for n in range(19)
    }
    assert dmn.parse(files["n0"], imports=files).imports["a"].name == "test"


def test_nothing_of_python_is_within_reach() -> None:
    for source in ("x.__class__", "__import__", "d.__init__", '"".join', "x.logic"):
        assert decided(literal(source), {"x": 1}).value is None
