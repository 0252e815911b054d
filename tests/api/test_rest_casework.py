"""Casework for other systems: the stories through REST alone, and everything that is refused."""

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from procrastinate import PsycopgConnector

from engine import casework, db, demo, events, worker
from engine.workflow import jobs
from tests.api.conftest import Browser
from tests.databases import fresh_database, using
from tests.factories import LAND, ROCK, answers

System = Callable[[str], Browser]


@pytest.fixture(scope="module")
def library(database: str) -> Iterator[None]:
    """The product on a database of its own, since what is done through REST is committed."""
    with fresh_database(f"rest_{os.getpid()}") as url, using(url):
        with db.transaction() as session:
            casework.deploy(session, None, casework.library())
            demo.load(session)
        yield


@pytest.fixture
def report(app: Flask, library: None) -> Callable[..., dict[str, Any]]:
    """Report as a villager; returns the answer's body."""

    def made(given: dict[str, Any] = LAND, **headers: str) -> dict[str, Any]:
        answer = app.test_client().post("/api/v1/reports", json={"answers": given}, headers=headers)
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.get_json()
        return body

    return made


def do_all() -> None:
    """What a worker does now: the jobs that wait, then the timers that are due, until there is neither."""

    async def jobs_that_wait() -> None:
        connector = PsycopgConnector(conninfo=db.database_url().replace("+psycopg", ""))
        with jobs.app.replace_connector(connector) as app:
            async with app.open_async():
                await app.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(jobs_that_wait())
    while worker.tick():
        asyncio.run(jobs_that_wait())


def task_of(someone: Browser, case_id: str, element: str) -> dict[str, Any]:
    """The open task of an element of a case, as it stands in somebody's work."""
    do_all()
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = someone.get(f"/api/v1/tasks?limit=100&cursor={cursor}").get_json()
        found += [one["task"] for one in page["items"] if one["case"]["id"] == case_id]
        cursor = page["next"]
    chosen = [task for task in found if task["element_id"] == element]
    assert len(chosen) == 1, [task["element_id"] for task in found]
    return chosen[0]


def do(someone: Browser, case_id: str, element: str, **more: Any) -> None:
    """Complete an open task with its usual answers and `more`."""
    task = task_of(someone, case_id, element)
    given = {**answers(task["form_key"]), **more}
    answer = someone.post(f"/api/v1/tasks/{task['id']}/complete", json={"answers": given})
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["state"] == "completed"


def at_triage(system: System, report: Callable[..., dict[str, Any]]) -> tuple[Browser, dict[str, Any], str]:
    """The officer on duty, the task of triage, and its case."""
    case_id = report()["id"]
    duty = system("duty")
    return duty, task_of(duty, case_id, "triage"), case_id


def test_a_dispute_goes_all_the_way_to_its_agreement(system: System, report: Any) -> None:
    case_id = report()["id"]
    duty, mediator = system("duty"), system("mediator")
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    do(mediator, case_id, "consent")
    do(mediator, case_id, "register")
    do(mediator, case_id, "mediator", mediator=mediator.get("/api/v1/me").get_json()["id"])
    do(mediator, case_id, "rights")
    do(mediator, case_id, "session")
    do(mediator, case_id, "agreement")
    do(mediator, case_id, "perform")
    do_all()
    case = duty.get(f"/api/v1/cases/{case_id}").get_json()
    assert (case["words"], case["category"], case["stage"]) == (LAND["what"], "D0401", "performance")
    filed = duty.get(f"/api/v1/cases/{case_id}/file").get_json()["items"]
    assert [one["submission"]["form_key"] for one in filed][:3] == ["f-report", "f-triage", "f-route"]
    assert any(one["document"] and "调字" in one["document"] for one in filed)
    happened = duty.get(f"/api/v1/cases/{case_id}/timeline").get_json()["items"]
    assert [one["position"] for one in happened] == list(range(1, len(happened) + 1))
    assert {"case.reported", "case.accepted", "case.agreed"} <= {one["kind"] for one in happened}
    standing = duty.get(f"/api/v1/cases/{case_id}/standing").get_json()["items"]
    assert "performance" in {one["process"] for one in standing}


