"""Whom a grid can ask for help (网格员+N): kept by the village, read by those who ask, with no sight of any case."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from engine import clock, db
from engine.events import Event
from engine.people import queries as people
from engine.registers import partners
from engine.registers.partners import Partner
from tests.api.conftest import Browser
from tests.api.steps import Report, System, do, task_of

SomeoneSigned = Callable[[str], Browser]
ENGLISH = {"Accept-Language": "en"}
VILLAGE = "610927103207"
PATH = f"610927/610927103/{VILLAGE}"
TODAY = clock.today().isoformat()
DOCTOR: dict[str, Any] = {
    "division": VILLAGE, "kind": "doctor", "name": "测试村医", "phone": "0915-3300099", "consent_on": TODAY,
}  # fmt: skip


@pytest.fixture(autouse=True)
def emptied(county: None) -> Iterator[None]:
    yield
    with db.transaction() as session:
        session.execute(delete(Partner))


def proposed(login: str, path: str) -> list[str]:
    with db.transaction() as session:
        return [one.name for one in partners.for_place(session, people.actor_by_login(session, login), path)]


def test_the_village_keeps_the_list_and_those_who_ask_read_it(signed_in: SomeoneSigned, system: System) -> None:
    mediator, grid = signed_in("mediator"), signed_in("grid")
    assert mediator.send("/partners", DOCTOR).status_code == 303
    page = grid.get("/partners", headers=ENGLISH).text
    assert "测试村医" in page and "0915-3300099" in page and "Doctor" in page
    assert "Put somebody on the list" not in page
    with db.transaction() as session:
        police = str(people.actor_by_login(session, "police").id)
    given = {"division": f"{VILLAGE}001", "kind": "police", "account": police}
    made = system("duty").post("/api/v1/partners", json=given)
    assert made.status_code == 201 and made.get_json()["account_id"] == police and made.get_json()["phone"] == ""
    read = system("grid").get("/api/v1/partners").get_json()["items"]
    assert [one["kind"] for one in read] == ["doctor", "police"]
    for login in ("hazard", "petition", "police", "leader", "admin"):
        assert system(login).get("/api/v1/partners").get_json()["code"] == "forbidden", login
    assert system("grid").post("/api/v1/partners", json=DOCTOR).status_code == 403
    assert system("mediator").post("/api/v1/partners", json={**DOCTOR, "division": "610927103203"}).status_code == 422

    gone = read[0]["id"]
    for login, status in (("grid", 404), ("mediator", 204)):
        rest = system(login)
        assert rest.client.delete(f"/api/v1/partners/{gone}", headers=rest.headers).status_code == status
    with db.transaction() as session:
        kinds = session.scalars(select(Event.kind).where(Event.kind.startswith("partner."))).all()
    assert {"partner.entered", "partner.removed"} <= set(kinds)


def test_the_list_proposes_to_those_of_the_place_alone_and_opens_no_case(
    signed_in: SomeoneSigned, system: System, report: Report
) -> None:
    with db.transaction() as session:
        police = str(people.actor_by_login(session, "police").id)
    rest = system("duty")
    for given in (DOCTOR, {"division": VILLAGE, "kind": "police", "account": police}):
        assert rest.post("/api/v1/partners", json=given).status_code == 201
    later = {**DOCTOR, "name": "以后", "from_day": (clock.today() + timedelta(days=1)).isoformat()}
    assert rest.post("/api/v1/partners", json=later).status_code == 201
    assert proposed("mediator", PATH) == ["测试村医", "示例民警·钟宝派出所"]
    assert proposed("mediator", "610927/610927103/610927103203") == []
    assert proposed("police", PATH) == []
    case_id, handler = report()["id"], system("mediator")
    for who, step in ((rest, "triage"), (rest, "confirm"), (handler, "consent"), (handler, "register")):
        do(who, case_id, step)
    page = signed_in("mediator").get(f"/tasks/{task_of(handler, case_id, 'mediator')['id']}", headers=ENGLISH).text
    assert "Who could help here" in page and "测试村医" in page and "以后" not in page
    assert system("police").get(f"/api/v1/cases/{case_id}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent_on": None},
        {"consent_on": (clock.today() + timedelta(days=1)).isoformat()},
        {"name": ""},
        {"kind": "party_member"},
        {"to_day": (clock.today() - timedelta(days=1)).isoformat()},
        {"account": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_what_is_not_fit_is_refused(system: System, wrong: dict[str, Any]) -> None:
    answer = system("mediator").post("/api/v1/partners", json={**DOCTOR, **wrong})
    assert answer.status_code == 422 and answer.get_json()["code"] == "partner-unfit", answer.text


def test_after_the_last_day_name_and_telephone_are_deleted(system: System) -> None:
    made = system("mediator").post("/api/v1/partners", json={**DOCTOR, "to_day": TODAY}).get_json()
    with db.transaction() as session:
        assert partners.forget(session) == 0
        session.get_one(Partner, made["id"]).to_day = clock.today() - timedelta(days=1)
    assert system("grid").get("/api/v1/partners").get_json()["items"] == []
    with db.transaction() as session:
        assert partners.forget(session) == 1
