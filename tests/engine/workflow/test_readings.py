"""Where the standard is easily misread: what instances throw, who catches an error, when nothing begins any more."""

import pytest
from sqlalchemy.orm import Session

from engine.workflow import correlation
from tests.engine.workflow.diagrams import SIGNALS, START, diagram, flow, signal, user_task
from tests.engine.workflow.driving import complete, open_elements, start, variables
from tests.engine.workflow.logs import boundary, chain, event, logs

THROWN = '<bpmn:signalEventDefinition id="thrown" signalRef="s1"/>'
ERRORS = '<bpmn:error id="e1" errorCode="E1"/><bpmn:error id="e2" errorCode="E2"/>'


def behaving(attributes: str, inside: str = "", *, sequential: bool = True) -> bytes:
    word = "true" if sequential else "false"
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{word}" {attributes}>'
        f"<bpmn:loopCardinality>3</bpmn:loopCardinality>{inside}</bpmn:multiInstanceLoopCharacteristics>"
    )
    return diagram(
        START + logs("a", entry="loopCounter", inside=loop) + boundary("b", "a", signal("s1"), interrupting=False)
        + logs("heard") + logs("after") + chain("start", "a", "after") + flow("b", "heard"),
        roots=SIGNALS + THROWN,
    )  # fmt: skip


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize(
    ("attributes", "inside", "heard"),
    [
        ('behavior="None" noneBehaviorEventRef="thrown"', "", 3),
        ('behavior="One" oneBehaviorEventRef="thrown"', "", 1),
        ('behavior="All"', "", 0),
        ('behavior="Complex"', "<bpmn:complexBehaviorDefinition><bpmn:condition>numberOfCompletedInstances &gt;= 2"
         f"</bpmn:condition><bpmn:event>{signal('s1')}</bpmn:event></bpmn:complexBehaviorDefinition>", 2),
    ],
)  # fmt: skip
def test_instances_throw_what_their_behavior_says(
    session: Session, sequential: bool, attributes: str, inside: str, heard: int
) -> None:
    instance = start(session, behaving(attributes, inside, sequential=sequential), log=[])
    log = variables(session, instance)["log"]
    assert sorted(entry for entry in log if isinstance(entry, int)) == [1, 2, 3]
    assert (log.count("heard"), log.count("after")) == (heard, 1)


def test_a_completion_condition_sees_what_the_instance_was_about(session: Session) -> None:
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:extensionElements><zeebe:loopCharacteristics '
        'inputCollection="=[1, 2, 3]" inputElement="item"/></bpmn:extensionElements>'
        "<bpmn:completionCondition>item = 2</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
    )
    content = diagram(START + logs("a", entry="item", inside=loop) + flow("start", "a"))
    assert variables(session, start(session, content, log=[]))["log"] == [1, 2]


def raises(code: str) -> str:
    return f'<bpmn:errorEventDefinition errorRef="{code}"/>' if code else "<bpmn:errorEventDefinition/>"


def caught(inner: str, outer: str) -> bytes:
    """A sub-process that fails with E1, with an event sub-process inside and a boundary event outside."""
    handler = (
        '<bpmn:subProcess id="h" triggeredByEvent="true">' + event("startEvent", "hs", raises(inner)) + logs("inside")
        + flow("hs", "inside") + "</bpmn:subProcess>"
    )  # fmt: skip
    return diagram(
        START + '<bpmn:subProcess id="s"><bpmn:startEvent id="in"/>' + event("endEvent", "x", raises("e1"))
        + flow("in", "x") + handler + "</bpmn:subProcess>" + boundary("b", "s", raises(outer)) + logs("outside")
        + logs("after") + chain("start", "s", "after") + flow("b", "outside"),
        roots=ERRORS,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("inner", "outer", "log"),
    [
        ("e1", "e1", ["inside", "after"]),
        ("", "e1", ["inside", "after"]),
        ("e2", "e1", ["outside"]),
        ("e2", "", ["outside"]),
    ],
)
def test_an_error_is_caught_by_what_is_nearest(session: Session, inner: str, outer: str, log: list[str]) -> None:
    assert variables(session, start(session, caught(inner, outer), log=[]))["log"] == log


def test_when_only_an_event_sub_process_runs_no_other_begins(session: Session) -> None:
    handler = (
        '<bpmn:subProcess id="h" triggeredByEvent="true">'
        + event("startEvent", "hs", signal("s1"), attributes='isInterrupting="false"') + user_task("beside")
        + flow("hs", "beside") + "</bpmn:subProcess>"
    )  # fmt: skip
    instance = start(session, diagram(START + user_task("a") + flow("start", "a") + handler, roots=SIGNALS))
    correlation.broadcast(session, "alarm", {}, actor=None)
    correlation.broadcast(session, "alarm", {}, actor=None)
    assert open_elements(session, instance) == ["a", "beside", "beside"]
    complete(session, instance, "a")
    correlation.broadcast(session, "alarm", {}, actor=None)
    assert open_elements(session, instance) == ["beside", "beside"]
