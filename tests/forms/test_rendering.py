"""Rendered forms: accessible, complete, and nothing typed is lost or becomes markup."""

import html
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

import forms
from tests.forms.making import choices, evaluator, form, parties, question, rendered, required, validated
from tests.forms.test_validation import EVERYTHING, RAW, RULES


def tree(page: str) -> Any:
    return lxml_html.fromstring(page)


def control(page: str, name: str) -> Any:
    return tree(page).xpath(f'//*[@name="{name}"][not(@type="hidden")]')[0]


def test_every_question_has_a_label_of_its_own() -> None:
    page = tree(rendered(EVERYTHING, {"parties": [{}]}, RULES))
    for field in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert page.xpath(f'//label[@for="{field.get("id")}"]'), field.get("name")


def test_ids_are_unique_and_carry_the_prefix() -> None:
    page = tree(rendered(EVERYTHING, {"parties": [{}, {}]}, RULES, id_prefix="left-"))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(found.startswith("left-") for found in ids)


def test_a_hint_and_an_error_are_tied_to_the_field() -> None:
    of = form(required("textfield", "a", description="提示", properties={"description.en": "Help"}))
    page = rendered(of, {"a": ""}, errors=validated(of, {"a": ""}).errors)
    field = control(page, "a")
    assert field.get("aria-invalid") == "true"
    texts = [tree(page).get_element_by_id(found).text_content() for found in field.get("aria-describedby").split()]
    assert texts == ["Help", "Error: Fill in “A”."]


def test_optional_questions_are_marked_and_required_ones_say_why() -> None:
    page = tree(rendered(form(required("textfield", "a"), question("textfield", "b")), locale="zh"))
    assert [label.text_content().strip() for label in page.xpath("//label")] == ["问a", "问b （选填）"]
    assert page.xpath("string(//details/p)") == "法律要求"


def test_phones_and_numbers_get_their_keyboard_and_dates_their_picker() -> None:
    of = form(
        question("textfield", "tel", properties={"check": "phone", "autocomplete": "tel"}),
        question("number", "n"),
        question("number", "count", decimalDigits=0, validate={"min": 0}),
        question("datetime", "day", subtype="date"),
    )
    page = rendered(of)
    assert (control(page, "tel").get("inputmode"), control(page, "tel").get("autocomplete")) == ("tel", "tel")
    assert control(page, "n").get("inputmode") == "decimal"
    assert control(page, "count").get("inputmode") == "numeric"
    assert control(page, "day").get("type") == "date"


@pytest.mark.parametrize("typed", ["昨天", "2026-02-30", "2026年11月23日", "26-1-1"])
def test_a_date_that_a_picker_would_lose_stays_as_typed(typed: str) -> None:
    of = form(question("datetime", "day", subtype="date"))
    field = control(rendered(of, {"day": typed}), "day")
    assert (field.get("type"), field.get("value")) == ("text", typed)


def test_a_stored_moment_is_shown_in_the_countys_time() -> None:
    of = form(question("datetime", "at", subtype="datetime"))
    field = control(rendered(of, {"at": "2026-11-23T01:30Z"}), "at")
    assert (field.get("type"), field.get("value")) == ("datetime-local", "2026-11-23T09:30")


def test_a_choice_that_is_offered_no_longer_does_not_vanish() -> None:
    of = form(question("select", "x", valuesKey="list"), question("checklist", "y", valuesKey="list"))
    page = tree(rendered(of, {"x": "gone", "y": ["a", "gone"]}, context={"list": ["a"]}))
    assert page.xpath("//option[@selected]/@value") == ["gone"]
    assert page.xpath("//input[@checked]/@value") == ["a", "gone"]


def test_enter_presses_a_button_without_action() -> None:
    page = tree(rendered(EVERYTHING, {"parties": [{}]}, RULES))
    assert page.xpath("//button")[0].get("name") is None
    assert len(page.xpath("//button[@name='_action']")) > 2


def test_what_a_browser_sends_back_is_what_was_shown() -> None:
    raw = {
        "name": {"no_answer": "unknown", "given": "x"}, "words": " a\nb ", "amount": "viel", "day": "2026-11-23",
        "agreed": False, "kind": "a", "many": ["c", "z"], "files": ["u1"],
        "parties": [{"party": "张", "share": "½"}, {}],
    }  # fmt: skip
    markup = re.sub(r"(<textarea[^>]*>)\n", r"\1", rendered(EVERYTHING, raw, RULES))  # as HTML5 says, unlike lxml
    page = tree(f"<form>{markup}</form>")
    sent = forms.parse(EVERYTHING, page.form_values())
    assert {key: sent[key] for key in raw if key != "parties"} == {key: raw[key] for key in raw if key != "parties"}
    assert sent["parties"] == [{"party": "张", "share": "½"}, {"party": "", "share": ""}]


