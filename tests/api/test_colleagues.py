"""Working with colleagues, on pages and through REST: undo, several steps at once, being away, being named."""

from datetime import timedelta
from typing import Any

import pytest

from engine import clock, db
from engine.people import queries as people
from tests.api.conftest import Browser
from tests.api.steps import Report, System, at_triage, do_all


def id_of(login: str) -> str:
    """The account's id of a login."""
    with db.transaction() as session:
        return people.actor_by_login(session, login).id


def task(someone: Browser, task_id: str) -> dict[str, Any]:
    """A task as it is now."""
    found: dict[str, Any] = someone.get(f"/api/v1/tasks/{task_id}").get_json()["task"]
    return found


def test_taking_on_can_be_undone_once(system: System, report: Report) -> None:
    duty, triage, _ = at_triage(system, report)
    assert duty.post(f"/api/v1/tasks/{triage['id']}/claim").get_json()["assignee"] == id_of("duty")
    assert duty.post(f"/api/v1/tasks/{triage['id']}/undo").get_json()["assignee"] is None
    assert duty.post(f"/api/v1/tasks/{triage['id']}/undo").get_json()["code"] == "too-late-to-undo"


def test_handing_on_is_undone_by_the_one_who_did_it_until_the_colleague_has_begun(
    system: System, report: Report
) -> None:
    duty, triage, _ = at_triage(system, report)
    other, address = system("duty2"), f"/api/v1/tasks/{triage['id']}"
    duty.post(f"{address}/assign", json={"assignee": id_of("duty2")})
    assert other.post(f"{address}/undo").get_json()["code"] == "too-late-to-undo"
    assert duty.post(f"{address}/undo").get_json()["assignee"] is None
    duty.post(f"{address}/assign", json={"assignee": id_of("duty2")})
    assert other.put(f"{address}/draft", json={"answers": {"people_count": "few"}}).status_code == 204
    assert duty.post(f"{address}/undo").get_json()["code"] == "too-late-to-undo"


def test_after_ten_minutes_nothing_is_undone(system: System, report: Report) -> None:
    duty, triage, _ = at_triage(system, report)
    duty.post(f"/api/v1/tasks/{triage['id']}/claim")
    with clock.virtual(clock.now() + timedelta(minutes=11)):
        assert duty.post(f"/api/v1/tasks/{triage['id']}/undo").get_json()["code"] == "too-late-to-undo"


def test_a_delegation_is_undone_to_whom_it_was_with(system: System, report: Report) -> None:
    duty, triage, _ = at_triage(system, report)
    address = f"/api/v1/tasks/{triage['id']}"
    duty.post(f"{address}/claim")
    duty.post(f"{address}/delegate", json={"to": id_of("duty2"), "reason": "您更熟"})
    undone = duty.post(f"{address}/undo").get_json()
    assert (undone["assignee"], undone["owner"]) == (id_of("duty"), None)


def test_several_steps_are_planned_then_handed_over(system: System, signed_in: Any, report: Report) -> None:
    duty, first, _ = at_triage(system, report)
    second = at_triage(system, report)[1]
    system("duty2").post(f"/api/v1/tasks/{second['id']}/claim")
    body = {"tasks": [first["id"], second["id"]], "to": id_of("duty2")}
    plan = duty.post("/api/v1/tasks/hand-over/plan", json=body).get_json()["items"]
    verdicts = {one["task"]["id"]: one["refusal"] and one["refusal"]["code"] for one in plan}
    assert verdicts == {first["id"]: None, second["id"]: "task-already-assigned"}
    assert task(duty, first["id"])["assignee"] is None
    page = signed_in("duty")
    address = f"/hand-over?task={first['id']}&task={second['id']}&to={id_of('duty2')}"
    assert "移交 1 件" in page.get(address).text
    sent = page.send(address, {"task": [first["id"], second["id"]], "to": id_of("duty2")}, to="/hand-over")
    assert sent.headers["Location"] == "/work?notice=handed-over"
    assert task(duty, first["id"])["assignee"] == id_of("duty2")


def test_nothing_is_handed_to_somebody_whose_role_does_not_fit(system: System, report: Report) -> None:
    duty, first, _ = at_triage(system, report)
    body = {"tasks": [first["id"]], "to": id_of("mediator")}
    assert duty.post("/api/v1/tasks/hand-over", json=body).get_json()["code"] == "nothing-to-hand-on"


def test_the_cover_sees_and_does_what_the_absent_has_taken_on(system: System, report: Report) -> None:
    duty, triage, case_id = at_triage(system, report)
    other = system("duty2")
    duty.post(f"/api/v1/tasks/{triage['id']}/claim")
    assert triage["id"] not in mine(other)
    assert other.post(f"/api/v1/tasks/{triage['id']}/claim").get_json()["code"] == "task-already-assigned"
    today = clock.today().isoformat()
    days = {"from_day": today, "to_day": today}
    made = duty.post("/api/v1/absences", json={"cover_id": id_of("duty2"), **days})
    assert made.status_code == 201
    for someone in (duty, other):
        assert made.get_json()["id"] in {one["id"] for one in someone.get("/api/v1/absences").get_json()["items"]}
    assert triage["id"] in mine(other)
    assert other.post(f"/api/v1/tasks/{triage['id']}/claim").get_json()["assignee"] == id_of("duty2")
    with clock.virtual(clock.now() + timedelta(days=1)), db.transaction() as session:
        assert people.actor_by_login(session, "duty2").covers == (), "the last day is over"
    assert duty.post(f"/api/v1/absences/{made.get_json()['id']}/end").status_code == 200
    assert case_id


