"""Running processes on the database: deploy, start, complete, wait, fail, and be told."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import clock, events
from engine.workflow import correlation, definitions, instances, jobs, messages, operations, tasks, timers
from engine.workflow.definitions import File
from engine.workflow.errors import (
    DefinitionUnknown,
    DeploymentRefused,
    InstanceNotActive,
    NobodyWaits,
    TaskAlreadyAssigned,
    TaskNotOpen,
    TaskUnknown,
)
from engine.workflow.models import Incident, Instance, Message, Subscription
from tests.engine.workflow import diagrams
from tests.engine.workflow.driving import open_elements, open_task, start


@pytest.fixture
def done_jobs(session: Session) -> Iterator[object]:
    """Jobs are done in the test's own transaction, when the test says so."""
    with jobs.inline(session) as run_waiting:
        yield run_waiting


def test_a_process_runs_step_by_step_to_its_end(session: Session) -> None:
    instance = start(session, diagrams.TWO_STEPS)
    first = open_task(session, instance)
    assert (first.element_id, first.groups) == ("first", ["village_mediator"])
    tasks.complete(session, first.id, {"agreed": True}, actor="m1")
    second = open_task(session, instance)
    assert second.element_id == "second"
    tasks.complete(session, second.id, {}, actor="m2")
    assert instance.status == "completed"
    assert instance.ended_at is not None
    kinds = [event.kind for event in events.of_stream(session, instance.stream)]
    assert kinds == ["instance.started", "task.completed", "task.completed"]


def test_second_completion_is_told_who_was_first(session: Session) -> None:
    instance = start(session, diagrams.TWO_STEPS)
    task = open_task(session, instance)
    tasks.complete(session, task.id, {}, actor="m1")
    with pytest.raises(TaskNotOpen) as told:
        tasks.complete(session, task.id, {}, actor="m2")
    assert told.value.facts["by"] == "m1"
    assert open_elements(session, instance) == ["second"]


def test_an_unknown_task_is_not_found(session: Session) -> None:
    with pytest.raises(TaskUnknown):
        tasks.complete(session, uuid4(), {}, actor="m1")


def test_an_identical_file_makes_no_new_version(session: Session) -> None:
    [first] = definitions.deploy(session, [File("p.bpmn", diagrams.TWO_STEPS)], actor=None)
    [again] = definitions.deploy(session, [File("p.bpmn", diagrams.TWO_STEPS)], actor=None)
    [changed] = definitions.deploy(session, [File("p.bpmn", diagrams.TIMER)], actor=None)
    assert again.id == first.id
    assert changed.version == first.version + 1


def test_running_instances_keep_their_version(session: Session) -> None:
    instance = start(session, diagrams.TWO_STEPS)
    definitions.deploy(session, [File("p.bpmn", diagrams.TIMER)], actor=None)
    tasks.complete(session, open_task(session, instance).id, {}, actor=None)
    assert open_elements(session, instance) == ["second"]


def test_a_file_that_would_not_run_refuses_the_whole_deployment(session: Session) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    with pytest.raises(DeploymentRefused) as refused:
        definitions.deploy(session, [File("p.bpmn", diagrams.TWO_STEPS), File("bad.bpmn", bomb)], actor=None)
    assert refused.value.findings[0].file == "bad.bpmn"
    with pytest.raises(DefinitionUnknown):
        definitions.newest(session, definitions.PROCESS, "p")


def test_a_timer_due_tomorrow_fires_tomorrow(session: Session) -> None:
    with clock.virtual(clock.now()) as time:
        instance = start(session, diagrams.TIMER)
        assert instance.wake_at == clock.now() + timedelta(days=1)
        time.advance(timedelta(hours=23))
        assert timers.fire_due(session) == 0
        time.advance(timedelta(hours=1))
        assert timers.fire_due(session) == 1
        assert open_elements(session, instance) == ["after"]
        assert instance.wake_at is None
        assert timers.fire_due(session) == 0


def test_a_message_reaches_the_instance_of_its_key_alone(session: Session) -> None:
    definitions.deploy(session, [File("waits.bpmn", diagrams.WAITS_FOR_MESSAGE)], actor=None)
    one = instances.start(session, "waits", {"case": "1"}, actor=None)
    two = instances.start(session, "waits", {"case": "2"}, actor=None)
    assert correlation.correlate(session, "accepted", "2", {}, actor="court") == two.id
    assert open_elements(session, one) == []
    assert open_elements(session, two) == ["after"]
    assert session.scalars(select(Subscription.instance_id)).all() == [one.id]


