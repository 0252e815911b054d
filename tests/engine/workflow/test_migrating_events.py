"""What waits, under another version: it keeps what hangs on it, and events are armed where they belong."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, instances, tasks, timers
from engine.workflow.correlation import NobodyWaits
from engine.workflow.models import Incident, Subscription
from tests.engine.workflow.diagrams import END, START, diagram, flow, signal, timer, user_task
from tests.engine.workflow.driving import complete, open_elements
from tests.engine.workflow.test_migration import MANY, boundary, line, migrate, plan, running, time

__all__ = ["time"]
EVENT = '<bpmn:messageEventDefinition messageRef="m"/>'
DAY = timedelta(days=1)


def message(name: str, key: str = "case") -> str:
    """A message of a name, with a key."""
    return (
        f'<bpmn:message id="m" name="{name}"><bpmn:extensionElements>'
        f'<zeebe:subscription correlationKey="={key}"/></bpmn:extensionElements></bpmn:message>'
    )


def receive(loop: str = "", extra: str = "") -> str:
    """A receive task."""
    return f'<bpmn:receiveTask id="get" messageRef="m">{extra}{loop}</bpmn:receiveTask>'


def test_a_receive_task_that_hears_another_message_keeps_what_hangs_on_it(
    session: Session, time: clock.VirtualClock
) -> None:
    def version(name: str) -> bytes:
        late = boundary("late", "get", timer("P2D")) + user_task("remind") + flow("late", "remind")
        return line(receive(), user_task("after"), extra=late, roots=message(name))

    instance = running(session, version("old"))
    migrate(session, instance, version("new"))
    time.advance(2 * DAY)
    timers.fire_due(session)
    assert open_elements(session, instance) == ["remind"]
    correlation.correlate(session, "new", "1", {}, actor=None)
    assert open_elements(session, instance) == ["after", "remind"]


@pytest.mark.parametrize("many", [MANY, MANY.replace("Characteristics>", 'Characteristics isSequential="true">', 1)])
def test_rounds_that_hear_another_message_stay_rounds(session: Session, many: str) -> None:
    def version(name: str) -> bytes:
        return line(receive(many), user_task("after"), roots=message(name))

    instance = running(session, version("old"))
    migrate(session, instance, version("new"))
    correlation.correlate(session, "new", "1", {}, actor=None)
    assert open_elements(session, instance) == []
    with pytest.raises(NobodyWaits):
        correlation.correlate(session, "old", "1", {}, actor=None)
    correlation.correlate(session, "new", "1", {}, actor=None)
    assert open_elements(session, instance) == ["after"]


def test_what_listens_anew_has_the_variables_of_its_own(session: Session) -> None:
    mapped = (
        "<bpmn:extensionElements><zeebe:ioMapping>"
        '<zeebe:input source="=case + &quot;-x&quot;" target="own"/></zeebe:ioMapping></bpmn:extensionElements>'
    )

    def version(name: str) -> bytes:
        wait = f'<bpmn:intermediateCatchEvent id="wait">{mapped}{EVENT}</bpmn:intermediateCatchEvent>'
        return line(wait, user_task("after"), roots=message(name, "own"))

    instance = running(session, version("old"))
    migrate(session, instance, version("new"))
    keys = select(Subscription.correlation_key).where(Subscription.instance_id == instance.id)
    assert session.scalars(keys).all() == ["1-x"]


def test_one_part_of_several_listens_anew_and_the_other_keeps_its_time(
    session: Session, time: clock.VirtualClock
) -> None:
    def version(name: str) -> bytes:
        wait = f'<bpmn:intermediateCatchEvent id="wait">{EVENT}{timer("P2D")}</bpmn:intermediateCatchEvent>'
        return line(wait, user_task("after"), roots=message(name))

    instance = running(session, version("old"))
    due = instance.wake_at
    time.advance(DAY)
    migrate(session, instance, version("new"))
    assert instance.wake_at == due
    correlation.correlate(session, "new", "1", {}, actor=None)
    assert open_elements(session, instance) == ["after"]


def test_a_boundary_event_that_waits_for_something_else_is_armed_for_that(session: Session) -> None:
    def version(what: str) -> bytes:
        event = boundary("event", "a", what) + user_task("w") + flow("event", "w")
        return line(user_task("a"), extra=event, roots='<bpmn:signal id="s1" name="alarm"/>')

    instance = running(session, version(timer("P1D")))
    new = version(signal("s1"))
    assert sorted(plan(session, instance, new).items()) == [("a", "kept a"), ("event", "armed event")]
    migrate(session, instance, new)
    assert instance.wake_at is None
    assert correlation.broadcast(session, "alarm", {}, actor=None) == 1
    assert open_elements(session, instance) == ["a", "w"]


def test_a_boundary_event_interrupts_as_the_new_version_says(session: Session, time: clock.VirtualClock) -> None:
    def version(interrupts: str) -> bytes:
        event = boundary("event", "a", timer("P1D")).replace('"false"', f'"{interrupts}"')
        return line(user_task("a"), extra=event + user_task("w") + flow("event", "w"))

    instance = running(session, version("false"))
    migrate(session, instance, version("true"))
    time.advance(DAY)
    timers.fire_due(session)
    assert open_elements(session, instance) == ["w"]


def test_a_new_event_sub_process_is_armed_in_each_round(session: Session) -> None:
    def version(event: str) -> bytes:
        inside = f'<bpmn:startEvent id="s"/>{user_task("a")}{flow("s", "a")}{event}'
        return line(
            f'<bpmn:subProcess id="part">{inside}{MANY}</bpmn:subProcess>', roots='<bpmn:signal id="s1" name="alarm"/>'
        )

    event = f'<bpmn:startEvent id="es">{signal("s1")}</bpmn:startEvent>{user_task("w")}{flow("es", "w")}'
    event = f'<bpmn:subProcess id="event" triggeredByEvent="true">{event}</bpmn:subProcess>'
    instance = running(session, version(""))
    migrate(session, instance, version(event))
    correlation.broadcast(session, "alarm", {}, actor=None)
    assert open_elements(session, instance) == ["w", "w"], "each round is interrupted for itself"
    for task in instances.restore(session, instance).tasks:
        tasks.complete(session, task.id, {}, actor=None)
    assert instance.status == "completed"


def test_a_new_event_that_cannot_be_armed_is_an_incident(session: Session) -> None:
    def version(event: str) -> bytes:
        return line(user_task("a"), extra=event, roots=message("news", "nothing"))

    event = boundary("event", "a", EVENT) + user_task("w") + flow("event", "w")
    instance = running(session, version(""))
    migrate(session, instance, version(event))
    failed = session.scalars(select(Incident.element_id).where(Incident.instance_id == instance.id)).all()
    assert failed == ["event"]
    complete(session, instance, "a")
    assert instance.status == "completed"


def test_a_complex_gateway_that_was_activated_remembers_it_under_another_name(session: Session) -> None:
    def version(gateway: str) -> bytes:
        drawn = (
            f'<bpmn:parallelGateway id="fork"/><bpmn:complexGateway id="{gateway}">'
            "<bpmn:activationCondition>activationCount &gt;= 1</bpmn:activationCondition></bpmn:complexGateway>"
        )
        steps = user_task("a") + user_task("b") + user_task("after") + END
        flows = flow("start", "fork") + flow("fork", "a") + flow("fork", "b")
        flows += flow("a", gateway) + flow("b", gateway) + flow(gateway, "after") + flow("after", "end")
        return diagram(START + drawn + steps + flows)

    instance = running(session, version("join"))
    complete(session, instance, "a")
    migrate(session, instance, version("meet"), join="meet")
    complete(session, instance, "b")
    assert open_elements(session, instance) == ["after"], "the second token is consumed, and not taken for a first"


def test_a_token_that_failed_behind_a_fired_boundary_event_is_seen_and_goes_along(
    session: Session, time: clock.VirtualClock
) -> None:
    def version(condition: str) -> bytes:
        late = boundary("late", "a", timer("P1D")).replace('"false"', '"true"')
        late += user_task("w") + user_task("v") + flow("late", "w", condition) + flow("late", "v", "false")
        return line(user_task("a"), extra=late)

    instance = running(session, version("false"))
    time.advance(DAY)
    timers.fire_due(session)
    [failed] = [one for one in instances.restore(session, instance).tokens() if one.waits_for == "repair"]
    assert (failed.element_id, failed.armed) == ("late", False)
    new = version("true")
    assert plan(session, instance, new) == {"late": "kept late"}
    migrate(session, instance, new)
    instances.retry(session, instance.id, failed.id, actor="admin")
    assert open_elements(session, instance) == ["w"]
