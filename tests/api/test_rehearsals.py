"""Playing a process in the studio and playing ended cases again: pages and REST, through the same functions."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import yaml

from engine import db
from engine.studio.models import Rehearsal
from engine.workflow import jobs
from tests.api.conftest import Browser, token_in
from tests.api.operating import deploy, new_key
from tests.api.steps import System
from tests.engine.workflow.diagrams import END, START, diagram, flow, service_task, user_task

Sign = Callable[[str], Browser]
REST = "/api/v1/studio/rehearsals"
HAZARD = {"start": {"process": "hazard", "as": "hazard", "variables": {"risk": "BLUE", "level": "village"}}}
SEEN = {"verified": "false", "seen_at": "2026-11-23T09:00+08:00", "not_true": "坡上没有石头"}


@pytest.fixture
def stage(library: None, signed_in: Sign) -> tuple[Browser, str]:
    """An administrator in front of a new rehearsal."""
    admin = signed_in("admin")
    answer = admin.send("/studio/play/hazard?locale=en", {})
    assert answer.status_code == 303
    return admin, answer.headers["Location"]


def test_a_process_is_played_in_the_browser_without_script(stage: tuple[Browser, str]) -> None:
    admin, page = stage
    admin.send(page, {"word": "start", "process": "hazard", "as": "hazard", "variables": "risk: BLUE\nlevel: village"})
    shown = admin.get(page).text
    form = re.search(rf'href="({page}/tasks/hazard/verify)"', shown)
    assert form is not None
    assert "Verify" in admin.get(f"{page}?locale=en").text
    refused = admin.send(form[1], {"verified": "false"})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert admin.send(form[1], {**SEEN, "by": "A"}).status_code == 303
    shown = admin.get(page).text
    assert "Everything has ended" in admin.get(f"{page}?locale=en").text
    back = admin.send(page, {"keep": "1"}, to=f"{page}/back")
    assert back.status_code == 303
    assert f"{page}/tasks/hazard/verify" in admin.get(page).text


def test_wrong_variables_are_told_and_nothing_typed_is_lost(stage: tuple[Browser, str]) -> None:
    admin, page = stage
    refused = admin.send(page, {"word": "start", "process": "hazard", "as": "hazard", "variables": "risk"})
    assert refused.status_code == 422
    assert ">risk</textarea>" in refused.text
    assert "一行写一个" in refused.text


def test_somebody_else_has_gone_on_meanwhile(stage: tuple[Browser, str]) -> None:
    admin, page = stage
    form = {"csrf_token": token_in(admin.get(page)), "version": "1", "word": "advance", "span": "P1D"}
    assert admin.post(page, data=form).status_code == 303
    assert admin.post(page, data=form).status_code == 412


def test_a_scenario_of_the_bundle_is_an_example(library: None, signed_in: Sign) -> None:
    admin = signed_in("admin")
    answer = admin.send("/studio/play/hazard", {"example": "0"})
    shown = admin.get(answer.headers["Location"] + "?locale=en").text
    assert "could not be done" not in shown
    assert shown.count("Take back") > 5


def test_the_drawing_is_that_of_the_process_on_the_stage(stage: tuple[Browser, str]) -> None:
    admin, page = stage
    drawing = admin.get(f"{page}/diagrams/hazard")
    assert drawing.status_code == 200
    assert b"BPMNDiagram" in drawing.data


def test_the_same_through_rest_and_as_a_scenario(library: None, system: System) -> None:
    admin = system("admin")
    begun = admin.post(REST, json={"process": "hazard", "begins_at": "2026-11-23T09:00:00+08:00"})
    assert begun.status_code == 201
    address = begun.headers["Location"]
    shown = admin.post(f"{address}/steps", json={"step": HAZARD}).get_json()
    assert [one["element_id"] for one in shown["runs"][0]["tasks"]] == ["verify"]
    assert shown["next_due"] > shown["now"]
    shown = admin.post(f"{address}/steps", json={"step": {"complete": {"task": "rectify"}}}).get_json()
    assert shown["stopped_at"] == 2
    assert "rectify" in shown["why"]
    shown = admin.client.delete(f"{address}/steps?keep=1", headers=admin.headers).get_json()
    assert len(shown["steps"]) == 1
    step = {"complete": {"task": "verify", "variables": {"verified": "false"}}}
    assert admin.post(f"{address}/steps", json={"step": step}).get_json()["runs"][0]["status"] == "completed"
    scenario = yaml.safe_load(admin.get(f"{address}/scenario").data)
    assert scenario["scenarios"][0]["steps"][-1] == {"expect": {"ended": ["hazard"], "incidents": []}}
    assert system("county").get(address).status_code == 403


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ({"variables": "number: 7"}, {"variables": {"number": 7}}),
        ({"ends": "fails", "error": "line is dead"}, {"fails": "line is dead"}),
        ({"ends": "error", "error": "E1"}, {"error": "E1", "variables": {}}),
    ],
)
def test_what_another_system_does_is_played(
    library: None, signed_in: Sign, typed: dict[str, str], step: dict[str, Any]
) -> None:
    key = new_key()
    body = START + service_task("act", f"{key}.act") + user_task("after") + END
    deploy(diagram(body + flow("start", "act") + flow("act", "after") + flow("after", "end"), key=key))
    admin = signed_in("admin")
    page = admin.send(f"/studio/play/{key}?locale=en", {}).headers["Location"]
    admin.send(page, {"word": "start", "process": key, "as": "p"})
    assert "Another system does “act”" in admin.get(f"{page}?locale=en").text
    assert admin.send(page, {"word": "job", "task": "act", "instance": "p", **typed}).status_code == 303
    with db.transaction() as session:
        rehearsal = session.get_one(Rehearsal, UUID(page.rpartition("/")[2]))
        assert rehearsal.steps[-1] == {"job": {"task": "act", "instance": "p", **step}}
    after = admin.get(f"{page}?locale=en").text
    assert "Another system: act" in after
    assert (f"{page}/tasks/p/after" in after) is ("ends" not in typed)


def test_what_if_is_answered_by_a_worker(library: None, signed_in: Sign, system: System) -> None:
    admin = signed_in("admin")
    asked = admin.send("/studio/what-if/hazard?locale=en", {"most": "5", "draft": ""})
    assert asked.status_code == 303
    assert "No case of this process has ended yet" in admin.get(asked.headers["Location"] + "?locale=en").text
    made = system("admin").post("/api/v1/studio/replays", json={"process": "hazard"})
    assert (made.status_code, made.get_json()["total"]) == (202, 0)
    assert system("duty").post("/api/v1/studio/replays", json={"process": "hazard"}).status_code == 403
    with db.transaction() as session:
        jobs.JOBS["replay_next"](session, replay=made.get_json()["id"])
    assert system("admin").get(made.headers["Location"]).get_json()["ended_at"]


def test_scenarios_are_played_and_the_ways_that_none_walks_are_shown(
    library: None, signed_in: Sign, system: System
) -> None:
    admin = signed_in("admin")
    page = admin.send("/studio/scenarios/hazard", {}).headers["Location"]
    with db.transaction() as session:
        for _ in range(10):
            jobs.JOBS["try_next"](session, walk=page.rpartition("/")[2])
    shown = admin.get(f"{page}?locale=en").text
    assert "0 scenarios failed" in shown
    assert 'data-state="walked"' in shown
    told = system("admin").get("/api/v1/studio" + page.removeprefix("/studio")).get_json()
    assert told["ended_at"]
    assert told["scenarios"]
    assert all(one["passed"] for one in told["scenarios"])
    assert told["missed"] == []
    assert b"BPMNDiagram" in admin.get(f"{page}/diagram").data
    assert signed_in("county").get(page).status_code == 403


def test_a_draft_is_played_and_what_was_played_goes_into_it(library: None, signed_in: Sign) -> None:
    admin = signed_in("admin")
    library_page = "/studio/library/process/hazard"
    draft = admin.send(library_page, {}, to=f"{library_page}/drafts").headers["Location"].partition("?")[0]
    assert "/studio/play/hazard?draft=" in admin.get(draft).text
    given = {"draft": draft.rpartition("/")[2]}
    page = admin.send(f"/studio/play/hazard?draft={given['draft']}", given).headers["Location"]
    admin.send(page, {"word": "start", "process": "hazard", "as": "hazard", "variables": "risk: BLUE\nlevel: village"})
    kept = admin.send(page, {"name": "只启动"}, to=f"{page}/scenario.yaml")
    assert kept.status_code == 303
    assert "hazard/scenarios/hazard-" in admin.get(draft).text


@pytest.mark.parametrize("asked", ["rehearsals", "replays", "walks"])
def test_an_unknown_draft_is_refused_and_not_what_is_in_force_played(library: None, system: System, asked: str) -> None:
    given = {"process": "hazard", "draft": "0190f0aa-0000-7000-8000-000000000000"}
    answer = system("admin").post(f"/api/v1/studio/{asked}", json=given)
    assert (answer.status_code, answer.json["code"]) == (404, "draft-unknown")


@pytest.mark.parametrize(
    ("needs", "why"),
    [
        (None, "下面要写名称和值"), ([], "下面要写名称和值"), ("hazard", "下面要写名称和值"), ({}, "“process”没有写"),
        ({"process": ["hazard"]}, "“process”要写文字"), ({"process": "hazard", "variables": 3}, "“variables”下面要写"),
    ],
)  # fmt: skip
def test_a_step_without_what_it_needs_is_told(library: None, system: System, needs: object, why: str) -> None:
    admin = system("admin")
    begun = admin.post(REST, json={"process": "hazard"}).json
    answer = admin.post(f"{REST}/{begun['id']}/steps", json={"step": {"start": needs}})
    assert answer.status_code < 500
    assert why in answer.json["why"]
