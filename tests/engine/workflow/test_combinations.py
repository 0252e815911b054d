"""Constructs within constructs: what holds for each alone holds for them together."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, definitions, instances, performing, tasks, timers
from engine.workflow.definitions import File
from engine.workflow.execution import BpmnError
from engine.workflow.models import Instance, UserTask
from tests.engine.workflow.diagrams import SIGNALS, START, diagram, flow, service_task, signal, timer, user_task
from tests.engine.workflow.driving import open_elements, start, variables

ERROR = '<bpmn:errorEventDefinition errorRef="er"/>'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="es"/>'
COMPENSATE = "<bpmn:compensateEventDefinition/>"
MESSAGE = '<bpmn:messageEventDefinition messageRef="m"/>'
ROOTS = '<bpmn:error id="er" errorCode="E1"/><bpmn:escalation id="es" escalationCode="X1"/>' + SIGNALS


@pytest.fixture(autouse=True)
def time() -> Iterator[clock.VirtualClock]:
    """A clock that stands still."""
    with clock.virtual(clock.now()) as time:
        yield time


def message(key: str) -> str:
    return (
        '<bpmn:message id="m" name="msg"><bpmn:extensionElements>'
        f'<zeebe:subscription correlationKey="={key}"/></bpmn:extensionElements></bpmn:message>'
    )


def many(number: int, *, sequential: bool = False, until: str = "") -> str:
    """So many instances."""
    until = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:loopCardinality>{number}</bpmn:loopCardinality>{until}</bpmn:multiInstanceLoopCharacteristics>"
    )


def event(kind: str, element: str, what: str = "", attributes: str = "") -> str:
    return f'<bpmn:{kind} id="{element}" {attributes}>{what}</bpmn:{kind}>'


def boundary(element: str, host: str, what: str, *, interrupting: bool = True) -> str:
    cancels = str(interrupting).lower()
    return event("boundaryEvent", element, what, f'attachedToRef="{host}" cancelActivity="{cancels}"')


def sub_process(element: str, inside: str, kind: str = "subProcess", loop: str = "") -> str:
    return f'<bpmn:{kind} id="{element}">{loop}{event("startEvent", f"in_{element}")}{inside}</bpmn:{kind}>'


def event_sub_process(element: str, what: str, inside: str, *, interrupting: bool = True) -> str:
    """An event sub-process whose start event is `element`."""
    start = event("startEvent", element, what, f'isInterrupting="{str(interrupting).lower()}"')
    return f'<bpmn:subProcess id="on_{element}" triggeredByEvent="true">{start}{inside}</bpmn:subProcess>'


def call(element: str, key: str, loop: str = "") -> str:
    called = f'<bpmn:extensionElements><zeebe:calledElement processId="{key}"/></bpmn:extensionElements>'
    return f'<bpmn:callActivity id="{element}">{called}{loop}</bpmn:callActivity>'


def compensated(host: str, handler: str) -> str:
    """What undoes an activity."""
    undo = user_task(handler).replace("<bpmn:userTask", '<bpmn:userTask isForCompensation="true"')
    drawn = f'<bpmn:association id="as_{host}" sourceRef="c_{host}" targetRef="{handler}"/>'
    return boundary(f"c_{host}", host, COMPENSATE) + undo + drawn


def called(session: Session, body: str) -> None:
    """Deploy the process `inner`."""
    content = diagram(event("startEvent", "s") + body, key="inner", roots=ROOTS)
    definitions.deploy(session, [File("inner.bpmn", content)], actor="a")


def do(session: Session, instance: Instance, element: str, **given: object) -> None:
    """Complete one of the open tasks of an element."""
    waiting = select(UserTask.id).where(UserTask.instance_id == instance.id, UserTask.element_id == element)
    found = session.scalars(waiting.where(UserTask.state == "open").order_by(UserTask.id)).first()
    assert found is not None, open_elements(session, instance)
    tasks.complete(session, found, given, actor="somebody")


@pytest.mark.parametrize("sequential", [False, True])
def test_calls_several_times_end_though_each_brings_back_the_counters_that_it_saw(
    session: Session, *, sequential: bool
) -> None:
    called(session, user_task("w") + flow("s", "w"))
    loop = many(3, sequential=sequential)
    body = START + call("c", "inner", loop) + user_task("after") + flow("start", "c") + flow("c", "after")
    instance = start(session, diagram(body))
    for _ in range(3):
        do(session, instance, "w", numberOfCompletedInstances=7, loopCounter=9)
    assert open_elements(session, instance) == ["after"]
    assert not variables(session, instance).keys() & {"loopCounter", "numberOfCompletedInstances"}


@pytest.mark.parametrize("sequential", [False, True])
def test_what_calls_make_is_collected_from_all_of_them(session: Session, *, sequential: bool) -> None:
    called(session, user_task("w") + flow("s", "w"))
    collected = (
        "<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection='=[1, 2, 3]' inputElement='item' "
        "outputCollection='results' outputElement='=item * made'/></bpmn:extensionElements>"
    )
    loop = many(0, sequential=sequential).replace("<bpmn:loopCardinality>0</bpmn:loopCardinality>", collected)
    body = START + call("c", "inner", loop) + user_task("after") + flow("start", "c") + flow("c", "after")
    instance = start(session, diagram(body))
    for _ in range(3):
        do(session, instance, "w", made=10)
    assert open_elements(session, instance) == ["after"]
    assert variables(session, instance)["results"] == [10, 20, 30]


def test_calls_stop_by_their_completion_condition_while_a_message_beside_is_heard_twice(session: Session) -> None:
    called(session, user_task("w") + flow("s", "w"))
    loop = many(3, until="numberOfCompletedInstances &gt;= 2")
    body = START + call("c", "inner", loop) + boundary("b", "c", MESSAGE, interrupting=False)
    body += user_task("heard") + user_task("after") + flow("start", "c") + flow("c", "after") + flow("b", "heard")
    instance = start(session, diagram(body, roots=message("case")), case="1")
    for _ in range(2):
        correlation.correlate(session, "msg", "1", {}, actor=None)
    do(session, instance, "w")
    do(session, instance, "w")
    assert open_elements(session, instance) == ["after", "heard", "heard"]


def test_rounds_of_a_task_that_are_through_are_undone_when_the_transaction_around_is_cancelled(
    session: Session,
) -> None:
    repeated = user_task("m").replace("</bpmn:userTask>", many(3) + "</bpmn:userTask>") + compensated("m", "undo_m")
    cancel = event("endEvent", "cancel", "<bpmn:cancelEventDefinition/>")
    inside = '<bpmn:parallelGateway id="f"/>' + repeated + user_task("decide") + cancel + flow("in_tx", "f")
    inside += flow("f", "m") + flow("f", "decide") + flow("decide", "cancel")
    body = START + sub_process("tx", inside, "transaction") + boundary("b", "tx", "<bpmn:cancelEventDefinition/>")
    body += user_task("cancelled") + user_task("after") + flow("start", "tx") + flow("tx", "after")
    instance = start(session, diagram(body + flow("b", "cancelled")))
    do(session, instance, "m")
    do(session, instance, "decide")
    assert open_elements(session, instance) == ["undo_m"], "one round of three was through"
    do(session, instance, "undo_m")
    assert open_elements(session, instance) == ["cancelled"]


def test_an_event_gateway_in_rounds_in_an_event_sub_process_undoes_its_own_round(
    session: Session, time: clock.VirtualClock
) -> None:
    inside = user_task("do") + compensated("do", "undo") + '<bpmn:eventBasedGateway id="g"/>'
    inside += event("intermediateCatchEvent", "gm", MESSAGE) + event("intermediateCatchEvent", "gt", timer("P1D"))
    inside += event("endEvent", "fine") + event("endEvent", "undone", COMPENSATE)
    inside += flow("in_each", "do") + flow("do", "g") + flow("g", "gm") + flow("g", "gt")
    rounds = sub_process("each", inside + flow("gm", "fine") + flow("gt", "undone"), loop=many(2))
    handled = event_sub_process("alarm", signal("s1"), rounds + flow("alarm", "each"), interrupting=False)
    body = START + user_task("main") + flow("start", "main") + handled
    instance = start(session, diagram(body, roots=ROOTS + message("loopCounter")))
    correlation.broadcast(session, "alarm", {}, actor=None)
    do(session, instance, "do")
    do(session, instance, "do")
    correlation.correlate(session, "msg", "1", {}, actor=None)
    time.advance(timedelta(days=1))
    timers.fire_due(session)
    assert open_elements(session, instance) == ["main", "undo"]
    do(session, instance, "undo")
    assert open_elements(session, instance) == ["main"]


def test_an_error_out_of_one_of_several_calls_is_caught_by_the_event_sub_process_of_its_round(session: Session) -> None:
    called(session, user_task("w") + event("endEvent", "bad", ERROR) + flow("s", "w") + flow("w", "bad"))
    caught = event_sub_process("failed", ERROR, user_task("handle") + flow("failed", "handle"))
    part = sub_process("part", call("c", "inner", many(2)) + flow("in_part", "c") + caught, loop=many(2))
    body = START + part + boundary("b", "part", ERROR) + user_task("outer") + user_task("after")
    body += flow("start", "part") + flow("part", "after") + flow("b", "outer")
    instance = start(session, diagram(body, roots=ROOTS))
    assert open_elements(session, instance) == ["w"] * 4
    do(session, instance, "w")
    assert open_elements(session, instance) == ["handle", "w", "w"]
    do(session, instance, "handle")
    do(session, instance, "w")
    do(session, instance, "handle")
    assert open_elements(session, instance) == ["after"]


def test_escalations_out_of_a_call_are_heard_each_time_and_the_call_goes_on(session: Session) -> None:
    thrown = event("intermediateThrowEvent", "t", ESCALATION) + user_task("w") + event("endEvent", "e", ESCALATION)
    called(session, thrown + flow("s", "t") + flow("t", "w") + flow("w", "e"))
    body = START + call("c", "inner") + boundary("b", "c", ESCALATION, interrupting=False) + user_task("heard")
    body += user_task("after") + flow("start", "c") + flow("c", "after") + flow("b", "heard")
    instance = start(session, diagram(body, roots=ROOTS))
    assert open_elements(session, instance) == ["heard", "w"]
    do(session, instance, "w")
    assert open_elements(session, instance) == ["after", "heard", "heard"]


def test_an_event_sub_process_passes_on_what_it_heard_and_does_not_hear_it_again(session: Session) -> None:
    heard = user_task("inner") + event("endEvent", "on", ESCALATION) + flow("x", "inner") + flow("inner", "on")
    inside = user_task("w") + event("intermediateThrowEvent", "t", ESCALATION) + user_task("v")
    inside += flow("in_part", "t") + flow("t", "w") + flow("w", "v")
    inside += event_sub_process("x", ESCALATION, heard, interrupting=False)
    body = START + sub_process("part", inside) + boundary("b", "part", ESCALATION, interrupting=False)
    body += user_task("outer") + flow("start", "part") + flow("b", "outer")
    instance = start(session, diagram(body, roots=ROOTS))
    assert open_elements(session, instance) == ["inner", "w"]
    do(session, instance, "inner")
    assert open_elements(session, instance) == ["outer", "w"]


@pytest.mark.parametrize("sequential", ["false", "true"])
def test_rounds_can_collect_their_counter(session: Session, sequential: str) -> None:
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=[7, 8]" outputCollection="made" outputElement="=loopCounter"/>'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )
    part = sub_process("part", event("task", "t") + flow("in_part", "t"), loop=loop)
    body = START + part + user_task("after") + flow("start", "part") + flow("part", "after")
    instance = start(session, diagram(body))
    assert variables(session, instance)["made"] == [1, 2]


def test_a_condition_at_a_call_sees_what_is_around_it_and_not_what_is_within(session: Session) -> None:
    called(session, user_task("w") + user_task("v") + flow("s", "w") + flow("w", "v"))
    condition = "<bpmn:condition>=x = 1</bpmn:condition>"
    condition = f"<bpmn:conditionalEventDefinition>{condition}</bpmn:conditionalEventDefinition>"
    body = START + call("c", "inner") + boundary("b", "c", condition, interrupting=False) + user_task("held")
    instance = start(session, diagram(body + flow("start", "c") + flow("b", "held")))
    do(session, instance, "w", x=1)
    assert open_elements(session, instance) == ["v"]
    instances.set_variables(session, instance.id, {"x": 1}, actor="a")
    assert open_elements(session, instance) == ["held", "v"]


def test_a_message_at_a_call_ends_an_open_transaction_within_without_undoing_it(session: Session) -> None:
    inside = user_task("pay") + compensated("pay", "refund") + user_task("ship") + flow("in_order", "pay")
    called(session, sub_process("order", inside + flow("pay", "ship"), "transaction") + flow("s", "order"))
    body = START + call("c", "inner") + boundary("b", "c", MESSAGE) + user_task("heard")
    instance = start(session, diagram(body + flow("start", "c") + flow("b", "heard"), roots=message("case")), case="1")
    do(session, instance, "pay")
    correlation.correlate(session, "msg", "1", {}, actor=None)
    assert open_elements(session, instance) == ["heard"]


@pytest.mark.parametrize("sequential", [False, True])
def test_terminating_one_round_lets_the_others_be(session: Session, *, sequential: bool) -> None:
    inside = '<bpmn:parallelGateway id="f"/>' + user_task("a") + user_task("b") + flow("in_part", "f") + flow("f", "a")
    inside += flow("f", "b") + flow("a", "t") + event("endEvent", "t", "<bpmn:terminateEventDefinition/>")
    part = sub_process("part", inside, loop=many(2, sequential=sequential))
    instance = start(
        session, diagram(START + part + user_task("after") + flow("start", "part") + flow("part", "after"))
    )
    do(session, instance, "a")
    assert open_elements(session, instance) == ["a", "b"]
    do(session, instance, "a")
    assert open_elements(session, instance) == ["after"]


def test_an_inclusive_gateway_waits_for_a_branch_that_goes_round(session: Session) -> None:
    gates = '<bpmn:inclusiveGateway id="i"/><bpmn:inclusiveGateway id="j"/><bpmn:exclusiveGateway id="m"/>'
    gates += '<bpmn:exclusiveGateway id="x" default="x_j"/>'
    flows = flow("start", "i") + flow("i", "a", "true") + flow("i", "m", "true") + flow("m", "b") + flow("b", "x")
    flows += flow("x", "m", "again") + flow("x", "j") + flow("a", "j") + flow("j", "z")
    instance = start(session, diagram(START + gates + user_task("a") + user_task("b") + user_task("z") + flows))
    do(session, instance, "a")
    do(session, instance, "b", again=True)
    assert open_elements(session, instance) == ["b"]
    do(session, instance, "b", again=False)
    assert open_elements(session, instance) == ["z"]


def test_two_links_lead_to_one_place(session: Session) -> None:
    link = '<bpmn:linkEventDefinition name="there"/>'
    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("a") + user_task("b") + user_task("z")
    body += event("intermediateThrowEvent", "one", link) + event("intermediateThrowEvent", "two", link)
    body += event("intermediateCatchEvent", "there", link) + flow("start", "f") + flow("f", "a") + flow("f", "b")
    instance = start(session, diagram(body + flow("a", "one") + flow("b", "two") + flow("there", "z")))
    do(session, instance, "a")
    assert open_elements(session, instance) == ["b", "z"]
    do(session, instance, "b")
    assert open_elements(session, instance) == ["z", "z"]


def test_a_worker_s_error_in_the_second_round_within_a_transaction_goes_to_its_border(session: Session) -> None:
    loop = many(2, sequential=True) + "</bpmn:serviceTask>"
    job = service_task("job", "ext.rounds").replace("</bpmn:serviceTask>", loop)
    body = START + sub_process("tx", job + flow("in_tx", "job"), "transaction") + boundary("b", "tx", ERROR)
    body += user_task("caught") + user_task("after") + flow("start", "tx") + flow("tx", "after") + flow("b", "caught")
    instance = start(session, diagram(body, roots=ROOTS))
    [first] = performing.activate(session, ["ext.rounds"], "w", limit=5, lock_for=timedelta(minutes=1))
    assert first.job.lock
    performing.complete(session, first.job.id, first.job.lock, {}, actor=None)
    [second] = performing.activate(session, ["ext.rounds"], "w", limit=5, lock_for=timedelta(minutes=1))
    assert second.job.lock
    error = BpmnError("E1", "", {"why": "no paper"})
    performing.throw_error(session, second.job.id, second.job.lock, error, actor=None)
    assert (open_elements(session, instance), variables(session, instance)["why"]) == (["caught"], "no paper")
