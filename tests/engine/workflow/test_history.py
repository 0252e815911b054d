"""What the history says of an instance: when each element was come to and left, and what decided the way."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.workflow import instances, limits, tasks, timers
from engine.workflow.models import Incident, Instance
from tests.engine.workflow.diagrams import diagram, flow, timer, user_task
from tests.engine.workflow.driving import open_task, start

CHOICE = (
    '<bpmn:startEvent id="s"/>' + flow("s", "ask") + user_task("ask") + flow("ask", "g")
    + '<bpmn:exclusiveGateway id="g" default="g_rest"/>' + flow("g", "visit", "=agreed") + flow("g", "rest")
    + user_task("visit")
    + f'<bpmn:intermediateCatchEvent id="rest">{timer("PT1H")}</bpmn:intermediateCatchEvent>' + flow("rest", "e")
    + '<bpmn:endEvent id="e"/>'
)  # fmt: skip


def paths(session: Session, instance: Instance) -> list[list[list[Any]]]:
    events.write(session)
    return [event.data["path"] for event in events.of_stream(session, instance.stream)]


def said(path: list[list[Any]]) -> list[tuple[Any, ...]]:
    """Kind, element, and what more there is but for tokens."""
    return [
        (one[0], one[1], *([more] if (more := {k: v for k, v in (one[2:] or [{}])[0].items() if k != "token"}) else []))
        for one in path
    ]


def test_each_visit_of_an_element_has_a_beginning_an_end_and_one_token(session: Session) -> None:
    with clock.virtual(clock.now()) as time:
        instance = start(session, diagram(CHOICE))
        task = open_task(session, instance)
        time.advance(timedelta(minutes=10))
        tasks.complete(session, task.id, {"agreed": False}, actor="m1")
        time.advance(timedelta(hours=1))
        timers.fire_due(session)
        began, asked, rested = paths(session, instance)
        assert said(began) == [
            ("element.completed", "s"), ("flow.taken", "s_ask"), ("element.entered", "ask"),
        ]  # fmt: skip
        assert said(asked) == [
            ("element.completed", "ask"), ("flow.taken", "ask_g"), ("gateway.decided", "g", {"flows": ["g_rest"]}),
            ("element.completed", "g"), ("flow.taken", "g_rest"), ("element.entered", "rest"),
        ]  # fmt: skip
        assert said(rested) == [
            ("timer.fired", "rest"), ("element.completed", "rest"), ("flow.taken", "rest_e"),
            ("element.completed", "e"),
        ]  # fmt: skip
        assert began[2][2]["token"] == asked[0][2]["token"] == task.id.hex[-12:]
        assert asked[5][2]["token"] == rested[1][2]["token"]


def test_what_is_cancelled_has_left(session: Session) -> None:
    instance = start(session, diagram(CHOICE))
    tasks.complete(session, open_task(session, instance).id, {"agreed": False}, actor="m1")
    instances.cancel(session, instance.id, actor="a", reason="a mistake")
    assert said(paths(session, instance)[-1]) == [("element.cancelled", "rest")]


def test_an_event_names_the_version_and_what_was_called_another(session: Session) -> None:
    inner = diagram('<bpmn:startEvent id="s"/>' + flow("s", "in") + user_task("in"), key="inner")
    called = (
        '<bpmn:startEvent id="s"/>' + flow("s", "call") + '<bpmn:callActivity id="call"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="inner"/></bpmn:extensionElements></bpmn:callActivity>'
    )
    definition = start(session, inner, "inner").definition_id
    instance = start(session, diagram(called, key="outer"), "outer")
    events.write(session)
    [event] = events.of_stream(session, instance.stream)
    assert event.data["definition"] == str(instance.definition_id)
    assert said(event.data["path"]) == [
        ("element.completed", "s"), ("flow.taken", "s_call"), ("element.entered", "call"),
        ("element.completed", "s", {"ref": str(definition)}), ("flow.taken", "s_in", {"ref": str(definition)}),
        ("element.entered", "in", {"ref": str(definition)}),
    ]  # fmt: skip


def test_a_step_at_which_an_endless_round_stops_is_visited_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_STEPS", 2)
    rounds = '<bpmn:startEvent id="s"/><bpmn:task id="t"/><bpmn:exclusiveGateway id="g"/>'
    instance = start(session, diagram(rounds + flow("s", "g") + flow("g", "t") + flow("t", "g")))
    [incident] = session.scalars(select(Incident)).all()
    instances.retry(session, instance.id, incident.token_id, actor=None)
    at_t = [(one[0], one[2]["token"]) for path in paths(session, instance) for one in path if one[1] == "t"]
    entered = [token for kind, token in at_t if kind == "element.entered"]
    completed = [token for kind, token in at_t if kind == "element.completed"]
    assert (len(set(entered)), completed) == (len(entered), entered[:1])
