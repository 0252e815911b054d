"""Service tasks that a worker does: of this house, reaching out of it, or another system's."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.workflow import instances, jobs, operations, performing, service_jobs
from engine.workflow.definitions import File
from engine.workflow.errors import InstanceNotActive
from engine.workflow.execution import BpmnError
from engine.workflow.models import Incident, Instance, ServiceJob
from engine.workflow.operations import Call, Errand, Operation
from engine.workflow.performing import JobLockLost, JobUnknown
from tests.engine.workflow.diagrams import END, START, diagram, flow, user_task
from tests.engine.workflow.driving import open_elements, rules, start, variables

Jobs = Callable[[], None]
MINUTE = timedelta(minutes=1)


def does(operation: str, *, properties: str = "", retries: str = "", boundary: str = "") -> bytes:
    """A process of one service task, with what is to be said of it."""
    given = "".join(
        f'<zeebe:property name="{name}" value="{value}"/>'
        for name, _, value in (one.partition("=") for one in properties.split())
    )
    task = (
        f'<bpmn:serviceTask id="act"><bpmn:extensionElements><zeebe:taskDefinition type="{operation}" {retries}/>'
        '<zeebe:ioMapping><zeebe:input source="=town" target="place"/><zeebe:output source="=answer" target="heard"/>'
        f"</zeebe:ioMapping><zeebe:properties>{given}</zeebe:properties></bpmn:extensionElements></bpmn:serviceTask>"
    )
    roots = '<bpmn:error id="e" errorCode="refused"/>'
    catch = (
        '<bpmn:boundaryEvent id="caught" attachedToRef="act"><bpmn:errorEventDefinition errorRef="e"/>'
        "</bpmn:boundaryEvent>" + user_task("sorry") + flow("caught", "sorry")
    )
    body = START + task + user_task("after") + END + flow("start", "act") + flow("act", "after") + flow("after", "end")
    return diagram(body + (catch if boundary else ""), roots=roots)


@pytest.fixture
def run(session: Session) -> Iterator[Jobs]:
    """Do the jobs that wait and may be done."""
    with jobs.inline(session) as run_waiting:
        yield run_waiting


@pytest.fixture
def time() -> Iterator[clock.VirtualClock]:
    """A clock that stands still."""
    with clock.virtual(clock.now()) as time:
        yield time


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the house an operation for the test."""

    def add(does: Callable[..., Any], *, outside: bool = False) -> None:
        made = Operation("test.act", "", "", {}, does, outside)
        monkeypatch.setitem(operations.OPERATIONS, "test.act", made)

    return add


def job_of(session: Session, instance: Instance) -> ServiceJob:
    """The one service job of an instance."""
    found = select(ServiceJob).where(ServiceJob.instance_id == instance.id)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def taken(session: Session, worker: str = "w1", lock_for: timedelta = MINUTE) -> list[performing.Activated]:
    """What an external worker gets."""
    return performing.activate(session, ["ext.act"], worker, limit=10, lock_for=lock_for)


def kinds(session: Session, instance: Instance) -> list[str]:
    """What happened in an instance."""
    return [event.kind for event in events.of_stream(session, instance.stream)]


def test_a_job_of_the_house_is_done_after_the_commit(session: Session, run: Jobs, house: Callable[..., None]) -> None:
    def act(call: Call, *, place: str) -> dict[str, str]:
        return {"answer": f"{call.element_id} in {place}"}

    house(act)
    instance = start(session, does("test.act", properties="hejie.async=true"), town="Zhongbao")
    assert open_elements(session, instance) == []
    run()
    assert open_elements(session, instance) == ["after"]
    assert variables(session, instance)["heard"] == "act in Zhongbao"
    job = job_of(session, instance)
    assert (job.state, job.attempts, job.internal) == ("completed", 1, True)
    performing.do_service_job(session, str(job.id))
    assert kinds(session, instance) == ["instance.started", "job.completed"]


def test_without_the_mark_it_is_done_at_once(session: Session, run: Jobs, house: Callable[..., None]) -> None:
    house(lambda call, place: {"answer": place})
    instance = start(session, does("test.act"), town="x")
    assert open_elements(session, instance) == ["after"]
    assert session.scalars(select(ServiceJob)).all() == []


