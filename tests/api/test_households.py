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


def test_camera_points_are_listed_and_the_letter_for_recordings_lies_on_a_file(
    signed_in: Signed, system: Signed
) -> None:
    """公共安全视频图像信息系统管理条例 §20."""
    duty, rest = signed_in("duty"), system("duty")
    point = {
        "division": "610927103207", "place": "示例桥头", "owner": "示例镇政府", "kept_days": 30, "source": "示例清单",
    }  # fmt: skip
    refused = duty.send("/cameras", {**point, "kept_days": "7"})
    assert refused.status_code == 422 and 'value="示例桥头"' in refused.text
    assert duty.send("/cameras", point).status_code == 303
    [one] = rest.get("/api/v1/cameras").get_json()["items"]
    assert "示例桥头" in signed_in("police").get("/cameras").text
    assert signed_in("grid").get("/cameras").status_code == 403
    with db.transaction() as session:
        given = {"what": "示例：桥头护栏被撞", "where": "民主村", "urgency": "ordinary", "kind": "hazard"}
        case = casework.report(session, actor(session, "grid"), given).case.id
    letter = {
        "place": "示例桥头", "from_at": "2026-01-05T09:00", "until_at": "2026-01-05T10:00", "how": "look",
        "purpose": "核实隐患现场", "law": "安全生产法第七十三条", "officers": "示例甲、示例乙",
    }  # fmt: skip
    assert f"/cases/{case}/file/add/f-footage" in duty.get(f"/cases/{case}/file").text
    sent = duty.send(f"/cases/{case}/file/add/f-footage", letter)
    assert sent.status_code == 303, sent.text[:500]
    filed = rest.get(f"/api/v1/cases/{case}/papers").get_json()
    assert "视调〔" in str(filed)
    assert rest.client.delete(f"/api/v1/cameras/{one['id']}", headers=rest.headers).status_code == 204
