"""Diagrams that make more and more, in one instance or among several: an incident says so, and nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, definitions, instances, jobs, limits, messages, tasks, timers
from engine.workflow.definitions import File
from engine.workflow.models import Definition, Incident, Instance, Message, UserTask
from tests.engine.workflow.diagrams import END, SIGNALS, START, diagram, flow, signal, timer, user_task
from tests.engine.workflow.driving import open_elements, open_task, rules, start
from tests.engine.workflow.logs import chain, event

MOST = 60
MANY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>40</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)
TWICE = (
    '<bpmn:sequenceFlow id="one" sourceRef="fork" targetRef="meet"/>'
    '<bpmn:sequenceFlow id="two" sourceRef="fork" targetRef="meet"/>'
)
FLOODS = {
    "a fork leads back twice": diagram(
        START + '<bpmn:exclusiveGateway id="meet"/><bpmn:parallelGateway id="fork"/>'
        + chain("start", "meet", "fork") + TWICE
    ),
    "many times many": diagram(
        START + f'<bpmn:subProcess id="s"><bpmn:task id="t">{MANY}</bpmn:task>{MANY}</bpmn:subProcess>'
        + chain("start", "s")
    ),
    "a process calls itself": diagram(
        START + '<bpmn:callActivity id="c"><bpmn:extensionElements><zeebe:calledElement processId="p"/>'
        "</bpmn:extensionElements></bpmn:callActivity>" + chain("start", "c")
    ),
    "a signal is heard by what throws it": diagram(
        START + event("intermediateThrowEvent", "first", signal("s1")) + user_task("wait")
        + chain("start", "first", "wait") + '<bpmn:subProcess id="heard" triggeredByEvent="true">'
        + event("startEvent", "hear", signal("s1"), attributes='isInterrupting="false"')
        + event("intermediateThrowEvent", "again", signal("s1")) + user_task("look") + chain("hear", "again", "look")
        + "</bpmn:subProcess>",
        roots=SIGNALS,
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are soon reached."""
    monkeypatch.setattr(limits, "MAX_TOKENS", MOST)
    monkeypatch.setattr(limits, "MAX_STEPS", 1000)
    monkeypatch.setattr(limits, "MAX_FIRED", 10)


@pytest.mark.parametrize("content", FLOODS.values(), ids=FLOODS)
def test_a_flood_becomes_incidents_and_grows_no_further(session: Session, content: bytes) -> None:
    instance = start(session, content)
    live = instances.restore(session, instance)
    assert {one.code for one in live.incidents} == {"too-many-tokens"}
    assert len(live.tokens()) <= 2 * MOST
    instances.retry(session, instance.id, live.incidents[0].token_id, actor=None)
    assert len(instances.restore(session, instance).tokens()) <= 2 * MOST


def test_a_fast_cycle_is_held_up_when_it_is_full_and_goes_on_when_there_is_room(session: Session) -> None:
    content = diagram(
        START + user_task("wait") + '<bpmn:boundaryEvent id="late" attachedToRef="wait" cancelActivity="false">'
        + timer("R70/PT1S", "timeCycle") + "</bpmn:boundaryEvent>" + user_task("remind") + END
        + chain("start", "wait", "end") + flow("late", "remind")
    )  # fmt: skip
    with clock.virtual(clock.now()) as time:
        instance = start(session, content)
        time.advance(timedelta(hours=1))
        assert timers.fire_due(session) == 1
        assert open_elements(session, instance).count("remind") == 10, "the worker has others to look after as well"
        fire_all(session)
        [incident] = instances.restore(session, instance).incidents
        assert (incident.element_id, incident.code) == ("late", "too-many-tokens")
        held = open_elements(session, instance).count("remind")
        taken = [one.id for one in instances.restore(session, instance).tasks if one.element_id == "remind"]
        instances.modify(session, instance.id, take=taken, add=[], actor=None, reason="")
        instances.retry(session, instance.id, incident.token_id, actor=None)
        fire_all(session)
        assert held + open_elements(session, instance).count("remind") == 70
        assert instances.restore(session, instance).incidents == []
        open_task(session, instance, "wait")


def fire_all(session: Session) -> None:
    """Fire until nothing is due."""
    while timers.fire_due(session):
        pass


