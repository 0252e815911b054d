"""Villages that are merged: what is new goes to the successor, old cases keep their place. Names are made up."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from engine import clock, db
from engine.cases.models import Case
from engine.events import Event
from engine.notifications.models import Notification
from engine.territory.models import Division
from tests.api.conftest import Browser
from tests.api.steps import Report, System

SomeoneSigned = Callable[[str], Browser]
ENGLISH = {"Accept-Language": "en"}
VILLAGE, HEIR, TOWN = "610927103207", "610927103203", "610927103"
ANSWERS = {"what": "水渠被堵了", "where": "民主村三组", "urgency": "ordinary", "anonymous": True}


@pytest.fixture
def village(county: None) -> Iterator[dict[str, Any]]:
    """A village as it is given to be changed; it and its grids are there again after the test."""
    with db.transaction() as session:
        found = session.get_one(Division, VILLAGE)
        row = {name: getattr(found, name) for name in ("code", "name", "name_en", "kind", "parent")}
    yield row
    with db.transaction() as session:
        session.execute(update(Division).values(last_day=None, successor=None, boundary=""))
        session.execute(delete(Notification).where(Notification.kind == "place_ended"))


def where(number: str) -> str:
    with db.transaction() as session:
        return session.scalars(select(Case.division).where(Case.number == number)).one()


def test_a_merged_village_takes_nothing_new_and_keeps_its_old_cases(
    village: dict[str, Any], signed_in: SomeoneSigned, system: System, report: Report
) -> None:
    rest, admin = system("admin"), signed_in("admin")
    old = report({**ANSWERS, "where": village["name"]})["number"]
    end = {"last_day": clock.today().isoformat(), "successor": HEIR, "boundary": "大桥以上至茶园"}
    page = admin.get(f"/places?division=610927/{TOWN}&change={VILLAGE}", headers=ENGLISH).text
    assert "What is new goes to" in page and f'value="{HEIR}"' in page
    form = {**village, **end, "known": VILLAGE}
    assert admin.send(f"/places?division=610927/{TOWN}", form).status_code == 303
    new = report({**ANSWERS, "where": village["name"]})["number"]
    assert (where(old), where(new)) == (f"610927/{TOWN}/{VILLAGE}", f"610927/{TOWN}/{HEIR}")

    listed = {one["code"]: one for one in rest.get(f"/api/v1/places?division=610927/{TOWN}").get_json()["items"]}
    assert {name: listed[VILLAGE][name] for name in end} == end
    assert f'value="{VILLAGE}"' not in signed_in("duty").get("/report").text
    grids = rest.get(f"/api/v1/places?division=610927/{TOWN}/{VILLAGE}").get_json()["items"][1:]
    assert grids and {(one["kind"], one["successor"]) for one in grids} == {("grid", HEIR)}
    with db.transaction() as session:
        told = session.scalars(select(Notification).where(Notification.kind == "place_ended")).all()
        events = session.scalars(select(Event.kind).where(Event.data["division"].astext == VILLAGE)).all()
    assert told and "division.ended" in events

    renamed = {**village, "name": village["name"] + "甲"}  # without its columns the end stays
    assert rest.post("/api/v1/places", json={"items": [renamed]}).get_json() == {"added": 0, "renamed": 1}
    assert rest.post("/api/v1/places", json={"items": [{**village, "last_day": ""}]}).status_code == 200
    assert where(report({**ANSWERS, "where": village["name"]})["number"]) == where(old)
    back = rest.get(f"/api/v1/places?division=610927/{TOWN}/{VILLAGE}").get_json()["items"]
    assert {one["successor"] for one in back} == {None}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"last_day": "2026-11-01"}, "successor"),
        ({"last_day": "2026-11-01", "successor": TOWN}, "successor"),
        ({"last_day": "2026-11-01", "successor": VILLAGE}, "successor"),
        ({"successor": HEIR}, "day"),
        ({"last_day": "soon", "successor": HEIR}, "day"),
        ({"last_day": (clock.today() + timedelta(days=1)).isoformat(), "successor": HEIR}, "day"),
        ({"boundary": "远" * 301}, "boundary"),
    ],
)
def test_an_end_that_cannot_be_is_refused(
    village: dict[str, Any], system: System, changed: dict[str, str], wrong: str
) -> None:
    answer = system("admin").post("/api/v1/places", json={"items": [{**village, **changed}]})
    assert answer.status_code == 422, answer.text
    assert [one["code"] for one in answer.get_json()["errors"]] == [wrong]


def test_two_villages_cannot_end_into_each_other(village: dict[str, Any], system: System) -> None:
    with db.transaction() as session:
        other = session.get_one(Division, HEIR)
        heir = {name: getattr(other, name) for name in ("code", "name", "name_en", "kind", "parent")}
    day = clock.today().isoformat()
    given = [{**village, "last_day": day, "successor": HEIR}, {**heir, "last_day": day, "successor": VILLAGE}]
    answer = system("admin").post("/api/v1/places", json={"items": given})
    assert [one["code"] for one in answer.get_json()["errors"]] == ["successor", "successor"]
