"""Papers that no step asks for (F3, F6 to F9); passports are sealed, indexed and masked as identity numbers are."""

import re
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import forms
from engine import identity, papers
from engine.cases import parties
from engine.cases.models import Case, Submission
from engine.cases.permissions import NotForYourRole
from engine.casework import adding, filing, formbook, paper_facts
from engine.casework.errors import AnswersInvalid
from engine.config import ROOT
from tests.engine.casework.test_filing import words
from tests.factories import actor

PASSPORT = "E12345678"


def put_on_file(session: Session, case: Case) -> Submission:
    """Form F6 with a passport, put on file from the file's page."""
    given = {"people": [{"name": "示例甲", "paper": "passport", "number": " e 1234-5678 "}]}
    made = adding.add(session, actor(session, "mediator"), case.id, "f6-identity", given)
    return session.get_one(Submission, made)


def test_no_table_holds_a_passport_in_clear(session: Session, settled: Case) -> None:
    put_on_file(session, settled)
    for table in ("submission", "party", "event"):
        found = text(f"SELECT count(*) FROM {table} WHERE to_jsonb({table})::text ILIKE '%12345678%'")
        assert session.scalar(found) == 0, table


def test_a_passport_is_masked_where_it_is_shown_and_whole_for_a_court(session: Session, settled: Case) -> None:
    made = put_on_file(session, settled)
    form = formbook.version(session, made.form_id).form
    assert formbook.masked(form, made.answers)["people"][0]["number"] == "******678"
    assert formbook.opened(form, made.answers)["people"][0]["number"] == PASSPORT
    facts = paper_facts.of_submission(session, made)
    assert facts["a"]["people"][0]["number"] == "******678"
    assert paper_facts.of_submission(session, made, whole=True)["a"]["people"][0]["number"] == PASSPORT


def test_the_same_passport_finds_the_same_person(session: Session, settled: Case) -> None:
    put_on_file(session, settled)
    found = parties.find_people(session, actor(session, "county"), number=PASSPORT)
    assert [one.case.id for one in found] == [settled.id]


def test_words_that_merely_look_sealed_stay_words(session: Session, settled: Case) -> None:
    report = session.scalars(select(Submission).where(Submission.case_id == settled.id)).first()
    assert report is not None
    form = formbook.version(session, report.form_id).form
    assert formbook.opened(form, {"what": identity.PREFIX + "x"})["what"] == identity.PREFIX + "x"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("e 1234-5678", "E12345678"),
        ("61092718900101002x", "61092718900101002X"),
        ("H1234567(8)", "H12345678"),
        ("usa110174010101", "USA110174010101"),
        ("911840188506070012", "911840188506070012"),
        ("810000188506070021", "810000188506070021"),
    ],
    ids=[
        "passport",
        "identity card",
        "港澳居民来往内地通行证",
        "外国人永久居留证",
        "外国人永久居留身份证",
        "港澳台居民居住证",
    ],
)
def test_people_are_found_by_whatever_paper_they_show(typed: str, number: str) -> None:
    assert forms.paper_number(typed) == number


@pytest.mark.parametrize("typed", ["610927189001010021", "6109271890010100", "911840188506070010", "E12", "护照"])
def test_a_number_that_can_be_none_is_told(typed: str) -> None:
    with pytest.raises(forms.Wrong):
        forms.paper_number(typed)


GIVEN: dict[str, dict[str, Any]] = {
    "f3-application": {
        "applicants": [{"name": "示例甲"}], "respondents": [{"name": "示例乙"}], "facts": "占地一尺多",
        "requests": [{"request": "退还"}], "voluntary": True, "signed": True, "applied_on": "2026-01-05",
    },
    "f6-identity": {"people": [{"name": "示例甲", "paper": "none"}]},
    "f7-authorisation": {
        "principal": "示例甲", "agent": "示例代理人", "matter": "参加调解", "scope": "special", "signed": True,
        "valid_from": "2026-01-05",
    },
    "f8-investigation": {"held_at": "2026-01-05T10:00", "place": "院坝", "content": "丈量界址", "signed": True},
    "f9-evidence": {"items": [{"name": "宅基地证", "source": "示例甲", "copies": 1}]},
}  # fmt: skip


def test_every_form_of_the_ministry_s_set_can_be_filled_in_by_somebody(session: Session, settled: Case) -> None:
    """司法部 2010 F3 to F15: what no step of a process asks for is put on file from its page."""
    diagrams = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "processes").glob("*/*.bpmn"))
    asked = set(re.findall(r'formId="([^"]+)"', diagrams))
    forms_of_the_set = {one.key for one in papers.catalogue().values() if one.code and one.key[0] == "f"}
    assert forms_of_the_set - asked == set(adding.FORMS) - {"f8-investigation"}
    assert set(GIVEN) == {one.key for one in adding.offered(session, actor(session, "mediator"), settled)}


@pytest.mark.parametrize("key", GIVEN)
def test_a_paper_that_no_step_asks_for_prints_in_the_file(session: Session, settled: Case, key: str) -> None:
    mediator = actor(session, "mediator")
    made = adding.add(session, mediator, settled.id, key, GIVEN[key])
    assert made in {one.submission.id for one in filing.case_file(session, mediator, settled.id).papers}
    assert filing.paper(session, mediator, settled.id, made, "pdf", "zh").startswith(b"%PDF")


def test_whom_a_party_authorises_stands_beside_them(session: Session, settled: Case) -> None:
    """民法典 §165."""
    for _ in range(2):
        adding.add(session, actor(session, "mediator"), settled.id, "f7-authorisation", GIVEN["f7-authorisation"])
    here = {one.id: one for one in parties.of_case(session, settled.id)}
    [agent] = [one for one in here.values() if one.role == "agent"]
    assert (agent.name, agent.powers, here[agent.acts_for].name) == ("示例代理人", "special", "示例甲")  # type: ignore[index]


def test_what_is_no_such_paper_or_comes_too_late_is_refused(session: Session, settled: Case) -> None:
    mediator = actor(session, "mediator")
    with pytest.raises(adding.NotAdded):
        adding.add(session, mediator, settled.id, "f11-agreement", {})
    with pytest.raises(NotForYourRole):
        adding.add(session, actor(session, "grid"), settled.id, "f9-evidence", GIVEN["f9-evidence"])
    with pytest.raises(AnswersInvalid):
        adding.add(session, mediator, settled.id, "f9-evidence", {"items": [{"name": "对方有前科的证明"}]})
    filing.finish(session, mediator, settled.id, {})
    with pytest.raises(adding.FileFinished):
        adding.add(session, mediator, settled.id, "f9-evidence", GIVEN["f9-evidence"])


def test_a_group_in_a_dispute_chooses_who_speaks_for_it(session: Session, settled: Case) -> None:
    """民事诉讼法 §56: who is a party already is marked as a representative of that side."""
    settled.closed_at = None
    given = {"representatives": [{"name": "示例甲", "phone": "0915-3300021"}], "elected": True}
    with pytest.raises(adding.NotAdded):
        adding.add(session, actor(session, "mediator"), settled.id, "f-reps", given)
    for one in "丙丁戊己":
        parties.put(session, settled, None, {"role": "applicant", "name": f"示例{one}"})
    made = adding.add(session, actor(session, "mediator"), settled.id, "f-reps", given)
    session.flush()
    assert [one.name for one in parties.of_case(session, settled.id) if one.representative] == ["示例甲"]
    text = "".join(words(filing.paper(session, actor(session, "mediator"), settled.id, made, "pdf", "zh")))
    assert "推选代表书" in text and "民事诉讼法第五十六条" in text
