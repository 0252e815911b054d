"""Opening a case that is not one's own in an emergency: who may, for how long, and that nothing else opens with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import permissions, queries
from engine.cases.models import Case
from engine.casework import emergency
from engine.documents import commands as documents
from engine.documents import queries as files
from engine.ids import new_id
from engine.people.roles import ROLES
from tests.engine.cases.conftest import COUNTY, ELSEWHERE, TOWN, Report, holder

KINDS = {
    "dispute": {},
    "petition": {"kind": "petition"},
    "police matter": {"kind": "police"},
    "sealed protection": {"kind": "protection", "sealed": True},
    "sealed police matter": {"kind": "police", "sealed": True},
    "sealed accusation": {"kind": "petition", "sealed": True},
}
OPEN_KINDS = {name for name, facts in KINDS.items() if not facts.get("sealed")}
HAZARDS, OFFICER = str(new_id()), str(new_id())
MAY = dict.fromkeys(("duty_officer", "justice_officer", "petition_officer", "hazard_officer"), OPEN_KINDS) | {
    "police": OPEN_KINDS | {"sealed protection", "sealed police matter"},
    "protection_officer": OPEN_KINDS | {"sealed protection"},
}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_its_row_says_in_its_county_and_nothing_else(
    session: Session, report: Report, role: str
) -> None:
    cases = {name: report(**facts) for name, facts in KINDS.items()}
    report(division="610926/610926101/610926101200")
    found = set(session.scalars(select(Case).where(permissions.openable(holder(role, ELSEWHERE)))))
    assert found == {cases[name] for name in MAY.get(role, ())}


def test_it_is_read_for_a_day_with_a_reason_and_opens_no_list_and_no_action(session: Session, report: Report) -> None:
    case, officer = report(), holder("hazard_officer", TOWN, "h1")
    with pytest.raises(emergency.EmergencyReasonMissing):
        emergency.open_case(session, officer, case.number, " ")
    with pytest.raises(emergency.NotToBeOpened):
        emergency.open_case(session, officer, "no such number", "示例：有人被困")
    look = emergency.open_case(session, officer, f" {case.number.lower()} ", "示例：有人被困")
    session.flush()
    assert look.until - look.at == timedelta(hours=24)
    assert emergency.open_case(session, officer, case.number, "再来一次") is look
    assert queries.readable(session, officer, case.id) == (case, look)
    assert case not in session.scalars(select(Case).where(permissions.scope(officer))).all()
    with pytest.raises(permissions.CaseUnknown):
        queries.case(session, officer, case.id)
    with pytest.raises(permissions.CaseUnknown):
        permissions.require(session, officer, "note", case.id)
    with pytest.raises(permissions.CaseUnknown):
        queries.readable(session, holder("hazard_officer", TOWN, "h2"), case.id)
    kinds = [(one.kind, one.actor) for one in events.of_stream(session, case.id)]
    assert kinds[-2:] == [("case.emergency_opened", "h1"), ("case.emergency_viewed", "h1")]
    look.until = clock.now()
    session.flush()
    with pytest.raises(permissions.CaseUnknown):
        queries.readable(session, officer, case.id)


def test_sealing_closes_it_to_whoever_may_not_open_what_is_sealed(session: Session, report: Report) -> None:
    case = report(kind="protection")
    hazards, women = holder("hazard_officer", TOWN, "h1"), holder("protection_officer", COUNTY, "w1")
    for one in (hazards, women):
        emergency.open_case(session, one, case.number, "示例：孩子有危险")
    case.sealed = True
    session.flush()
    assert queries.readable(session, women, case.id)[0] is case
    with pytest.raises(permissions.CaseUnknown):
        queries.readable(session, hazards, case.id)


def test_what_is_seen_anyway_needs_no_emergency(session: Session, report: Report) -> None:
    with pytest.raises(emergency.SeenAnyway):
        emergency.open_case(session, holder("duty_officer", TOWN), report().number, "示例")
    with pytest.raises(emergency.EmergencyForOthers):
        emergency.open_case(session, holder("leader", COUNTY), report().number, "示例")


def test_words_that_must_not_be_kept_stop_nobody_and_are_covered_in_the_reason(
    session: Session, report: Report
) -> None:
    case, officer = report(), holder("hazard_officer", TOWN, "h1")
    look = emergency.open_case(session, officer, case.number, "示例：他有精神分裂，拿着刀")
    assert look.reason == "示例：他有▇▇，拿着刀"
    found = [one.data["facts"] for one in events.of_stream(session, case.id) if one.kind == "case.blocked_words_found"]
    assert found == [["mental"]]


def test_each_picture_that_is_read_in_an_emergency_or_of_a_sealed_case_is_recorded(
    session: Session, report: Report
) -> None:
    case, hazards, county = report(), holder("hazard_officer", TOWN, HAZARDS), holder("county_officer", COUNTY, OFFICER)
    photo = documents.store_upload(session, "grid", "照片.png", b"\x89PNG\r\n\x1a\n")
    photo.case_id = case.id
    session.flush()

    def read_by() -> list[str | None]:
        return [one.actor for one in events.of_stream(session, case.id) if one.kind == "upload.viewed"]

    files.upload(session, county, OFFICER, photo.id)
    assert read_by() == [], "a look at what one sees anyway leaves none"
    with pytest.raises(files.UploadUnknown):
        files.upload(session, hazards, HAZARDS, photo.id)
    emergency.open_case(session, hazards, case.number, "示例：有人被困")
    files.upload(session, hazards, HAZARDS, photo.id)
    assert read_by() == [HAZARDS]
    looks, _ = emergency.looks(session, county)
    assert [one.times for one in looks] == [1]
    case.sealed = True
    session.flush()
    files.upload(session, county, OFFICER, photo.id)
    assert read_by() == [HAZARDS, OFFICER]
