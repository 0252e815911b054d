"""Going back to an earlier step: where one may, where one may not, and why."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import events
from engine.workflow import definitions, migration, operations, returning
from engine.workflow.definitions import File
from engine.workflow.models import Instance, UserTask
from engine.workflow.operations import Operation
from engine.workflow.returning import ReturnRefused
from tests.engine.workflow.diagrams import END, START, diagram, flow, service_task, timer, user_task
from tests.engine.workflow.driving import complete, open_elements, open_task, start, variables

SEAL = service_task("send", "test.act").replace(
    "</bpmn:extensionElements>",
    '<zeebe:properties><zeebe:property name="hejie.no_return" value="true"/></zeebe:properties>'
    "</bpmn:extensionElements>",
)
PART = '<bpmn:startEvent id="in"/>' + user_task("x") + user_task("y") + flow("in", "x") + flow("x", "y")
PROCESS = diagram(
    START
    + user_task("a")
    + '<bpmn:parallelGateway id="fork"/>'
    + user_task("b1")
    + user_task("b2")
    + user_task("c")
    + '<bpmn:parallelGateway id="join"/>'
    + user_task("d")
    + f'<bpmn:subProcess id="part">{PART}</bpmn:subProcess>'
    + SEAL
    + user_task("e")
    + END
    + flow("start", "a")
    + flow("a", "fork")
    + flow("fork", "b1")
    + flow("b1", "b2")
    + flow("fork", "c")
    + flow("b2", "join")
    + flow("c", "join")
    + flow("join", "d")
    + flow("d", "part")
    + flow("part", "send")
    + flow("send", "e")
    + flow("e", "end")
)


@pytest.fixture(autouse=True)
def send(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the diagram marks as final."""
    monkeypatch.setitem(operations.OPERATIONS, "test.act", Operation("test.act", "", "", {}, lambda call: None))


def at(session: Session, *done: str) -> Instance:
    """An instance in which some steps were done, in order."""
    instance = start(session, PROCESS)
    for element in done:
        complete(session, instance, element, **{element: True})
    return instance


def verdicts(session: Session, instance: Instance, element: str) -> dict[str, str]:
    """Each earlier step with the code of what speaks against it."""
    found = returning.targets(session, open_task(session, instance, element))
    return {one.element.id: one.refusal.code if one.refusal else "" for one in found}


def back(session: Session, instance: Instance, element: str, to: str) -> None:
    """Send a task back."""
    task = open_task(session, instance, element)
    with session.begin_nested():
        returning.send_back(session, task.id, to, actor="m1", reason="a page is missing")


def test_within_a_branch_one_goes_back_as_long_as_it_is_its_own(session: Session) -> None:
    instance = at(session, "a", "b1")
    assert verdicts(session, instance, "b2") == {"b1": "", "a": "branch-runs"}
    back(session, instance, "b2", "b1")
    assert open_elements(session, instance) == ["b1", "c"]
    assert variables(session, instance)["b1"] is True, "nothing is undone"
    event = events.of_stream(session, instance.stream)[-1]
    assert (event.kind, event.actor, event.data["to"], event.data["reason"]) == (
        "task.returned", "m1", "b1", "a page is missing",
    )  # fmt: skip
    for element in ("b1", "b2", "c"):
        complete(session, instance, element)
    assert open_elements(session, instance) == ["d"]


def test_a_branch_that_waits_at_the_joining_gateway_still_runs(session: Session) -> None:
    instance = at(session, "a", "c", "b1")
    assert verdicts(session, instance, "b2") == {"b1": "", "c": "no-way", "a": "branch-runs"}


def test_no_way_leads_back_into_a_branch_that_others_have_joined(session: Session) -> None:
    instance = at(session, "a", "b1", "b2", "c")
    assert verdicts(session, instance, "d") == {"c": "joined", "b2": "joined", "b1": "joined", "a": ""}
    back(session, instance, "d", "a")
    assert open_elements(session, instance) == ["a"]
    complete(session, instance, "a")
    assert open_elements(session, instance) == ["b1", "c"]


def test_one_leaves_a_part_and_does_not_enter_one_that_is_over(session: Session) -> None:
    instance = at(session, "a", "b1", "b2", "c", "d", "x")
    assert verdicts(session, instance, "y") == {
        "x": "", "d": "", "c": "joined", "b2": "joined", "b1": "joined", "a": "",
    }  # fmt: skip
    back(session, instance, "y", "d")
    assert open_elements(session, instance) == ["d"]


