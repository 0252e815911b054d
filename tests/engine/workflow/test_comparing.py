"""Two versions side by side: what was added, removed, changed and moved, and which attributes."""

from engine.workflow import comparing
from engine.workflow.bpmn import compile_model
from engine.workflow.comparing import Attribute, Side
from tests.engine.workflow.diagrams import END, START, diagram, flow, timer, user_task

DRAWING = (
    '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><bpmndi:BPMNPlane bpmnElement="p">{}</bpmndi:BPMNPlane>'
    "</bpmndi:BPMNDiagram></bpmn:definitions>"
)


def side(body: str, **places: int) -> Side:
    """A version; `places` says how far to the right an element is drawn."""
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{key}"><dc:Bounds x="{x}" y="0" width="100" height="80"/></bpmndi:BPMNShape>'
        for key, x in places.items()
    )
    content = diagram(body).replace(b"</bpmn:definitions>", DRAWING.format(shapes).encode())
    return Side(compile_model(content).processes["p"], content)


def found(before: Side, after: Side) -> dict[str, str]:
    """The kinds of differences by id."""
    return {one.id: one.kind for one in comparing.differences(before, after)}


A, B = user_task("a", groups="police"), user_task("b")
WAY = flow("start", "a") + flow("a", "end")


def test_the_same_has_no_difference() -> None:
    one = side(START + A + END + WAY, start=0, a=100)
    assert comparing.differences(one, one) == []


def test_added_and_removed_steps_and_flows_are_told() -> None:
    before, after = side(START + A + END + WAY), side(START + A + B + END + flow("start", "a") + flow("a", "b"))
    assert found(before, after) == {"b": "added", "a_end": "removed", "a_b": "added"}


def test_a_change_says_which_attribute_and_what_it_was() -> None:
    before = side(START + A + END + WAY)
    after = side(START + user_task("a", groups="court") + END + WAY)
    [one] = comparing.differences(before, after)
    assert (one.kind, one.attributes) == ("changed", (Attribute("candidate_groups", "police", "court"),))


def test_a_condition_and_a_timer_are_told_as_they_are_written() -> None:
    def version(limit: int, rest: str) -> Side:
        event = f'<bpmn:boundaryEvent id="late" attachedToRef="a">{timer(rest)}</bpmn:boundaryEvent>'
        which = '<bpmn:exclusiveGateway id="which" default="which_end"/>'
        flows = flow("start", "a") + flow("a", "which") + flow("which", "b", f"=x &gt; {limit}") + flow("which", "end")
        return side(START + A + B + event + which + END + flows + flow("late", "end"))

    told = {one.id: one.attributes for one in comparing.differences(version(1, "P1D"), version(2, "P2D"))}
    assert told == {
        "late": (Attribute("event.value", "P1D", "P2D"),),
        "which_b": (Attribute("condition", "=x > 1", "=x > 2"),),
    }


def test_only_what_is_drawn_elsewhere_is_moved() -> None:
    body = START + A + END + WAY
    before = side(body, start=0, a=100, end=300)
    assert found(before, side(body, start=0, a=150, end=300)) == {"a": "moved"}
    assert found(before, side(body, start=50, a=150, end=350)) == {}, "the whole drawing was moved"


def test_a_step_drawn_before_all_others_moves_none_of_them() -> None:
    before = side(START + A + END + WAY, start=0, a=100, end=300)
    after = side(START + A + END + B + WAY, start=0, a=100, end=300, b=-200)
    assert found(before, after) == {"b": "added"}
