"""Working on a task together, through REST."""

from tests.api.operating import WHY
from tests.api.steps import Report, System, at_triage, do


def me(someone: object) -> str:
    """Somebody's id."""
    return str(someone.get("/api/v1/me").get_json()["id"])  # type: ignore[attr-defined]


def test_a_co_signer_sees_the_task_and_it_waits_for_them(system: System, report: Report) -> None:
    duty, task, case_id = at_triage(system, report)
    court = system("court")
    address = f"/api/v1/tasks/{task['id']}"
    assert court.get(address).status_code == 404
    asked = duty.post(f"{address}/signatures", json={"people": [me(court)], **WHY})
    assert asked.get_json()["signatures"] == 1
    early = duty.post(f"{address}/complete", json={"answers": {}})
    assert (early.status_code, early.get_json()["code"]) == (409, "signatures-missing")
    assert [one["task"]["id"] for one in court.get("/api/v1/tasks?view=sign").get_json()["items"]] == [task["id"]]
    assert court.get(address).status_code == 200
    unasked = system("mediator").post(f"{address}/signatures/answer", json={"agrees": True})
    assert unasked.status_code in (403, 404)
    silent = court.post(f"{address}/signatures/answer", json={"agrees": False})
    assert silent.get_json()["code"] == "reason-missing"
    assert court.post(f"{address}/signatures/answer", json={"agrees": True}).get_json()["signatures"] == 0
    [signed] = duty.get(f"{address}/signatures").get_json()["items"]
    assert (signed["person"], signed["state"]) == (me(court), "agreed")
    do(duty, case_id, "triage")