def mine(someone: Browser) -> set[str]:
    """The ids of the tasks that are somebody's own or that they cover."""
    return {one["task"]["id"] for one in someone.get("/api/v1/tasks?view=mine&limit=100").get_json()["items"]}


def test_a_cover_without_the_role_gets_nothing(system: System, report: Report) -> None:
    """A town mediator who also holds the justice office is covered within the roles that the cover holds."""
    duty, triage, _ = at_triage(system, report)
    duty.post(f"/api/v1/tasks/{triage['id']}/claim")
    today = clock.today().isoformat()
    refused = duty.post("/api/v1/absences", json={"cover_id": id_of("mediator"), "from_day": today, "to_day": today})
    assert refused.get_json()["code"] == "cover-unfit"


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 400)])
def test_days_that_cannot_be_are_refused(system: System, library: None, first: int, last: int) -> None:
    days = [(clock.today() + timedelta(days=count)).isoformat() for count in (first, last)]
    body = {"cover_id": id_of("duty2"), "from_day": days[0], "to_day": days[1]}
    assert system("duty").post("/api/v1/absences", json=body).get_json()["code"] == "absence-unfit"


def test_who_is_named_finds_it_above_their_work_until_they_have_looked(
    system: System, signed_in: Any, report: Report
) -> None:
    duty, _, case_id = at_triage(system, report)
    words = "请 @示例值班员·钟宝镇二 看一下，也问问 @示例民警·钟宝派出所"
    assert duty.post(f"/api/v1/cases/{case_id}/notes", json={"words": words}).status_code == 201
    found = system("duty2").get("/api/v1/mentions").get_json()["items"]
    assert [one["case"]["id"] for one in found] == [case_id]
    assert system("police").get("/api/v1/mentions").get_json()["items"] == [], "they may not see the case"
    other = signed_in("duty2")
    assert words[:10] in other.get("/work").text
    assert other.get(f"/cases/{case_id}").status_code == 200
    assert system("duty2").get("/api/v1/mentions").get_json()["items"] == []


def test_a_remark_is_taken_back_by_its_author_and_the_history_says_so(system: System, report: Report) -> None:
    duty, _, case_id = at_triage(system, report)
    duty.post(f"/api/v1/cases/{case_id}/notes", json={"words": "写错了 @示例值班员·钟宝镇二"})
    note = duty.get(f"/api/v1/cases/{case_id}/notes").get_json()["items"][0]["id"]
    other = system("duty2")
    assert other.client.delete(f"/api/v1/cases/{case_id}/notes/{note}", headers=other.headers).status_code == 409
    assert duty.client.delete(f"/api/v1/cases/{case_id}/notes/{note}", headers=duty.headers).status_code == 204
    assert duty.get(f"/api/v1/cases/{case_id}/notes").get_json()["items"] == []
    assert other.get("/api/v1/mentions").get_json()["items"] == []
    kinds = [one["kind"] for one in duty.get(f"/api/v1/cases/{case_id}/timeline").get_json()["items"]]
    assert kinds[-3:] == ["case.noted", "case.mentioned", "case.note_withdrawn"]


def test_a_step_is_sent_back_on_its_page_to_a_legal_target_alone(
    system: System, signed_in: Any, report: Report
) -> None:
    from tests.api.steps import do, task_of

    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    confirm = task_of(duty, case_id, "confirm")
    page = signed_in("duty")
    address = f"/tasks/{confirm['id']}/return"
    assert "研判：勾选事实" in page.get(address).text
    assert page.send(address, {"to": "triage", "reason": ""}).status_code == 422
    assert page.send(address, {"to": "confirm", "reason": "选错了"}).status_code == 409
    assert page.send(address, {"to": "triage", "reason": "勾错了一项"}).status_code == 303
    do_all()
    again = task_of(duty, case_id, "triage")
    assert again["state"] == "open"
    assert "示例值班员·钟宝镇退回：勾错了一项" in page.get(f"/tasks/{again['id']}").text
    assert page.get(f"/cases/{case_id}").text.count("勾错了一项") == 1, "in the history"
    do(duty, case_id, "triage")
    assert "退回：勾错了一项" not in page.get(f"/tasks/{task_of(duty, case_id, 'confirm')['id']}").text


def test_the_page_of_a_task_delegates_and_gives_back(system: System, signed_in: Any, report: Report) -> None:
    duty, triage, _ = at_triage(system, report)
    page, other = signed_in("duty"), signed_in("duty2")
    address = f"/tasks/{triage['id']}"
    page.send(address, {"to": id_of("duty2"), "reason": "请代看"}, to=f"{address}/delegate")
    assert task(duty, triage["id"])["owner"] == id_of("duty")
    other.send(address, {"reason": "看过了"}, to=f"{address}/resolve")
    assert task(duty, triage["id"])["assignee"] == id_of("duty")
