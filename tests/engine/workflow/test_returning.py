"""Going back to an earlier step: where one may, where one may not, and why."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import events
from engine.workflow import operations, returning
from engine.workflow.models import Instance, UserTask
from engine.workflow.operations import Operation
from engine.workflow.returning import ReturnRefused
from tests.engine.workflow.diagrams import END, START, diagram, flow, service_task, user_task
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
        "y": "elsewhere", "x": "elsewhere", "d": "sealed", "c": "joined", "b2": "joined", "b1": "joined", "a": "sealed",
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
