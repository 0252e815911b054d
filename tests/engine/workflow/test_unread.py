"""What surrounds a process and is not carried out is said; what an element maps is done wherever it stands."""

import pytest
from sqlalchemy.orm import Session

from engine import events
from engine.workflow import correlation
from engine.workflow.models import Incident, Subscription
from tests.engine.workflow.diagrams import END, START, diagram, flow, timer, user_task
from tests.engine.workflow.driving import open_elements, rules, start, variables
from tests.engine.workflow.logs import boundary, chain

INPUT = (
    '<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=&quot;k-&quot; + case" target="mine"/>'
    '<zeebe:output source="=mine + answer" target="heard"/></zeebe:ioMapping></bpmn:extensionElements>'
)
KEYED = (
    '<bpmn:message id="m" name="told"><bpmn:extensionElements><zeebe:subscription correlationKey="=mine"/>'
    "</bpmn:extensionElements></bpmn:message>"
)
TOLD = '<bpmn:messageEventDefinition messageRef="m"/>'
CATCH = f'<bpmn:intermediateCatchEvent id="c">{INPUT}{TOLD}</bpmn:intermediateCatchEvent>'
AT_ONCE = START + CATCH + user_task("after") + chain("start", "c", "after")
BEHIND = (
    START + '<bpmn:eventBasedGateway id="g"/>' + CATCH + user_task("after") + user_task("late")
    + f'<bpmn:intermediateCatchEvent id="t">{timer("PT1H")}</bpmn:intermediateCatchEvent>'
    + chain("start", "g", "c", "after") + flow("g", "t") + flow("t", "late")
)  # fmt: skip


@pytest.mark.parametrize("body", [AT_ONCE, BEHIND], ids=["event", "behind a gateway"])
def test_input_mappings_of_a_catching_event_are_seen_by_its_key_and_its_outputs(session: Session, body: str) -> None:
    instance = start(session, diagram(body, roots=KEYED), case="7")
    assert session.query(Subscription.correlation_key).scalar() == "k-7"
    correlation.correlate(session, "told", "k-7", {"answer": "!"}, actor=None)
    assert open_elements(session, instance) == ["after"]
    assert variables(session, instance) == {"case": "7", "heard": "k-7!"}


def test_start_and_boundary_events_have_no_input_mappings() -> None:
    begins = diagram(f'<bpmn:startEvent id="start">{INPUT}</bpmn:startEvent>' + END + flow("start", "end"))
    late = diagram(
        START + user_task("u") + boundary("b", "u", INPUT + timer("PT1H")) + END + chain("start", "u", "end")
    )
    assert rules(begins) == rules(late) == {"mapping"}


POOL = '<bpmn:participant id="a" processRef="lost"/>'
SENT = '<bpmn:messageFlow id="a" sourceRef="lost" targetRef="u"/>'
LANE = '<bpmn:laneSet><bpmn:lane id="a"><bpmn:flowNodeRef>lost</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
NOTE = '<bpmn:association id="a" sourceRef="u" targetRef="lost"/>'


@pytest.mark.parametrize(
    ("around", "inside"), [(POOL, ""), (SENT, ""), ("", LANE), ("", NOTE)], ids=["pool", "message", "lane", "note"]
)
def test_what_is_drawn_around_a_process_refers_to_what_is_there(around: str, inside: str) -> None:
    roots = f"<bpmn:collaboration>{around}</bpmn:collaboration>"
    content = diagram(inside + START + user_task("u") + flow("start", "u"), roots=roots)
    assert (rules(content), rules(content, "warning")) == (set(), {"unknown-reference"})


def test_other_files_and_forms_kept_elsewhere_are_not_read() -> None:
    imported = '<bpmn:import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="a.bpmn" namespace="a"/>'
    assert rules(diagram(START + END + flow("start", "end"), roots=imported), "warning") == {"import"}
    form = user_task("u", extra='<zeebe:formDefinition externalReference="somewhere"/>')
    assert rules(diagram(START + form + flow("start", "u")), "warning") == {"form-elsewhere"}


def test_a_condition_that_is_neither_true_nor_false_does_not_hold_and_is_named(session: Session) -> None:
    gateway = '<bpmn:exclusiveGateway id="g" default="g_b"/>'
    body = START + gateway + user_task("a") + user_task("b") + flow("start", "g") + flow("g", "a", "=days &gt; 3")
    instance = start(session, diagram(body + flow("g", "b")))
    assert open_elements(session, instance) == ["b"]
    events.write(session)
    [event] = events.of_stream(session, instance.stream)
    [decided] = [one[2] for one in event.data["path"] if one[0] == "gateway.decided"]
    assert (decided["flows"], decided["unclear"]) == (["g_b"], ["g_a"])
    stuck = diagram(body.replace(' default="g_b"', "") + flow("g", "b", "=days &lt; 3"), key="stuck")
    start(session, stuck, "stuck")
    assert session.query(Incident.message).scalar() == (
        "No condition holds and there is no default flow; neither true nor false are those of g_a, g_b."
    )


TASK = '<zeebe:taskDefinition type="x"/>'


@pytest.mark.parametrize(
    ("kind", "word", "severity"),
    [
        ("adHocSubProcess", TASK, "error"),
        ("userTask", TASK, "error"),
        ("task", '<zeebe:script expression="=1" resultVariable="r"/>', "error"),
        ("subProcess", '<zeebe:calledElement processId="q"/>', "error"),
        ("manualTask", '<zeebe:formDefinition formId="f"/>', "warning"),
        ("receiveTask", '<zeebe:assignmentDefinition candidateGroups="a"/>', "warning"),
    ],
)
def test_a_word_that_stands_where_it_is_not_read_is_told(kind: str, word: str, severity: str) -> None:
    step = f'<bpmn:{kind} id="t"><bpmn:extensionElements>{word}</bpmn:extensionElements></bpmn:{kind}>'
    assert "misplaced" in rules(diagram(START + step + END + chain("start", "t", "end")), severity)


def test_what_can_be_read_of_a_tasks_times_is_checked_and_the_rest_is_told(session: Session) -> None:
    def due(text: str) -> bytes:
        return diagram(START + user_task("u", extra=f"<zeebe:taskSchedule {text}/>") + flow("start", "u"))

    assert rules(due('dueDate="tomorrow"')) == {"due-date"}
    assert rules(due('dueDate="2026-12-23"')) == rules(due('dueDate="=when"')) == set()
    assert rules(due('followUpDate="2026-12-23"'), "warning") == {"foreign-extension"}
    start(session, due('dueDate="=when"'), when="soon")
    assert session.query(Incident.code, Incident.message).one() == ("due-date", "“soon” is no date.")


def test_what_is_no_boundary_event_hangs_on_nothing() -> None:
    join = '<bpmn:inclusiveGateway id="j"/>' + flow("start", "a") + flow("start", "b") + flow("a", "j") + flow("b", "j")
    odd = user_task("a").replace('id="a"', 'id="a" attachedToRef="lost"', 1)
    assert rules(diagram(START + odd + user_task("b") + join)) == set()
