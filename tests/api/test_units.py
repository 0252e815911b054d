"""Organisations and the directory of mediators, kept by administrators on the page and over REST."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from engine import casework, db
from engine.documents.models import DocumentCounter
from engine.events import Event
from engine.people.actor import Actor, Held
from engine.people.models import Account, Mediator, Unit
from tests.api.conftest import Browser
from tests.api.steps import System

SomeoneSigned = Callable[[str], Browser]
ENGLISH = {"Accept-Language": "en"}
TOWN = "610927105"
GIVEN = {
    "kind": "town_committee", "name": "测试调委会", "name_en": "", "division": TOWN, "abbreviation": "测试人调",
    "legal_basis": "人民调解法 §34", "fee": "free", "phone": "0915-3300099",
}  # fmt: skip


@pytest.fixture
def as_before(county: None) -> Iterator[None]:
    """The organisations and mediators of the demo are as they were after the test."""
    with db.transaction() as session:
        known = set(session.scalars(select(Unit.id)))
        listed = [
            (one.account_id, one.unit_id, one.specialities, one.languages) for one in session.scalars(select(Mediator))
        ]
    yield
    with db.transaction() as session:
        session.execute(delete(Mediator))
        for account, unit, specialities, languages in listed:
            session.add(Mediator(account_id=account, unit_id=unit, specialities=specialities, languages=languages))
        session.flush()
        session.execute(delete(Unit).where(Unit.id.not_in(known)))
        session.execute(delete(DocumentCounter).where(DocumentCounter.series.startswith("测")))


def test_an_organisation_is_added_changed_and_has_a_mediator_in_the_public_directory(
    as_before: None, signed_in: SomeoneSigned, system: System
) -> None:
    admin, rest = signed_in("admin"), system("admin")
    assert admin.send("/units", {**GIVEN, "do": "unit"}).headers["Location"].endswith("notice=unit")
    page = admin.get("/units", headers=ENGLISH).text
    change = re.search(r'href="(/units\?change=([0-9a-f-]{36})#entry)">Change<span[^>]*> 测试调委会', page)
    assert change
    unit_id = change[2]
    assert 'value="测试人调"' in admin.get(change[1].partition("#")[0]).text
    changed = rest.put(f"/api/v1/units/{unit_id}", json={**GIVEN, "phone": "0915-3300098", "abbreviation": "测人调"})
    assert changed.get_json() == {
        **GIVEN, "id": unit_id, "level": "town", "phone": "0915-3300098", "abbreviation": "测人调",
        "name_en": "测试调委会", "last_day": None, "successor_id": None,
    }  # fmt: skip
    with db.transaction() as session:
        account = str(session.scalars(select(Account.id).where(Account.login == "town")).one())
        told = session.scalars(select(Event.kind).where(Event.stream == UUID(unit_id)).order_by(Event.position)).all()
    assert told == ["unit.added", "unit.changed"]
    said = {"account": account, "unit_id": unit_id, "specialities": ["D02"], "languages": ["sign"], "skills": "木匠"}
    assert admin.send("/units", {**said, "do": "list"}).status_code == 303
    [shown] = [one for one in rest.get("/api/v1/mediators").get_json()["mediators"] if one["id"] == account]
    assert (shown["body_id"], shown["specialities"], shown["languages"]) == (unit_id, ["D02"], ["sign"])
    page = admin.get(f"/units?mediator={account}").text  # to be changed without typing it all again
    assert {'value="D02" checked', 'value="sign" checked', 'value="木匠"'} <= set(
        re.findall(r'value="[^"]+"(?: checked)?', page)
    )
    assert signed_in("admin").get(f"/units?mediator={UUID(int=0)}").status_code == 404
    found = rest.get("/api/v1/mediators?words=木匠").get_json()["mediators"]
    assert [(one["id"], one["skills"]) for one in found] == [(account, "木匠")]
    kept = {name: value for name, value in said.items() if name != "account"}
    assert rest.put(f"/api/v1/mediators/{account}", json={**kept, "languages": []}).status_code == 422
    assert rest.put(f"/api/v1/mediators/{account}", json={**kept, "languages": ["local"]}).status_code == 200
    assert {"account_id": account, **kept, "languages": ["local"]} in rest.get("/api/v1/units").get_json()["mediators"]
    for status in (204, 404):
        gone = rest.client.delete(f"/api/v1/mediators/{account}", headers=rest.headers)
        assert gone.status_code == status


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "club"}, "Choose the kind"),
        ({"name": " "}, "Say the Chinese name"),
        ({"division": "999999"}, "Choose a county, town or village"),
        ({"division": "610927103207001"}, "Choose a county, town or village"),
        ({"division": "610927103207"}, "belong to a village"),
        ({"division": "610927103"}, "There is one of this kind already: 钟宝镇人民调解委员会"),
        ({"abbreviation": "人调 1"}, "one to ten Chinese characters"),
        ({"abbreviation": "钟宝人调"}, "has this abbreviation already"),
        ({"fee": "charged"}, "free of charge (People"),
        ({"phone": "call me"}, "A telephone number has digits"),
    ],
)
def test_what_cannot_be_right_is_said_and_nothing_typed_is_lost(
    county: None, signed_in: SomeoneSigned, wrong: dict[str, str], said: str
) -> None:
    admin = signed_in("admin")
    admin.headers = {**admin.headers, **ENGLISH}
    refused = admin.send("/units", {**GIVEN, **wrong, "do": "unit"})
    assert refused.status_code == 422
    assert said in refused.text.replace("&#39;", "'")
    assert 'value="人民调解法 §34"' in refused.text
    assert refused.text.count('aria-invalid="true"') == 1
    with db.transaction() as session:
        assert (
            session.scalar(select(Unit.id).where(Unit.legal_basis == "人民调解法 §34", Unit.division == TOWN)) is None
        )


def test_an_abbreviation_that_stands_in_numbers_stays(as_before: None, system: System) -> None:
    rest = system("admin")
    made = rest.post("/api/v1/units", json=GIVEN).get_json()
    address = f"/api/v1/units/{made['id']}"
    with db.transaction() as session:
        session.add(DocumentCounter(series="测试人调调", year=2026, last=1))
    refused = rest.put(address, json={**GIVEN, "abbreviation": "测人调"})
    assert [one["code"] for one in refused.get_json()["errors"]] == ["kept"]
    assert rest.put(address, json={**GIVEN, "name": "测试二调委会"}).status_code == 200


def test_organisations_are_for_administrators_each_in_their_division(
    as_before: None, signed_in: SomeoneSigned, system: System
) -> None:
    assert signed_in("county").get("/units").status_code == 403
    assert system("leader").post("/api/v1/units", json=GIVEN).status_code == 403
    actor = Actor("somebody", "somebody", "zh", (Held("admin", TOWN, f"610927/{TOWN}"),))
    with db.transaction() as session:
        elsewhere = session.scalars(select(Unit).where(Unit.division == "610927103")).first()
        assert elsewhere
        assert casework.units.units(session, actor) == []
        assert casework.units.mediators(session, actor) == casework.units.candidates(session, actor) == []
        with pytest.raises(casework.units.UnitUnknown):
            casework.units.put(session, actor, GIVEN, change=elsewhere.id)
        mediator = session.scalars(select(Mediator)).first()
        assert mediator
        said: dict[str, Any] = {"unit_id": elsewhere.id, "languages": ["local"]}
        with pytest.raises(casework.units.MediatorUnknown):
            casework.units.list_mediator(session, actor, mediator.account_id, said)
        with pytest.raises(casework.units.MediatorUnknown):
            casework.units.unlist_mediator(session, actor, mediator.account_id)
        assert casework.units.put(session, actor, GIVEN).level == "town"