def test_a_rock_goes_to_those_who_act(system: System, report: Any) -> None:
    case_id = report(ROCK)["id"]
    do(system("grid"), case_id, "call")
    do(system("hazard"), case_id, "verify")
    case = system("duty").get(f"/api/v1/cases/{case_id}").get_json()
    assert (case["kind"], case["risk"]) == ("hazard", "RED")


def test_danger_and_withdrawal(system: System, report: Any) -> None:
    case_id = report()["id"]
    duty, mediator = system("duty"), system("mediator")
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    do_all()
    left = mediator.post(f"/api/v1/cases/{case_id}/withdrawal")
    assert (left.status_code, left.get_json()["code"]) == (409, "not-in-mediation")
    told = mediator.post(f"/api/v1/cases/{case_id}/danger", json={"answers": answers("f-danger")})
    assert told.status_code == 200, told.text
    assert duty.get(f"/api/v1/cases/{case_id}").get_json()["paused_at"]
    assert task_of(system("police"), case_id, "receipt")


def test_a_report_sent_twice_is_one_case_and_one_answer(report: Any) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    assert report(LAND, **key) == report(LAND, **key)


def test_a_key_is_for_one_request_alone(app: Flask, report: Any) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    report(LAND, **key)
    other = app.test_client().post("/api/v1/reports", json={"answers": ROCK}, headers=key)
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency-key-reused")


def test_a_completion_repeated_with_its_key_is_answered_as_before(system: System, report: Any) -> None:
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


def test_a_task_done_by_somebody_else_is_told_so(system: System, report: Any) -> None:
    duty, task, _ = at_triage(system, report)
    address, body = f"/api/v1/tasks/{task['id']}/complete", {"answers": answers("f-triage")}
    assert system("duty2").post(address, json=body).status_code == 200
    late = duty.post(address, json=body)
    assert (late.status_code, late.get_json()["code"]) == (409, "task-not-open")


def test_an_outdated_version_is_told_so(system: System, report: Any) -> None:
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


def test_another_role_may_look_but_not_do(system: System, report: Any) -> None:
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


def test_claimed_handed_on_given_back(system: System, report: Any) -> None:
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


def test_a_draft_is_its_writers_own(system: System, report: Any) -> None:
    duty, task, _ = at_triage(system, report)
    here = f"/api/v1/tasks/{task['id']}"
    assert duty.put(f"{here}/draft", json={"answers": {"subject": "house_land"}}).status_code == 204
    assert duty.get(here).get_json()["answers"] == {"subject": "house_land"}
    assert system("duty2").get(here).get_json()["answers"] == {}


def test_two_people_at_the_same_instant_one_wins(app: Flask, system: System, report: Any) -> None:
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


def test_deploying_is_for_administrators_and_refusals_name_the_place(system: System, library: None) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    files = {"files": [{"name": "evil.bpmn", "content": bomb}]}
    assert system("duty").post("/api/v1/definitions", json=files).status_code == 403
    admin = system("admin")
    refused = admin.post("/api/v1/definitions", json=files)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "deployment-refused")
    finding = refused.get_json()["findings"][0]
    assert finding["file"] == "evil.bpmn" and finding["line"] and finding["message"]
    deployed = admin.get("/api/v1/definitions").get_json()["items"]
    intake = next(one for one in deployed if one["key"] == "intake")
    content = admin.get(f"/api/v1/definitions/{intake['id']}/content").text
    again = admin.post("/api/v1/definitions", json={"files": [{"name": "intake.bpmn", "content": content}]})
    assert again.get_json()["items"][0]["version"] == intake["version"], "an identical file makes no new version"


def test_a_message_that_nobody_waits_for(system: System, library: None) -> None:
    message = {"name": "no-such-message", "correlation_key": "x"}
    assert system("duty").post("/api/v1/messages", json=message).status_code == 403
    lost = system("admin").post("/api/v1/messages", json=message)
    assert (lost.status_code, lost.get_json()["code"]) == (409, "nobody-waits")
