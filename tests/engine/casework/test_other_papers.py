"""Passports and permits are sealed, indexed and masked as identity numbers are."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import forms
from engine import identity
from engine.cases import parties
from engine.cases.models import Case, Submission
from engine.casework import formbook, paper_facts
from tests.factories import actor

PASSPORT = "E12345678"


def put_on_file(session: Session, case: Case) -> Submission:
    """Form F6 with a passport, stored as the product stores it."""
    version = formbook.newest(session, "f6-identity")
    given: dict[str, Any] = {"people": [{"name": "示例甲", "paper": "passport", "number": " e 1234-5678 "}]}
    clean = formbook.checked(session, version.form, given, {})
    parties.take_over(session, case, None, clean)
    made = Submission(
        case_id=case.id, form_key="f6-identity", form_id=version.id, answers=formbook.sealed(version.form, clean),
        by=actor(session, "mediator").id, at=case.reported_at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


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
    ("typed", "number"), [("e 1234-5678", "E12345678"), ("61092718900101002x", "61092718900101002X")]
)
def test_people_are_found_by_whatever_paper_they_show(typed: str, number: str) -> None:
    assert forms.any_paper_number(typed) == number


@pytest.mark.parametrize("typed", ["610927189001010021", "E12", "护照"])
def test_a_number_that_can_be_none_is_told(typed: str) -> None:
    with pytest.raises(forms.Wrong):
        forms.any_paper_number(typed)
