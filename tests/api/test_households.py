"""The register of households and the visits of a campaign, on pages without script and over REST."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from engine import casework, clock, db
from engine.events import Event
from tests.api.conftest import Browser
from tests.factories import actor

Signed = Callable[[str], Browser]
GRID = "610927103207001"
pytestmark = pytest.mark.usefixtures("library")


def row(address: str) -> dict[str, Any]:
    return {
        "division": GRID, "village_group": "示例组", "address": address, "people": 3, "source": "示例门牌表",
        "purpose": "示例防汛", "keep_until": (clock.today() + timedelta(days=90)).isoformat(),
    }  # fmt: skip


def test_a_household_is_entered_changed_exported_and_taken_off(signed_in: Signed, system: Signed) -> None:
    grid = signed_in("grid")
    refused = grid.send("/households", {**row("示例9号"), "contact": "示例户主"})
    assert refused.status_code == 422 and 'value="示例9号"' in refused.text and "第1户" in refused.text
    assert grid.send("/households", row("示例9号")).status_code == 303
    rest = system("grid")
    [one] = [each for each in rest.get("/api/v1/households").get_json()["items"] if each["address"] == "示例9号"]
    assert "示例9号" in unescape(grid.get(f"/households?change={one['id']}").text)
    assert rest.put(f"/api/v1/households/{one['id']}", json={**row("示例9号"), "people": 5}).status_code == 200
    text = grid.get("/households.csv").text
    assert f"{GRID},示例组,示例9号,5," in text
    assert grid.send("/households", {"csv": text}).status_code == 422, "it stands there already"
    removed = grid.send("/households", {"do": "remove", "household": one["id"]})
    assert removed.status_code == 303 and "示例9号" not in unescape(grid.get("/households").text)
    with db.transaction() as session:
        out = session.scalars(select(Event).where(Event.kind == "households.exported")).all()
        assert len(out) == 1 and "示例9号" not in str(out[0].data)
    assert signed_in("police").get("/households").status_code == 403
    assert system("leader").get("/api/v1/households").status_code == 403


def test_a_campaign_is_taken_from_door_to_door(signed_in: Signed, system: Signed) -> None:
    grid, rest = signed_in("grid"), system("grid")
    made = rest.post("/api/v1/households", json={"items": [row("示例1号"), row("示例2号")]}).get_json()["items"]
    with db.transaction() as session:
        given = {"what": "示例行动户户到", "where": "民主村", "urgency": "ordinary"}
        case = casework.procedures.start(session, actor(session, "duty"), "campaign", given).case.id
    page = f"/households/visits/{case}"
    assert page in grid.get("/households").text
    assert grid.send(page, {"household": made[0]["id"], "state": "done"}).status_code == 303
    told = rest.put(f"/api/v1/campaigns/{case}/households/{made[1]['id']}", json={"state": "not_home"})
    assert told.status_code == 204
    found = rest.get(f"/api/v1/campaigns/{case}/households").get_json()
    assert found["counts"] == {"done": 1, "not_home": 1, "refused": 0, "open": 0}
    assert found["states"] == {made[0]["id"]: "done", made[1]["id"]: "not_home"}
    assert "示例网格员" not in grid.get(page).text.partition("<main")[2], "it says of nobody who went where"
    assert signed_in("hazard").get(page).status_code == 404
