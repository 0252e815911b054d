"""Messages and signals on their way: who takes them, who waits meanwhile, and who came too late."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, definitions, instances, jobs, messages
from engine.workflow.definitions import File
from engine.workflow.models import Instance
from tests.engine.workflow.diagrams import SIGNALS, START, WAITS_FOR_MESSAGE, diagram, flow, signal, user_task
from tests.engine.workflow.driving import open_elements, start, variables
from tests.statements import counted

Run = Callable[[], None]
CALL = '<bpmn:message id="c" name="call"/>'
CALLED = '<bpmn:messageEventDefinition messageRef="c"/>'


@pytest.fixture
def run(session: Session) -> Iterator[Run]:
    """Jobs are done when the test says so."""
    with jobs.inline(session) as run_waiting:
        yield run_waiting


def started_by(definition: str, inside: str = "", *, key: str, roots: str) -> bytes:
    body = f'<bpmn:startEvent id="start">{inside}{definition}</bpmn:startEvent>' + user_task("begun")
    return diagram(body + flow("start", "begun"), key=key, roots=roots)


def waiting(definition: str, roots: str) -> bytes:
    body = START + f'<bpmn:intermediateCatchEvent id="wait">{definition}</bpmn:intermediateCatchEvent>'
    return diagram(body + user_task("after") + flow("start", "wait") + flow("wait", "after"), roots=roots)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Instance)) or 0


def test_what_came_while_its_catcher_rested_is_given_when_it_goes_on(session: Session, run: Run) -> None:
    instance = start(session, WAITS_FOR_MESSAGE, "waits", case="1")
    instances.suspend(session, instance.id, actor="a", reason="")
    messages.send(session, "message", "accepted", "1", {})
    run()
    instances.resume(session, instance.id, actor="a")
    run()
    assert open_elements(session, instance) == ["after"]


def test_of_many_messages_that_lie_as_many_are_offered_as_can_be_taken(session: Session, run: Run) -> None:
    for number in range(20):
        messages.send(session, "message", "call", None, {"number": number})
    run()
    first = start(session, waiting(CALLED, CALL))
    offered = session.info[jobs.INLINE]
    assert len(offered) == 1 + messages.SPARE
    run()
    assert (open_elements(session, first), variables(session, first)) == (["after"], {"number": 0})


def test_the_jobs_of_a_signal_for_many_are_deferred_at_once(session: Session) -> None:
    content = waiting(signal("s1"), SIGNALS)
    for _ in range(5):
        start(session, content)
    with counted() as statements:
        messages.send(session, "signal", "alarm", None, {})
    assert len([one for one in statements if "defer_jobs" in one]) == 1


def test_a_message_for_an_instance_that_rests_starts_no_other(session: Session, run: Run) -> None:
    definitions.deploy(session, [File("b.bpmn", started_by(CALLED, key="begins", roots=CALL))], actor="a")
    instance = start(session, waiting(CALLED, CALL))
    before = count(session)
    instances.suspend(session, instance.id, actor="a", reason="")
    messages.send(session, "message", "call", None, {})
    run()
    assert count(session) == before
    instances.resume(session, instance.id, actor="a")
    run()
    assert (count(session), open_elements(session, instance)) == (before, ["after"])


@pytest.mark.parametrize("key", ["1", None])
def test_a_message_and_a_catcher_that_missed_each_other_are_brought_together(
    session: Session, run: Run, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    with clock.virtual(clock.now()) as time:
        messages.send(session, "message", "accepted", key, {})
        run()
        # As in a transaction that looks before the sender commits, and commits when the message's job has looked.
        with monkeypatch.context() as blind:
            blind.setattr(messages, "offer_waiting", lambda *_: None)
            instance = start(session, WAITS_FOR_MESSAGE, "waits", case="1")
            other = instances.start(session, "waits", {"case": "2"}, actor="a") if key else None
        run()
        assert open_elements(session, instance) == []
        assert messages.remind(session)
        run()
        assert open_elements(session, instance) == ["after"]
        assert other is None or open_elements(session, other) == []
        time.advance(timedelta(minutes=2))
        assert messages.remind(session) == 0, "who waits was looked at, and what lies was offered"


def test_a_message_whose_delivery_failed_for_good_is_offered_again(
    session: Session, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.virtual(clock.now()) as time:
        instance = start(session, WAITS_FOR_MESSAGE, "waits", case="1")
        messages.remind(session)
        with monkeypatch.context() as broken:
            broken.setattr(jobs, "defer_each", lambda *_: None)  # as if its job had been given up
            messages.send(session, "message", "accepted", "1", {})
        assert messages.remind(session) == 0, "its own job may still be under way"
        time.advance(timedelta(minutes=2))
        assert messages.remind(session) == 1
        run()
        assert open_elements(session, instance) == ["after"]
        time.advance(timedelta(minutes=2))
        assert messages.remind(session) == 0


def test_who_begins_to_wait_after_a_signal_was_thrown_does_not_hear_it(session: Session, run: Run) -> None:
    early = start(session, waiting(signal("s1"), SIGNALS))
    messages.send(session, "signal", "alarm", None, {})
    late = instances.start(session, "p", {}, actor="a")
    run()
    assert (open_elements(session, early), open_elements(session, late)) == (["after"], [])


@pytest.mark.parametrize(("definition", "roots"), [(CALLED, CALL), (signal("s1"), SIGNALS)])
def test_what_the_start_event_maps_is_all_that_comes_in(session: Session, definition: str, roots: str) -> None:
    mapped = (
        "<bpmn:extensionElements><zeebe:ioMapping>"
        '<zeebe:output source="=answer" target="kept"/></zeebe:ioMapping></bpmn:extensionElements>'
    )
    definitions.deploy(session, [File("b.bpmn", started_by(definition, mapped, key="b", roots=roots))], actor="a")
    given = {"answer": 1, "name": "secret"}
    if roots == CALL:
        correlation.correlate(session, "call", None, given, actor=None)
    else:
        correlation.broadcast(session, "alarm", given, actor=None)
    begun = session.scalars(select(Instance).order_by(Instance.id.desc())).first()
    assert begun is not None and variables(session, begun) == {"kept": 1}


def test_what_waits_beside_the_start_knows_what_the_message_brought(session: Session) -> None:
    keyed = CALL + (
        '<bpmn:message id="stop" name="stop"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=case"/></bpmn:extensionElements></bpmn:message>'
    )
    beside = (
        '<bpmn:subProcess id="on-stop" triggeredByEvent="true"><bpmn:startEvent id="stopped">'
        '<bpmn:messageEventDefinition messageRef="stop"/></bpmn:startEvent></bpmn:subProcess>'
    )
    content = started_by(CALLED, key="b", roots=keyed).replace(b"</bpmn:process>", beside.encode() + b"</bpmn:process>")
    definitions.deploy(session, [File("b.bpmn", content)], actor="a")
    begun = session.get_one(Instance, correlation.correlate(session, "call", None, {"case": "7"}, actor=None))
    correlation.correlate(session, "stop", "7", {}, actor=None)
    assert begun.status == "completed"