def test_a_message_that_nobody_waits_for_is_refused(session: Session) -> None:
    with pytest.raises(NobodyWaits):
        correlation.correlate(session, "accepted", "3", {}, actor=None)


def test_a_process_starts_by_message(session: Session) -> None:
    definitions.deploy(session, [File("s.bpmn", diagrams.STARTS_BY_MESSAGE)], actor=None)
    started = correlation.correlate(session, "begin", None, {"why": "report"}, actor=None)
    instance = session.get_one(Instance, started)
    assert open_elements(session, instance) == ["begun"]
    assert instances.restore(session, instance).variables["why"] == "report"


def test_a_thrown_message_is_delivered_by_a_job_exactly_once(session: Session, done_jobs: object) -> None:
    assert callable(done_jobs)
    definitions.deploy(session, [File("s.bpmn", diagrams.SENDS_MESSAGE)], actor=None)
    waiting = start(session, diagrams.WAITS_FOR_MESSAGE, "waits", case="7")
    instances.start(session, "sends", {"case": "7", "answer": "yes"}, actor=None)
    assert open_elements(session, waiting) == []
    done_jobs()
    assert open_elements(session, waiting) == ["after"]
    assert instances.restore(session, waiting).variables["answer"] == "yes"
    message = session.scalars(select(Message)).one()
    assert message.taken_at is not None
    correlation.deliver_message(session, str(message.id))
    assert open_elements(session, waiting) == ["after"]


def test_a_message_waits_for_who_comes_later(session: Session, done_jobs: object) -> None:
    assert callable(done_jobs)
    definitions.deploy(session, [File("s.bpmn", diagrams.SENDS_MESSAGE)], actor=None)
    instances.start(session, "sends", {"case": "8", "answer": "later"}, actor=None)
    done_jobs()
    late = start(session, diagrams.WAITS_FOR_MESSAGE, "waits", case="8")
    done_jobs()
    assert open_elements(session, late) == ["after"]


def test_a_message_without_a_key_waits_for_whoever_comes(session: Session, done_jobs: object) -> None:
    assert callable(done_jobs)
    messages.send(session, "message", "accepted", None, {"answer": "all"})
    done_jobs()
    late = start(session, diagrams.WAITS_FOR_MESSAGE, "waits", case="8")
    later = instances.start(session, "waits", {"case": "9"}, actor=None)
    done_jobs()
    assert (open_elements(session, late), open_elements(session, later)) == (["after"], [])


