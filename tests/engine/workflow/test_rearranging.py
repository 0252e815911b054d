"""Tokens moved, added and taken by hand; what the diagram gives no meaning is refused with a reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from engine import clock, events
from engine.workflow import instances, timers
from engine.workflow.models import Instance
from engine.workflow.rearranging import Addition, ModificationRefused
from tests.engine.workflow.diagrams import END, START, diagram, flow, timer, user_task
from tests.engine.workflow.driving import complete, open_elements, start
from tests.engine.workflow.logs import chain

INSIDE = (
    '<bpmn:startEvent id="in"/>'
    + user_task("x")
    + user_task("y")
    + '<bpmn:endEvent id="out"/>'
    + flow("in", "x")
    + flow("x", "y")
    + flow("y", "out")
)
EVENT_SUB = (
    '<bpmn:subProcess id="esp" triggeredByEvent="true"><bpmn:startEvent id="rings" isInterrupting="false">'
    f"{timer('P9D')}</bpmn:startEvent>{user_task('z')}{flow('rings', 'z')}</bpmn:subProcess>"
)
LATE = f'<bpmn:boundaryEvent id="late" attachedToRef="part" cancelActivity="false">{timer("P1D")}</bpmn:boundaryEvent>'
MANY = (
    '<bpmn:subProcess id="each"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>'
    f"</bpmn:multiInstanceLoopCharacteristics>{user_task('m')}</bpmn:subProcess>"
)
PROCESS = diagram(
    START
    + user_task("a")
    + '<bpmn:parallelGateway id="fork"/>'
    + user_task("b")
    + user_task("c")
    + '<bpmn:parallelGateway id="join"/>'
    + f'<bpmn:subProcess id="part">{INSIDE}{EVENT_SUB}</bpmn:subProcess>'
    + LATE
    + user_task("warned")
    + MANY
    + END
    + flow("start", "a")
    + flow("a", "fork")
    + flow("fork", "b")
    + flow("fork", "c")
    + flow("b", "join")
    + flow("c", "join")
    + flow("join", "part")
    + flow("late", "warned")
    + flow("part", "each")
    + flow("each", "end")
)


def token(session: Session, instance: Instance, element: str) -> UUID:
    """The one token at an element."""
    [found] = [one for one in instances.restore(session, instance).places() if one.element_id == element]
    return found.token_id


def modify(session: Session, instance: Instance, take: list[UUID] | None = None, *add: Addition) -> None:
    """Change tokens."""
    with session.begin_nested():
        instances.modify(session, instance.id, take=take or [], add=add, actor="admin", reason="drawn wrong")


def move(session: Session, instance: Instance, element: str, to: str) -> None:
    """Move the token at an element."""
    found = token(session, instance, element)
    modify(session, instance, [found], Addition(to, beside=found))


def refusals(session: Session, instance: Instance, *args: Any) -> list[str]:
    """Why it is refused; nothing changes."""
    before = instances.restore(session, instance).places()
    with pytest.raises(ModificationRefused) as refused:
        modify(session, instance, *args)
    session.refresh(instance)
    assert instances.restore(session, instance).places() == before
    return [one.code for one in refused.value.fields]


def test_a_token_moves_to_another_step_and_goes_on_from_there(session: Session) -> None:
    instance = start(session, PROCESS)
    move(session, instance, "a", "b")
    assert open_elements(session, instance) == ["b"]
    modify(session, instance, None, Addition("c"))
    complete(session, instance, "b")
    complete(session, instance, "c")
    assert open_elements(session, instance) == ["x"]
    event = next(one for one in events.of_stream(session, instance.stream) if one.kind == "instance.modified")
    assert (event.actor, event.data["reason"], event.data["added"]) == ("admin", "drawn wrong", ["b"])
    assert [one[:2] for one in event.data["path"]][:2] == [["token.added", "b"], ["token.taken", "a"]]


def test_what_is_around_a_step_is_entered_with_its_events(session: Session) -> None:
    instance = start(session, PROCESS)
    move(session, instance, "a", "y")
    assert open_elements(session, instance) == ["y"]
    assert instance.wake_at is not None, "the boundary timer of the part is armed"
    modify(session, instance, None, Addition("x"))
    assert len([one for one in instances.restore(session, instance).places() if one.element_id == "part"]) == 1
    complete(session, instance, "y")
    assert open_elements(session, instance) == ["x"]


def test_a_part_that_is_left_empty_ends_with_its_events(session: Session) -> None:
    instance = start(session, PROCESS)
    move(session, instance, "a", "x")
    move(session, instance, "x", "b")
    assert open_elements(session, instance) == ["b"]
    assert instance.wake_at is None
    assert "part" not in [one.element_id for one in instances.restore(session, instance).places()]


def test_a_token_that_is_added_has_variables_of_its_own(session: Session) -> None:
    instance = start(session, PROCESS)
    modify(session, instance, None, Addition("b", variables={"why": "again"}))
    [task] = [one for one in instances.restore(session, instance).tasks if one.element_id == "b"]
    assert task.variables["why"] == "again"


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ("nowhere", "unknown"), ("start", "no-target"), ("late", "no-target"), ("join", "joins"),
        ("esp", "event-scope"), ("z", "event-scope"), ("m", "rounds"),
    ],
)  # fmt: skip
def test_what_the_diagram_gives_no_meaning_is_refused(session: Session, element: str, code: str) -> None:
    instance = start(session, PROCESS)
    assert refusals(session, instance, None, Addition(element)) == [code]


def test_all_reasons_are_given_at_once(session: Session) -> None:
    instance = start(session, PROCESS)
    assert refusals(session, instance, [uuid4()], Addition("start"), Addition("x", within=uuid4())) == [
        "gone", "no-target", "gone",
    ]  # fmt: skip


def test_nothing_may_be_left(session: Session) -> None:
    instance = start(session, PROCESS)
    assert refusals(session, instance, [token(session, instance, "a")]) == ["nothing-left"]


def test_a_round_is_named_where_there_are_several(session: Session) -> None:
    instance = start(session, PROCESS)
    move(session, instance, "a", "each")
    assert open_elements(session, instance) == ["m", "m"]
    assert refusals(session, instance, None, Addition("m")) == ["ambiguous"]
    rounds = [one.token_id for one in instances.restore(session, instance).places() if one.element_id == "each"]
    assert refusals(session, instance, [rounds[-1]]) == ["part"]
    modify(session, instance, None, Addition("m", within=rounds[-1]))
    assert open_elements(session, instance) == ["m", "m", "m"]


def test_a_token_that_failed_behind_a_boundary_event_is_seen_and_can_be_moved(session: Session) -> None:
    content = diagram(
        START
        + user_task("a")
        + f'<bpmn:boundaryEvent id="late" attachedToRef="a">{timer("P1D")}</bpmn:boundaryEvent>'
        + user_task("told")
        + flow("start", "a")
        + flow("late", "told", "answer = 1")
    )
    with clock.virtual(clock.now()) as time:
        instance = start(session, content)
        time.advance(timedelta(days=1))
        timers.fire_due(session)
    [failed] = [one for one in instances.restore(session, instance).tokens() if one.element_id == "late"]
    assert (failed.waits_for, failed.armed) == ("repair", False)
    assert [one.element_id for one in instances.restore(session, instance).places()] == ["late"]
    instances.modify(session, instance.id, take=[failed.id], add=[Addition("told")], actor="admin", reason="")
    assert open_elements(session, instance) == ["told"]


def test_no_round_is_taken_away_from_others_that_would_wait_for_it(session: Session) -> None:
    content = diagram(START + user_task("b") + MANY + chain("start", "each", "b"))
    instance = start(session, content)
    waiting = [one.token_id for one in instances.restore(session, instance).places() if one.element_id == "m"]
    assert refusals(session, instance, waiting[:1], Addition("b")) == ["part"]
    modify(session, instance, waiting, Addition("b"))
    assert open_elements(session, instance) == ["b"]
