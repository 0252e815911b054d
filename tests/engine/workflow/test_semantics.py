"""What tokens do where diagrams are subtle, each by the rule of BPMN 2.0 or of the dialect."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, definitions, instances, operations, timers
from engine.workflow.definitions import File
from engine.workflow.models import Incident, Instance
from tests.engine.workflow.diagrams import (
    END,
    MESSAGES,
    SIGNALS,
    START,
    diagram,
    flow,
    script,
    service_task,
    signal,
    timer,
    user_task,
)
from tests.engine.workflow.driving import complete, open_elements, rules, start, variables

INTERRUPTED_INSIDE = diagram(
    START
    + '<bpmn:subProcess id="sub">'
    + user_task("inner")
    + '<bpmn:subProcess id="on-alarm" triggeredByEvent="true"><bpmn:startEvent id="alarm">'
    + signal("s1")
    + "</bpmn:startEvent>"
    + user_task("calm")
    + flow("alarm", "calm")
    + "</bpmn:subProcess></bpmn:subProcess>"
    + f'<bpmn:boundaryEvent id="late" attachedToRef="sub">{timer("P1D")}</bpmn:boundaryEvent>'
    + user_task("escalated")
    + END
    + flow("start", "sub")
    + flow("sub", "end")
    + flow("late", "escalated"),
    roots=SIGNALS,
)


def test_an_event_sub_process_interrupts_its_scope_but_not_the_scopes_own_deadline(session: Session) -> None:
    with clock.virtual(clock.now()) as time:
        instance = start(session, INTERRUPTED_INSIDE)
        correlation.broadcast(session, "alarm", {}, actor=None)
        assert open_elements(session, instance) == ["calm"]
        time.advance(timedelta(days=1))
        assert timers.fire_due(session) == 1
    assert open_elements(session, instance) == ["escalated"]


def test_a_retry_after_a_step_that_could_not_leave_does_not_do_it_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    act = operations.Operation("test.act", "", "", {}, lambda call: done.append(call.element_id))
    monkeypatch.setitem(operations.OPERATIONS, "test.act", act)
    instance = start(
        session,
        diagram(
            START
            + service_task("act", "test.act")
            + user_task("after")
            + flow("start", "act")
            + flow("act", "after", "go")
        ),
        go=False,
    )
    incident = session.scalars(select(Incident)).one()
    assert (incident.element_id, incident.code) == ("act", "no-branch")
    instances.set_variables(session, instance.id, {"go": True}, actor=None)
    instances.retry(session, instance.id, incident.token_id, actor=None)
    assert open_elements(session, instance) == ["after"]
    assert done == ["act"]


def test_a_retry_leaves_the_steps_deadline_as_it_was(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(call: operations.Call) -> None:
        raise OSError("out of order")

    monkeypatch.setitem(operations.OPERATIONS, "test.act", operations.Operation("test.act", "", "", {}, fail))
    content = diagram(
        START
        + service_task("act", "test.act")
        + f'<bpmn:boundaryEvent id="late" attachedToRef="act">{timer("P2D")}</bpmn:boundaryEvent>'
        + user_task("escalated")
        + flow("start", "act")
        + flow("late", "escalated")
    )
    with clock.virtual(clock.now()) as time:
        instance = start(session, content)
        due = instance.wake_at
        time.advance(timedelta(days=1))
        instances.retry(session, instance.id, session.scalars(select(Incident.token_id)).one(), actor=None)
        assert instance.wake_at == due


@pytest.mark.parametrize("written", ["false", "0"])
def test_a_boundary_event_is_non_interrupting_however_false_is_written(session: Session, written: str) -> None:
    content = diagram(
        START
        + user_task("long")
        + f'<bpmn:boundaryEvent id="b" attachedToRef="long" cancelActivity="{written}">{signal("s1")}'
        + "</bpmn:boundaryEvent>"
        + user_task("beside")
        + flow("start", "long")
        + flow("b", "beside"),
        roots=SIGNALS,
    )
    instance = start(session, content)
    correlation.broadcast(session, "alarm", {}, actor=None)
    correlation.broadcast(session, "alarm", {}, actor=None)
    assert open_elements(session, instance) == ["beside", "beside", "long"]


def test_a_called_process_sees_only_what_is_mapped_where_the_call_says_so(session: Session) -> None:
    called = diagram(START + script("look", "secret", "seen") + flow("start", "look"), key="called")
    definitions.deploy(session, [File("called.bpmn", called)], actor=None)
    call = (
        '<bpmn:callActivity id="call"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="called" propagateAllParentVariables="false"/>'
        '<zeebe:ioMapping><zeebe:input source="=1" target="open"/></zeebe:ioMapping>'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )
    instance = start(session, diagram(START + call + user_task("t") + flow("start", "call") + flow("call", "t")),
                     secret="x")  # fmt: skip
    assert variables(session, instance)["seen"] is None


def test_a_mapping_to_a_name_with_points_sets_one_entry(session: Session) -> None:
    mapped = (
        '<bpmn:scriptTask id="map"><bpmn:extensionElements><zeebe:ioMapping>'
        '<zeebe:output source="=2" target="person.age"/></zeebe:ioMapping></bpmn:extensionElements></bpmn:scriptTask>'
    )
    instance = start(session, diagram(START + mapped + user_task("t") + flow("start", "map") + flow("map", "t")),
                     person={"name": "n", "age": 1})  # fmt: skip
    assert variables(session, instance)["person"] == {"name": "n", "age": 2}


def test_a_script_task_without_a_script_still_maps_its_outputs(session: Session) -> None:
    mapped = (
        '<bpmn:scriptTask id="map"><bpmn:extensionElements><zeebe:ioMapping>'
        '<zeebe:output source="=n + 1" target="n"/></zeebe:ioMapping></bpmn:extensionElements></bpmn:scriptTask>'
    )
    instance = start(session, diagram(START + mapped + flow("start", "map")), n=1)
    assert variables(session, instance)["n"] == 2


@pytest.mark.parametrize(("value", "expected"), [(1, ["always", "positive"]), (-1, ["always", "otherwise"])])
def test_the_default_flow_is_taken_unless_a_condition_holds(session: Session, value: int, expected: list[str]) -> None:
    content = diagram(
        START
        + '<bpmn:task id="fork" default="fork_otherwise"/>'
        + "".join(user_task(name) for name in ("always", "positive", "otherwise"))
        + flow("start", "fork")
        + flow("fork", "always")
        + flow("fork", "positive", "value > 0")
        + flow("fork", "otherwise")
    )
    assert open_elements(session, start(session, content, value=value)) == expected


def test_a_condition_that_holds_already_interrupts_before_the_first_step_inside(session: Session) -> None:
    content = diagram(
        START
        + f'<bpmn:subProcess id="sub">{script("inner", "true", "inner")}</bpmn:subProcess>'
        + '<bpmn:boundaryEvent id="b" attachedToRef="sub"><bpmn:conditionalEventDefinition>'
        + "<bpmn:condition>danger</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:boundaryEvent>"
        + user_task("evacuate")
        + flow("start", "sub")
        + flow("b", "evacuate")
    )
    instance = start(session, content, danger=True)
    assert open_elements(session, instance) == ["evacuate"]
    assert "inner" not in variables(session, instance)


def test_a_cycle_in_the_flow_sends_a_token_each_round(session: Session) -> None:
    content = diagram(
        START
        + f'<bpmn:intermediateCatchEvent id="c">{timer("R3/PT1H", "timeCycle")}</bpmn:intermediateCatchEvent>'
        + user_task("look")
        + flow("start", "c")
        + flow("c", "look")
    )
    with clock.virtual(clock.now()) as time:
        instance = start(session, content)
        for round_ in (1, 2, 3):
            time.advance(timedelta(hours=1))
            timers.fire_due(session)
            assert open_elements(session, instance) == ["look"] * round_
        assert instance.wake_at is None


RECEIVES_FIRST = diagram(
    '<bpmn:receiveTask id="receive" messageRef="m1" instantiate="true"/>'
    + user_task("handle")
    + flow("receive", "handle"),
    key="receives",
    roots=MESSAGES.replace("=case", "=null"),
)


def test_a_receive_task_may_start_a_process(session: Session) -> None:
    definitions.deploy(session, [File("r.bpmn", RECEIVES_FIRST)], actor=None)
    started = session.get_one(Instance, correlation.correlate(session, "accepted", None, {"n": 1}, actor=None))
    assert open_elements(session, started) == ["handle"]
    assert variables(session, started) == {"n": 1}


def test_the_first_event_behind_an_instantiating_gateway_starts_the_process(session: Session) -> None:
    content = diagram(
        '<bpmn:eventBasedGateway id="g" instantiate="true"/>'
        + f'<bpmn:intermediateCatchEvent id="a">{signal("s1")}</bpmn:intermediateCatchEvent>'
        + f'<bpmn:intermediateCatchEvent id="f">{signal("s2")}</bpmn:intermediateCatchEvent>'
        + user_task("at-alarm")
        + user_task("at-flood")
        + flow("g", "a")
        + flow("g", "f")
        + flow("a", "at-alarm")
        + flow("f", "at-flood"),
        roots=SIGNALS,
    )
    definitions.deploy(session, [File("g.bpmn", content)], actor=None)
    assert correlation.broadcast(session, "flood", {}, actor=None) == 1
    assert open_elements(session, session.scalars(select(Instance)).one()) == ["at-flood"]


def test_an_activity_begins_when_its_start_quantity_of_tokens_is_there(session: Session) -> None:
    content = diagram(
        START
        + '<bpmn:task id="give" completionQuantity="3"/>'
        + user_task("take").replace("<bpmn:userTask ", '<bpmn:userTask startQuantity="2" ')
        + flow("start", "give")
        + flow("give", "take")
    )
    instance = start(session, content)
    assert open_elements(session, instance) == ["take"]
    complete(session, instance, "take")
    assert (open_elements(session, instance), instance.status) == ([], "active")


def test_an_interrupting_event_sub_process_ends_what_a_boundary_event_has_just_begun(session: Session) -> None:
    content = diagram(
        START
        + user_task("long")
        + '<bpmn:boundaryEvent id="b" attachedToRef="long"><bpmn:extensionElements><zeebe:ioMapping>'
        + '<zeebe:output source="=true" target="stop"/></zeebe:ioMapping></bpmn:extensionElements>'
        + signal("s1")
        + "</bpmn:boundaryEvent>"
        + user_task("beside")
        + '<bpmn:subProcess id="sub" triggeredByEvent="true"><bpmn:startEvent id="in"><bpmn:conditionalEventDefinition>'
        + "<bpmn:condition>stop = true</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>"
        + user_task("calm")
        + flow("in", "calm")
        + "</bpmn:subProcess>"
        + flow("start", "long")
        + flow("b", "beside"),
        roots=SIGNALS,
    )
    instance = start(session, content)
    correlation.broadcast(session, "alarm", {}, actor=None)
    assert open_elements(session, instance) == ["calm"]


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("several-starts", START + '<bpmn:startEvent id="other"/>' + END + flow("start", "end") + flow("other", "end")),
        ("no-start", user_task("a") + user_task("b") + flow("a", "b") + flow("b", "a")),
        ("quantity", START + '<bpmn:task id="t" startQuantity="0"/>' + flow("start", "t")),
        (
            "event-gateway",
            START
            + '<bpmn:eventBasedGateway id="g"/>'
            + f'<bpmn:intermediateCatchEvent id="a">{timer("P1D")}</bpmn:intermediateCatchEvent>'
            + f'<bpmn:intermediateCatchEvent id="b">{timer("P2D")}</bpmn:intermediateCatchEvent>'
            + flow("start", "g") + flow("start", "a") + flow("g", "a") + flow("g", "b"),
        ),
        ("event-gateway", START + '<bpmn:eventBasedGateway id="g" eventGatewayType="Parallel"/>' + flow("start", "g")),
        (
            "listener",
            START + '<bpmn:task id="t"><bpmn:extensionElements><zeebe:executionListeners>'
            '<zeebe:executionListener eventType="start" type="x"/></zeebe:executionListeners>'
            "</bpmn:extensionElements></bpmn:task>" + flow("start", "t"),
        ),
        (
            "binding",
            START + '<bpmn:callActivity id="t"><bpmn:extensionElements>'
            '<zeebe:calledElement processId="x" bindingType="deployment"/></bpmn:extensionElements>'
            "</bpmn:callActivity>" + flow("start", "t"),
        ),
    ],
)  # fmt: skip
def test_what_would_not_run_as_drawn_is_refused(rule: str, body: str) -> None:
    assert rule in rules(diagram(body))