def test_answers_to_hidden_questions_travel_along_unseen() -> None:
    raw = {"agreed": True, "kind": "b", "g": {"inner": "<x>"}, "parties": [{"party": "张", "share": 3}, {"party": ""}]}
    page = tree(f"<form>{rendered(EVERYTHING, raw, RULES)}</form>")
    assert page.xpath("//*[@data-kept]/input/@name") == ["g.inner", "parties[0].party", "parties[0].share"]
    sent = forms.parse(EVERYTHING, page.form_values())
    assert (sent["g"], sent["parties"]) == ({"inner": "<x>"}, [{"party": "张", "share": "3"}])


def test_unusual_answers_to_hidden_questions_do_no_harm() -> None:
    of = form({**question("checklist", "a", valuesKey="list", conditional={"hide": "=x"}), "defaultValue": ["b"]})
    for raw, count in [({}, 0), ({"a": 10**5000}, 1), ({"a": [1, None, "é"]}, 2), ({"a": {"given": {"given": []}}}, 0)]:
        page = tree(rendered(of, raw, {"x": lambda names: True}))
        assert len(page.xpath("//*[@data-kept]/input")) == count


def test_a_fresh_form_shows_defaults_and_empty_items() -> None:
    of = form(question("textfield", "a", defaultValue="x"), parties(question("textfield", "n"), defaultRepetitions=2))
    assert control(rendered(of), "a").get("value") == "x"
    assert control(rendered(of, {"a": ""}), "a").get("value") == ""
    assert 'name="parties[1].n"' in rendered(of)
    assert "parties[0]" not in rendered(of, {"parties": []})


def test_removing_stops_at_the_least_and_adding_at_the_most() -> None:
    of = form(parties(question("textfield", "n"), properties={"minItems": "1", "maxItems": "2"}))
    assert "remove:parties:0" not in rendered(of, {"parties": [{}]})
    assert "add:parties" in rendered(of, {"parties": [{}]})
    assert "remove:parties:1" in rendered(of, {"parties": [{}, {}]})
    assert "add:parties" not in rendered(of, {"parties": [{}, {}]})


def test_the_update_button_is_there_only_where_answers_control_others() -> None:
    assert 'value="refresh"' not in rendered(form(question("textfield", "a")))
    of = form(question("textfield", "a"), question("textfield", "b", conditional={"hide": "=a"}))
    page = tree(rendered(of, {}, {"a": lambda names: False}))
    assert page.xpath("//button[@value='refresh'][@data-without-script]")
    assert page.xpath("//*[@data-controls]/@name") == ["a"]


def test_files_show_their_names_and_can_be_removed() -> None:
    of = form(question("filepicker", "photos", multiple=True, accept="image/*"))
    known = [forms.Upload("u1", "<stone>.jpg", url="/files/u1")]
    page = tree(rendered(of, {"photos": ["u1", "lost"]}, uploads=known))
    assert page.xpath("//li/a/text()") == ["<stone>.jpg"]
    assert page.xpath("//button/@value")[:2] == ["remove-file:photos:u1", "remove-file:photos:lost"]
    assert "gone" in page.xpath("string(//li[2])")
    assert page.xpath("//input[@type='file']/@name") == ["photos:file"]
    assert of.has_files


def test_the_summary_links_to_every_field() -> None:
    of = form(
        required("radio", "a", **choices("x", "y")), parties(required("textfield", "n"), properties={"minItems": "2"})
    )
    raw = {"parties": [{"n": ""}]}
    errors = validated(of, raw).errors
    summary = tree(str(forms.render_error_summary(errors, "en", id_prefix="p-")))
    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1")
    page = tree(rendered(of, raw, errors=errors, id_prefix="p-"))
    targets = [link.removeprefix("#") for link in summary.xpath("//a/@href")]
    assert targets == ["p-f-a", "p-f-parties", "p-f-parties-0-n"]
    assert all(page.get_element_by_id(target) is not None for target in targets)
    assert forms.render_error_summary([], "en") == ""


