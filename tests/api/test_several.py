"""Several matters in one speech (你一句我一句): each line becomes a report of its own, in its own words."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from engine import db
from engine.cases.models import Case
from engine.events import Event
from tests.api.conftest import Browser, token_in

Signed = Callable[[str], Browser]
LINES = ["示例：桥头的灯不亮了，晚上看不见", "示例：老张家的水管漏到路上，结冰了滑人", "示例：建议把垃圾桶挪一挪"]
BEGUN = {"what": "\n".join(LINES), "where": "钟宝镇民主村三组", "urgency": "ordinary", "kind": "hazard"}


def cases(words: str) -> list[Case]:
    with db.transaction() as session:
        return list(session.scalars(select(Case).where(Case.words == words)))


@pytest.mark.usefixtures("library")
def test_each_line_becomes_a_report_without_any_script(signed_in: Signed) -> None:
    grid = signed_in("grid")
    page = grid.send("/report", {**BEGUN, "_action": "split"})
    assert page.status_code == 200 and all(unescape(page.text).count(line) == 1 for line in LINES)
    given = {"csrf_token": token_in(page), "idempotency_key": "0123456789abcdef"}
    for number, line in enumerate(LINES):
        given |= {f"matters[{number}].{name}": BEGUN[name] for name in ("where", "urgency")} | {
            f"matters[{number}].what": line, f"matters[{number}].kind": "suggestion" if number == 2 else "hazard",
        }  # fmt: skip
    missing = grid.post("/report/several", data={**given, "matters[1].where": ""})
    assert missing.status_code == 422 and LINES[2] in unescape(missing.text), "nothing that was typed is lost"
    assert cases(LINES[0]) == [], "all or none"
    for _ in range(2):
        sent = grid.post("/report/several", data=given)
        assert sent.status_code == 200 and unescape(sent.text).count("ZP-") == len(LINES), "sent twice, made once"
    made = [one for line in LINES for one in cases(line)]
    assert [one.kind for one in made] == ["hazard", "hazard", "suggestion"]
    with db.transaction() as session:
        together = select(Event).where(Event.kind == "case.reported_together", Event.stream == made[0].id)
        assert session.scalars(together).one().data["count"] == len(LINES)


def test_other_systems_report_several_at_once_and_the_public_one_by_one(
    app: Flask, library: None, system: Signed
) -> None:
    matters = [{"what": f"示例：系统报来的第{n}件", "where": "民主村", "urgency": "ordinary"} for n in (1, 2)]
    answer = system("grid").post("/api/v1/reports/several", json={"answers": {"matters": matters}})
    assert answer.status_code == 201, answer.text
    assert len({one["tracking_code"] for one in answer.get_json()["items"]}) == 2
    refused = app.test_client().post("/api/v1/reports/several", json={"answers": {"matters": matters}})
    assert refused.status_code == 401
    asked = app.test_client().get("/report/several")
    assert asked.status_code == 303 and "/sign-in" in asked.headers["Location"]
