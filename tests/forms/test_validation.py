"""Checking answers: types, limits, circumstances, and that a clean answer stays what it is."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forms
from tests.forms.making import TODAY, choices, codes, evaluator, form, parties, question, required, validated

DECLINE = {"mayDecline": "true"}
TEXTS = {"patternMessage": "三个字母", "patternMessage.en": "three letters"}


@pytest.mark.parametrize(
    ("component", "raw", "value"),
    [
        (question("textfield", "x"), "  张三 ", "张三"),
        (question("textfield", "x"), "", None),
        (question("textarea", "x"), "一\r\n二", "一\n二"),
        (question("textfield", "x", validate={"pattern": "[a-z]{3}"}, properties=TEXTS), "abc", "abc"),
        (question("textfield", "x", validate={"validationType": "email"}), "a@b.cn", "a@b.cn"),
        (question("number", "x"), "１２，０００．５", 12000.5),
        (question("number", "x"), "3", 3),
        (question("number", "x"), 3.25, 3.25),
        (question("number", "x", serializeToString=True), "12,345,678,901,234,567.10", "12345678901234567.10"),
        (question("number", "x", increment="0.1"), "0.3", 0.3),
        (question("datetime", "x", subtype="date"), "1960年5月3日", "1960-05-03"),
        (question("datetime", "x", subtype="date"), "19600503", "1960-05-03"),
        (question("datetime", "x", subtype="date"), "1960／5／3", "1960-05-03"),
        (question("datetime", "x", subtype="time"), "9:05", "09:05"),
        (question("datetime", "x", subtype="time"), "9点05分", "09:05"),
        (question("datetime", "x", subtype="datetime"), "2026-11-23T09:30", "2026-11-23T09:30+08:00"),
        (question("datetime", "x", subtype="datetime"), "2026年11月23日 9时30分", "2026-11-23T09:30+08:00"),
        (question("datetime", "x", subtype="datetime"), "2026-11-23T01:30:00.000Z", "2026-11-23T09:30+08:00"),
        (question("datetime", "x", subtype="datetime", timeSerializingFormat="utc_normalized"), "2026-11-23 09:30",
         "2026-11-23T01:30Z"),
        (question("datetime", "x", subtype="datetime", timeSerializingFormat="no_timezone"), "2026-11-23 09:30",
         "2026-11-23T09:30"),
        (question("checkbox", "x"), "true", True),
        (question("checkbox", "x"), False, False),
        (question("select", "x", valuesKey="list"), "a", "a"),
        (question("checklist", "x", valuesKey="list"), ["b", "a", "b"], ["b", "a"]),
        (question("filepicker", "x"), ["u1"], ["u1"]),
        (question("textfield", "x", properties=DECLINE), {"no_answer": "unknown"}, {"no_answer": "unknown"}),
    ],
)  # fmt: skip
def test_an_answer_is_understood(component: dict[str, Any], raw: Any, value: Any) -> None:
    of = form(_labelled(component))
    more: dict[str, Any] = {
        "context": {"list": ["a", {"value": "b", "label": "乙"}]},
        "uploads": [forms.Upload("u1", "a.pdf")],
    }
    result = validated(of, {"x": raw}, **more)
    assert (result.values, result.errors) == ({"x": value}, ())
    assert validated(of, result.values, **more).values == result.values
    json.dumps(result.values)


def _labelled(component: dict[str, Any]) -> dict[str, Any]:
    if component["type"] != "datetime":
        return component
    name = "timeLabel" if component.get("subtype") == "time" else "dateLabel"
    return {**{key: value for key, value in component.items() if key != "label"}, name: "时间"}


@pytest.mark.parametrize(
    ("component", "raw", "code"),
    [
        (required("textfield", "x"), "  ", "required"),
        (required("radio", "x", valuesKey="list"), "", "choose"),
        (required("checkbox", "x"), False, "tick"),
        (required("filepicker", "x"), [], "files-required"),
        (question("textfield", "x"), 3, "wrong-type"),
        (question("textfield", "x"), {"no_answer": "unknown"}, "wrong-type"),
        (question("textfield", "x"), "a\x00b", "characters"),
        (question("textfield", "x"), "a\ud800b", "characters"),
        (question("textfield", "x"), "x" * 1_001, "too-long"),
        (question("textfield", "x", validate={"minLength": 3}), "ab", "too-short"),
        (question("textarea", "x", validate={"maxLength": 3}), "abcd", "too-long"),
        (question("textfield", "x", validate={"pattern": "[a-z]{3}"}, properties=TEXTS), "abcd", "pattern"),
        (question("textfield", "x", validate={"pattern": "(a+)+b"}, properties=TEXTS), "a" * 900, "pattern"),
        (question("textfield", "x", validate={"validationType": "email"}), "a@b", "email"),
        (question("textfield", "x", properties={"mayDecline": "true"}), {"no_answer": "unknown", "given": "a"}, "both"),
        (question("textfield", "x", properties={"mayDecline": "true"}), {"no_answer": "later"}, "wrong-type"),
        (question("number", "x"), "一万", "not-a-number"),
        (question("number", "x"), "1e5", "not-a-number"),
        (question("number", "x"), True, "wrong-type"),
        (question("number", "x"), float("nan"), "not-a-number"),
        (question("number", "x"), float("inf"), "number-long"),
        (question("number", "x"), "1234567890123456", "number-long"),
        (question("number", "x", decimalDigits=0), "1.5", "whole"),
        (question("number", "x", decimalDigits=2), "1.505", "decimals"),
        (question("number", "x", validate={"min": 0}), "-1", "too-small"),
        (question("number", "x", validate={"max": 10}), "11", "too-big"),
        (question("number", "x", increment="0.5"), "0.7", "step"),
        (question("datetime", "x", subtype="date"), "昨天", "not-a-date"),
        (question("datetime", "x", subtype="date"), "2026-02-30", "no-such-day"),
        (question("datetime", "x", subtype="time"), "25:00", "not-a-time"),
        (question("datetime", "x", subtype="datetime"), "2026-11-23", "not-a-datetime"),
        (question("datetime", "x", subtype="datetime"), "2026-02-30T09:30", "no-such-day"),
        (question("datetime", "x", subtype="datetime"), "0001-01-01T00:00", "not-a-datetime"),
        (question("datetime", "x", subtype="date", properties={"check": "not-future"}), "2026-11-24", "future"),
        (question("datetime", "x", subtype="date", disallowPassedDates=True), "2026-11-22", "past"),
        (question("select", "x", valuesKey="list"), "c", "not-offered"),
        (question("select", "x", valuesKey="nothing"), "a", "not-offered"),
        (question("checklist", "x", valuesKey="list"), ["a", "c"], "not-offered"),
        (question("checklist", "x", valuesKey="list"), "a", "wrong-type"),
        (question("filepicker", "x"), ["u1", "u2"], "too-many-files"),
        (question("filepicker", "x"), ["of somebody else"], "file-unknown"),
        (question("filepicker", "x", accept="image/*,.doc"), ["u1"], "file-kind"),
        (question("filepicker", "x", properties={"maxBytes": "10"}), ["u1"], "file-size"),
    ],
)
def test_a_wrong_answer_is_named(component: dict[str, Any], raw: Any, code: str) -> None:
    uploads = [forms.Upload("u1", "a.pdf", 11, "application/pdf"), forms.Upload("u2", "b.pdf")]
    component = _labelled(component)
    if code == "not-a-datetime" and raw.startswith("0001"):
        component["timeSerializingFormat"] = "utc_normalized"  # eight hours before the first day of the calendar
    result = validated(form(component), {"x": raw}, context={"list": ["a", "b"]}, uploads=uploads)
    assert codes(result) == {"/x": code}
    for locale in ("zh", "en"):
        assert "{" not in result.errors[0].sentence(locale)  # type: ignore[arg-type]
    error = result.errors[0]
    assert forms.translate(error.message, "zh", dict(error.params)) == error.sentence("zh")


def test_a_number_beyond_all_measure_is_refused() -> None:
    assert codes(validated(form(question("number", "x")), {"x": 10**5000})) == {"/x": "number-long"}


def test_a_step_names_the_nearest_values() -> None:
    result = validated(form(question("number", "x", increment="3")), {"x": "-4"})
    assert "-6 and -3" in result.errors[0].sentence("en")


def test_an_error_in_a_list_says_which_item() -> None:
    of = form(parties({**required("textfield", "party"), "key": "name"}, question("textfield", "phone")))
    result = validated(of, {"parties": [{"name": "a"}, {"name": "", "phone": "1"}]})
    error = result.errors[0]
    assert (error.pointer, error.field_id) == ("/parties/1/name", "f-parties-1-name")
    assert error.summary("zh") == "当事人 2：请填写“问party”。"
    assert error.sentence("en") == "Fill in “Party”."


def test_errors_come_in_the_order_of_the_form() -> None:
    named = parties(required("textfield", "name"), properties={"minItems": "1"})
    of = form(required("textfield", "b"), named, required("textfield", "a"))
    result = validated(of, {"parties": [{}]})
    assert [error.pointer for error in result.errors] == ["/b", "/parties/0/name", "/a"]


def test_a_list_has_at_least_and_at_most_its_items() -> None:
    of = form(parties(required("textfield", "name"), properties={"minItems": "2", "maxItems": "3"}))
    assert codes(validated(of, {})) == {"/parties": "too-few-items"}
    assert codes(validated(of, {"parties": [{}]})) == {"/parties": "too-few-items", "/parties/0/name": "required"}
    assert codes(validated(of, {"parties": [{"name": "a"}] * 4})) == {"/parties": "too-many-items"}
    assert codes(validated(of, {"parties": "x"})) == {"/parties": "wrong-type"}
    assert "/parties/0" in codes(validated(of, {"parties": ["x", {"name": "a"}]}))


def test_a_row_in_which_nothing_was_typed_is_no_row() -> None:
    kind = question("radio", "kind", **choices("person", "firm"), defaultValue="person")
    of = form(parties({**required("textfield", "party"), "key": "name"}, kind))
    untouched = {"name": " ", "kind": "person"}
    result = validated(of, {"parties": [untouched, {"name": "a", "kind": "person"}, {}, {"name": "", "kind": ""}]})
    assert (result.values, result.errors) == ({"parties": [{"name": "a", "kind": "person"}]}, ())
    assert validated(of, {"parties": [untouched]}).values == {"parties": []}


def test_an_error_behind_an_untouched_row_names_the_row_as_it_was_sent() -> None:
    of = form(parties({**required("textfield", "party"), "key": "name"}, question("textfield", "phone")))
    error = validated(of, {"parties": [{"name": "", "phone": ""}, {"name": "", "phone": "1"}]}).errors[0]
    assert (error.pointer, error.field_id) == ("/parties/1/name", "f-parties-1-name")
    assert error.summary("zh") == "当事人 2：请填写“问party”。"


def test_untouched_rows_stay_where_the_list_needs_them() -> None:
    name = required("textfield", "name")
    least = form(parties(name, properties={"minItems": "2"}))
    found = codes(validated(least, {"parties": [{}, {"name": "a"}, {}, {"name": ""}]}))
    assert found == {"/parties/0/name": "required"}
    assert codes(validated(form(parties(name, allowAddRemove=False)), {"parties": [{}]})) == {
        "/parties/0/name": "required"
    }
    told = question("textfield", "told", readonly=True)
    result = validated(form(parties(name, told)), {"parties": [{}]}, context={"parties": [{"told": "x"}]})
    assert codes(result) == {"/parties/0/name": "required"}


def test_an_answer_that_the_form_does_not_know_is_an_error() -> None:
    of = form(question("textfield", "a"), parties(question("textfield", "name")))
    result = validated(of, {"a": "x", "b": "y", "parties": [{"c/d": 1}]})
    assert codes(result) == {"/b": "unknown-field", "/parties/0/c~1d": "unknown-field"}
    assert "b" in result.errors[0].sentence("en")


def test_required_answers_may_be_declined_where_the_form_says_so() -> None:
    of = form(required("textfield", "nation", properties={"mayDecline": "true"}))
    result = validated(of, {"nation": {"no_answer": "declined"}})
    assert result.ok
    assert forms.is_no_answer(result.values["nation"])


def test_answers_nest_by_dotted_keys_and_group_paths() -> None:
    of = form(
        {"type": "group", "id": "g", "path": "applicant", "components": [required("textfield", "name")]},
        {**required("textfield", "deep"), "key": "a.b.c"},
    )
    assert codes(validated(of, {})) == {"/applicant/name": "required", "/a/b/c": "required"}
    assert validated(of, {"applicant": {"name": "x"}, "a": {"b": {"c": "y"}}}).ok
    assert codes(validated(of, {"applicant": [], "a": {"b": {"c": "y"}}}))["/applicant"] == "wrong-type"


def test_fixed_answers_come_from_the_context() -> None:
    of = form(question("textfield", "number", readonly=True), question("textfield", "shown", disabled=True))
    result = validated(of, {"number": "forged", "shown": "forged"}, context={"number": "A-1", "shown": "B"})
    assert (result.values, result.errors) == ({"number": "A-1"}, ())


def test_the_schema_alone_checks_shape_and_limits() -> None:
    from marshmallow import ValidationError

    of = form(required("textfield", "a"), question("radio", "b", **choices("x", "y")))
    assert forms.schema(of).load({"a": "1", "b": "x"}) == {"a": "1", "b": "x"}
    with pytest.raises(ValidationError) as caught:
        forms.schema(of).load({"b": "z", "c": 1})
    assert caught.value.messages_dict == {
        "a": ["Fill in “A”."],
        "b": ["“B”: what you chose is not offered now. Choose again."],
        "c": ["This form has no field “”."],
    }


EVERYTHING = form(
    required("textfield", "name", properties={"mayDecline": "true"}),
    question("textarea", "words"),
    question("number", "amount", increment="0.5", validate={"min": -10, "max": 10}),
    question("number", "money", serializeToString=True, decimalDigits=2),
    _labelled(question("datetime", "day", subtype="date", properties={"check": "not-future"})),
    _labelled(question("datetime", "at", subtype="datetime")),
    question("checkbox", "agreed"),
    question("radio", "kind", **choices("a", "b")),
    question("checklist", "many", **choices("c", "d")),
    question("filepicker", "files", multiple=True),
    question("textfield", "id", properties={"check": "identity-number"}),
    question("textfield", "code", properties={"check": "credit-code"}),
    question("textfield", "phone", properties={"check": "phone"}),
    {"type": "expression", "id": "sum", "key": "sum", "expression": "=sum"},
    {"type": "group", "id": "g", "path": "g", "components": [required("textfield", "inner")],
     "conditional": {"hide": "=hide g"}},
    parties(required("textfield", "party"), question("number", "share"), conditional={"hide": "=hide parties"}),
)  # fmt: skip
KEYS = [*forms.json_schema(EVERYTHING)["properties"], "x"]
RULES = {
    "sum": lambda names: names["amount"],
    "hide g": lambda names: names["agreed"],
    "hide parties": lambda names: names["kind"] == "b",
}
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["2026-11-23", "2026-11-23T09:30", "a", "b", "c", "610927188506123017", "0915-3300000", "1.50"]),
    st.just({"no_answer": "unknown"}),
)  # fmt: skip
RAW = st.dictionaries(
    st.sampled_from(KEYS),
    st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["party", "share", "inner", "given", "no_answer", "x"]), inner, max_size=3),
        ),
        max_leaves=6,
    ),
)


@given(RAW)
def test_any_input_gives_clean_values_or_errors(raw: Mapping[str, Any]) -> None:
    result = validated(EVERYTHING, raw, RULES)
    assert all(error.sentence("zh") and error.summary("en") for error in result.errors)
    if result.ok:
        text = json.dumps(result.values, ensure_ascii=False, allow_nan=False)
        text.encode()
        again = validated(EVERYTHING, json.loads(text), RULES)
        assert (again.values, again.errors) == (result.values, ())


def test_today_is_the_callers() -> None:
    of = form(_labelled(question("datetime", "day", subtype="date", properties={"check": "not-future"})))
    tomorrow = forms.validate(of, {"day": "2026-11-24"}, evaluate=evaluator(), today=TODAY.replace(day=24))
    assert tomorrow.ok