def test_texts_tables_and_fixed_answers_show_the_context() -> None:
    of = form(
        {"type": "text", "id": "t", "text": "案号 {{case.number}}", "properties": {"text.en": "Case {{case.number}}"}},
        {"type": "table", "id": "d", "label": "期限", "dataSource": "=due", "columns": [{"key": "what", "label": "事"}],
         "properties": {"label.en": "Due", "column.what.en": "What"}},
        question("textfield", "fixed", readonly=True),
        {"type": "separator", "id": "s"},
        {"type": "spacer", "id": "p", "height": 30},
    )  # fmt: skip
    rules = {"case.number": lambda n: n["case"]["number"], "due": lambda n: n["due"]}
    context = {"case": {"number": "<b>7</b>"}, "due": [{"what": "reply & send"}], "fixed": "镇调字第001号"}
    page = rendered(of, {"fixed": "forged"}, rules, context=context)
    assert "Case &lt;b&gt;7&lt;/b&gt;" in page
    assert "<td>reply &amp; send</td>" in page
    assert "镇调字第001号" in page
    assert "forged" not in page


def test_a_completed_form_masks_identity_numbers() -> None:
    of = form(
        question("textfield", "id", properties={"check": "identity-number"}),
        question(
            "number",
            "money",
            serializeToString=True,
            appearance={"suffixAdorner": "元"},
            properties={"suffix.en": "yuan"},
        ),
        question("datetime", "day", subtype="date"),
        question("checkbox", "agreed"),
        question("textfield", "nation", properties={"mayDecline": "true"}),
        question("textfield", "hidden"),
        question("textfield", "none"),
        parties(question("select", "mediator", valuesKey="mediators")),
    )
    values = {
        "id": "610927188506123017", "money": "1234567.10", "day": "2026-11-23", "agreed": True,
        "nation": {"no_answer": "declined"}, "none": None, "parties": [{"mediator": "m1"}],
    }  # fmt: skip
    shown = {"locale": "zh", "context": {"mediators": [{"value": "m1", "label": "王"}]}}
    page = tree(str(forms.render_answers(of, values, **shown)))
    texts = [answer.text_content().strip() for answer in page.xpath("//dd")]
    assert texts == ["610927********3017", "1,234,567.10 元", "2026年11月23日", "是", "拒绝提供", "未填", "王"]
    assert "当事人 1" in page.text_content()
    assert "610927188506123017" in forms.render_answers(of, values, mask=False, **shown)
    assert "23 November 2026" in forms.render_answers(of, values, locale="en")


def test_read_only_shows_answers_instead_of_fields() -> None:
    page = rendered(form(question("textfield", "a")), {"a": "x"}, read_only=True)
    assert "<input" not in page
    assert "<dd>x</dd>" in page


EVIL = "<script>alert(1)</script>\"'&<b onclick=x>"


def test_no_text_of_a_person_or_an_author_becomes_markup() -> None:
    label = {"label": EVIL, "properties": {"label.en": EVIL, "why": EVIL, "why.en": EVIL, "description.en": EVIL}}
    of = form(
        question("textfield", "a") | label | {"description": EVIL},
        question("textarea", "b") | label | {"description": EVIL},
        question("select", "c", valuesKey="list"),
        question("filepicker", "f", multiple=True),
    )
    context = {"list": [{"value": EVIL, "label": EVIL}]}
    uploads = [forms.Upload("u", EVIL)]
    raw = {"a": EVIL, "b": EVIL, "c": EVIL, "f": ["u", EVIL]}
    errors = validated(of, {"a": EVIL * 50}).errors
    for page in (
        rendered(of, raw, context=context, uploads=uploads, errors=errors),
        str(forms.render_error_summary(errors, "en")),
        str(forms.render_answers(of, raw, locale="en", context=context, uploads=uploads)),
    ):
        assert not tree(page).xpath("//script | //b | //@onclick")
        assert "<script" not in page
        assert html.escape("<script>") in page


@given(RAW, st.sampled_from(["zh", "en"]))
def test_any_input_renders_without_becoming_markup(raw: Mapping[str, Any], locale: forms.Locale) -> None:
    page = forms.render(EVERYTHING, raw, locale=locale, evaluate=evaluator(RULES))
    page.encode()
    assert not tree(page).xpath("//script | //*[@style or @onclick]")
    answers = forms.render_answers(EVERYTHING, raw, locale=locale)
    answers.encode()


@given(st.text(), st.sampled_from(["name", "words", "amount", "day", "id", "kind"]))
def test_whatever_is_typed_comes_back_as_text(text: str, key: str) -> None:
    page = tree(rendered(EVERYTHING, {key: text}, RULES))
    allowed = {"input", "label", "button", "div", "p", "span", "fieldset", "legend", "textarea", "details", "summary",
               "select", "option", "progress", "ul", "li"}  # fmt: skip
    assert {element.tag for element in page.iter()} <= allowed
    names = {attribute for element in page.iter() for attribute in element.attrib}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    if text.strip() and key in ("name", "amount", "id") and text.isprintable():
        assert control(str(lxml_html.tostring(page, encoding="unicode")), key).get("value") == text
