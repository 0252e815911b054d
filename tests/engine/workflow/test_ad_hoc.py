"""Ad-hoc sub-processes: steps in any order, until the completion condition holds."""

import pytest
from sqlalchemy.orm import Session

from engine.workflow.models import Instance
from tests.engine.workflow.diagrams import START, diagram, flow, user_task
from tests.engine.workflow.driving import complete, open_elements, rules, start, variables
from tests.engine.workflow.logs import boundary, chain, logs


def ad_hoc(body: str, *, condition: str = "", attributes: str = "", chosen: str = "") -> bytes:
    inside = f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>" if condition else ""
    if chosen:
        word = f'<zeebe:adHoc activeElementsCollection="={chosen}"/>'
        inside = f"<bpmn:extensionElements>{word}</bpmn:extensionElements>" + inside
    return diagram(
        START + f'<bpmn:adHocSubProcess id="s" {attributes}>{inside}{body}</bpmn:adHocSubProcess>'
        + user_task("after") + chain("start", "s", "after")
    )  # fmt: skip


TWO = user_task("a") + user_task("b")


def test_all_steps_are_open_at_once_and_it_ends_when_all_are_done(session: Session) -> None:
    instance = start(session, ad_hoc(TWO))
    assert open_elements(session, instance) == ["a", "b"]
    complete(session, instance, "b")
    complete(session, instance, "a")
    assert open_elements(session, instance) == ["after"]


def test_one_after_another_where_the_order_is_sequential(session: Session) -> None:
    instance = start(session, ad_hoc(TWO + user_task("c") + flow("a", "c"), attributes='ordering="Sequential"'))
    seen = []
    while (now := open_elements(session, instance)) != ["after"]:
        seen.append(now)
        complete(session, instance, now[0])
    assert seen == [["a"], ["c"], ["b"]]


def test_the_rest_is_cancelled_when_the_condition_holds(session: Session) -> None:
    instance = start(session, ad_hoc(TWO, condition="enough"))
    complete(session, instance, "a", enough=True)
    assert open_elements(session, instance) == ["after"]


def test_the_rest_may_be_finished_when_the_condition_holds(session: Session) -> None:
    body = TWO + user_task("c") + flow("b", "c")
    content = ad_hoc(body, condition="enough", attributes='cancelRemainingInstances="false"')
    instance = start(session, content)
    complete(session, instance, "a", enough=True)
    assert open_elements(session, instance) == ["b"]
    complete(session, instance, "b")
    assert open_elements(session, instance) == ["after"]


def test_the_steps_are_open_again_while_the_condition_does_not_hold(session: Session) -> None:
    instance = start(session, ad_hoc(TWO, condition="enough"))
    complete(session, instance, "a")
    complete(session, instance, "b")
    assert open_elements(session, instance) == ["a", "b"]
    complete(session, instance, "b", enough=True)
    assert open_elements(session, instance) == ["after"]


def test_only_chosen_steps_begin(session: Session) -> None:
    instance = start(session, ad_hoc(TWO, chosen="wanted"), wanted=["b"])
    assert open_elements(session, instance) == ["b"]
    nothing = start(session, ad_hoc(TWO, chosen="wanted"), wanted=[])
    assert open_elements(session, nothing) == ["after"]


def test_automatic_steps_run_by_themselves(session: Session) -> None:
    instance: Instance = start(session, ad_hoc(logs("x") + logs("y")), log=[])
    assert variables(session, instance)["log"] == ["x", "y"]


@pytest.mark.parametrize(
    ("rule", "content"),
    [
        ("ad-hoc-contents", ad_hoc('<bpmn:startEvent id="x"/>' + TWO)),
        ("ad-hoc-contents", ad_hoc('<bpmn:parallelGateway id="x"/>')),
        ("ad-hoc-sequential", ad_hoc(TWO + logs("c") + logs("d") + flow("a", "c") + flow("a", "d"),
                                     attributes='ordering="Sequential"')),
        ("ad-hoc-sequential", ad_hoc(TWO + boundary("n", "a", '<bpmn:conditionalEventDefinition><bpmn:condition>x'
                                     "</bpmn:condition></bpmn:conditionalEventDefinition>", interrupting=False),
                                     attributes='ordering="Sequential"')),
    ],
)  # fmt: skip
def test_what_an_ad_hoc_sub_process_cannot_hold_is_refused(rule: str, content: bytes) -> None:
    assert rule in rules(content)