def test_more_tokens_from_one_step_than_anybody_means_are_refused() -> None:
    content = diagram(START + '<bpmn:task id="t" completionQuantity="1000000000"/>' + flow("start", "t"))
    assert rules(content) == {"quantity"}


NAMES = '<bpmn:message id="to-a" name="to a"/><bpmn:message id="to-b" name="to b"/>'


def calling(key: str, own: str, *others: str, wait: str = "") -> bytes:
    """A process that starts by a message, perhaps waits for somebody, and sends other messages."""
    begin = event("startEvent", "start", f'<bpmn:messageEventDefinition messageRef="{own}"/>')
    thrown = [
        event("intermediateThrowEvent", f"call{number}", f'<bpmn:messageEventDefinition messageRef="{other}"/>')
        for number, other in enumerate(others)
    ]
    way = ["start", *([wait] if wait else []), *(f"call{number}" for number in range(len(others)))]
    return diagram(begin + "".join(thrown) + (user_task(wait) if wait else "") + chain(*way), key=key, roots=NAMES)


def deploy(session: Session, *contents: bytes) -> None:
    definitions.deploy(session, [File(f"{number}.bpmn", one) for number, one in enumerate(contents)], actor=None)


def counted(session: Session) -> int:
    query = select(func.count()).select_from(Instance).join(Definition).where(Definition.key.in_(("a", "b")))
    return session.scalar(query) or 0


@pytest.mark.parametrize("others", [("to-a",), ("to-a", "to-a")], ids=["a chain", "a tree"])
def test_processes_that_start_each_other_without_end_become_incidents(
    session: Session, monkeypatch: pytest.MonkeyPatch, others: tuple[str, ...]
) -> None:
    monkeypatch.setattr(limits, "MAX_MESSAGES", 30)
    deploy(session, calling("a", "to-a", "to-b"), calling("b", "to-b", *others))
    with jobs.inline(session) as run:
        correlation.start_by_message(session, "to a", {}, actor=None)
        run()
        assert 10 < counted(session) <= 31
        failed = session.scalars(select(Incident)).all()
        assert {one.code for one in failed} == {"too-many-messages"}
        before = counted(session)
        instances.retry(session, failed[0].instance_id, failed[0].token_id, actor="admin")  # a new act
        run()
        assert before < counted(session) <= before + 31


def test_signals_that_wake_each_other_without_end_become_incidents(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_MESSAGES", 30)
    content = diagram(
        START + '<bpmn:exclusiveGateway id="again"/>' + event("intermediateCatchEvent", "hear", signal("s1"))
        + event("intermediateThrowEvent", "say", signal("s1")) + chain("start", "again", "hear", "say", "again"),
        roots=SIGNALS,
    )  # fmt: skip
    with jobs.inline(session) as run:
        both = [start(session, content), instances.start(session, "p", {}, actor=None)]
        messages.send(session, "signal", "alarm", None, {})
        run()
        codes = [one.code for made in both for one in instances.restore(session, made).incidents]
        assert codes and set(codes) == {"too-many-messages"}
        assert (session.scalar(select(func.count()).select_from(Message)) or 0) < 200


def test_what_waits_for_people_between_its_messages_goes_on_for_ever(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_MESSAGES", 3)
    deploy(session, calling("a", "to-a", "to-a", wait="look"))
    with jobs.inline(session) as run:
        correlation.start_by_message(session, "to a", {}, actor=None)
        for _ in range(10):
            run()
            [task] = session.scalars(select(UserTask).where(UserTask.element_id == "look", UserTask.state == "open"))
            tasks.complete(session, task.id, {}, actor="somebody")
        run()
    assert counted(session) == 11
    assert session.scalars(select(Incident)).all() == []


def test_a_signal_is_heard_once_though_its_job_is_done_twice(session: Session) -> None:
    content = diagram(
        START + user_task("long") + '<bpmn:boundaryEvent id="b" attachedToRef="long" cancelActivity="false">'
        + signal("s1") + "</bpmn:boundaryEvent>" + user_task("heard") + flow("start", "long") + flow("b", "heard"),
        roots=SIGNALS,
    )  # fmt: skip
    instance = start(session, content)
    messages.send(session, "signal", "alarm", None, {})
    for _ in range(2):  # the worker was killed after the commit, before it could say that the job is done
        for one in session.scalars(select(Message.id)):
            correlation.deliver_signal(session, message=str(one))
    assert open_elements(session, instance) == ["heard", "long"]
