"""How a process goes: times, loops and ways from the history, and the event log; sealed cases are in neither."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

from engine import clock, db
from engine.cases.models import Case
from engine.deadlines.models import Deadline
from engine.workflow import instances, tasks
from engine.workflow.instances import Home
from engine.workflow.models import Instance
from tests.api.conftest import Browser
from tests.api.operating import deploy, new_key
from tests.api.steps import System, at_triage
from tests.engine.workflow.diagrams import END, START, diagram, flow, user_task
from tests.engine.workflow.driving import open_task

pytestmark = pytest.mark.usefixtures("library")
XES = "{http://www.xes-standard.org/}"


def looping() -> str:
    """A process that does `a`, then `b`, then again from `a` on for whoever says so."""
    key = new_key()
    body = START + user_task("a") + user_task("b") + '<bpmn:exclusiveGateway id="which" default="which_end"/>' + END
    flows = flow("start", "a") + flow("a", "b") + flow("b", "which") + flow("which", "a", "=again = true")
    deploy(diagram(body + flows + flow("which", "end"), key=key))
    return key


def walk(key: str, *hours: int) -> UUID:
    """Go through a process: so many hours for each step, as often as there are; the last round says so."""
    at = clock.now() - timedelta(days=20)
    with clock.virtual(at), db.transaction() as session:
        made = instances.start(session, key, {}, actor=None).id
    for number, took in enumerate(hours):
        at += timedelta(hours=took)
        with clock.virtual(at), db.transaction() as session:
            task = open_task(session, session.get_one(Instance, made))
            tasks.complete(session, task.id, {"again": number < len(hours) - 1}, actor="somebody")
    return made


def test_it_tells_how_long_steps_take_and_where_cases_come_back(system: System) -> None:
    key = looping()
    for hours in ((1, 10), (3, 30), (5, 50, 7, 70)):
        walk(key, *hours)
    found = system("admin").get(f"/api/v1/processes/{key}/insight").get_json()
    stays = {one["element_id"]: one for one in found["walked"]["stays"]}
    hour = 3600
    assert (stays["a"]["visits"], stays["a"]["instances"], stays["a"]["again"]) == (4, 3, 1)
    assert stays["a"]["median"] == 4 * hour, "1, 3, 5, 7"
    assert stays["b"]["p90"] == pytest.approx(64 * hour), "10, 30, 50, 70"
    assert found["walked"]["flows"]["which_a"] == 1
    assert [(one["steps"], one["instances"]) for one in found["walked"]["ways"]] == [
        (["a", "b"], 2), (["a", "b", "a", "b"], 1),
    ]  # fmt: skip
    assert (found["walked"]["begun"], found["walked"]["ended"]) == (3, 3)
    early = system("admin").get(f"/api/v1/processes/{key}/insight?until=2020-01-01").get_json()
    assert early["walked"]["stays"] == []


def test_the_page_draws_it(signed_in: Callable[[str], Browser]) -> None:
    key = looping()
    walk(key, 1, 10, 1, 10)
    page = signed_in("admin").get(f"/cockpit/processes/{key}/insight", headers={"Accept-Language": "en"})
    assert 'data-element="b" data-state="heat-5"' in page.text
    assert 'data-badge="10 hours ↻1"' in page.text
    assert signed_in("leader").get(f"/cockpit/processes/{key}/insight").status_code == 403


def test_the_log_holds_each_visit_as_start_and_end(system: System) -> None:
    key = looping()
    made = walk(key, 1, 10)
    address = f"/api/v1/processes/{key}/log"
    rows = list(csv.DictReader(io.StringIO(system("admin").get(f"{address}.csv").text)))
    assert [(row["activity"], row["lifecycle"]) for row in rows if row["activity"] in "ab"] == [
        ("a", "start"), ("a", "complete"), ("b", "start"), ("b", "complete"),
    ]  # fmt: skip
    assert {row["case_id"] for row in rows} == {str(made)}
    log = etree.fromstring(system("admin").get(f"{address}.xes").data)
    [trace] = log.iter(f"{XES}trace")
    assert len(list(trace.iter(f"{XES}event"))) == len(rows)
    assert system("duty").get(f"{address}.csv").status_code == 403


def test_sealed_cases_are_in_neither(system: System, report: Callable[..., dict[str, Any]]) -> None:
    _, _, case_id = at_triage(system, report)
    admin = system("admin")

    def seen() -> tuple[int, bool]:
        found = admin.get("/api/v1/processes/intake/insight").get_json()["walked"]["begun"]
        with db.transaction() as session:
            [instance] = session.query(Instance.id).filter_by(stream=case_id).limit(1)
        return found, str(instance[0]) in admin.get("/api/v1/processes/intake/log.csv").text

    before, listed = seen()
    assert listed
    with db.transaction() as session:
        session.get_one(Case, case_id).sealed = True
    assert seen() == (before - 1, False)


def test_a_process_that_is_only_called_has_a_log(system: System) -> None:
    inner, outer = looping(), new_key()
    call = f'<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="{inner}"/>'
    call += "</bpmn:extensionElements></bpmn:callActivity>"
    deploy(diagram(START + call + END + flow("start", "call") + flow("call", "end"), key=outer))
    made = walk(outer, 1, 10)
    rows = list(csv.DictReader(io.StringIO(system("admin").get(f"/api/v1/processes/{inner}/log.csv").text)))
    assert [(row["activity"], row["lifecycle"]) for row in rows if row["activity"] in "ab"] == [
        ("a", "start"), ("a", "complete"), ("b", "start"), ("b", "complete"),
    ]  # fmt: skip
    assert {row["case_id"] for row in rows} == {str(made)}
    assert "call" in system("admin").get(f"/api/v1/processes/{outer}/log.xes").text
    log = etree.fromstring(system("admin").get(f"/api/v1/processes/{inner}/log.xes").data)
    assert len(list(log.iter(f"{XES}event"))) == len(rows)


def test_it_tells_whether_the_laws_deadlines_were_kept(
    system: System, signed_in: Callable[[str], Browser], report: Callable[..., dict[str, Any]]
) -> None:
    _, _, case_id = at_triage(system, report)
    now, key = clock.now(), new_key()
    named = '<zeebe:properties><zeebe:property name="hejie.deadline" value="pm.soft"/></zeebe:properties>'
    deploy(diagram(START + user_task("a", extra=named) + END + flow("start", "a") + flow("a", "end"), key=key))
    with db.transaction() as session:
        instances.start(session, key, {}, actor=None, home=Home(stream=case_id))
        for due, state, ended in (
            (1, "met", now), (-2, "met", now), (-1, "running", None), (1, "running", None), (1, "cancelled", now),
        ):  # fmt: skip
            due_at = now + timedelta(days=due)
            day = due_at.date()
            session.add(
                Deadline(
                    case_id=case_id, key="pm.soft", law_of=day, started_at=now, started_on=day, due_on=day,
                    displayed_on=day, due_at=due_at, state=state, ended_at=ended,
                )
            )  # fmt: skip
    found = system("admin").get(f"/api/v1/processes/{key}/insight").get_json()["deadlines"]
    assert found == {"pm.soft": {"in_time": 1, "late": 2, "running": 1}}
    page = signed_in("admin").get(f"/cockpit/processes/{key}/insight", headers={"Accept-Language": "en"}).text
    assert "Deadlines of the law" in page
    assert "33 %" in page
