"""What could be passed over in silence, or stop more than it should: names worked out, two answers, lost keys."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import correlation, instances, timers
from engine.workflow.models import Incident
from tests.engine.workflow.diagrams import (
    SENDS_MESSAGE,
    START,
    WAITS_FOR_MESSAGE,
    diagram,
    flow,
    service_task,
    timer,
    user_task,
)
from tests.engine.workflow.driving import open_elements, rules, start, variables
from tests.engine.workflow.logs import event


@pytest.mark.parametrize(
    ("kind", "thrower", "word"),
    [
        ("message", "intermediateThrowEvent", "name"),
        ("signal", "intermediateThrowEvent", "name"),
        ("error", "endEvent", "errorCode"),
        ("escalation", "endEvent", "escalationCode"),
    ],
)
def test_a_name_worked_out_while_running_is_refused(kind: str, thrower: str, word: str) -> None:
    definition = f'<bpmn:{kind}EventDefinition {kind}Ref="r"/>'
    body = START + event(thrower, "t", definition) + flow("start", "t")
    assert rules(diagram(body, roots=f'<bpmn:{kind} id="r" {word}="=prefix + place"/>')) == {"computed-name"}


def test_an_operation_worked_out_while_running_is_refused() -> None:
    assert rules(diagram(START + service_task("t", "=which") + flow("start", "t"))) == {"called-expression"}


def test_a_step_has_one_kind_of_loop() -> None:
    loops = (
        '<bpmn:standardLoopCharacteristics loopMaximum="2"/><bpmn:multiInstanceLoopCharacteristics>'
        "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    content = diagram(START + f'<bpmn:task id="t">{loops}</bpmn:task>' + flow("start", "t"))
    assert rules(content) == {"two-loops"}


def test_a_timer_has_one_time() -> None:
    times = "<bpmn:timeDate>2030-01-01T00:00:00Z</bpmn:timeDate><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
    definition = f"<bpmn:timerEventDefinition>{times}</bpmn:timerEventDefinition>"
    content = diagram(START + event("intermediateCatchEvent", "t", definition) + flow("start", "t"))
    assert rules(content) == {"timer"}


def test_a_step_of_another_vendor_is_no_step() -> None:
    stranger = '<x:userTask xmlns:x="http://x.test" id="t"/>'
    assert rules(diagram(START + stranger + flow("start", "t"))) == {"dangling-flow", "unsupported"}
    assert rules(diagram(stranger)) == {"no-process"}


@pytest.mark.parametrize(("content", "key"), [(WAITS_FOR_MESSAGE, "waits"), (SENDS_MESSAGE, "sends")])
def test_a_correlation_key_without_a_value_is_an_incident(session: Session, content: bytes, key: str) -> None:
    instance = start(session, content, key=key, answer="yes")
    incident = session.scalars(select(Incident)).one()
    assert (incident.code, instance.status) == ("no-key", "active")
    instances.set_variables(session, instance.id, {"case": "A"}, actor=None)
    instances.retry(session, instance.id, incident.token_id, actor=None)
    if key == "waits":
        correlation.correlate(session, "accepted", "A", {}, actor=None)
        assert open_elements(session, instance) == ["after"]
    else:
        assert instance.status == "completed"


def test_an_event_sub_process_that_cannot_be_armed_holds_up_no_step_and_can_be_retried(session: Session) -> None:
    late = (
        '<bpmn:subProcess id="h" triggeredByEvent="true">' + event("startEvent", "late", timer("=limit"))
        + user_task("remind") + flow("late", "remind") + "</bpmn:subProcess>"
    )  # fmt: skip
    with clock.virtual(clock.now()) as time:
        instance = start(session, diagram(START + user_task("a") + flow("start", "a") + late), limit="soon")
        assert open_elements(session, instance) == ["a"]
        incident = session.scalars(select(Incident)).one()
        assert (incident.element_id, incident.code) == ("late", "timer")
        instances.set_variables(session, instance.id, {"limit": "P1D"}, actor=None)
        instances.retry(session, instance.id, incident.token_id, actor=None)
        time.advance(timedelta(days=1))
        assert timers.fire_due(session) == 1
    assert open_elements(session, instance) == ["remind"]


def extended(element: str, inside: str, extensions: str) -> str:
    return (
        f'<bpmn:{element} id="x"><bpmn:extensionElements xmlns:c="http://camunda.org/schema/1.0/bpmn">{extensions}'
        f"</bpmn:extensionElements>{inside}</bpmn:{element}>"
    )


FILTER = '<bpmn:extensionElements><zeebe:conditionalFilter variableNames="a"/></bpmn:extensionElements>'
FILTERED = (
    f"<bpmn:conditionalEventDefinition>{FILTER}<bpmn:condition>a</bpmn:condition></bpmn:conditionalEventDefinition>"
)
LISTENER = '<bpmn:extensionElements xmlns:c="http://camunda.org/schema/1.0/bpmn"><c:executionListener class="a"/>'


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("mapping", extended("task", "", '<zeebe:ioMapping><zeebe:input source="=1"/></zeebe:ioMapping>')),
        ("mapping", extended("task", "", '<zeebe:ioMapping><zeebe:output target="a"/></zeebe:ioMapping>')),
        (
            "mapping",
            extended(
                "exclusiveGateway", "", '<zeebe:ioMapping><zeebe:input source="=1" target="a"/></zeebe:ioMapping>'
            ),
        ),
        ("foreign-extension", event("intermediateCatchEvent", "x", FILTERED)),
        ("foreign-extension", '<bpmn:task id="x"/>' + f"{LISTENER}</bpmn:extensionElements>"),
        (
            "foreign-extension",
            '<bpmn:task id="x"/><bpmn:task id="y"/><bpmn:sequenceFlow id="f" sourceRef="x" targetRef="y">'
            f"{LISTENER}</bpmn:extensionElements></bpmn:sequenceFlow>",
        ),
        ("attribute-value", '<bpmn:subProcess id="x" triggeredByEvent="no"><bpmn:task id="y"/></bpmn:subProcess>'),
        (
            "attribute-value",
            '<bpmn:adHocSubProcess id="x" ordering="sequential"><bpmn:task id="y"/></bpmn:adHocSubProcess>',
        ),
        ("loop-maximum", '<bpmn:task id="x"><bpmn:standardLoopCharacteristics loopMaximum="²"/></bpmn:task>'),
    ],
)  # fmt: skip
def test_what_would_be_passed_over_is_refused(rule: str, body: str) -> None:
    assert rules(diagram(START + body + flow("start", "x"))) == {rule}


def test_a_word_of_the_dialect_that_is_not_read_is_named() -> None:
    content = diagram(START + extended("task", "", '<zeebe:priorityDefinition priority="9"/>') + flow("start", "x"))
    assert rules(content, "warning") == {"foreign-extension"}


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent"])
def test_a_throwing_event_maps_its_outputs(session: Session, kind: str) -> None:
    mapping = '<zeebe:ioMapping><zeebe:output source="=n + 1" target="n"/></zeebe:ioMapping>'
    instance = start(session, diagram(START + extended(kind, "", mapping) + flow("start", "x")), n=1)
    assert variables(session, instance)["n"] == 2


def test_a_number_and_a_collection_are_one_too_many() -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=[1]"/>'
        "</bpmn:extensionElements><bpmn:loopCardinality>5</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    assert rules(diagram(START + f'<bpmn:task id="t">{loop}</bpmn:task>' + flow("start", "t"))) == {"multi-instance"}


def test_a_file_whose_expressions_are_said_to_be_in_another_language_is_told() -> None:
    content = diagram(START + '<bpmn:task id="t"/>' + flow("start", "t"))
    said = content.replace(b'id="definitions"', b'expressionLanguage="http://www.w3.org/1999/XPath"')
    assert rules(said, "warning") == {"expression-language"}