def test_a_failing_step_keeps_what_the_person_did_and_can_be_retried(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    def act(call: operations.Call) -> None:
        call.session.add(Message(kind="m", name="side effect", variables={}, county="", division="",
                                 sent_at=clock.now(), expires_at=clock.now()))  # fmt: skip
        call.session.flush()
        if broken:
            raise OSError("the printer is on fire")

    monkeypatch.setitem(operations.OPERATIONS, "test.act", operations.Operation("test.act", "", "", {}, act))
    instance = start(session, diagrams.FAILS)
    tasks.complete(session, open_task(session, instance).id, {"kept": 1}, actor="m1")
    incident = session.scalars(select(Incident)).one()
    assert (incident.element_id, incident.resolved_at) == ("act", None)
    assert "the printer is on fire" in incident.message
    assert session.scalars(select(Message)).all() == []
    assert instances.restore(session, instance).variables["kept"] == 1
    broken = False
    instances.retry(session, instance.id, incident.token_id, actor="admin")
    session.refresh(incident)
    assert incident.resolved_at is not None
    assert open_elements(session, instance) == ["after"]
    assert len(session.scalars(select(Message)).all()) == 1


def test_whoever_fixed_it_may_not_check_it(session: Session) -> None:
    instance = start(session, diagrams.FOUR_EYES)
    tasks.complete(session, open_task(session, instance).id, {}, actor="m1")
    recheck = open_task(session, instance).id
    with pytest.raises(tasks.SeparationOfDuties), session.begin_nested():
        tasks.complete(session, recheck, {}, actor="m1")
    tasks.complete(session, recheck, {}, actor="m2")
    assert instance.status == "completed"


def test_a_task_is_claimed_by_one_and_given_back(session: Session) -> None:
    instance = start(session, diagrams.TWO_STEPS)
    task_id = open_task(session, instance).id
    assert tasks.claim(session, task_id, actor="m1").assignee == "m1"
    with pytest.raises(TaskAlreadyAssigned):
        tasks.claim(session, task_id, actor="m2")
    tasks.release(session, task_id, actor="m1")
    assert tasks.claim(session, task_id, actor="m2").assignee == "m2"


def test_a_draft_is_kept_per_person_until_the_task_is_done(session: Session) -> None:
    instance = start(session, diagrams.TWO_STEPS)
    task_id = open_task(session, instance).id
    tasks.save_draft(session, task_id, {"words": "half a sen"}, actor="m1")
    tasks.save_draft(session, task_id, {"words": "half a sentence"}, actor="m1")
    kept = tasks.draft(session, task_id, actor="m1")
    assert kept is not None
    assert kept.answers == {"words": "half a sentence"}
    assert tasks.draft(session, task_id, actor="m2") is None
    tasks.complete(session, task_id, {}, actor="m1")
    session.expire_all()
    assert tasks.draft(session, task_id, actor="m1") is None


def test_a_suspended_instance_rests_and_a_cancelled_one_is_over(session: Session) -> None:
    with clock.virtual(clock.now()) as time:
        instance = start(session, diagrams.TIMER)
        instances.suspend(session, instance.id, actor="admin", reason="flood")
        time.advance(timedelta(days=2))
        assert timers.fire_due(session) == 0
        instances.resume(session, instance.id, actor="admin")
        assert timers.fire_due(session) == 1
        task_id: UUID = open_task(session, instance).id
        instances.cancel(session, instance.id, actor="admin", reason="entered twice")
        assert open_elements(session, instance) == []
        with pytest.raises(TaskNotOpen):
            tasks.complete(session, task_id, {}, actor="m1")
        with pytest.raises(InstanceNotActive):
            instances.set_variables(session, instance.id, {}, actor=None)


def test_an_instance_that_rests_can_be_cancelled_and_one_that_is_over_cannot(session: Session) -> None:
    instance = start(session, diagrams.TWO_STEPS)
    instances.suspend(session, instance.id, actor="admin", reason="flood")
    instances.cancel(session, instance.id, actor="admin", reason="it will not go on")
    assert (instance.status, open_elements(session, instance)) == ("cancelled", [])
    assert instance.ended_at is not None
    assert events.of_stream(session, instance.stream)[-1].data["reason"] == "it will not go on"
    with pytest.raises(InstanceNotActive):
        instances.cancel(session, instance.id, actor="admin", reason="again")


def test_an_unknown_start_event_starts_nothing(session: Session) -> None:
    definitions.deploy(session, [File("p.bpmn", diagrams.TWO_STEPS)], actor="admin")
    with pytest.raises(KeyError, match="nowhere"):
        instances.start(session, "p", {}, actor="starter", start_event="nowhere")


def test_an_instance_whose_timer_cannot_fire_holds_up_no_other(session: Session) -> None:
    with clock.virtual(clock.now()) as time:
        first, broken, last = (start(session, diagrams.TIMER) for _ in range(3))
        session.flush()
        broken.state = b"nothing that could be read"
        time.advance(timedelta(days=1))
        assert timers.fire_due(session) == 3
        assert open_elements(session, first) == open_elements(session, last) == ["after"]
        assert broken.wake_at == clock.now() + timers.POSTPONED
        kinds = [event.kind for event in events.of_stream(session, first.stream)]
        assert kinds == ["instance.started", "timer.fired"]
        assert timers.fire_due(session) == 0


def test_a_step_given_up_in_a_deadlock_is_no_incident_but_done_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people work on one case at a moment: whoever the database sends back tries again (`again_after_deadlock`)."""

    def cross(call: operations.Call) -> None:
        raise OperationalError("SELECT", {}, psycopg.errors.DeadlockDetected("deadlock detected"))

    monkeypatch.setitem(operations.OPERATIONS, "test.act", operations.Operation("test.act", "", "", {}, cross))
    instance = start(session, diagrams.FAILS)
    with pytest.raises(OperationalError):
        tasks.complete(session, open_task(session, instance).id, {}, actor="m1")
