"""A volunteer signs in, reports, sees their own reports and shifts, and nothing of anybody else's case."""

from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from engine import casework, db
from engine.cases.models import Submission
from engine.people.models import Account
from engine.workflow.models import Instance, UserTask
from tests.api.conftest import LAND, Browser, token_in
from tests.api.steps import do, do_all
from tests.api.test_sealed_crawl import addresses
from tests.factories import actor

Signed = Callable[[str], Browser]
Report = Callable[..., dict[str, Any]]
WORDS, NAME, PHONE = "稀见字句丙丁戊占了路", "示例欧阳丙", "0915-3300079"
ON_ROSTER = {"name": "示例志愿者己", "kind": "red_armband", "division": "610927103207", "phone": "0915-3300041"}
pytestmark = pytest.mark.usefixtures("library")


def test_a_volunteer_reads_of_no_case_but_their_own(
    app: Flask, report: Report, signed_in: Signed, system: Signed
) -> None:
    made = report({**LAND, "what": WORDS, "reporter_name": NAME, "reporter_phone": PHONE})
    do(system("duty"), made["id"], "triage")
    own = system("volunteer").post("/api/v1/reports", json={"answers": {**LAND, "what": "示例路灯不亮"}}).get_json()
    key = UUID(made["id"])
    with db.transaction() as session:
        found = {
            "case_id": [key],
            "instance_id": session.scalars(select(Instance.id).where(Instance.stream == key)).all(),
            "task_id": session.scalars(select(UserTask.id).where(UserTask.stream == key)).all(),
            "submission_id": session.scalars(select(Submission.id).where(Submission.case_id == key)).all(),
        }
        ids = {name: [str(one) for one in some][:3] for name, some in found.items()}
    secrets = {made["number"], WORDS, NAME, PHONE}
    volunteer, told = signed_in("volunteer"), []
    for address in addresses(app, ids, secrets):
        answer = volunteer.get(address)
        assert answer.status_code < 500 or answer.status_code == 503, address
        text, asked = unescape(answer.data.decode("utf-8", "replace")), unquote(address)
        told += [(address, one) for one in secrets if one in text and one not in asked]
    assert told == []
    assert volunteer.get("/work").headers["Location"] == "/reports", "where signing in leads to"
    mine = volunteer.get("/reports").text
    assert own["number"] in mine and made["number"] not in mine
    assert volunteer.get(f"/cases/{own['id']}").status_code == 200
    assert volunteer.get("/start").status_code == 200 and "/households" not in volunteer.get("/reports").text


def test_whoever_keeps_the_register_gives_an_account_that_ends_with_it(signed_in: Signed, system: Signed) -> None:
    keeper = system("duty")
    one, twin = (keeper.post("/api/v1/volunteers", json={**ON_ROSTER, "kind": kind}).get_json()["id"] for kind in (
        "red_armband", "publicist"))  # fmt: skip
    assert system("grid").post(f"/api/v1/volunteers/{one}/account", json={"login": "ji"}).status_code == 404
    assert "登录" in signed_in("duty").send("/volunteers", {"do": "account", "volunteer": one, "login": "大"}).text
    page = signed_in("duty").send("/volunteers", {"do": "account", "volunteer": one, "login": "ji"})
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store" and "ji" in page.text
    assert keeper.post(f"/api/v1/volunteers/{twin}/account", json={"login": "ji2"}).status_code == 409, (
        "the same person"
    )
    with db.transaction() as session:
        assert actor(session, "ji").roles == {"volunteer"}
    assert keeper.delete(f"/api/v1/volunteers/{one}").status_code == 200
    with db.transaction() as session:
        assert actor(session, "ji").roles == {"volunteer"}, "still on another roster"
    keeper.delete(f"/api/v1/volunteers/{twin}")
    with db.transaction() as session:
        assert actor(session, "ji").roles == frozenset()


def test_a_volunteer_says_that_they_cannot_come(app: Flask, system: Signed) -> None:
    keeper = system("duty")
    one = keeper.post("/api/v1/volunteers", json={**ON_ROSTER, "name": "示例志愿者庚"}).get_json()["id"]
    made = keeper.post(f"/api/v1/volunteers/{one}/account", json={"login": "geng"}).get_json()
    watch = {"what": "红袖章夜巡", "where": "钟宝镇民主村", "urgency": "ordinary"}
    with db.transaction() as session:
        case = casework.procedures.start(session, actor(session, "duty"), "roster", watch).case.id
    do(keeper, str(case), "plan")
    do_all()
    shift = keeper.get("/api/v1/shifts").get_json()["items"][0]["id"]
    stand = keeper.post(f"/api/v1/shifts/{shift}/stands", json={"volunteer_id": one}).get_json()["id"]
    with db.transaction() as session:
        session.scalars(select(Account).where(Account.login == "geng")).one().first_password = False
    client = app.test_client()
    client.post(
        "/sign-in",
        data={"login": "geng", "password": made["password"], "csrf_token": token_in(client.get("/sign-in"))},
    )
    geng = Browser(client, {})
    assert "我来不了" in geng.get("/reports").text
    assert system("volunteer").get("/api/v1/me/stands").get_json()["items"] == []
    assert system("volunteer").delete(f"/api/v1/me/stands/{stand}").status_code == 404, "somebody else's"
    assert geng.send("/reports", {"stand": stand}).status_code == 303
    assert "我来不了" not in geng.get("/reports").text
    found = keeper.get("/api/v1/shifts").get_json()["items"][0]
    assert found["stands"][0]["state"] == "absent" and found["missing"] == found["needed"]
