"""Conditions, computed values and offered choices."""

from typing import Any

import pytest

import forms
from tests.forms.making import TODAY, codes, form, parties, question, rendered, required, validated


def hidden(expression: str) -> dict[str, Any]:
    return {"conditional": {"hide": f"={expression}"}}


SPLIT = form(
    required("textfield", "kind"),
    required("textfield", "plot", **hidden("not land")),
    {"type": "group", "id": "g", "components": [required("textfield", "paper")], **hidden("no plot")},
)
RULES = {"not land": lambda n: n["kind"] != "land", "no plot": lambda n: n["plot"] is None}


def test_a_hidden_answer_neither_blocks_nor_is_stored() -> None:
    result = validated(SPLIT, {"kind": "noise", "plot": "x", "paper": "y"}, RULES)
    assert (result.values, result.errors) == ({"kind": "noise"}, ())


def test_a_hidden_answer_counts_as_not_given_for_other_conditions() -> None:
    assert "paper" not in rendered(SPLIT, {"kind": "noise", "plot": "x"}, RULES)
    assert "paper" in rendered(SPLIT, {"kind": "land", "plot": "x"}, RULES)


def test_a_question_that_appeared_only_now_is_named_as_new() -> None:
    result = validated(SPLIT, {"kind": "land"}, RULES)
    assert codes(result) == {"/plot": "newly-asked"}
    shown_before = validated(SPLIT, {"kind": "land", "plot": ""}, RULES)
    assert codes(shown_before) == {"/plot": "required"}


def test_conditions_that_contradict_each_other_come_to_an_end() -> None:
    of = form(question("textfield", "a", **hidden("b there")), question("textfield", "b", **hidden("a there")))
    rules = {"b there": lambda n: n["b"] is not None, "a there": lambda n: n["a"] is not None}
    assert validated(of, {"a": "x", "b": "y"}, rules).ok


def test_a_condition_that_is_not_true_hides_nothing() -> None:
    for answer in [False, None, "true", 1]:
        of = form(question("textfield", "a", **hidden("odd")))
        assert 'name="a"' in rendered(of, {}, {"odd": lambda names, answer=answer: answer})


def test_expressions_in_a_list_see_their_item_its_surroundings_and_their_number() -> None:
    seen: list[dict[str, Any]] = []

    def look(names: Any) -> bool:
        seen.append({key: names[key] for key in ("this", "parent", "i", "case")})
        return bool(names["this"]["kind"] == "company")

    of = form(parties(question("textfield", "kind"), required("textfield", "birth", **hidden("look"))))
    raw = {"parties": [{"kind": "person", "birth": "1"}, {"kind": "company", "birth": "2"}]}
    result = validated(of, raw, {"look": look}, context={"case": "A"})
    assert result.values == {"parties": [{"kind": "person", "birth": "1"}, {"kind": "company"}]}
    assert seen[0]["i"] == [1]
    assert seen[1] == {
        "this": {"kind": "company", "birth": "2"},
        "parent": {"parties": [{"kind": "person", "birth": "1"}, {"kind": "company", "birth": "2"}]},
        "i": [2],
        "case": "A",
    }


def test_a_hidden_list_is_gone_with_its_items() -> None:
    of = form(parties(required("textfield", "name"), **hidden("always")))
    assert validated(of, {"parties": [{"name": ""}]}, {"always": lambda names: True}).values == {}


def test_unreadable_answers_are_null_for_conditions() -> None:
    of = form(question("number", "n"), question("textfield", "a", **hidden("n")))
    assert codes(validated(of, {"n": "viele"}, {"n": lambda names: names["n"] is None})) == {"/n": "not-a-number"}


def test_expressions_are_computed_here_and_never_taken_from_outside() -> None:
    of = form(
        question("number", "a"),
        {"type": "expression", "id": "double", "key": "double", "expression": "=a * 2"},
        {"type": "expression", "id": "more", "key": "more", "expression": "=double + 1"},
    )
    rules = {"a * 2": lambda n: n["a"] * 2, "double + 1": lambda n: n["double"] + 1}
    assert validated(of, {"a": "4", "double": 99}, rules).values == {"a": 4, "double": 8, "more": 9}
    assert "double" not in rendered(of, {"a": "4"}, rules)


def test_choices_may_depend_on_answers_and_context() -> None:
    of = form(question("textfield", "town"), question("select", "village", valuesExpression="=villages"))
    rules = {"villages": lambda n: n["all"].get(n["town"], [])}
    context = {"all": {"a": [{"value": "a1", "label": "甲", "label.en": "One"}, "a2", 3, None, {}]}}
    page = rendered(of, {"town": "a"}, rules, context=context)
    assert '<option value="a1">One</option>' in page
    assert '<option value="3">3</option>' in page
    assert validated(of, {"town": "a", "village": "a2"}, rules, context=context).ok
    assert codes(validated(of, {"town": "b", "village": "a2"}, rules, context=context)) == {"/village": "not-offered"}


def test_errors_of_the_callers_evaluate_are_not_swallowed() -> None:
    of = form(question("textfield", "a", **hidden("unknown")))
    with pytest.raises(ZeroDivisionError):
        forms.validate(of, {}, evaluate=lambda expression, names: 1 / 0, today=TODAY)
