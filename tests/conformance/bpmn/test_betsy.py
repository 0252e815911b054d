"""Diagrams that nobody here wrote, with the outcome that BPMN asks for: run exactly, or refused at deployment.

A test of the suite holds when the log has the expected entries, in any order, and grows no more in ten minutes after.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, definitions, instances, jobs, operations, timers
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused
from engine.workflow.execution import BpmnError
from engine.workflow.models import Incident, Instance
from tests.conformance.bpmn import betsy

pytestmark = pytest.mark.skipif(not betsy.FOLDER.exists(), reason="../shared/conformance/betsy is not there")

REFUSED: dict[str, str] = {
    "MultiInstance_ComplexBehavior": "behavior-interrupting",
    "MultiInstance_NoneBehavior": "behavior-interrupting",
    "MultiInstance_OneBehavior": "behavior-interrupting",
    "WCP09_Structured_Discriminator_MultiInstance": "behavior-interrupting",
    "WCP12_MultipleInstancesWithoutSynchronization": "behavior-interrupting",
}
"""What cannot run here exactly, by the rule that says so at deployment. What runs after all must leave this list."""

DISPUTED: dict[str, list[list[str]]] = {
    "AdHocSubProcess_Parallel": [["SCRIPT_task1", "SCRIPT_task1", "SCRIPT_task2"]],  # asks for a task it has not
    "AdHocSubProcess_Sequential": [["SCRIPT_task1", "SCRIPT_task1", "SCRIPT_task2"]],
    "ParallelGateway_TrueParallelism": [[]],  # asks that two scripts overlap in wall time
    "Timer_BoundaryEvent_SubProcess_Interrupting_Activity": [["SCRIPT_task1"]],  # asks to interrupt a running script
}
"""Cases whose published expectation is wrong or bound to wall time (their tier_note says why): what the standard's
token semantics give instead, test by test."""

AFTERWARDS = timedelta(seconds=600)

assert correlation.deliver_signal  # the jobs that messages and signals travel by


@pytest.fixture(autouse=True)
def throwing_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The script THROW_ERROR of the suite."""

    def throw(call: operations.Call) -> None:
        raise BpmnError("ERR_CODE", "thrown by the script")

    monkeypatch.setitem(
        operations.OPERATIONS, betsy.THROWS_ERROR, operations.Operation(betsy.THROWS_ERROR, "", "", {}, throw)
    )


@pytest.fixture
def time() -> Iterator[clock.VirtualClock]:
    with clock.virtual(datetime(2026, 3, 1, 8, tzinfo=UTC)) as virtual:
        yield virtual


@pytest.mark.parametrize("case", betsy.cases(), ids=lambda case: case.id)
def test_the_diagram_runs_as_the_standard_says_or_is_refused(
    session: Session, time: clock.VirtualClock, case: betsy.Case
) -> None:
    content = case.diagram()
    if case.id in REFUSED:
        assert REFUSED[case.id] in refusals(session, content)
        return
    for number, test in enumerate(case.tests):
        expected = DISPUTED[case.id][number] if case.id in DISPUTED else test["expected"]
        if expected == ["ERROR"]:  # what makes no sense is not even deployed
            assert refusals(session, content)
            continue
        with session.begin_nested() as savepoint:
            log = played(session, time, case, content, test)
            savepoint.rollback()
        session.expire_all()
        assert Counter(log) == Counter(expected), test["variables"]


def refusals(session: Session, content: bytes) -> set[str]:
    with pytest.raises(DeploymentRefused) as refused, session.begin_nested():
        definitions.deploy(session, [File("case.bpmn", content)], actor=None)
    return {finding.rule for finding in refused.value.findings}


def played(
    session: Session, time: clock.VirtualClock, case: betsy.Case, content: bytes, test: dict[str, Any]
) -> list[str]:
    """The log after the test's own delay; it must be the same a good while later."""
    with jobs.inline(session) as run_jobs:
        deployed = definitions.deploy(session, [File("case.bpmn", content)], actor=None)
        keys = [one.key for one in deployed]
        keys.sort(key=lambda key: key == case.id)  # who is to hear something waits before it is said
        for key in keys if test["parallel"] else [case.id]:
            instances.start(session, key, {"log": [], **test["variables"]}, actor=None)
        run_jobs()
        advance(session, time, timedelta(seconds=test["delay_s"]), run_jobs)
        log = entries(session, case)
        advance(session, time, AFTERWARDS, run_jobs)
        assert entries(session, case) == log, "it went on after the test's own delay"
    return log


def advance(session: Session, time: clock.VirtualClock, by: timedelta, run_jobs: Any) -> None:
    """Move the clock as a worker would live through it: from one due timer to the next."""
    end = time.instant + by
    while (due := timers.next_due(session)) and due <= end:
        time.instant = max(due, time.instant)
        assert timers.fire_due(session)
        run_jobs()
    time.instant = end


def entries(session: Session, case: betsy.Case) -> list[str]:
    """What the instances logged, and the suite's own words for what became of them."""
    log: list[str] = []
    for instance in session.scalars(select(Instance).order_by(Instance.started_at)):
        execution = instances.restore(session, instance)
        log += execution.variables.get("log") or []
        if case.looks_for_marker and execution.variables.get("marker"):
            log.append("MARKER_exists")
        if (execution.outcome or "").startswith("error"):
            log.append("ERROR_thrownErrorEvent")
    failed = session.scalars(select(Incident.code)).all()
    return log + ["ERROR_runtime" if code == "no-branch" else f"incident {code}" for code in failed]
