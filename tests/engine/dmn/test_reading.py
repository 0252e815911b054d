"""What is read, what is refused, and what is found, with place and advice."""

import pytest

from engine import dmn
from tests.engine.dmn.models import data, decision, literal, table, xml


def rules(*parts: str) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in dmn.check(xml(*parts))]


@pytest.mark.parametrize(
    "dialect",
    ["http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
     "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
     "http://www.omg.org/spec/DMN/20151101/dmn.xsd"],
)  # fmt: skip
def test_versions_of_the_standard_are_read(dialect: str) -> None:
    assert dmn.parse(xml(decision("d", literal("1")), dialect=dialect)).decide("d", {}).value == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"not xml", "not XML"),
        (b"", "not XML"),
        (b"<definitions/>", "XML without a namespace"),
        (xml(dialect="https://example.org/dmn"), "not DMN 1.1 to 1.5"),
        (b'<a xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>', "not a decision model but <a>"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]>' + xml()[38:], "DTD"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + xml()[38:], "DTD"),
        (b"<a>" * 1000, "not XML"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)  # fmt: skip
def test_what_is_no_decision_model_is_refused_in_a_sentence(file: bytes, words: str) -> None:
    with pytest.raises(dmn.DmnError, match=words):
        dmn.parse(file)
    [found] = dmn.check(file)
    assert found.severity == "error"


def test_all_that_is_wrong_comes_in_one_list() -> None:
    found = dmn.check(
        xml(
            data("unused", "number"),
            decision("a", literal("1 +"), needs=["!unused"]),
            decision("b", table(["x"], [["1", "2", "3"], ["(", "4"]], policy="BEST")),
            decision("c", literal("missing + 1")),
        )
    )
    assert {one.rule for one in found} >= {
        "feel-syntax", "unused-requirement", "cell-count", "hit-policy", "unknown-name",
    }  # fmt: skip
    assert all(one.message and one.hint for one in found)
    assert [one.element_id for one in found if one.rule == "cell-count"] == ["r1"]


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (table(["x"], [["-", "1"]], policy="PRIORITY"), ("no-priorities", "error")),
        (table(["x"], []), ("no-rules", "warning")),
        (table(["x"], [["-", '"c"']], values={"": '"a", "b"'}), ("output-not-allowed", "error")),
        (table(["x"], [["-", '"a"']], values={"": '"a", "b"'}), ("unreachable-output", "warning")),
        (table(["x"], [['"a"', "1"], ["-", "2"]], types={"x": "number"}), ("cell-never-holds", "warning")),
        (table(["x"], [['"q"', "1"], ["-", "2"]], values={"x": '"a"'}), ("cell-never-holds", "warning")),
        (table(["x"], [["even(?)", "1"], ["even(?)", "2"], ["-", "3"]], policy="ANY"), ("same-conditions", "warning")),
        (table(["x"], [["-", "1", "2"]], outputs=["o", ""], policy="COLLECT"), ("output-name", "error")),
        (table(["x"], [["-", "1"]], more='aggregation="SUM"'), ("aggregation", "error")),
        (literal("1 + 1", "string"), ("wrong-type", "warning")),
        (literal('if x then "a" else "b"', "number"), ("wrong-type", "warning")),
        (literal('@"2026-01-01"', "boolean"), ("wrong-type", "warning")),
        (table(["x"], [["-", '"a"']], outputs=["o"], types={"o": "number"}), ("wrong-type", "warning")),
        ("<context><contextEntry><variable name='a'/></contextEntry></context>", ("no-expression", "error")),
        ('<literalExpression expressionLanguage="juel"><text>${x}</text></literalExpression>', ("not-feel", "error")),
    ],
)  # fmt: skip
def test_finding(logic: str, expected: tuple[str, str]) -> None:
    assert expected in rules(decision("d", logic))


@pytest.mark.parametrize(
    ("source", "type_"),
    [("x", "string"), ("[1]", "number"), ('@"2026-01-01"', "date and time"), ("null", "number"), ("1 + x", "string")],
)
def test_expression_that_may_fit_its_type_is_let_be(source: str, type_: str) -> None:
    assert "wrong-type" not in [rule for rule, _ in rules(decision("d", literal(source, type_)))]


def test_ids_that_stand_twice_are_found() -> None:
    assert rules(decision("d", literal("1")), decision("d", literal("2"))) == [("defined-twice", "error")]


def test_names_with_spaces_and_signs_are_known_to_expressions() -> None:
    asked = dmn.parse(
        xml(
            '<inputData id="i" name="Monthly income (net)"><variable name="Monthly income (net)"/></inputData>',
            '<decision id="d" name="Yearly - income"><variable name="Yearly - income"/><informationRequirement>'
            f'<requiredInput href="#i"/></informationRequirement>{literal("Monthly income (net) * 12")}</decision>',
            decision("top", literal("Yearly - income + 1"), needs=["d"]),
        )
    )
    assert asked.decide("top", {"Monthly income (net)": 100}).value == 1201
