"""Process instances through REST: where their tokens are, and who may look."""

from typing import Any
from uuid import uuid4

import pytest

from engine import db
from engine.workflow import definitions, instances
from engine.workflow.definitions import File
from tests.api.conftest import Browser
from tests.api.steps import Report, System, do, do_all
from tests.engine.workflow.diagrams import TWO_STEPS


def of_case(someone: Browser, case_id: str) -> dict[str, dict[str, Any]]:
    """The instances of a case by their process."""
    answer = someone.get(f"/api/v1/instances?case={case_id}")
    assert answer.status_code == 200, answer.text
    return {one["process"]: one for one in answer.get_json()["items"]}


def steps(instance: dict[str, Any]) -> set[str]:
    """The steps at which an instance has tokens."""
    return {token["element_id"] for token in instance["tokens"]}


def test_tokens_move_with_the_case(system: System, report: Report) -> None:
    case_id = report()["id"]
    duty = system("duty")
    running = of_case(duty, case_id)
    assert set(running) == {"intake"}
    assert running["intake"]["status"] == "active" and "triage" in steps(running["intake"])
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    do_all()
    running = of_case(duty, case_id)
    assert running["intake"]["status"] == "completed" and running["intake"]["tokens"] == []
    assert running["intake"]["ended_at"]
    dispute = running["civil-dispute"]
    assert {"acceptance-call", "consent"} <= steps(dispute), "in its own diagram and in the one that it called"
    assert dispute["case_id"] == case_id and dispute["incidents"] == []


def test_one_instance_with_its_version(system: System, report: Report) -> None:
    case_id = report()["id"]
    duty = system("duty")
    intake = of_case(duty, case_id)["intake"]
    read = duty.get(f"/api/v1/instances/{intake['id']}")
    assert read.get_json() == intake
    do(duty, case_id, "triage")
    assert duty.get(f"/api/v1/instances/{intake['id']}").headers["ETag"] != read.headers["ETag"]


@pytest.mark.parametrize("login", ["court", "leader", "mediator"])
def test_who_does_not_see_the_case_sees_no_instance(system: System, report: Report, login: str) -> None:
    case_id = report()["id"]
    intake = of_case(system("duty"), case_id)["intake"]
    stranger = system(login)
    listed = stranger.get(f"/api/v1/instances?case={case_id}")
    assert (listed.status_code, listed.get_json()["code"]) == (404, "case-unknown")
    one = stranger.get(f"/api/v1/instances/{intake['id']}")
    assert (one.status_code, one.get_json()["code"]) == (404, "instance-unknown")


def test_an_administrator_sees_where_it_is_and_nothing_of_its_case(system: System, report: Report) -> None:
    case_id = report()["id"]
    intake = of_case(system("duty"), case_id)["intake"]
    admin = system("admin")
    assert admin.get(f"/api/v1/instances/{intake['id']}").get_json() == intake
    assert admin.get(f"/api/v1/instances?case={case_id}").status_code == 404
    assert admin.get(f"/api/v1/cases/{case_id}").status_code == 404


def test_what_belongs_to_no_case_is_the_administrators(system: System, library: None) -> None:
    with db.transaction() as session:
        definitions.deploy(session, [File("alone.bpmn", TWO_STEPS)], actor=None)
        alone = instances.start(session, "p", {}, actor=None).id
    assert system("duty").get(f"/api/v1/instances/{alone}").status_code == 404
    seen = system("admin").get(f"/api/v1/instances/{alone}").get_json()
    assert (seen["case_id"], seen["status"]) == (str(alone), "active")


def test_an_instance_that_is_none(system: System, library: None) -> None:
    duty = system("duty")
    assert duty.get(f"/api/v1/instances/{uuid4()}").get_json()["code"] == "instance-unknown"
    assert duty.get(f"/api/v1/instances?case={uuid4()}").get_json()["code"] == "case-unknown"
    assert [one["parameter"] for one in duty.get("/api/v1/instances").get_json()["errors"]] == ["case"]
    assert duty.get("/api/v1/instances?case=x").status_code == 422
