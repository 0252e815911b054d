"""Working on a task together, through REST."""

from collections.abc import Callable

from tests.api.conftest import Browser
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


def test_a_delegated_task_is_worked_on_by_one_and_completed_by_the_other(system: System, report: Report) -> None:
    duty, task, case_id = at_triage(system, report)
    county = system("county")
    address = f"/api/v1/tasks/{task['id']}"
    assert county.post(f"{address}/resolve", json=WHY).get_json()["code"] == "task-not-delegated"
    given = duty.post(f"{address}/delegate", json={"to": me(county), **WHY})
    assert (given.status_code, given.get_json()["assignee"]) == (200, me(county))
    assert (
        duty.post(f"{address}/delegate", json={"to": me(county), **WHY}).get_json()["code"] == "task-already-assigned"
    )
    early = county.post(f"{address}/complete", json={"answers": {}})
    assert (early.status_code, early.get_json()["code"]) == (409, "task-delegated")
    stale = {"If-Match": '"1"'}
    assert county.post(f"{address}/resolve", json=WHY, headers=stale).get_json()["code"] == "outdated"
    back = county.post(f"{address}/resolve", json=WHY, headers={"If-Match": given.headers["ETag"]})
    assert (back.status_code, back.get_json()["assignee"]) == (200, me(duty))
    do(duty, case_id, "triage")


def test_who_has_read_an_old_version_changes_nothing(system: System, report: Report) -> None:
    duty, task, _ = at_triage(system, report)
    address = f"/api/v1/tasks/{task['id']}"
    assert duty.post(f"{address}/claim").status_code == 200
    read = {"If-Match": duty.get(address).headers["ETag"]}
    released = duty.post(f"{address}/release", json={"reason": "on leave"}, headers=read)
    assert (released.status_code, released.get_json()["assignee"]) == (200, None)
    now = {"If-Match": released.headers["ETag"]}
    for command, body in (("claim", {}), ("release", {}), ("assign", {"assignee": me(duty)})):
        refused = duty.post(f"{address}/{command}", json=body, headers=read)
        assert (refused.status_code, refused.get_json()["code"]) == (412, "outdated"), command
    assert duty.post(f"{address}/claim", headers=now).get_json()["assignee"] == me(duty)


def test_colleagues_are_asked_on_the_page_one_after_another_and_told(
    system: System, signed_in: Callable[[str], Browser], report: Report
) -> None:
    duty, task, _ = at_triage(system, report)
    page, county, police = signed_in("duty"), system("county"), system("police")
    address = f"/tasks/{task['id']}"
    assert me(county) in page.get(address).text
    assert me(system("court")) not in page.get(address).text, "the court may not see the case"
    body = {"person": [me(county), me(police)], "in_order": "1", **WHY}
    assert page.send(f"{address}/ask", body, to=f"{address}/ask").headers["Location"].endswith("notice=asked")
    assert [told(county), told(police)] == [True, False], "it is not the second one's turn yet"
    county.post(f"/api/v1{address}/signatures/answer", json={"agrees": True})
    assert told(police)
    page.send(address, {"person": me(police), **WHY}, to=f"{address}/unask")
    states = {one["person"]: one["state"] for one in duty.get(f"/api/v1{address}/signatures").get_json()["items"]}
    assert states == {me(county): "agreed", me(police): "removed"}


def told(someone: Browser) -> bool:
    """Whether somebody was told that they are asked to agree."""
    return "sign" in [one["kind"] for one in someone.get("/api/v1/notifications").get_json()["items"]]


def test_of_a_sealed_case_only_those_are_asked_who_may_see_it(system: System, report: Report) -> None:
    duty, task, case_id = at_triage(system, report)
    county = system("county")
    assert county.post(f"/api/v1/cases/{case_id}/seal").status_code < 300
    asked = duty.post(f"/api/v1/tasks/{task['id']}/signatures", json={"people": [me(system("court"))], **WHY})
    assert (asked.status_code, asked.get_json()["code"]) == (422, "colleague-unfit")


def test_whoever_may_do_a_step_without_seeing_the_case_is_led_to_no_closed_door(
    system: System, signed_in: Callable[[str], Browser], report: Report
) -> None:
    duty, task, case_id = at_triage(system, report)
    duty.post(f"/api/v1/tasks/{task['id']}/signatures", json={"people": [me(system("court"))], **WHY})
    assert f"/cases/{case_id}" in signed_in("duty").get(f"/tasks/{task['id']}").text
    assert f"/cases/{case_id}" not in signed_in("court").get(f"/tasks/{task['id']}").text
