"""Events with several definitions: one of them is enough, or all of them are needed; thrown are all."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, instances, timers
from engine.workflow.models import Message, Subscription
from tests.engine.workflow.diagrams import SIGNALS, START, diagram, flow, signal, timer, user_task
from tests.engine.workflow.driving import complete, open_elements, rules, start, variables


def broadcast(session: Session, *names: str) -> None:
    for name in names:
        correlation.broadcast(session, name, {name: True}, actor=None)


def catching(definitions: str, *, parallel: bool = False) -> bytes:
    word = ' parallelMultiple="true"' if parallel else ""
    return diagram(
        START
        + f'<bpmn:intermediateCatchEvent id="wait"{word}>{definitions}</bpmn:intermediateCatchEvent>'
        + user_task("after")
        + flow("start", "wait")
        + flow("wait", "after"),
        roots=SIGNALS,
    )


@pytest.mark.parametrize("name", ["alarm", "flood"])
def test_one_of_several_is_enough_and_the_others_wait_no_more(session: Session, name: str) -> None:
    instance = start(session, catching(signal("s1") + signal("s2")))
    broadcast(session, name)
    assert open_elements(session, instance) == ["after"]
    assert session.scalars(select(Subscription)).all() == []


def test_a_signal_or_a_time_whichever_is_first(session: Session) -> None:
    with clock.virtual(clock.now()) as time:
        instance = start(session, catching(signal("s1") + timer("P1D")))
        time.advance(timedelta(days=1))
        timers.fire_due(session)
        assert open_elements(session, instance) == ["after"]
        broadcast(session, "alarm")
        assert open_elements(session, instance) == ["after"]


def test_all_of_several_are_needed_in_any_order_and_all_they_said_is_kept(session: Session) -> None:
    instance = start(session, catching(signal("s1") + signal("s2"), parallel=True))
    broadcast(session, "flood", "flood")
    assert open_elements(session, instance) == []
    broadcast(session, "alarm")
    assert open_elements(session, instance) == ["after"]
    assert variables(session, instance) == {"alarm": True, "flood": True}


def beside(definitions: str, *, parallel: bool = False) -> bytes:
    word = ' parallelMultiple="true"' if parallel else ""
    return diagram(
        START
        + user_task("long")
        + f'<bpmn:boundaryEvent id="b" attachedToRef="long" cancelActivity="false"{word}>{definitions}'
        + "</bpmn:boundaryEvent>"
        + user_task("beside")
        + flow("start", "long")
        + flow("b", "beside"),
        roots=SIGNALS,
    )


def test_a_non_interrupting_boundary_event_hears_each_of_its_signals_each_time(session: Session) -> None:
    instance = start(session, beside(signal("s1") + signal("s2")))
    broadcast(session, "alarm", "flood", "alarm")
    assert open_elements(session, instance) == ["beside", "beside", "beside", "long"]


def test_a_parallel_one_needs_all_of_them_anew_each_time(session: Session) -> None:
    instance = start(session, beside(signal("s1") + signal("s2"), parallel=True))
    broadcast(session, "alarm", "flood", "alarm")
    assert open_elements(session, instance) == ["beside", "long"]
    broadcast(session, "flood")
    assert open_elements(session, instance) == ["beside", "beside", "long"]
    complete(session, instance, "long")
    assert session.scalars(select(Subscription)).all() == []


def test_an_error_among_several_is_caught(session: Session) -> None:
    content = diagram(
        START
        + '<bpmn:subProcess id="sub"><bpmn:startEvent id="in"/><bpmn:endEvent id="fail">'
        + '<bpmn:errorEventDefinition errorRef="e1"/></bpmn:endEvent>'
        + flow("in", "fail")
        + "</bpmn:subProcess>"
        + '<bpmn:boundaryEvent id="b" attachedToRef="sub"><bpmn:errorEventDefinition errorRef="e1"/>'
        + signal("s1")
        + "</bpmn:boundaryEvent>"
        + user_task("help")
        + flow("start", "sub")
        + flow("b", "help"),
        roots=SIGNALS + '<bpmn:error id="e1" errorCode="E1"/>',
    )
    assert open_elements(session, start(session, content)) == ["help"]


def test_all_of_several_are_thrown_and_what_ends_it_comes_last(session: Session) -> None:
    content = diagram(
        START
        + user_task("other")
        + f'<bpmn:endEvent id="stop"><bpmn:terminateEventDefinition/>{signal("s2")}{signal("s1")}</bpmn:endEvent>'
        + flow("start", "other")
        + flow("start", "stop"),
        key="thrower",
        roots=SIGNALS,
    )
    thrower = start(session, content, "thrower")
    assert thrower.status == "completed"
    assert sorted(session.scalars(select(Message.name))) == ["alarm", "flood"]


def test_what_cannot_all_be_thrown_is_not_thrown_in_part(session: Session) -> None:
    keyed = (
        '<bpmn:message id="m" name="letter"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=case"/></bpmn:extensionElements></bpmn:message>'
    )
    content = diagram(
        START
        + f'<bpmn:endEvent id="stop">{signal("s1")}<bpmn:messageEventDefinition messageRef="m"/></bpmn:endEvent>'
        + flow("start", "stop"),
        roots=SIGNALS + keyed,
    )
    instance = start(session, content)
    [failed] = instances.restore(session, instance).incidents
    assert (failed.code, session.scalars(select(Message)).all()) == ("no-key", [])
    instances.set_variables(session, instance.id, {"case": "1"}, actor=None)
    instances.retry(session, instance.id, failed.token_id, actor=None)
    assert sorted(session.scalars(select(Message.name))) == ["alarm", "letter"]


def test_what_cannot_wait_again_has_happened_all_the_same(session: Session) -> None:
    keyed = (
        '<bpmn:message id="m" name="letter"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=case"/></bpmn:extensionElements></bpmn:message>'
    )
    both = signal("s1") + '<bpmn:messageEventDefinition messageRef="m"/>'
    content = diagram(
        START
        + f'<bpmn:subProcess id="part"><bpmn:startEvent id="in"/>{user_task("a")}{flow("in", "a")}</bpmn:subProcess>'
        + '<bpmn:boundaryEvent id="both" attachedToRef="part" cancelActivity="false" parallelMultiple="true">'
        + f"{both}</bpmn:boundaryEvent>"
        + user_task("told")
        + user_task("after")
        + flow("start", "part")
        + flow("both", "told")
        + flow("part", "after"),
        roots=SIGNALS + keyed,
    )
    instance = start(session, content, case="1")
    broadcast(session, "alarm")
    instances.set_variables(session, instance.id, {"case": None}, actor=None)
    correlation.correlate(session, "letter", "1", {}, actor=None)
    assert open_elements(session, instance) == ["a", "told"]
    [failed] = instances.restore(session, instance).incidents
    assert failed.code == "no-key"
    instances.retry(session, instance.id, failed.token_id, actor=None)
    assert open_elements(session, instance) == ["a", "told"], "it is still without a key"
    instances.set_variables(session, instance.id, {"case": "2"}, actor=None)
    instances.retry(session, instance.id, failed.token_id, actor=None)
    correlation.correlate(session, "letter", "2", {}, actor=None)
    broadcast(session, "alarm")
    assert open_elements(session, instance) == ["a", "told", "told"]
    complete(session, instance, "a")
    assert open_elements(session, instance) == ["after", "told", "told"]


@pytest.mark.parametrize(
    "body",
    [
        START + '<bpmn:intermediateCatchEvent id="c"><bpmn:linkEventDefinition name="l"/>'
        f"{signal('s1')}</bpmn:intermediateCatchEvent>",
        START + '<bpmn:endEvent id="c"><bpmn:terminateEventDefinition/><bpmn:errorEventDefinition/></bpmn:endEvent>',
        START + user_task("u") + flow("start", "u")
        + '<bpmn:boundaryEvent id="b" attachedToRef="u" parallelMultiple="true"><bpmn:errorEventDefinition/>'
        f"{signal('s1')}</bpmn:boundaryEvent>",
    ],
)  # fmt: skip
def test_what_cannot_stand_together_is_refused(body: str) -> None:
    assert "multiple-event" in rules(diagram(body, roots=SIGNALS))
