"""Service jobs through REST, as another system does them."""

from typing import Any

import pytest

from tests.api.conftest import Browser
from tests.api.operating import WHY, deploy, external_worker, new_key, outside, start, steps
from tests.api.steps import System

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def admin(system: System) -> Browser:
    return system("admin")


@pytest.fixture
def worker(system: System) -> Browser:
    return external_worker(system)


@pytest.fixture
def key(admin: Browser) -> str:
    key = new_key()
    deploy(outside(key))
    return key


def activate(worker: Browser, key: str, **more: Any) -> list[dict[str, Any]]:
    """Get jobs."""
    answer = worker.post("/api/v1/jobs/activate", json={"types": [f"{key}.act"], "worker": "w1", **more})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def say(worker: Browser, given: dict[str, Any], what: str, **more: Any) -> Any:
    """Say what came of a job."""
    return worker.post(f"/api/v1/jobs/{given['job']['id']}/{what}", json={"lock": given["lock"], **more})


def test_another_system_does_a_step(admin: Browser, worker: Browser, key: str) -> None:
    instance = start(admin, key, town="Zhongbao", rate=1.5)
    assert steps(instance) == ["act"]
    [given] = activate(worker, key, variables=["rate", "nothing"])
    assert given["parameters"] == {"place": "Zhongbao"}
    assert given["variables"] == {"rate": 1.5}
    assert given["case_id"] == instance["id"] == given["job"]["instance_id"]
    assert activate(worker, key) == [], "it is locked"
    done = say(worker, given, "complete", variables={"answer": 1})
    assert (done.status_code, done.get_json()["state"]) == (200, "completed")
    assert steps(admin.get(f"/api/v1/instances/{instance['id']}").get_json()) == ["after"]
    late = say(worker, given, "complete")
    assert (late.status_code, late.get_json()["code"]) == (409, "job-lock-lost")


def test_a_repeated_answer_is_taken_once(admin: Browser, worker: Browser, key: str) -> None:
    start(admin, key, town="x")
    [given] = activate(worker, key)
    headers = {"Idempotency-Key": "0123456789abcdef-complete-" + given["lock"]}
    address = f"/api/v1/jobs/{given['job']['id']}/complete"
    first, again = (worker.post(address, json={"lock": given["lock"]}, headers=headers) for _ in range(2))
    assert first.get_json() == again.get_json() and again.status_code == 200
    assert again.headers["Idempotency-Replayed"] == "true"


def test_what_fails_for_good_is_an_incident_that_an_administrator_retries(
    admin: Browser, worker: Browser, key: str
) -> None:
    instance = start(admin, key, town="x")
    [given] = activate(worker, key)
    failed = say(worker, given, "fail", message="no line", retries=0)
    assert (failed.get_json()["state"], failed.get_json()["problem"]) == ("failed", "no line")
    [incident] = admin.get(f"/api/v1/incidents?process={key}").get_json()["items"]
    assert (incident["element_id"], incident["message"]) == ("act", "no line")
    assert incident["instance_id"] == instance["id"]
    address = f"/api/v1/incidents/{incident['id']}/retry"
    assert admin.post(address, json={"reason": " "}).get_json()["code"] == "reason-missing"
    assert admin.post(address, json=WHY).status_code == 204
    assert admin.post(address, json=WHY).get_json()["code"] == "incident-resolved"
    assert len(activate(worker, key)) == 1
    assert admin.get(f"/api/v1/incidents?process={key}").get_json()["items"] == []
    assert len(admin.get(f"/api/v1/incidents?process={key}&resolved=true").get_json()["items"]) == 1


def test_a_failed_attempt_rests(admin: Browser, worker: Browser, key: str) -> None:
    start(admin, key, town="x")
    [given] = activate(worker, key)
    rests = say(worker, given, "fail", message="busy", rest_seconds=60).get_json()
    assert (rests["state"], rests["retries"], rests["attempts"]) == ("open", 2, 1)
    assert activate(worker, key) == []


def test_an_error_that_nobody_catches_is_an_incident(admin: Browser, worker: Browser, key: str) -> None:
    start(admin, key, town="x")
    [given] = activate(worker, key)
    assert say(worker, given, "error", code="E1").status_code == 200
    [incident] = admin.get(f"/api/v1/incidents?process={key}&code=bpmn-error").get_json()["items"]
    assert "E1" in incident["message"]


def test_a_lock_is_kept(admin: Browser, worker: Browser, key: str) -> None:
    start(admin, key, town="x")
    [given] = activate(worker, key, lock_seconds=5)
    kept = say(worker, given, "extend", lock_seconds=3000).get_json()
    assert kept["due_at"] > given["job"]["due_at"]


def test_who_waits_is_answered_empty_in_the_end(worker: Browser, key: str) -> None:
    assert activate(worker, key, wait_seconds=1) == []


def test_jobs_are_for_external_workers(system: System, admin: Browser, worker: Browser, key: str) -> None:
    stranger = system("mediator")
    asked = stranger.post("/api/v1/jobs/activate", json={"types": ["x"], "worker": "w"})
    assert (asked.status_code, asked.get_json()["code"]) == (403, "workers-only")
    start(admin, key, town="x")
    [given] = activate(worker, key)
    assert say(stranger, given, "complete").status_code == 403
    for path in ("incidents", "jobs", "timers", "subscriptions", "messages"):
        refused = worker.get(f"/api/v1/{path}")
        assert (refused.status_code, refused.get_json()["code"]) == (403, "administrators-only"), path


def test_administrators_see_the_jobs(admin: Browser, worker: Browser, key: str) -> None:
    made = [start(admin, key, town="x")["id"] for _ in range(3)]
    first = admin.get(f"/api/v1/jobs?process={key}&limit=2").get_json()
    rest = admin.get(f"/api/v1/jobs?process={key}&limit=2&cursor={first['next']}").get_json()
    assert [one["instance_id"] for one in first["items"] + rest["items"]] == made
    assert rest["next"] is None
    assert admin.get("/api/v1/jobs?cursor=x").get_json()["code"] == "cursor-invalid"
    assert admin.get(f"/api/v1/jobs?type={key}.act&state=failed").get_json()["items"] == []
