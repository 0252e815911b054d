"""The stories that villagers really told, from the report to the closed case, through REST alone."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from engine import clock
from engine.clock import VirtualClock
from tests.api.conftest import Browser
from tests.api.steps import Report, System, do, do_all, task_of
from tests.factories import LAND, ROCK, answers

TO_MEDIATION = [("triage", "duty"), ("confirm", "duty"), ("consent", "mediator"), ("register", "mediator")]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@pytest.fixture
def time() -> Iterator[VirtualClock]:
    """A clock that stands still until a test moves it."""
    with clock.virtual(clock.now()) as moved:
        yield moved


def mediate(system: System, case_id: str) -> None:
    """Take a dispute from its report to its agreement."""
    for element, login in TO_MEDIATION:
        do(system(login), case_id, element)
    mediator = system("mediator")
    do(mediator, case_id, "mediator", mediator=mediator.get("/api/v1/me").get_json()["id"])
    for element in ("rights", "session", "agreement"):
        do(mediator, case_id, element)


def photo(someone: Browser) -> str:
    """A photo that somebody sends before the form that names it; its id."""
    sent = someone.post("/api/v1/uploads", data={"file": (BytesIO(PNG), "photo.png")})
    assert sent.status_code == 201, sent.text
    return str(sent.get_json()["id"])


def test_a_land_dispute_is_settled_performed_called_back_and_closed(
    system: System, report: Report, time: VirtualClock
) -> None:
    case_id = report()["id"]
    mediate(system, case_id)
    do(system("mediator"), case_id, "perform")
    time.advance(timedelta(days=8))
    do(system("duty"), case_id, "callback")
    do_all()
    duty = system("duty")
    case = duty.get(f"/api/v1/cases/{case_id}").get_json()
    assert (case["words"], case["category"], case["outcome"]) == (LAND["what"], "D0401", "performed")
    assert case["closed_at"]
    page = duty.get(f"/cases/{case_id}").text
    assert "生效日" in page and "可以申请（须双方共同）" not in page, "performed: nothing to confirm"
    filed = duty.get(f"/api/v1/cases/{case_id}/file").get_json()["items"]
    keys = [one["submission"]["form_key"] for one in filed]
    assert (keys[:3], keys[-1]) == (["f-report", "f-triage", "f-route"], "f14-callback")
    assert any(one["document"] and "调字" in one["document"] for one in filed)
    happened = duty.get(f"/api/v1/cases/{case_id}/timeline").get_json()["items"]
    assert [one["position"] for one in happened] == list(range(1, len(happened) + 1))
    assert {"case.reported", "case.accepted", "case.agreed", "case.closed"} <= {one["kind"] for one in happened}
    standing = duty.get(f"/api/v1/cases/{case_id}/standing").get_json()["items"]
    assert "performance" in {one["process"] for one in standing}
    assert not any(step["waiting"] for one in standing for step in one["steps"])


def test_a_void_agreement_is_written_again_and_the_file_finished_through_rest(
    system: System, report: Report, time: VirtualClock
) -> None:
    case_id = report()["id"]
    mediate(system, case_id)
    mediator, here = system("mediator"), f"/api/v1/cases/{case_id}"
    [first] = [one for one in mediator.get(f"{here}/papers").get_json()["numbers"] if one["kind"] == "f11-agreement"]
    early = mediator.post(f"{here}/files", json={})
    assert (early.status_code, early.get_json()["code"]) == (409, "case-still-open")
    unsaid = mediator.post(f"{here}/numbers/{first['id']}/void", json={"reason": " "})
    assert (unsaid.status_code, unsaid.get_json()["code"]) == (422, "void-reason-missing")
    voided = mediator.post(f"{here}/numbers/{first['id']}/void", json={"reason": "写错了面积"})
    assert voided.status_code == 200 and voided.get_json()["void"] and voided.get_json()["void_reason"] == "写错了面积"
    standing = mediator.get(f"/cases/{case_id}").text
    assert "作废，等着换号重写" in standing
    assert "可以申请（须双方共同）" not in standing, "民事诉讼法 §205: there is nothing to confirm"
    page = mediator.get(f"/cases/{case_id}/file/add/f11-agreement")
    assert "李家退还所占土地" in page.text, "what the void one said stands in the form"
    written = mediator.post(f"{here}/papers", json={"kind": "f11-agreement", "answers": answers("f11-agreement")})
    assert written.status_code == 201, written.text
    shown = [(one["number"], one["void"]) for one in written.get_json()["items"] if one["kind"] == "f11-agreement"]
    assert shown[0] == (first["number"], True) and not shown[1][1] and shown[1][0] == written.get_json()["number"]
    do(mediator, case_id, "perform")
    time.advance(timedelta(days=8))
    do(system("duty"), case_id, "callback")
    do_all()
    mediator = system("mediator")  # eight days later: a token of its own
    made = mediator.post(f"{here}/files", json={"reasons": {"f6-identity": "当事人没有带"}})
    assert made.status_code == 201 and made.get_json()["number"] == shown[1][0], made.text
    assert mediator.get(f"{here}/papers").get_json()["finished"] == [made.get_json()]
    file = mediator.get(f"{here}/files/{made.get_json()['id']}")
    assert file.status_code == 200 and file.data.startswith(b"%PDF")


def test_a_rock_is_never_mediated_but_struck_off(system: System, report: Report, app: Flask) -> None:
    told = report(ROCK)
    case_id = told["id"]
    do(system("grid"), case_id, "call")
    case = system("duty").get(f"/api/v1/cases/{case_id}").get_json()
    assert (case["kind"], case["risk"]) == ("hazard", "RED")
    for element in ("verify", "measures", "rectify"):
        do(system("hazard"), case_id, element)
    same, other = system("hazard"), system("hazard2")
    task = task_of(same, case_id, "recheck")
    here = f"/api/v1/tasks/{task['id']}"
    assert same.get(here).get_json()["refusal"] == {"code": "separation-of-duties"}
    given = {**answers("f-recheck"), "photos": [photo(same)]}
    refused = same.post(f"{here}/complete", json={"answers": given})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "separation-of-duties")
    do(other, case_id, "recheck", photos=[photo(other)])
    do(other, case_id, "strike-off")
    do_all()
    case = system("duty").get(f"/api/v1/cases/{case_id}").get_json()
    assert case["outcome"] == "struck_off" and case["closed_at"]
    standing = system("duty").get(f"/api/v1/cases/{case_id}/standing").get_json()["items"]
    assert {"mediation", "civil-dispute"}.isdisjoint({one["process"] for one in standing})
    code = {"tracking_code": told["tracking_code"], "phone": ROCK.get("reporter_phone", "")}
    villager, given = app.test_client(), {"solved": "yes", "satisfied": "yes"}
    assert "请说说办得怎么样" in villager.post("/api/v1/reports/follow", json=code).get_json()["following"]
    rated = villager.post("/api/v1/reports/rating", json={**code, "answers": given})
    assert rated.status_code == 200, rated.text
    assert rated.get_json()["may"] == [] and "请说说办得怎么样" not in rated.get_json()["following"]


def test_danger_rests_the_mediation_until_the_police_answer(system: System, report: Report) -> None:
    case_id = report()["id"]
    for element, login in TO_MEDIATION[:3]:
        do(system(login), case_id, element)
    mediator, police = system("mediator"), system("police")
    waiting = task_of(mediator, case_id, "register")
    left = mediator.post(f"/api/v1/cases/{case_id}/withdrawal")
    assert (left.status_code, left.get_json()["code"]) == (409, "not-in-mediation")
    told = mediator.post(f"/api/v1/cases/{case_id}/danger", json={"answers": answers("f-danger")})
    assert told.status_code == 200, told.text
    do_all()
    body = {"answers": answers("f4-acceptance")}
    resting = mediator.post(f"/api/v1/tasks/{waiting['id']}/complete", json=body)
    assert resting.status_code == 409, resting.text
    assert mediator.get(f"/api/v1/cases/{case_id}").get_json()["paused_at"]
    do(police, case_id, "receipt")
    do(police, case_id, "outcome-report")
    do_all()
    assert mediator.get(f"/api/v1/cases/{case_id}").get_json()["paused_at"] is None
    assert task_of(mediator, case_id, "consent")


def test_a_party_leaves_the_mediation(system: System, report: Report) -> None:
    case_id = report()["id"]
    for element, login in TO_MEDIATION:
        do(system(login), case_id, element)
    do_all()
    mediator = system("mediator")
    refused = system("grid").post(f"/api/v1/cases/{case_id}/withdrawal")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not-for-your-role")
    assert mediator.post(f"/api/v1/cases/{case_id}/withdrawal").status_code == 200
    do(mediator, case_id, "tell-routes")
    do_all()
    assert mediator.get(f"/api/v1/cases/{case_id}").get_json()["outcome"] == "withdrawn"
