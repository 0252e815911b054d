"""Requirement graphs (DMN 1.5 §6, §10.4): what is in sight, knowledge models, services, imports."""

import pytest

from engine import dmn
from tests.engine.dmn.models import OURS, data, decision, knowledge, literal, model, service, xml

OTHER = "https://hejie.example/other"
ITEMS = '<itemDefinition name="tWord"><typeRef>string</typeRef></itemDefinition>'


def test_required_decisions_are_made_first_and_once() -> None:
    asked = model(
        data("x"),
        decision("base", literal("x + 1"), needs=["!x"]),
        decision("left", literal("base * 2"), needs=["base"]),
        decision("right", literal("base * 3"), needs=["base"]),
        decision("top", literal("left + right"), needs=["left", "right"]),
    )
    assert asked.decide("top", {"x": 1}).value == 10


def test_decision_that_is_not_required_is_not_in_sight() -> None:
    asked = model(decision("hidden", literal("1")), decision("d", literal("hidden")))
    assert asked.decide("d", {}).value is None


def test_given_value_stands_in_for_a_required_decision() -> None:
    asked = model(decision("base", literal('"own"')), decision("d", literal("base"), needs=["base"]))
    assert asked.decide("d", {}).value == "own"
    assert asked.decide("d", {"base": "given"}).value == "given"


def test_decision_without_logic_takes_what_is_given() -> None:
    asked = model(decision("expert", ""), decision("d", literal("expert"), needs=["expert"]))
    assert asked.decide("d", {"expert": "yes"}).value == "yes"
    assert asked.decide("d", {}).value is None


def test_unknown_decision_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(dmn.DmnError, match=r"no decision nothing\. There are: one, two"):
        model(decision("one", literal("1")), decision("two", literal("2"))).decide("nothing", {})


def test_knowledge_model_is_a_function_of_its_parameters() -> None:
    double = knowledge("double", {"n": "number"}, literal("n * 2"))
    asked = model(double, decision("d", literal("double(4) + double(n: 1)"), knows=["double"]))
    assert asked.decide("d", {}).value == 10
    assert asked.decide("double", {"n": 21}).value == 42


def test_knowledge_model_sees_what_it_requires_and_nothing_else() -> None:
    parts = (
        knowledge("inner", {"n": None}, literal("n + 1")),
        knowledge("outer", {"n": None}, literal("inner(n) * 10"), knows=["inner"]),
        knowledge("blind", {"n": None}, literal("inner(n)")),
        decision("d", literal("outer(1)"), knows=["outer"]),
        decision("e", literal("blind(1)"), knows=["blind", "inner"]),
    )
    assert model(*parts).decide("d", {}).value == 20
    assert model(*parts).decide("e", {}).value is None


def test_knowledge_model_may_call_itself() -> None:
    logic = literal("if n <= 1 then 1 else n * factorial(n - 1)")
    asked = model(
        knowledge("factorial", {"n": "number"}, logic), decision("d", literal("factorial(6)"), knows=["factorial"])
    )
    assert asked.decide("d", {}).value == 720


def test_wrong_number_of_arguments_gives_null() -> None:
    asked = model(knowledge("f", {"n": None}, literal("n")), decision("d", literal("f(1, 2)"), knows=["f"]))
    result = asked.decide("d", {})
    assert result.value is None
    assert result.warnings


def test_service_takes_input_data_before_decisions_and_gives_one_output_as_it_is() -> None:
    asked = model(
        data("i"),
        decision("j", literal('"never asked"')),
        decision("out", literal('i + "-" + j'), needs=["!i", "j"]),
        service("s", ["out"], inputs=["j", "!i"]),
        decision("d", literal('s("A", "B")'), knows=["s"]),
    )
    assert asked.decide("d", {}).value == "A-B"
    assert asked.decide("s", {"i": "x", "j": "y"}).value == "x-y"


