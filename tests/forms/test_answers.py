"""A browser's POST as raw answers, and the buttons that work without script."""

from werkzeug.datastructures import MultiDict

import forms
from tests.forms.making import choices, form, parties, question

CLAIMS = {
    "type": "dynamiclist", "id": "claims", "path": "claims", "label": "请求", "properties": {"label.en": "Claims"},
    "components": [question("textfield", "text")],
}  # fmt: skip
FORM = form(
    question("textfield", "what"),
    question("checkbox", "agreed"),
    {**question("checklist", "how", **choices("call", "visit")), "properties": {
        "label.en": "How", "option.call.en": "Call", "option.visit.en": "Visit"}},
    question("textfield", "nation", properties={"mayDecline": "true"}),
    question("filepicker", "photos", multiple=True),
    question("filepicker", "scan"),
    {"type": "group", "id": "g", "path": "applicant", "components": [{**question("textfield", "n"), "key": "name"}]},
    parties({**question("textfield", "party"), "key": "name"}, CLAIMS),
)  # fmt: skip


def test_names_nest_as_the_form_does() -> None:
    pairs = [
        ("what", "土地"),
        ("applicant.name", "张三"),
        ("parties[0].name", "李四"),
        ("parties[0].claims[1].text", "赔偿"),
    ]
    assert forms.parse(FORM, pairs) == {
        "what": "土地",
        "applicant": {"name": "张三"},
        "parties": [{"name": "李四", "claims": [{"text": "赔偿"}]}],
    }


def test_unknown_names_are_ignored() -> None:
    pairs = [
        ("csrf_token", "x"),
        ("_action", "y"),
        ("parties[0].salary", "1"),
        ("parties[x].name", "1"),
        ("parties.name", "1"),
    ]
    assert forms.parse(FORM, pairs) == {}


def test_what_was_shown_and_left_empty_differs_from_what_was_not_shown() -> None:
    assert forms.parse(FORM, [("agreed", ""), ("how", ""), ("parties", "")]) == {
        "agreed": False,
        "how": [],
        "parties": [],
    }


def test_ticks_and_lists_of_a_web_framework_are_read() -> None:
    posted: MultiDict[str, str] = MultiDict(
        [("agreed", ""), ("agreed", "true"), ("how", ""), ("how", "call"), ("how", "visit")]
    )
    assert forms.parse(FORM, posted) == {"agreed": True, "how": ["call", "visit"]}


def test_text_is_kept_exactly_as_typed() -> None:
    assert forms.parse(FORM, [("what", "  <b>&\r\n ")]) == {"what": "  <b>&\r\n "}


def test_not_knowing_and_declining_are_answers() -> None:
    assert forms.parse(FORM, [("nation", ""), ("nation:no_answer", "declined")]) == {
        "nation": {"no_answer": "declined"}
    }
    both = {"nation": {"no_answer": "unknown", "given": "汉"}}
    assert forms.parse(FORM, [("nation", "汉"), ("nation:no_answer", "unknown")]) == both
    assert forms.parse(FORM, [("what", ""), ("what:no_answer", "unknown")]) == {"what": ""}


def test_gaps_in_positions_are_closed() -> None:
    pairs = [("parties[7].name", "b"), ("parties[2].name", "a")]
    assert forms.parse(FORM, pairs) == {"parties": [{"name": "a"}, {"name": "b"}]}


def test_items_are_added_and_removed_by_buttons() -> None:
    raw = {"what": "x", "parties": [{"name": "a"}, {"name": "b"}]}
    assert forms.apply_action(FORM, raw, "add:parties")["parties"] == [{"name": "a"}, {"name": "b"}, {}]
    assert forms.apply_action(FORM, raw, "remove:parties:0") == {"what": "x", "parties": [{"name": "b"}]}
    assert forms.apply_action(FORM, raw, "add:parties[1].claims")["parties"][1] == {"name": "b", "claims": [{}]}
    assert raw == {"what": "x", "parties": [{"name": "a"}, {"name": "b"}]}


def test_a_list_does_not_grow_beyond_its_limit() -> None:
    full = {"parties": [{} for _ in range(50)]}
    assert forms.apply_action(FORM, full, "add:parties") == full


def test_actions_that_mean_nothing_change_nothing() -> None:
    raw = {"parties": [{"name": "a"}], "photos": ["1"]}
    nothing = "refresh upload save-draft add: add:what remove:parties remove:parties:9 remove:parties:x"
    for action in ["", *nothing.split(), "add:parties[5].claims", "remove-file:what:1", "remove-file:photos:9"]:
        assert forms.apply_action(FORM, raw, action) == raw


def test_files_are_attached_and_removed() -> None:
    raw = forms.attach(FORM, forms.attach(FORM, {}, "photos:file", "u1"), "photos:file", "u2")
    assert raw == {"photos": ["u1", "u2"]}
    assert forms.apply_action(FORM, raw, "remove-file:photos:u1") == {"photos": ["u2"]}
    assert forms.attach(FORM, {"scan": ["old"]}, "scan:file", "new") == {"scan": ["new"]}
    assert forms.attach(FORM, {}, "what:file", "u1") == {}
