"""Diagrams that make more and more tokens: the instance stays small, says so with an incident, and loses nothing."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import instances, limits, timers
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