def test_nobody_goes_back_across_what_is_final(session: Session) -> None:
    instance = at(session, "a", "b1", "b2", "c", "d", "x", "y")
    found = verdicts(session, instance, "e")
    assert found == {
        "y": "sealed", "x": "sealed", "d": "sealed", "c": "joined", "b2": "joined", "b1": "joined", "a": "sealed",
    }  # fmt: skip
    with pytest.raises(ReturnRefused) as refused:
        back(session, instance, "e", "d")
    assert [one.code for one in refused.value.fields] == ["sealed"]
    assert open_elements(session, instance) == ["e"]


def test_a_step_that_nobody_has_done_is_none_to_go_back_to(session: Session) -> None:
    instance = at(session)
    assert verdicts(session, instance, "a") == {}
    with pytest.raises(ReturnRefused) as refused:
        back(session, instance, "a", "d")
    assert [one.code for one in refused.value.fields] == ["never-done"]


MANY = diagram(
    START
    + user_task("before")
    + '<bpmn:subProcess id="each"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>'
    f"</bpmn:multiInstanceLoopCharacteristics>{user_task('m')}</bpmn:subProcess>"
    + flow("start", "before")
    + flow("before", "each")
)


def test_a_round_of_several_does_not_take_the_others_back(session: Session) -> None:
    instance = start(session, MANY)
    complete(session, instance, "before")
    tasks = session.scalars(select(UserTask).where(UserTask.element_id == "m", UserTask.state == "open")).all()
    [target] = returning.targets(session, tasks[0])
    assert target.refusal is not None and target.refusal.code == "others-inside"


def over(body: str, loop: str = "") -> bytes:
    """A part with a body, and a step behind it."""
    part = f'<bpmn:subProcess id="part">{loop}<bpmn:extensionElements><zeebe:ioMapping>'
    part += '<zeebe:input source="=1" target="own"/></zeebe:ioMapping></bpmn:extensionElements>'
    return diagram(
        START + part + body + "</bpmn:subProcess>" + user_task("after") + flow("start", "part") + flow("part", "after")
    )


def test_one_goes_back_into_a_part_that_is_over(session: Session) -> None:
    late = '<bpmn:boundaryEvent id="late" attachedToRef="part">' + timer("P1D") + "</bpmn:boundaryEvent>"
    content = over(PART).replace(b"</bpmn:process>", late.encode() + b"</bpmn:process>")
    instance = start(session, content)
    complete(session, instance, "x")
    complete(session, instance, "y")
    assert verdicts(session, instance, "after") == {"y": "", "x": ""}
    back(session, instance, "after", "y")
    assert open_elements(session, instance) == ["y"]
    assert instance.wake_at is not None, "what hangs on the part is armed again"
    complete(session, instance, "y")
    assert (open_elements(session, instance), instance.wake_at) == (["after"], None)


def test_into_a_part_whose_other_branches_are_over_no_way_leads(session: Session) -> None:
    fork = '<bpmn:startEvent id="in"/><bpmn:parallelGateway id="f"/><bpmn:parallelGateway id="j"/>'
    body = fork + user_task("x") + user_task("y") + user_task("z") + flow("in", "f") + flow("f", "x") + flow("f", "y")
    instance = start(session, over(body + flow("x", "j") + flow("y", "j") + flow("j", "z")))
    for element in ("x", "y", "z"):
        complete(session, instance, element)
    assert verdicts(session, instance, "after") == {"z": "", "y": "joined", "x": "joined"}


def test_no_way_leads_into_one_of_several_rounds_that_are_over(session: Session) -> None:
    loop = '<bpmn:standardLoopCharacteristics loopMaximum="1"/>'
    instance = start(session, over(PART, loop))
    complete(session, instance, "x")
    complete(session, instance, "y")
    assert verdicts(session, instance, "after") == {"y": "elsewhere", "x": "elsewhere"}


def test_what_was_done_under_an_older_version_counts(session: Session) -> None:
    two = user_task("a") + user_task("b") + flow("start", "a") + flow("a", "b")
    instance = start(session, diagram(START + two))
    complete(session, instance, "a")
    [newer] = definitions.deploy(session, [File("p.bpmn", diagram(START + two, name="Newer"))], actor=None)
    migration.migrate(session, instance.id, newer.id, {}, actor="m1", reason="a new law")
    assert verdicts(session, instance, "b") == {"a": ""}
