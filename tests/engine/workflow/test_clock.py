"""A clock that jumps: every timer fires once, a cycle keeps its count and its rhythm."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.workflow import instances, timers
from engine.workflow.models import Instance, UserTask
from tests.engine.workflow.diagrams import END, START, TIMER, diagram, flow, timer, user_task
from tests.engine.workflow.driving import open_elements, start

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WARNS = diagram(
    START
    + user_task("a")
    + '<bpmn:boundaryEvent id="late" attachedToRef="a" cancelActivity="false">'
    + timer("R5/PT1H", "timeCycle")
    + "</bpmn:boundaryEvent>"
    + user_task("warned")
    + END
    + flow("start", "a")
    + flow("a", "end")
    + flow("late", "warned")
)


@pytest.fixture(autouse=True)
def time() -> Iterator[clock.VirtualClock]:
    """A clock that stands still."""
    with clock.virtual(clock.now()) as time:
        yield time


def tick(session: Session) -> None:
    """What the worker's ticks do until nothing is due."""
    while timers.fire_due(session):
        pass


def warned(session: Session, instance: Instance) -> int:
    """How often the cycle has fired."""
    count = select(func.count()).where(UserTask.instance_id == instance.id, UserTask.element_id == "warned")
    return session.scalar(count) or 0


def test_a_jump_of_years_fires_each_timer_once(session: Session, time: clock.VirtualClock) -> None:
    made = [start(session, TIMER), *(instances.start(session, "p", {}, actor=None) for _ in range(50))]
    time.advance(3 * 365 * DAY)
    tick(session)
    assert all(open_elements(session, one) == ["after"] for one in made)
    fired = [one.kind for instance in made for one in events.of_stream(session, instance.stream)]
    assert fired.count("timer.fired") == len(made)


def test_a_clock_that_goes_back_fires_nothing_again_and_loses_nothing(
    session: Session, time: clock.VirtualClock
) -> None:
    instance = start(session, WARNS)
    time.advance(2 * HOUR)
    tick(session)
    assert warned(session, instance) == 2
    time.advance(-90 * timedelta(minutes=1))
    tick(session)
    assert warned(session, instance) == 2
    time.advance(3 * HOUR)  # half past four by the clock that began at zero
    tick(session)
    assert warned(session, instance) == 3
    time.advance(10 * HOUR)
    tick(session)
    assert warned(session, instance) == 5, "as often as the cycle says"


def test_a_cycle_keeps_its_rhythm_over_a_pause(session: Session, time: clock.VirtualClock) -> None:
    begun = clock.now()
    instance = start(session, WARNS)
    time.advance(HOUR * 2.4)
    tick(session)
    assert warned(session, instance) == 2
    assert instance.wake_at == begun + 3 * HOUR, "it counts from its own moments, not from when the worker came"


def test_a_timer_set_by_a_wrong_clock_keeps_the_moment_it_was_given(session: Session, time: clock.VirtualClock) -> None:
    time.advance(400 * DAY)  # the clock runs ahead
    instance = start(session, TIMER)
    due = instance.wake_at
    time.advance(-400 * DAY)  # and is put right
    tick(session)
    assert (instance.wake_at, open_elements(session, instance)) == (due, [])


def test_a_clock_set_back_within_a_tick_leaves_no_firing_of_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = start(session, TIMER)
    due = instance.wake_at
    assert due is not None
    asked = iter([due])
    monkeypatch.setattr(clock, "now", lambda: next(asked, due - HOUR))
    assert timers.fire_due(session) == 1
    [happened] = [one for one in events.of_stream(session, instance.stream) if one.kind == "timer.fired"]
    assert (happened.data["path"][0][:2], open_elements(session, instance)) == (["timer.fired", "wait"], ["after"])
