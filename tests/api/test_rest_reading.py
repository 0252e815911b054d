"""What cannot be read or kept is refused with its place, and is never an error of ours."""

from typing import Any

import pytest
from flask import Flask

from tests.api.steps import Report, System, at_triage
from tests.engine.workflow.diagrams import TWO_STEPS

NUL, HALF = "\\u0000", "\\ud800"


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        (f'{{"what": "{NUL}"}}', "/answers/what"),
        (f'{{"parties": [{{"name": "示例甲"}}, {{"name": "{HALF}"}}]}}', "/answers/parties/1/name"),
        (f'{{"{NUL}": 1}}', "/answers"),
        ('{"count": NaN}', "/answers/count"),
        ('{"count": 1e999}', "/answers/count"),
        ('{"deep": ' + "[" * 50 + "]" * 50 + "}", "/answers/deep" + "/0" * 30),
    ],
    ids=["NUL", "half a character", "NUL in a name", "NaN", "infinite", "deep"],
)
def test_what_no_database_can_hold(system: System, report: Report, answers: str, pointer: str) -> None:
    duty, task, _ = at_triage(system, report)
    here = f"/api/v1/tasks/{task['id']}/draft"
    refused = duty.put(here, data=f'{{"answers": {answers}}}', content_type="application/json")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid")
    assert [one["pointer"] for one in refused.get_json()["errors"]] == [pointer]
    assert duty.get(f"/api/v1/tasks/{task['id']}").get_json()["draft_saved_at"] is None


@pytest.mark.parametrize(
    "body", [b"{", b'{"answers": "\xff"}', b"[" * 100_000, b'{"answers": {"n": ' + b"9" * 5000 + b"}}"],
    ids=["cut off", "not UTF-8", "brackets without end", "a number without end"],
)  # fmt: skip
def test_what_is_no_json(app: Flask, library: None, body: bytes) -> None:
    refused = app.test_client().post("/api/v1/reports", data=body, content_type="application/json")
    assert (refused.status_code, refused.content_type) == (400, "application/problem+json")


def test_what_is_too_large(app: Flask, library: None) -> None:
    refused = app.test_client().post("/api/v1/reports", json={"answers": {"what": "x" * 5_000_000}})
    assert refused.status_code == 413


@pytest.mark.parametrize("address", ["ledger?words=%00", "ledger.xlsx?division=a%00", "tasks?cursor=%00"])
def test_a_parameter_no_database_can_hold(system: System, library: None, address: str) -> None:
    refused = system("duty").get(f"/api/v1/{address}")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid")


def test_an_address_no_database_can_hold(system: System, library: None) -> None:
    assert system("duty").get("/api/v1/processes/%00/diagram").status_code == 404


def test_a_file_name_no_database_can_hold(system: System, library: None) -> None:
    files = {"files": [{"name": "\0.bpmn", "content": TWO_STEPS.decode()}]}
    refused = system("admin").post("/api/v1/definitions", json=files)
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/files/0/name"]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("post", "tasks", 405), ("get", "tasks/x", 404), ("get", "nothing", 404), ("delete", "tokens", 405)],
)
def test_other_addresses_and_methods_are_problems_too(
    system: System, library: None, method: str, address: str, status: int
) -> None:
    duty = system("duty")
    refused = duty.client.open(f"/api/v1/{address}", method=method, headers=duty.headers)
    assert (refused.status_code, refused.content_type) == (status, "application/problem+json")


def test_nothing_is_kept_by_browsers_and_proxies(system: System, report: Report) -> None:
    duty, task, case_id = at_triage(system, report)
    for address in (f"tasks/{task['id']}", f"cases/{case_id}", "tasks", "ledger", "cases/none"):
        assert duty.get(f"/api/v1/{address}").headers["Cache-Control"] == "no-store", address


@pytest.mark.parametrize("asked", [("zh", "请先登录"), ("en", "Sign in first")])
def test_problems_speak_the_readers_language(app: Flask, library: None, asked: tuple[str, str]) -> None:
    refused: dict[str, Any] = app.test_client().get("/api/v1/tasks", headers={"Accept-Language": asked[0]}).get_json()
    assert asked[1] in refused["detail"] and refused["code"] == "sign-in-needed"
