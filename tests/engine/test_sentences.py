"""Sentences: English with a memory, told in another language, stored and read again."""

import pytest

from engine import feel
from engine.errors import DomainError, said_by
from engine.sentences import S_, Bilingual, Sentence, Series, read, stored, told
from engine.workflow.bpmn import check_model

CHINESE = {
    "“%(text)s” is not FEEL: %(problem)s.": "“%(text)s”不是 FEEL：%(problem)s。",
    "message": "消息", "timer": "定时", ", ": "、", "Allowed: %(kinds)s.": "允许的有：%(kinds)s。",
}  # fmt: skip


def in_chinese(text: str) -> str:
    return str(told(text, "zh", lambda template: CHINESE.get(template, template)))


def test_a_sentence_is_english_text_that_can_be_told_in_another_language() -> None:
    sentence = S_("Allowed: %(kinds)s.", kinds=Series([S_("message"), S_("timer")]))
    assert sentence == "Allowed: message, timer."
    assert in_chinese(sentence) == "允许的有：消息、定时。"
    assert in_chinese("100% plain") == "100% plain"


def test_an_error_within_a_sentence_is_told_as_well() -> None:
    with pytest.raises(feel.FeelSyntaxError) as refused:
        feel.compile_expression("1 +")
    sentence = S_("“%(text)s” is not FEEL: %(problem)s.", text="1 +", problem=refused.value)
    assert sentence == f"“1 +” is not FEEL: {refused.value}."
    assert in_chinese(sentence).startswith("“1 +”不是 FEEL：the end was not expected; a value may stand here")


@pytest.mark.parametrize(
    "sentence",
    [
        S_("Give 0 or more."),
        S_("“%(text)s” is not FEEL: %(problem)s.", text="{x}", problem=S_("Allowed: %(kinds)s.", kinds=3)),
        Series([S_("a: %(b)s", b=S_("message")), S_("timer")], S_("; ")),
        "100% of {it}",
        "",
    ],
)
def test_what_is_stored_says_the_same_in_both_languages(sentence: str) -> None:
    again = read(stored(sentence))
    assert again == sentence
    assert in_chinese(again) == in_chinese(sentence)


def test_text_without_facts_is_stored_as_it_is() -> None:
    assert stored(S_("Give 0 or more.")) == "Give 0 or more."


def test_a_sentence_can_bring_its_chinese_along() -> None:
    assert in_chinese(Bilingual("Name", "姓名")) == "姓名"


def test_an_error_says_its_facts() -> None:
    class Missing(DomainError):
        message = "There is no form %(form)s."

    assert said_by(Missing(form="f-1")) == "There is no form f-1."
    assert said_by(ValueError()) == "ValueError"


def test_every_finding_is_a_sentence() -> None:
    found = check_model(b"<x/>")
    assert [(type(one.message), type(one.hint)) for one in found] == [(Sentence, Sentence)]
