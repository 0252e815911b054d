"""Several ways to start one process: events with several definitions, and conditions over what is told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.workflow import conditions, correlation, definitions, timers
from engine.workflow.definitions import File
from engine.workflow.models import Definition, Instance
from tests.engine.workflow.diagrams import SIGNALS, diagram, flow, signal, timer, user_task
from tests.engine.workflow.driving import rules, variables

ROOTS = SIGNALS + '<bpmn:message id="c" name="call"/><bpmn:message id="d" name="letter"/>'
CALL, LETTER = (f'<bpmn:messageEventDefinition messageRef="{name}"/>' for name in "cd")


def when(condition: str) -> str:
    told = f"<bpmn:condition>{condition}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{told}</bpmn:conditionalEventDefinition>"


def deploy(session: Session, inside: str, attributes: str = "", more: str = "") -> None:
    begins = f'<bpmn:startEvent id="start" {attributes}>{inside}</bpmn:startEvent>'
    content = diagram(begins + user_task("begun") + flow("start", "begun") + more, key="starts", roots=ROOTS)
    definitions.deploy(session, [File("starts.bpmn", content)], actor="admin")


def begun(session: Session) -> Sequence[dict[str, Any]]:
    """The variables of what was started, in order."""
    found = select(Instance).join(Definition).where(Definition.key == "starts").order_by(Instance.id)
    return [variables(session, one) for one in session.scalars(found)]


def test_each_definition_of_a_start_event_starts_the_process(session: Session) -> None:
    with clock.virtual(clock.now()) as time:
        deploy(session, CALL + LETTER + signal("s1") + timer("P1D") + timer("P2D"))
        correlation.correlate(session, "letter", None, {"by": "letter"}, actor=None)
        correlation.correlate(session, "call", None, {"by": "call"}, actor=None)
        correlation.broadcast(session, "alarm", {"by": "alarm"}, actor=None)
        for _ in range(3):
            time.advance(timedelta(days=1))
            timers.fire_due(session)
    assert begun(session) == [{"by": "letter"}, {"by": "call"}, {"by": "alarm"}, {}, {}]


def test_several_definitions_behind_a_gateway_that_starts_the_process_all_count(session: Session) -> None:
    content = diagram(
        '<bpmn:eventBasedGateway id="g" instantiate="true"/>'
        f'<bpmn:intermediateCatchEvent id="one">{CALL}{LETTER}</bpmn:intermediateCatchEvent>'
        f'<bpmn:intermediateCatchEvent id="two">{signal("s1")}</bpmn:intermediateCatchEvent>'
        + user_task("begun") + flow("g", "one") + flow("g", "two") + flow("one", "begun"),
        key="starts", roots=ROOTS,
    )  # fmt: skip
    definitions.deploy(session, [File("starts.bpmn", content)], actor="admin")
    correlation.correlate(session, "letter", None, {"by": "letter"}, actor=None)
    assert begun(session) == [{"by": "letter"}]


def test_a_condition_starts_a_process_each_time_that_it_becomes_true(session: Session) -> None:
    deploy(session, when("level &gt; 3"))
    for level, started in ((2, 0), (4, 1), (5, 1), (None, 1), (6, 1), (1, 1), (7, 2)):
        conditions.tell(session, {"level": level}, actor=None)
        assert len(begun(session)) == started, level
    conditions.tell(session, {"other": 1}, actor=None)
    assert begun(session) == [{"level": 4}, {"level": 7}]


def test_only_what_the_event_maps_comes_in_with_a_condition(session: Session) -> None:
    mapped = (
        "<bpmn:extensionElements><zeebe:ioMapping>"
        '<zeebe:output source="=level" target="kept"/></zeebe:ioMapping></bpmn:extensionElements>'
    )
    deploy(session, mapped + when("level &gt; 3"))
    conditions.tell(session, {"level": 4, "words": "x"}, actor=None)
    assert begun(session) == [{"kept": 4}]


def test_a_condition_beside_a_message_starts_it_as_well(session: Session) -> None:
    deploy(session, when("level &gt; 3") + CALL)
    correlation.correlate(session, "call", None, {}, actor=None)
    conditions.tell(session, {"level": 4}, actor=None)
    assert len(begun(session)) == 2


@pytest.mark.parametrize(
    ("rule", "definitions_", "attributes", "more"),
    [
        ("multiple-event", signal("s1") + signal("s2"), 'parallelMultiple="true"', ""),
        ("start-twice", CALL + CALL, "", ""),
        ("start-twice", CALL + LETTER, "", f'<bpmn:startEvent id="other">{LETTER}</bpmn:startEvent>'),
        ("event-position", CALL + "<bpmn:errorEventDefinition/>", "", ""),
    ],
)
def test_starts_that_are_not_clear_are_refused(rule: str, definitions_: str, attributes: str, more: str) -> None:
    body = f'<bpmn:startEvent id="start" {attributes}>{definitions_}</bpmn:startEvent>{more}' + user_task("begun")
    assert rule in rules(diagram(body + flow("start", "begun"), roots=ROOTS))


def test_a_call_of_a_process_that_only_events_start_is_refused() -> None:
    begins = f'<bpmn:startEvent id="start">{CALL}</bpmn:startEvent>' + user_task("begun") + flow("start", "begun")
    called = File("called.bpmn", diagram(begins, key="called", roots=ROOTS))
    calls = File("p.bpmn", diagram('<bpmn:callActivity id="c" calledElement="called"/>'))
    found = [(one.rule, one.element_id) for one in casework.check([called, calls]) if one.severity == "error"]
    assert found == [("called-start", "c")]