def test_a_failing_job_rests_as_the_diagram_says_then_is_an_incident(
    session: Session, run: Jobs, house: Callable[..., None], time: clock.VirtualClock
) -> None:
    attempts: list[timedelta] = []
    begin, broken = clock.now(), True

    def act(call: Call, *, place: str) -> dict[str, str]:
        attempts.append(clock.now() - begin)
        if broken:
            raise OSError("no paper")
        return {"answer": "at last"}

    house(act)
    properties = "hejie.async=true hejie.backoff=PT10S,PT1M"
    instance = start(session, does("test.act", properties=properties, retries='retries="4"'), town="x")
    for _ in range(200):
        run()
        time.advance(timedelta(seconds=1))
    assert [one.total_seconds() for one in attempts] == [0, 10, 70, 130]
    incident = session.scalars(select(Incident)).one()
    assert (incident.code, incident.message, incident.element_id) == ("OSError", "no paper", "act")
    assert job_of(session, instance).state == "failed"
    assert kinds(session, instance) == ["instance.started", *["job.failed"] * 4]
    broken = False
    instances.retry(session, instance.id, incident.token_id, actor="admin")
    assert job_of(session, instance).retries == 4
    run()
    assert open_elements(session, instance) == ["after"]
    session.refresh(incident)
    assert incident.resolved_at is not None


def test_what_the_database_refuses_is_told_without_what_people_wrote(
    session: Session, run: Jobs, house: Callable[..., None], time: clock.VirtualClock
) -> None:
    def act(call: Call, *, place: str) -> None:
        again = (
            "CREATE TEMPORARY TABLE told (words text UNIQUE) ON COMMIT DROP; INSERT INTO told VALUES ('{0}'), ('{0}')"
        )
        session.execute(text(again.format(place)))

    house(act)
    start(session, does("test.act", properties="hejie.async=true", retries='retries="1"'), town="Zhongbao")
    run()
    incident = session.scalars(select(Incident)).one()
    assert incident.code == "IntegrityError"
    assert "unique constraint" in incident.message and "Zhongbao" not in incident.message


def test_an_error_of_the_diagram_goes_to_who_catches_it(
    session: Session, run: Jobs, house: Callable[..., None]
) -> None:
    def act(call: Call, *, place: str) -> None:
        raise BpmnError("refused", "the court says no")

    house(act)
    caught = start(session, does("test.act", properties="hejie.async=true", boundary="e"), town="x")
    run()
    assert open_elements(session, caught) == ["sorry"]
    uncaught = start(session, does("test.act", properties="hejie.async=true"), town="x")
    run()
    assert session.scalars(select(Incident.code).where(Incident.instance_id == uncaught.id)).all() == ["bpmn-error"]
    assert (job_of(session, caught).state, job_of(session, uncaught).state) == ("completed", "failed")


def test_what_reaches_out_gets_the_same_key_at_each_attempt(
    session: Session, run: Jobs, house: Callable[..., None], time: clock.VirtualClock
) -> None:
    keys = []

    def act(errand: Errand, *, place: str) -> dict[str, str]:
        keys.append(errand.key)
        if len(keys) == 1:
            raise OSError("line is busy")
        return {"answer": place}

    house(act, outside=True)
    instance = start(session, does("test.act"), town="x")
    run()
    assert keys == [job_of(session, instance).id] * 2
    assert open_elements(session, instance) == ["after"]


def test_an_answer_that_comes_too_late_does_not_count_twice(
    session: Session, run: Jobs, house: Callable[..., None], time: clock.VirtualClock
) -> None:
    house(lambda errand, place: {"answer": place}, outside=True)
    instance = start(session, does("test.act"), town="x")
    job = job_of(session, instance)
    slow = performing.take(session, job.id)
    assert slow is not None
    assert performing.take(session, job.id) is None, "it is in other hands"
    time.advance(performing.LOCKED_FOR + service_jobs.OVERDUE + MINUTE)
    assert service_jobs.remind(session) == 1
    quick = performing.take(session, job.id)
    assert quick is not None
    performing.report(session, quick, quick.carry_out())
    performing.report(session, slow, slow.carry_out())
    assert kinds(session, instance).count("job.completed") == 1


def test_an_unknown_type_waits_for_an_external_worker(session: Session, run: Jobs) -> None:
    instance = start(session, does("ext.act"), town="Zhongbao")
    [given] = taken(session)
    assert given.waiting.parameters == {"place": "Zhongbao"}
    assert (given.job.worker, given.job.attempts, given.job.retries) == ("w1", 1, 3)
    assert taken(session, "w2") == [], "it is locked"
    assert given.job.lock
    performing.complete(session, given.job.id, given.job.lock, {"answer": "yes"}, actor="w1")
    assert open_elements(session, instance) == ["after"]
    assert variables(session, instance)["heard"] == "yes"


