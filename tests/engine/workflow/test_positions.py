"""Each kind of event at the border of each kind of scope and in it, interrupting and not (BPMN 2.0 §10.5)."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, definitions, instances, tasks, timers
from engine.workflow.definitions import File
from engine.workflow.models import Instance, UserTask
from tests.engine.workflow.diagrams import SIGNALS, START, diagram, flow, signal, timer, user_task
from tests.engine.workflow.driving import open_elements, rules, start

EVENTS = {
    "message": '<bpmn:messageEventDefinition messageRef="m"/>',
    "timer": timer("P1D"),
    "signal": signal("s1"),
    "conditional": "<bpmn:conditionalEventDefinition><bpmn:condition>go</bpmn:condition>"
    "</bpmn:conditionalEventDefinition>",
    "error": '<bpmn:errorEventDefinition errorRef="e"/>',
    "escalation": '<bpmn:escalationEventDefinition escalationRef="up"/>',
}
ROOTS = SIGNALS + (
    '<bpmn:message id="m" name="come"/><bpmn:error id="e" errorCode="E1"/>'
    '<bpmn:escalation id="up" escalationCode="UP"/>'
)
ROUNDS = {"parallel": 2, "sequential": 1}
"""The scopes that are done several times: how many rounds run at once."""
FROM_WITHIN = ("error", "escalation")
CASES = [
    (event, scope, within, interrupting)
    for event, scope, within, interrupting in product(
        EVENTS, ("subProcess", "transaction", "callActivity", *ROUNDS), (False, True), (True, False)
    )
    if interrupting or event != "error"
]


def drawn(event: str, scope: str, *, within: bool, interrupting: bool) -> tuple[bytes, bytes]:
    """The diagram, and that of the process which is called."""
    inside, handler = '<bpmn:startEvent id="in"/>' + user_task("work") + flow("in", "work"), user_task("handler")
    if event in FROM_WITHIN:
        thrown = f'<bpmn:endEvent id="throw">{EVENTS[event]}</bpmn:endEvent>'
        inside += user_task("rest") + flow("in", "rest") + thrown + flow("work", "throw")
    word = str(interrupting).lower()
    beside = ""
    if within:
        begin = f'<bpmn:startEvent id="caught" isInterrupting="{word}">{EVENTS[event]}</bpmn:startEvent>'
        caught = begin + handler + flow("caught", "handler")
        inside += f'<bpmn:subProcess id="on-it" triggeredByEvent="true">{caught}</bpmn:subProcess>'
    else:
        caught = f'<bpmn:boundaryEvent id="caught" attachedToRef="host" cancelActivity="{word}">{EVENTS[event]}'
        beside = f"{caught}</bpmn:boundaryEvent>{handler}" + flow("caught", "handler")
    sequential = str(scope == "sequential").lower()
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
        "<bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    kind = "subProcess" if scope in ROUNDS else scope
    body = f'<bpmn:{kind} id="host">{inside}{loop if scope in ROUNDS else ""}</bpmn:{kind}>'
    if scope == "callActivity":
        body = '<bpmn:callActivity id="host" calledElement="called"/>'
    whole = START + body + beside + user_task("after") + flow("start", "host") + flow("host", "after")
    return diagram(whole, roots=ROOTS), diagram(inside, key="called", roots=ROOTS)


def happen(session: Session, instance: Instance, event: str, time: clock.VirtualClock) -> None:
    match event:
        case "message":
            correlation.correlate(session, "come", None, {}, actor=None)
        case "signal":
            correlation.broadcast(session, "alarm", {}, actor=None)
        case "conditional":
            instances.set_variables(session, instance.id, {"go": True}, actor=None)
        case "timer":
            time.advance(timedelta(days=1))
            timers.fire_due(session)
        case _:
            complete_one(session, instance, "work")


def complete_one(session: Session, instance: Instance, element: str) -> None:
    waiting = select(UserTask.id).where(UserTask.instance_id == instance.id, UserTask.state == "open")
    task_id = session.scalars(waiting.where(UserTask.element_id == element).order_by(UserTask.id)).first()
    assert task_id is not None
    tasks.complete(session, task_id, {}, actor="somebody")


def expected(event: str, scope: str, *, within: bool, interrupting: bool) -> list[str]:
    """Which tasks are open when the event has happened."""
    rounds = ROUNDS.get(scope, 1)
    each = ["work", "rest"] if event in FROM_WITHIN else ["work"]
    heard = rounds if within and event in ("timer", "signal", "conditional") else 1  # one round has thrown, or got it
    if scope == "callActivity" and within and event == "conditional":
        heard = 0  # the called process has variables of its own
    handlers = ["handler"] * heard
    if not interrupting or not heard:
        return sorted([*each * rounds, *handlers][1 if event in FROM_WITHIN else 0 :])
    return sorted([*(each * (rounds - heard) if within else []), *handlers])


@pytest.mark.parametrize(("event", "scope", "within", "interrupting"), CASES)
def test_an_event_is_caught_as_it_is_drawn(
    session: Session, event: str, scope: str, within: bool, interrupting: bool
) -> None:
    content, called = drawn(event, scope, within=within, interrupting=interrupting)
    assert rules(content) == set()
    definitions.deploy(session, [File("called.bpmn", called)], actor="admin")
    with clock.virtual(clock.now()) as time:
        instance = start(session, content)
        happen(session, instance, event, time)
        assert open_elements(session, instance) == expected(event, scope, within=within, interrupting=interrupting)
        while waiting := open_elements(session, instance):
            complete_one(session, instance, waiting[0])
    session.refresh(instance)
    assert (instance.status, instance.outcome) == ("completed", "completed")
