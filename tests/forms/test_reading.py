"""Reading form files: what is accepted, what is found."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import forms
from tests.forms.making import choices, form, parties, question, required, source


def rules(*components: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(finding.field, finding.rule) for finding in forms.check(source(*components, **more))]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (b"{", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b"[]", "not-a-form"),
        (b'{"type": "default"}', "not-a-form"),
        (b'{"type": "default", "components": {}}', "not-a-form"),
        (b" " * 1_000_001, "too-large"),
    ],
)
def test_what_is_no_form_is_refused_with_a_reason(text: bytes, rule: str) -> None:
    assert [finding.rule for finding in forms.check(text)] == [rule]
    with pytest.raises(forms.FormInvalid):
        forms.load(text)


def test_a_form_of_a_newer_editor_is_refused() -> None:
    assert rules(schemaVersion=20) == [("", "schema-version")]


@pytest.mark.parametrize("kind", ["html", "iframe", "image", "documentPreview"])
def test_foreign_content_is_refused(kind: str) -> None:
    assert rules({"type": kind, "id": "x", "content": "<b>"}) == [("x", "refused-type")]


def test_an_unknown_type_is_refused() -> None:
    assert rules({"type": "signature", "id": "x"}) == [("x", "unknown-type")]


def test_buttons_are_left_to_the_page() -> None:
    assert form({"type": "button", "id": "send", "label": "提交", "action": "submit"}).fields == ()


def test_nothing_is_dropped_in_silence() -> None:
    strange = question("textfield", "a", colour="red", validate={"max": 3}, properties={"lable.en": "A"})
    assert rules(strange) == [("a", "unknown-key"), ("a", "unknown-key"), ("a", "unknown-property")]


def test_what_the_editor_leaves_behind_is_no_finding() -> None:
    left = question(
        "textfield",
        "a",
        layout={"row": "Row_1", "columns": None},
        validate={"required": False, "min": None, "validationType": ""},
        conditional={"hide": ""},
        properties={"hejie.fact": "x"},
    )
    assert rules(left, exporter={"name": "form-js", "version": "1.23.0"}) == []


@pytest.mark.parametrize("missing", ["label.en", "option.a.en", "description.en"])
def test_every_missing_english_text_is_found(missing: str) -> None:
    component = question("radio", "x", description="提示", **choices("a"))
    component["properties"] |= {"label.en": "X", "description.en": "Hint"}
    assert rules(component) == []
    del component["properties"][missing]
    findings = forms.check(source(component))
    assert [(finding.rule, dict(finding.params)) for finding in findings] == [("english-missing", {"name": missing})]


def test_a_missing_chinese_text_is_an_error() -> None:
    assert rules({**question("textfield", "a"), "label": ""}) == [("a", "label-missing")]


def test_a_required_answer_must_say_why() -> None:
    assert rules(question("textfield", "a", validate={"required": True})) == [("a", "why-missing")]


def test_ids_and_keys_must_be_unique_in_their_scope() -> None:
    again = {**question("textfield", "b"), "key": "a"}
    assert rules(question("textfield", "a"), again) == [("b", "key-twice")]
    inner = {**question("textfield", "c"), "key": "a"}
    assert rules(question("textfield", "a"), parties(inner)) == []
    assert rules(question("textfield", "a"), {**question("textfield", "a"), "key": "b"}) == [("a", "id-twice")]


def test_a_key_inside_another_answer_is_refused() -> None:
    nested = {**question("textfield", "b"), "key": "a.b"}
    assert rules(question("textfield", "a"), nested) == [("b", "key-twice")]


@pytest.mark.parametrize("key", ["", "a b", "姓名", "1a", "__class__", "a..b", "a-b"])
def test_keys_are_ascii_names(key: str) -> None:
    assert rules({**question("textfield", "x"), "key": key}) == [("x", "key-missing")]


def test_a_choice_needs_options_without_repetition() -> None:
    assert rules(question("radio", "x")) == [("x", "options-missing")]
    twice = question("radio", "x", **choices("a"))
    twice["values"] *= 2
    twice["properties"]["label.en"] = "X"
    assert rules(twice) == [("x", "option-twice")]


@pytest.mark.parametrize("pattern", ["(", "(?=a)a", r"(a)\1", "a" * 201])
def test_patterns_that_could_not_run_safely_are_refused(pattern: str) -> None:
    bad = question(
        "textfield", "x", validate={"pattern": pattern}, properties={"patternMessage": "三位", "patternMessage.en": "3"}
    )
    assert rules(bad) == [("x", "pattern")]


def test_a_pattern_must_be_explained() -> None:
    assert rules(question("textfield", "x", validate={"pattern": "[a-z]+"})) == [("x", "pattern-message-missing")]


def refuse_all(expression: str) -> object:
    raise ValueError(f"cannot compile {expression}")


@pytest.mark.parametrize(
    "component",
    [
        question("textfield", "x", conditional={"hide": "=a +"}),
        {"type": "expression", "id": "x", "key": "x", "expression": "=a +"},
        {"type": "table", "id": "x", "label": "表", "dataSource": "=a +", "properties": {"label.en": "T"}},
        {"type": "text", "id": "x", "text": "见 {{a +}}", "properties": {"text.en": "See"}},
        question("select", "x", valuesExpression="=a +"),
    ],
)
def test_an_expression_that_does_not_compile_is_an_error(component: dict[str, Any]) -> None:
    found = forms.check(source(component), compile=refuse_all)
    assert [(finding.severity, finding.rule) for finding in found] == [("error", "expression")]
    assert "cannot compile a +" in found[0].message


def test_an_expression_must_begin_with_an_equals_sign() -> None:
    assert rules(question("textfield", "x", conditional={"hide": "a = 1"})) == [("x", "expression")]


def test_a_default_must_be_an_acceptable_answer() -> None:
    assert rules(question("number", "x", defaultValue="many")) == [("x", "default-value")]
    assert rules(question("radio", "x", defaultValue="c") | {"values": choices("a")["values"]})[-1] == (
        "x",
        "default-value",
    )


def test_wrong_values_are_found_not_raised() -> None:
    nonsense: list[Any] = [None, 1, "x", [], {}, True, {"type": 3}, {"type": "textfield", "id": []}]
    for value in nonsense:
        for key in ("validate", "properties", "conditional", "values", "components", "columns", "appearance", "label"):
            for kind in ("textfield", "radio", "number", "datetime", "group", "dynamiclist", "table", "filepicker"):
                component = copy.deepcopy({**question(kind, "x"), "path": "x", key: value})
                assert isinstance(forms.check(source(component, value)), list)
    for key in ("id", "schemaVersion", "title", "title.en", "law"):
        for value in nonsense:
            assert isinstance(forms.check({**source(), key: value}), list)


def test_too_many_or_too_deep_components_are_refused() -> None:
    many = [question("textfield", f"a{number}") for number in range(501)]
    assert [rule for _, rule in rules(*many)] == ["too-many"]
    deep: dict[str, Any] = question("textfield", "a")
    for level in range(9):
        deep = {"type": "group", "id": f"g{level}", "components": [deep]}
    assert [rule for _, rule in rules(deep)] == ["too-many"]


def test_controlling_answers_are_those_that_expressions_name() -> None:
    found = form(
        question("textfield", "a"),
        question("textfield", "b"),
        question("textfield", "c", conditional={"hide": '=total > 1 and x != "b"'}),
        {"type": "expression", "id": "total", "key": "total", "expression": "=a + 1"},
        parties(question("textfield", "kind"), question("textfield", "name", conditional={"hide": '=this.kind = "c"'})),
    )
    assert found.controlling == {"a", "kind"}


def test_the_file_itself_is_kept_for_the_editor() -> None:
    text = source(question("textfield", "a"), **{"hejie.note": "x"})
    assert forms.load(json.dumps(text).encode()).source == text


def test_findings_speak_both_languages() -> None:
    finding = forms.check(source(question("textfield", "a", validate={"required": True})))[0]
    assert (finding.severity, finding.field) == ("warning", "a")
    assert finding.says("zh") == "必填项没有说明为什么要填。"
    assert finding.message == "A required answer does not say why it is asked."
    assert "why" in finding.hint


def test_the_examples_of_the_documentation_are_right() -> None:
    page = (Path(__file__).parents[2] / "docs/forms.md").read_text(encoding="utf-8")
    blocks = [json.loads(block.split("```")[0]) for block in page.split("```json\n")[1:]]
    whole, examples = blocks[0], blocks[1:]
    assert len(examples) > 5
    assert forms.check({**whole, "components": whole["components"] + examples}) == []


def test_title_law_and_key() -> None:
    found = forms.load(source(required("textfield", "a"), law="人民调解法 §17"))
    assert (found.key, found.title("zh"), found.title("en")) == ("test-form", "测试表", "Test form")
    assert found.law == ("人民调解法 §17",)
    assert not found.has_files


def test_the_names_of_answers_are_known_within_groups_and_a_list_is_one() -> None:
    group = {"type": "group", "id": "g", "label": "一组", "properties": {"label.en": "A group"}}
    loaded = form(
        question("textfield", "a"),
        {**group, "components": [question("textfield", "b"), parties(question("textfield", "name"))]},
    )
    assert loaded.keys == {"a", "b", "parties"}