def test_service_gives_several_outputs_as_a_context_and_keeps_its_inputs_to_itself() -> None:
    asked = model(
        data("i"),
        decision("one", literal("i"), needs=["!i"]),
        decision("two", literal("one + 1"), needs=["one"]),
        service("s", ["one", "two"], inputs=["!i"]),
        decision("d", literal("[s(5), i]"), needs=["!i"], knows=["s"]),
    )
    assert asked.decide("d", {"i": 1}).value == [{"one": 5, "two": 6}, 1]


def test_missing_input_decision_of_a_service_is_null_not_decided() -> None:
    parts = (
        decision("j", literal("1")),
        decision("out", literal("j = null"), needs=["j"]),
        service("s", ["out"], inputs=["j"]),
    )
    assert model(*parts).decide("s", {}).value is True


def test_own_namespace_in_a_reference_means_this_model() -> None:
    asked = model(decision("a", literal("1")), decision("d", literal("a"), needs=[f"{OURS}#a"]))
    assert asked.decide("d", {}).value == 1


def test_imported_decision_knowledge_and_type_are_used_by_the_name_of_the_import() -> None:
    other = xml(
        ITEMS,
        data("who", "string"),
        decision("greeting", literal('"Hello " + who'), needs=["!who"]),
        knowledge("shout", {"text": "tWord"}, literal("upper case(text)")),
        namespace=OTHER,
    )
    asked = model(
        f'<import name="other" namespace="{OTHER}" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        decision(
            "d",
            literal("other.shout(other.greeting)"),
            needs=[f"{OTHER}#greeting"],
            knows=[f"{OTHER}#shout"],
            type_="other.tWord",
        ),
        imports={OTHER: other},
    )
    assert asked.findings == ()
    assert asked.decide("d", {"who": "Li"}).value == "HELLO LI"
    assert asked.decide("d", {"who": "Li", "other": {"who": "Wu"}}).value == "HELLO WU"


def test_import_without_a_name_brings_its_names_as_they_are() -> None:
    other = xml(ITEMS, decision("base", literal('"x"')), namespace=OTHER)
    asked = model(
        f'<import name="" namespace="{OTHER}" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        decision("d", literal('base + "y"'), needs=[f"{OTHER}#base"], type_="tWord"),
        imports={OTHER: other},
    )
    assert (asked.findings, asked.decide("d", {}).value) == ((), "xy")


def test_missing_import_and_unknown_requirement_are_found() -> None:
    found = dmn.check(
        xml(
            f'<import name="o" namespace="{OTHER}" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
            decision("d", literal("1"), needs=["nobody"]),
        )
    )
    assert [(one.rule, one.severity) for one in found] == [
        ("unknown-import", "error"),
        ("unknown-requirement", "error"),
    ]


def test_models_that_import_each_other_are_refused() -> None:
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    first = xml(f'<import name="b" namespace="{OTHER}" importType="{kind}"/>', decision("d", literal("1")))
    second = xml(f'<import name="a" namespace="{OURS}" importType="{kind}"/>', namespace=OTHER)
    found = dmn.parse(first, imports={OURS: first, OTHER: second})
    assert [one.rule for one in found.imports["b"].findings] == ["import-cycle"]


def test_decision_that_requires_itself_is_found_and_ends() -> None:
    parts = (
        decision("a", literal("b"), needs=["b"]),
        decision("b", literal("a"), needs=["a"]),
    )
    assert [one.rule for one in dmn.check(xml(*parts))] == ["requirement-cycle"]
    result = model(*parts).decide("a", {})
    assert (result.value, result.warnings[0].code) == (None, "requirement-cycle")


def test_data_that_a_knowledge_model_reads_without_requiring_them_have_dates() -> None:
    trip = '<itemDefinition name="T"><itemComponent name="on"><typeRef>date</typeRef></itemComponent></itemDefinition>'
    late = knowledge("late", {"day": "date"}, literal("day > trip.on"))
    one = model(trip, data("trip", "T"), late, decision("d", literal('late(date("2026-01-02"))'), knows=["late"]))
    assert one.decide("d", {"trip": {"on": "2026-01-01"}}).value is True