def test_a_lock_that_ran_out_gives_the_job_to_another(session: Session, time: clock.VirtualClock) -> None:
    instance = start(session, does("ext.act"), town="x")
    [first] = taken(session, "w1")
    first_lock = first.job.lock
    time.advance(MINUTE)
    [second] = taken(session, "w2")
    assert first_lock and second.job.lock and second.job.id == first.job.id
    with pytest.raises(JobLockLost) as lost:
        performing.complete(session, first.job.id, first_lock, {}, actor="w1")
    assert lost.value.facts["worker"] == "w2"
    performing.complete(session, second.job.id, second.job.lock, {"answer": 2}, actor="w2")
    with pytest.raises(JobLockLost):
        performing.complete(session, first.job.id, first_lock, {}, actor="w1")
    assert variables(session, instance)["heard"] == 2


def test_a_lock_is_kept_by_who_asks_in_time(session: Session, time: clock.VirtualClock) -> None:
    start(session, does("ext.act"), town="x")
    [given] = taken(session)
    assert given.job.lock
    time.advance(MINUTE / 2)
    performing.extend(session, given.job.id, given.job.lock, MINUTE)
    time.advance(MINUTE / 2)
    assert taken(session, "w2") == []
    time.advance(MINUTE / 2)
    assert len(taken(session, "w2")) == 1


def test_an_external_worker_fails_a_job_until_it_is_an_incident(session: Session, time: clock.VirtualClock) -> None:
    instance = start(session, does("ext.act", retries='retries="2"'), town="x")
    [given] = taken(session)
    assert given.job.lock
    performing.fail(session, given.job.id, given.job.lock, "busy", actor="w1", rest=MINUTE)
    assert taken(session) == []
    time.advance(MINUTE)
    [again] = taken(session)
    assert again.job.lock
    performing.fail(session, again.job.id, again.job.lock, "broken", actor="w1")
    incident = session.scalars(select(Incident)).one()
    assert (incident.code, incident.message) == ("job-failed", "broken")
    instances.retry(session, instance.id, incident.token_id, actor="admin")
    assert len(taken(session)) == 1


def test_an_external_worker_throws_an_error(session: Session) -> None:
    instance = start(session, does("ext.act", boundary="e"), town="x")
    [given] = taken(session)
    assert given.job.lock
    performing.throw_error(session, given.job.id, given.job.lock, BpmnError("refused"), actor="w1")
    assert open_elements(session, instance) == ["sorry"]
    assert job_of(session, instance).state == "completed"


def test_a_cancelled_instance_takes_its_jobs_along(session: Session) -> None:
    instance = start(session, does("ext.act"), town="x")
    [given] = taken(session)
    lock = given.job.lock
    assert lock
    instances.cancel(session, instance.id, actor="admin", reason="entered twice")
    assert job_of(session, instance).state == "cancelled"
    with pytest.raises(JobLockLost):
        performing.complete(session, given.job.id, lock, {}, actor="w1")


def test_a_suspended_instance_gives_out_no_job(session: Session, run: Jobs, house: Callable[..., None]) -> None:
    outside = start(session, does("ext.act"), town="x")
    [given] = taken(session)
    instances.suspend(session, outside.id, actor="admin", reason="flood")
    assert given.job.lock
    with pytest.raises(InstanceNotActive):
        performing.complete(session, given.job.id, given.job.lock, {}, actor="w1")
    house(lambda call, place: {"answer": 1})
    inside = start(session, does("test.act", properties="hejie.async=true"), town="x")
    instances.suspend(session, inside.id, actor="admin", reason="flood")
    run()
    assert job_of(session, inside).state == "open"
    instances.resume(session, inside.id, actor="admin")
    run()
    assert open_elements(session, inside) == ["after"]


def test_a_job_that_is_none(session: Session) -> None:
    with pytest.raises(JobUnknown):
        performing.complete(session, uuid4(), uuid4(), {}, actor="w1")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (does("x", retries='retries="0"'), "retries"),
        (does("x", retries='retries="=many"'), "retries"),
        (does("x", properties="hejie.backoff=soon"), "backoff"),
        (does("x", properties="hejie.backoff=PT1M,PT"), "backoff"),
    ],
)
def test_retries_that_make_no_sense_are_refused(content: bytes, rule: str) -> None:
    assert rules(content) == {rule}


def test_the_check_says_which_steps_wait_for_an_external_worker() -> None:
    def said(content: bytes) -> set[str]:
        return {f"{one.severity} {one.rule}" for one in casework.check([File("p.bpmn", content)])} - {
            "warning nobody-assigned",
            "warning no-form",
        }

    assert said(does("no.such")) == {"warning unknown-operation"}
    assert said(does("no.such", properties="hejie.external=true")) == set()


def test_an_operation_that_is_misspelt_is_told_its_nearest_names_and_not_all() -> None:
    [hint] = [one.hint for one in casework.check([File("p.bpmn", does("case.clasify"))]) if "operation" in one.rule]
    assert "case.classify" in hint and "deadline.start" not in hint
