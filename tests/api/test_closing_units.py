"""Organisations that are closed or merged: what they leave is handed over, their papers keep their name."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine import casework, clock, db
from engine.cases import commands as cases
from engine.documents import papers as numbered
from engine.documents.models import DocumentCounter
from engine.events import Event
from engine.notifications.models import Notification
from engine.people import queries as people
from engine.people.actor import Actor, Held
from engine.people.models import Mediator, Unit
from engine.supermarket.models import QueueCounter, Visit
from tests.api.conftest import Browser
from tests.api.steps import System

SomeoneSigned = Callable[[str], Browser]
ENGLISH = {"Accept-Language": "en"}
VILLAGE, OTHER = "610927103207", "610927103203"
PATH = f"610927/610927103/{VILLAGE}"
NEW = {
    "kind": "village_committee", "name": "接手调委会", "division": OTHER, "abbreviation": "接手人调", "fee": "free",
}  # fmt: skip


@pytest.fixture
def old(library: None) -> Iterator[UUID]:
    """The demo's village committee; it and all that belongs to it are as before after the test."""
    with db.transaction() as session:
        unit = session.scalars(select(Unit).where(Unit.kind == "village_committee")).one()
        known = set(session.scalars(select(Unit.id)))
        listed = {one.account_id: one.unit_id for one in session.scalars(select(Mediator))}
        found = unit.id
    yield found
    with db.transaction() as session:
        session.execute(delete(Visit).where(Visit.name == "接手来访"))
        for account, body in listed.items():
            session.execute(update(Mediator).where(Mediator.account_id == account).values(unit_id=body))
        session.execute(update(Unit).values(last_day=None, successor_id=None))
        for table in (QueueCounter, Visit):
            session.execute(delete(table).where(table.unit_id.not_in(known)))
        session.execute(delete(Unit).where(Unit.id.not_in(known)))
        session.execute(delete(DocumentCounter).where(DocumentCounter.series.startswith("接手")))
        session.execute(delete(Notification).where(Notification.kind == "body_closed"))


def successor(rest: Browser) -> str:
    made = rest.post("/api/v1/units", json=NEW)
    assert made.status_code == 201, made.text
    return str(made.get_json()["id"])


def test_a_merged_committee_hands_over_its_mediators_and_visits_and_is_offered_no_longer(
    old: UUID, signed_in: SomeoneSigned, system: System
) -> None:
    rest, admin = system("admin"), signed_in("admin")
    heir, tomorrow = successor(rest), clock.today() + timedelta(days=1)
    while not (times := rest.get(f"/api/v1/bodies/{old}/times?day={tomorrow}").get_json()["times"]):
        tomorrow += timedelta(days=1)
    booking = {"name": "接手来访", "day": tomorrow.isoformat(), "slot": times[0]}
    booked = rest.post(f"/api/v1/bodies/{old}/visits", json=booking).get_json()
    page = admin.get(f"/units?close={old}", headers=ENGLISH).text
    assert "Agreed visits to come</dt><dd>1" in page and "示例调解员" in page
    left = rest.get(f"/api/v1/units/{old}/left").get_json()
    assert left["visits"] == 1 and heir in {one["id"] for one in left["successors"]}
    admin.headers = ENGLISH
    given = {"unit": str(old), "do": "close", "last_day": clock.today().isoformat(), "reason": "两村合并"}
    refused = admin.send("/units", given)
    assert refused.status_code == 422
    assert "1 agreed visits would be left with nobody" in refused.text and 'value="两村合并"' in refused.text
    assert admin.send("/units", {**given, "successor": heir}).status_code == 303
    seen = [one for one in rest.get("/api/v1/mediators").get_json()["mediators"] if one["body_id"] == heir]
    assert {one["id"] for one in seen} == set(left["mediators"])
    with db.transaction() as session:
        visit = session.get_one(Visit, UUID(booked["visit"]["id"]))
        assert (str(visit.unit_id), visit.day, visit.moved_because) == (heir, tomorrow, "两村合并")
        told = session.scalars(select(Notification.account_id).where(Notification.kind == "body_closed")).all()
        assert {str(one) for one in told} == set(left["mediators"])
        kinds = session.scalars(select(Event.kind).where(Event.stream == old, Event.kind == "unit.closed")).all()
        assert len(kinds) >= 1
        unit = session.get_one(Unit, old)
        unit.last_day = clock.today() - timedelta(days=1)
    assert str(old) not in {one["id"] for one in rest.get("/api/v1/mediators").get_json()["bodies"]}
    assert rest.post(f"/api/v1/bodies/{old}/visits", json=booking).status_code == 404
    assert "Take the closing back" in admin.get("/units?words=民主村人民调解").text
    assert rest.put(f"/api/v1/units/{old}", json={**NEW, "name": "改名"}).status_code == 422
    assert admin.send("/units", {"unit": str(old), "do": "reopen"}).status_code == 303
    assert str(old) in {one["id"] for one in rest.get("/api/v1/mediators").get_json()["bodies"]}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"last_day": "2999-01-01"}, "last_day"),
        ({"last_day": "2020-01-01"}, "numbered"),
        ({"successor": None}, "successor"),
        ({"successor": "itself"}, "successor"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_closing_that_cannot_be_is_refused_with_the_reason(
    old: UUID, system: System, wrong: dict[str, Any], code: str
) -> None:
    rest = system("admin")
    given = {"last_day": clock.today().isoformat(), "successor": successor(rest), "reason": "合并"} | wrong
    if given["successor"] == "itself":
        given["successor"] = str(old)
    with db.transaction() as session:
        case, _ = cases.report(
            session, words="x", place="民主村", urgency="ordinary", kind="dispute", source="grid", division=PATH,
            actor=None,
        )  # fmt: skip
        case.level = "village"
        session.flush()
        numbered.file_number(session, case, None)
    refused = rest.post(f"/api/v1/units/{old}/close", json=given, headers=ENGLISH)
    assert refused.status_code == 422, refused.text
    assert [one["code"] for one in refused.get_json()["errors"]] == [code]


def test_closing_is_for_who_administers_both(old: UUID, system: System) -> None:
    given: dict[str, Any] = {"last_day": clock.today().isoformat(), "reason": "合并"}
    assert system("county").post(f"/api/v1/units/{old}/close", json=given).status_code == 403
    heir = successor(system("admin"))
    village = Actor("somebody", "somebody", "zh", (Held("admin", VILLAGE, PATH),))
    with db.transaction() as session:
        given["successor"] = heir
        with pytest.raises(casework.units.UnitUnfit):
            casework.closing_units.close(session, village, old, given)
        with pytest.raises(casework.units.UnitUnknown):
            casework.closing_units.close(session, village, UUID(heir), given)


def test_papers_of_its_time_keep_its_name_and_later_ones_take_the_successor_s(library: None, session: Session) -> None:
    old = session.scalars(select(Unit).where(Unit.kind == "village_committee")).one()
    more = {"name_en": "x", "path": f"610927/610927103/{OTHER}", "level": "village", "legal_basis": "", "phone": ""}
    heir = Unit(**NEW, **more)
    session.add(heir)
    session.flush()
    old.last_day, old.successor_id = date(2026, 11, 20), heir.id
    session.flush()
    for day, name in ((date(2026, 11, 20), old.name), (date(2026, 11, 21), "接手调委会")):
        found = people.unit_for(session, "village_committee", PATH, day)
        assert found and found.name == name
    heir.last_day = date(2026, 11, 22)
    assert people.unit_for(session, "village_committee", PATH, date(2026, 11, 23)) is None
