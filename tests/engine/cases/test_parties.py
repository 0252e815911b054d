"""The people of a case: sealed numbers, guardians, groups, consent; what must not be on file."""

import importlib
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine import clock, events, identity
from engine.cases import blocklist, parties, permissions, queries
from engine.cases.models import Case, Consent, Party
from engine.cases.permissions import NotForYourRole
from tests.engine.cases.conftest import COUNTY, ELSEWHERE, TOWN, VILLAGE, Report, holder

NUMBER, OTHER = "610927188506123017", "61092718900101002X"


def put(session: Session, case: Case, **details: Any) -> Party:
    return parties.put(session, case, "somebody", {"role": "applicant", "name": "示例甲", **details})


def test_an_identity_number_is_not_readable_in_the_database(session: Session, report: Report) -> None:
    party = put(session, report(), id_number=NUMBER)
    row = session.execute(text("SELECT party::text FROM party WHERE id = :id"), {"id": party.id}).scalar_one()
    assert NUMBER not in row
    assert identity.unseal(party.identity or "") == NUMBER
    assert identity.seal(NUMBER) != party.identity, "the same number twice does not look the same"


def test_a_number_that_was_altered_is_not_opened() -> None:
    sealed = identity.seal(NUMBER)
    with pytest.raises(ValueError, match="cannot be opened"):
        identity.unseal(sealed[:-6] + ("AAAA" if sealed[-6:-2] != "AAAA" else "BBBB") + sealed[-2:])


def test_the_same_person_is_found_in_the_cases_that_one_may_see(session: Session, report: Report) -> None:
    here, before, sealed, far = report(level="village"), report(), report(sealed=True), report(division=ELSEWHERE)
    for case in (here, before, sealed, far):
        put(session, case, id_number=NUMBER)
    put(session, report(), id_number=OTHER)
    duty = holder("duty_officer", TOWN)
    party = parties.of_case(session, here.id)[0]
    assert [one.case for one in parties.other_cases(session, duty, [party])[party.id]] == [before]
    assert {one.case for one in parties.find_people(session, duty, number=NUMBER)} == {here, before}
    assert parties.find_people(session, holder("county_officer", COUNTY), number=NUMBER)
    assert sealed not in {
        one.case for one in parties.find_people(session, holder("county_officer", COUNTY), number=NUMBER)
    }


def test_a_whole_number_is_shown_for_a_reason_and_recorded(session: Session, report: Report) -> None:
    case = report(level="village")
    party = put(session, case, id_number=NUMBER)
    mediator = holder("village_mediator", VILLAGE, "m1")
    with pytest.raises(parties.ReasonMissing):
        parties.whole_number(session, mediator, case.id, party.id, "")
    with pytest.raises(NotForYourRole):
        parties.whole_number(session, holder("grid_worker", VILLAGE), case.id, party.id, "service")
    assert parties.whole_number(session, mediator, case.id, party.id, "service") == NUMBER
    looks = [one for one in events.of_stream(session, case.id) if one.kind == "party.unmasked"]
    assert [(one.actor, one.data["reason"]) for one in looks] == [("m1", "service")]


@pytest.mark.parametrize(
    ("born", "own_wages", "minor"),
    [
        (date(2008, 11, 24), False, True),
        (date(2008, 11, 23), False, False),
        (date(2010, 11, 23), True, False),
        (date(2010, 11, 24), True, True),
        (None, False, False),
    ],
    ids=["民法典 §17 one day short of 18", "18 today", "§18 16 and own wages", "§18 not yet 16", "unknown"],
)
def test_who_is_a_minor(born: date | None, own_wages: bool, minor: bool) -> None:
    from datetime import UTC, datetime

    with clock.virtual(datetime(2026, 11, 23, 4, tzinfo=UTC)):
        assert parties.is_minor(Party(kind="person", birth_date=born, own_wages=own_wages)) is minor


def test_civil_code_19_a_minor_needs_a_guardian(session: Session, report: Report) -> None:
    case = report()
    child = put(session, case, birth_date=clock.today().replace(day=1).isoformat())
    with pytest.raises(parties.GuardianMissing):
        parties.require_guardians(session, case.id)
    put(session, case, role="guardian", name="示例监护人", acts_for=str(child.id))
    parties.require_guardians(session, case.id)


def test_petition_regulation_20_a_side_has_at_most_five_representatives(session: Session, report: Report) -> None:
    case = report()
    for number in range(5):
        put(session, case, name=f"示例{number}", representative=True)
    put(session, case, name="对方", role="respondent", representative=True)
    with pytest.raises(parties.TooManyRepresentatives):
        put(session, case, name="第六人", representative=True)


def test_forms_fill_the_people_once(session: Session, report: Report) -> None:
    case = report()
    answers = {
        "parties": [
            {"side": "applicant", "name": "示例甲", "phone": "0915-3300090", "sex": {"no_answer": "declined"}},
            {"side": "respondent", "name": "示例乙"},
        ],
        "personal_data": True,
    }
    parties.take_over(session, case, "m1", answers)
    parties.take_over(session, case, "m1", answers)
    parties.take_over(session, case, "m1", {"people": [{"name": "示例甲", "id_number": NUMBER}]})
    session.flush()
    found = parties.of_case(session, case.id)
    assert [(one.role, one.name, one.sex, bool(one.identity)) for one in found] == [
        ("applicant", "示例甲", None, True),
        ("respondent", "示例乙", None, False),
    ]
    assert len(parties.consents(session, case.id)) == 2


def test_consent_can_be_taken_back_and_given_again(session: Session, report: Report) -> None:
    case = report()
    party = put(session, case)
    for _ in range(2):
        parties.consent(session, case, "m1", party, given_for="mediation", how="told")
    parties.withdraw_consent(session, case, "m1", party, "mediation")
    parties.consent(session, case, "m1", party, given_for="mediation", how="told")
    session.flush()
    assert [one.withdrawn_at is None for one in session.scalars(select(Consent).order_by(Consent.id))][-2:] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("他有前科", "offences"), ("一直吸毒", "drugs"), ("精神分裂", "mental"), ("信教的", "religion"),
        ("他是党员", "politics"), ("hiv阳性", "health"), ("身份证610927188506123017", "identity"),
    ],
)  # fmt: skip
def test_what_must_not_be_on_file_is_found(words: str, kind: str) -> None:
    assert [hit.kind for hit in blocklist.hits(words)] == [kind]


def test_ordinary_words_are_left_alone() -> None:
    assert list(blocklist.hits("李家建房子把我家的地占了，2026年11月23日量过，电话0915-3300000")) == []


def test_who_only_sees_may_not_change_the_people(session: Session, report: Report) -> None:
    case = report(level="village")
    assert queries.case(session, holder("grid_worker", VILLAGE), case.id)
    with pytest.raises(NotForYourRole):
        permissions.require(session, holder("grid_worker", VILLAGE), "party", case.id)


def test_numbers_of_an_older_database_are_sealed_wherever_they_stand_in_answers() -> None:
    revision = importlib.import_module("engine.migrations.versions.r0004_parties")
    before = {
        "parties": [{"name": "示例甲", "id_number": NUMBER}, {"id_number": None}],
        "id_number": {"no_answer": "x"},
    }
    after = revision._sealed(before)
    assert identity.unseal(after["parties"][0]["id_number"]) == NUMBER
    assert NUMBER not in str(after)
    assert (after["parties"][1], after["id_number"]) == (before["parties"][1], before["id_number"])
