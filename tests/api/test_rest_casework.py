"""Casework for other systems: tasks, drafts, keys and versions, and everything that is refused."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine import db, events
from engine.config import ROOT
from engine.people import commands as people
from tests.api.conftest import Browser
from tests.api.steps import Report, System, at_triage, do, do_all, task_of
from tests.factories import LAND, ROCK, answers

VILLAGE, ANOTHER_VILLAGE = "610927103207", "610927103209"


def test_a_report_sent_twice_is_one_case_and_one_answer(report: Report) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    assert report(LAND, **key) == report(LAND, **key)


def test_a_report_sent_twice_at_the_same_instant_is_one_case(app: Flask, library: None) -> None:
    headers, start = {"Idempotency-Key": str(uuid4())}, Barrier(2)

    def send(client: FlaskClient) -> Any:
        start.wait()
        return client.post("/api/v1/reports", json={"answers": LAND}, headers=headers)

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(send, [app.test_client(), app.test_client()]))
    assert [answer.status_code for answer in told] == [201, 201]
    assert told[0].data == told[1].data
    assert [answer.headers.get("Idempotency-Replayed") for answer in told].count("true") == 1


def test_a_refused_report_can_be_mended_under_its_key(app: Flask, report: Report) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    refused = app.test_client().post("/api/v1/reports", json={"answers": {**LAND, "what": ""}}, headers=key)
    assert refused.status_code == 422
    assert report(LAND, **key)["number"]


@pytest.mark.parametrize("key", ["short", "x" * 101])
def test_a_key_that_fits_nobody(app: Flask, library: None, key: str) -> None:
    refused = app.test_client().post("/api/v1/reports", json={"answers": LAND}, headers={"Idempotency-Key": key})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency-key-unfit")


def test_a_key_is_for_one_request_alone(app: Flask, report: Report) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    report(LAND, **key)
    other = app.test_client().post("/api/v1/reports", json={"answers": ROCK}, headers=key)
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency-key-reused")


def test_a_completion_repeated_with_its_key_is_answered_as_before(system: System, report: Report) -> None:
    duty, task, _ = at_triage(system, report)
    key = {"Idempotency-Key": str(uuid4())}
    address, body = f"/api/v1/tasks/{task['id']}/complete", {"answers": answers("f-triage")}
    first, second = (duty.post(address, json=body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json() == second.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"


def test_wrong_answers_are_told_with_their_place(app: Flask, library: None) -> None:
    refused = app.test_client().post("/api/v1/reports", json={"answers": {"what": "", "where": "民主村"}})
    assert refused.status_code == 422
    pointers = {one["pointer"]: one["detail"] for one in refused.get_json()["errors"]}
    assert set(pointers) == {"/answers/what", "/answers/urgency"}
    assert all(pointers.values())


@pytest.mark.parametrize("body", [{}, {"answers": []}, {"answers": {}, "more": 1}, None])
def test_a_body_of_another_shape_is_refused(app: Flask, library: None, body: Any) -> None:
    refused = app.test_client().post("/api/v1/reports", json=body)
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"


def test_an_unknown_task_is_not_found(system: System, library: None) -> None:
    gone = system("duty").post(f"/api/v1/tasks/{uuid4()}/complete", json={"answers": {}})
    assert (gone.status_code, gone.get_json()["code"]) == (404, "task-unknown")


def test_a_task_done_by_somebody_else_is_told_so(system: System, report: Report) -> None:
    duty, task, _ = at_triage(system, report)
    address, body = f"/api/v1/tasks/{task['id']}/complete", {"answers": answers("f-triage")}
    assert system("duty2").post(address, json=body).status_code == 200
    late = duty.post(address, json=body)
    assert (late.status_code, late.get_json()["code"]) == (409, "task-not-open")


def test_an_outdated_version_is_told_so(system: System, report: Report) -> None:
    duty, task, _ = at_triage(system, report)
    read = duty.get(f"/api/v1/tasks/{task['id']}")
    assert read.headers["ETag"] == f'"{task["version"]}"'
    assert duty.post(f"/api/v1/tasks/{task['id']}/claim").status_code == 200
    body = {"answers": answers("f-triage")}
    tags = {"If-Match": read.headers["ETag"]}
    stale = duty.post(f"/api/v1/tasks/{task['id']}/complete", json=body, headers=tags)
    assert (stale.status_code, stale.get_json()["code"]) == (412, "outdated")
    tags = {"If-Match": duty.get(f"/api/v1/tasks/{task['id']}").headers["ETag"]}
    assert duty.post(f"/api/v1/tasks/{task['id']}/complete", json=body, headers=tags).status_code == 200


def test_another_role_may_look_but_not_do(system: System, report: Report) -> None:
    _, task, _ = at_triage(system, report)
    grid = system("grid")
    seen = grid.get(f"/api/v1/tasks/{task['id']}")
    assert seen.get_json()["refusal"] == {"code": "task-not-yours"}
    done = grid.post(f"/api/v1/tasks/{task['id']}/complete", json={"answers": answers("f-triage")})
    assert (done.status_code, done.get_json()["code"]) == (403, "task-not-yours")


@pytest.mark.parametrize("login", ["court", "police", "admin", "leader", "hazard", "supermarket"])
def test_for_a_stranger_there_is_nothing(system: System, report: Any, login: str) -> None:
    _, task, case_id = at_triage(system, report)
    stranger = system(login)
    for address in (f"tasks/{task['id']}", f"cases/{case_id}", f"cases/{case_id}/file", f"cases/{case_id}/timeline"):
        assert stranger.get(f"/api/v1/{address}").status_code == 404, address


def test_a_mediator_of_another_village_sees_nothing(app: Flask, system: System, report: Report) -> None:
    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    task = task_of(system("mediator"), case_id, "consent")
    elsewhere = mediator_of(ANOTHER_VILLAGE, app)
    for address in (f"tasks/{task['id']}", f"cases/{case_id}", f"cases/{case_id}/file", f"cases/{case_id}/standing"):
        assert elsewhere.get(f"/api/v1/{address}").status_code == 404, address
    body = {"answers": answers("f-consent")}
    assert elsewhere.post(f"/api/v1/tasks/{task['id']}/complete", json=body).status_code == 404
    assert elsewhere.post(f"/api/v1/tasks/{task['id']}/claim").status_code == 404
    assert elsewhere.post(f"/api/v1/cases/{case_id}/withdrawal").status_code == 404
    assert elsewhere.get("/api/v1/tasks").get_json()["items"] == []
    assert elsewhere.get("/api/v1/ledger").get_json()["items"] == []


def mediator_of(division: str, app: Flask) -> Browser:
    """A mediator of a division, made for the occasion, with a token."""
    login, password = f"mediator-{uuid4()}", "hejie-demo-2026"
    with db.transaction() as session:
        account = people.create_account(session, login, "示例调解员", password)
        people.grant(session, account, "village_mediator", division)
    with db.transaction() as session:
        token = people.sign_in(session, login, password, "127.0.0.1")
    return Browser(app.test_client(), {"Authorization": f"Bearer {token}"})


def test_a_report_is_followed_with_its_code_and_phone(app: Flask, report: Report) -> None:
    told = report({**LAND, "reporter_name": "示例村民", "reporter_phone": "0915-3300021"})
    assert told["number"] and told["tracking_code"]

    def follow(code: str, phone: str) -> tuple[int, Any]:
        body = {"tracking_code": code, "phone": phone}
        answer = app.test_client().post("/api/v1/reports/follow", json=body)
        return answer.status_code, answer.get_json()

    status, found = follow(told["tracking_code"].lower(), "0915 3300021")
    assert (status, found["number"]) == (200, told["number"])
    assert {"words", "place", "id"}.isdisjoint(found), "nothing that whoever finds a code could misuse"
    for wrong in ((told["tracking_code"], "0915-3300022"), (told["tracking_code"], ""), ("ABCDEFGHJK", "0915-3300021")):
        status, found = follow(*wrong)
        assert (status, found["code"]) == (404, "case-unknown")


def test_a_report_says_where_its_case_is(system: System, app: Flask, library: None) -> None:
    made = app.test_client().post("/api/v1/reports", json={"answers": LAND})
    case = system("duty").get(made.headers["Location"])
    assert (case.status_code, case.get_json()["number"]) == (200, made.get_json()["number"])


def test_claimed_handed_on_given_back(system: System, report: Report) -> None:
    duty, task, _ = at_triage(system, report)
    other, grid = system("duty2"), system("grid")
    here = f"/api/v1/tasks/{task['id']}"
    assert duty.post(f"{here}/claim").get_json()["assignee"] == duty.get("/api/v1/me").get_json()["id"]
    assert (late := other.post(f"{here}/claim")).status_code == 409, late.text
    colleague = other.get("/api/v1/me").get_json()["id"]
    assert duty.post(f"{here}/assign", json={"assignee": colleague}).get_json()["assignee"] == colleague
    assert duty.post(f"{here}/assign", json={"assignee": colleague}).status_code == 409
    unfit = other.post(f"{here}/assign", json={"assignee": grid.get("/api/v1/me").get_json()["id"]})
    assert (unfit.status_code, unfit.get_json()["code"]) == (422, "colleague-unfit")
    assert other.post(f"{here}/release").get_json()["assignee"] is None


def test_a_draft_is_its_writers_own(system: System, report: Report) -> None:
    duty, task, _ = at_triage(system, report)
    here = f"/api/v1/tasks/{task['id']}"
    assert duty.put(f"{here}/draft", json={"answers": {"subject": "house_land"}}).status_code == 204
    assert duty.get(here).get_json()["answers"] == {"subject": "house_land"}
    assert system("duty2").get(here).get_json()["answers"] == {}


def test_two_people_at_the_same_instant_one_wins(app: Flask, system: System, report: Report) -> None:
    for _ in range(5):
        _, task, case_id = at_triage(system, report)
        officers = [system("duty"), system("duty2")]
        start = Barrier(2)

        def complete(officer: Browser, task: dict[str, Any] = task, start: Barrier = start) -> tuple[int, str]:
            start.wait()
            answer = officer.post(f"/api/v1/tasks/{task['id']}/complete", json={"answers": answers("f-triage")})
            return answer.status_code, answer.get_json().get("code", "")

        with ThreadPoolExecutor(2) as pool:
            told = sorted(pool.map(complete, officers))
        assert told == [(200, ""), (409, "task-not-open")]
        with db.transaction() as session:
            happened = events.of_stream(session, UUID(case_id))
            assert sum(one.kind == "task.completed" for one in happened) == 1


def test_a_report_of_an_unknown_place_goes_to_the_people_of_the_place_once_it_is_set(
    system: System, report: Report
) -> None:
    case_id = report({**ROCK, "where": "我家屋后"})["id"]
    county, hazard = system("county"), system("hazard")
    do(county, case_id, "call")
    here = f"/api/v1/cases/{case_id}/division"
    assert hazard.put(here, json={"division": VILLAGE}).status_code == 404, "it is nobody's in the town yet"
    unknown = county.put(here, json={"division": "610927999999"})
    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "division-unknown")
    assert county.put(here, json={"division": VILLAGE}).get_json()["division"].endswith(VILLAGE)
    do(hazard, case_id, "verify")
    refused = hazard.put(here, json={"division": VILLAGE})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not-for-your-role")


def test_what_the_rules_propose_is_filled_in_and_said_in_words(
    system: System, signed_in: Callable[[str], Browser], report: Report
) -> None:
    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    task = task_of(duty, case_id, "confirm")
    proposed = {"route": "civil", "risk": "BLUE", "category": "D0401", "level": "village"}
    assert duty.get(f"/api/v1/tasks/{task['id']}").get_json()["answers"] == proposed
    page = signed_in("duty").get(f"/tasks/{task['id']}").text
    assert "风险：蓝" in page
    assert "类别：房屋宅基地·相邻占用" in page
    do(duty, case_id, "confirm", category="D0503")
    assert duty.get(f"/api/v1/cases/{case_id}").get_json()["category"] == "D0503"


def test_no_level_is_offered_at_which_nobody_is_there(system: System, report: Report) -> None:
    case_id = report({**LAND, "where": "我家旁边"})["id"]
    county = system("county")
    do(county, case_id, "triage")
    here = f"/api/v1/tasks/{task_of(county, case_id, 'confirm')['id']}/complete"
    refused = county.post(here, json={"answers": answers("f-route")})
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/answers/level"]
    county.put(f"/api/v1/cases/{case_id}/division", json={"division": VILLAGE})
    do(county, case_id, "confirm")
    assert task_of(system("mediator"), case_id, "consent")


def test_looks_of_one_person_on_one_day_are_one_line_and_the_audit_log_keeps_each(
    system: System, signed_in: Callable[[str], Browser], report: Report
) -> None:
    """A sealed case is opened often by whoever works on it; each look stands in the timeline over REST."""
    case_id = report(LAND)["id"]
    assert system("county").post(f"/api/v1/cases/{case_id}/seal").status_code == 200
    county, other = signed_in("county"), signed_in("county2")
    pages = [one.get(f"/cases/{case_id}").text for one in (county, other, county, county)]
    looked = re.findall(r"查看了保密案件|当天查看保密案件(\d)次", pages[-1])
    assert looked == ["3", ""], "newest first: three of one, one of the other"
    happened = system("county").get(f"/api/v1/cases/{case_id}/timeline").get_json()["items"]
    assert [one["kind"] for one in happened].count("case.viewed") == len(pages) + 1, "and this look itself"


def test_a_report_asks_three_things_and_no_more() -> None:
    asked = json.loads((ROOT / "forms/library/f-report.form.json").read_text(encoding="utf-8"))["components"]
    needed = [one["key"] for one in asked if one.get("validate", {}).get("required")]
    assert needed == ["what", "where", "urgency"]


def test_danger_that_waits_for_no_triage_names_its_rule_and_article(
    system: System, signed_in: Callable[[str], Browser], report: Report
) -> None:
    """人民调解法 §25: the fast road of the gate (G0) says as much as the way that an officer chooses."""
    for given, reason, law in (
        (ROCK, "Danger now: call and move people first, write later", "人民调解法 §25；安全生产法 §74"),
        ({**LAND, "urgency": "danger_people"}, "People or money are in danger now", "人民调解法 §25"),
        ({**LAND, "urgency": "danger_people", "kind": "fraud"}, "Money just sent: call 110", "反电信网络诈骗法 §20"),
    ):
        case_id = report(given)["id"]
        do_all()
        happened = system("county").get(f"/api/v1/cases/{case_id}/timeline").get_json()["items"]
        [routed] = [one["data"] for one in happened if one["kind"] == "case.routed"]
        assert (routed["gate"], routed["law"]) == ("G0", law)
        assert routed["reason_en"].startswith(reason)
        page = signed_in("county").get(f"/cases/{case_id}").text
        assert "G0 有险情，先救人" in page and routed["reason"] in page and f'lang="zh-CN">{law}<' in page
