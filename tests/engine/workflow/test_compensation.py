"""Compensation and transactions: what was completed is undone in reverse order, with the data of its time."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.workflow import correlation, tasks
from engine.workflow.models import UserTask
from tests.engine.workflow.diagrams import SIGNALS, START, diagram, flow, signal, user_task
from tests.engine.workflow.driving import complete, open_elements, rules, start, variables
from tests.engine.workflow.logs import boundary, chain, event, logs, throws, undone_by

ERROR = '<bpmn:error id="e1" errorCode="E1"/>'
RAISES = '<bpmn:errorEventDefinition errorRef="e1"/>'


def log(session: Session, content: bytes, **more: object) -> list[str]:
    return list(variables(session, start(session, content, log=[], **more))["log"])


def sub(element: str, body: str, *, kind: str = "subProcess", attributes: str = "", loop: str = "") -> str:
    return f'<bpmn:{kind} id="{element}" {attributes}>{loop}{body}</bpmn:{kind}>'


TWO_DONE = logs("a") + undone_by("a", "undo-a") + logs("b") + undone_by("b", "undo-b")


def test_all_of_the_scope_is_undone_in_reverse_order_before_it_goes_on(session: Session) -> None:
    content = diagram(START + TWO_DONE + throws("t") + logs("c") + chain("start", "a", "b", "t", "c"))
    assert log(session, content) == ["a", "b", "undo-b", "undo-a", "c"]


def test_one_activity_alone_is_undone_and_only_once(session: Session) -> None:
    content = diagram(
        START + TWO_DONE + throws("t", of="a") + throws("again", of="a") + chain("start", "a", "b", "t", "again")
    )
    assert log(session, content) == ["a", "b", "undo-a"]


def test_what_was_not_done_is_not_undone(session: Session) -> None:
    content = diagram(START + TWO_DONE + throws("t") + chain("start", "a", "t"))
    assert log(session, content) == ["a", "undo-a"]


def test_a_throw_waits_for_people_who_compensate(session: Session) -> None:
    undo = user_task("undo").replace("<bpmn:userTask ", '<bpmn:userTask isForCompensation="true" ')
    content = diagram(
        START + logs("a") + boundary("b", "a", "compensate") + undo
        + '<bpmn:association id="x" sourceRef="b" targetRef="undo"/>'
        + throws("t") + user_task("after") + chain("start", "a", "t", "after")
    )  # fmt: skip
    instance = start(session, content, log=[])
    assert open_elements(session, instance) == ["undo"]
    complete(session, instance, "undo")
    assert open_elements(session, instance) == ["after"]


def test_a_throw_that_does_not_wait_goes_on_beside(session: Session) -> None:
    undo = user_task("undo").replace("<bpmn:userTask ", '<bpmn:userTask isForCompensation="true" ')
    content = diagram(
        START + logs("a") + boundary("b", "a", "compensate") + undo
        + '<bpmn:association id="x" sourceRef="b" targetRef="undo"/>'
        + throws("t", wait=False) + user_task("after") + chain("start", "a", "t", "after")
    )  # fmt: skip
    instance = start(session, content, log=[])
    assert open_elements(session, instance) == ["after", "undo"]
    complete(session, instance, "after")
    assert instance.status == "active"
    complete(session, instance, "undo")
    assert instance.status == "completed"


def test_what_is_undone_beside_holds_up_no_gateway(session: Session) -> None:
    undo = user_task("undo").replace("<bpmn:userTask ", '<bpmn:userTask isForCompensation="true" ')
    content = diagram(
        START + logs("a") + boundary("b", "a", "compensate") + undo
        + '<bpmn:association id="x" sourceRef="b" targetRef="undo"/>'
        + '<bpmn:inclusiveGateway id="fork"/><bpmn:exclusiveGateway id="way" default="way_over"/>'
        + throws("t", wait=False) + '<bpmn:endEvent id="over"/>' + user_task("c")
        + '<bpmn:inclusiveGateway id="join"/>' + user_task("after")
        + chain("start", "a", "fork") + flow("fork", "t", "=true") + flow("fork", "c", "=true")
        + chain("t", "way", "over") + flow("way", "join", "=false") + chain("c", "join", "after")
    )  # fmt: skip
    instance = start(session, content, log=[])
    complete(session, instance, "c")
    assert open_elements(session, instance) == ["after", "undo"]


def test_a_finished_sub_process_is_undone_from_within(session: Session) -> None:
    content = diagram(
        START + sub("s", '<bpmn:startEvent id="in"/>' + TWO_DONE + chain("in", "a", "b")) + logs("c")
        + undone_by("c", "undo-c") + throws("t", "endEvent") + chain("start", "s", "c", "t")
    )  # fmt: skip
    assert log(session, content) == ["a", "b", "c", "undo-c", "undo-b", "undo-a"]


def test_the_handler_at_the_border_of_a_sub_process_stands_for_all_within(session: Session) -> None:
    content = diagram(
        START + sub("s", '<bpmn:startEvent id="in"/>' + TWO_DONE + chain("in", "a", "b"))
        + undone_by("s", "undo-s") + throws("t") + chain("start", "s", "t")
    )  # fmt: skip
    assert log(session, content) == ["a", "b", "undo-s"]


def test_a_compensation_event_sub_process_sees_the_data_as_they_were(session: Session) -> None:
    handler = sub(
        "h",
        event("startEvent", "hs", "compensate")
        + logs("told", entry="local")
        + throws("rest")
        + chain("hs", "told", "rest"),
        attributes='triggeredByEvent="true"',
    )
    mapped = '<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=n" target="local"/></zeebe:ioMapping>' \
             "</bpmn:extensionElements>"  # fmt: skip
    content = diagram(
        START + sub("s", mapped + '<bpmn:startEvent id="in"/>' + TWO_DONE + handler + chain("in", "a", "b"))
        + user_task("later") + throws("t") + chain("start", "s", "later", "t")
    )  # fmt: skip
    instance = start(session, content, log=[], n=1)
    complete(session, instance, "later", n=2)
    assert variables(session, instance)["log"] == ["a", "b", 1, "undo-b", "undo-a"]


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_each_instance_is_undone_last_first_with_its_own_data(session: Session, sequential: str) -> None:
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="item"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    content = diagram(
        START + logs("a", entry="item", inside=loop) + undone_by("a", "undo", entry="-item")
        + throws("t") + chain("start", "a", "t")
    )  # fmt: skip
    assert log(session, content) == [1, 2, 3, -3, -2, -1]


def test_an_error_handler_undoes_what_its_scope_has_done(session: Session) -> None:
    handler = sub(
        "h", event("startEvent", "hs", RAISES) + throws("t") + chain("hs", "t"), attributes='triggeredByEvent="true"'
    )
    content = diagram(
        START
        + sub("s", '<bpmn:startEvent id="in"/>' + TWO_DONE + event("endEvent", "x", RAISES) + handler
              + chain("in", "a", "b", "x"))
        + logs("c") + chain("start", "s", "c"),
        roots=ERROR,
    )  # fmt: skip
    assert log(session, content) == ["a", "b", "undo-b", "undo-a", "c"]


def transaction(body: str, more: str = "") -> bytes:
    return diagram(
        START + sub("tx", '<bpmn:startEvent id="in"/>' + body, kind="transaction")
        + boundary("cancelled", "tx", "cancel") + logs("after-cancel") + logs("after")
        + chain("start", "tx", "after") + chain("cancelled", "after-cancel") + more,
        roots=SIGNALS,
    )  # fmt: skip


def test_a_transaction_without_cancel_goes_on_as_usual(session: Session) -> None:
    assert log(session, transaction(TWO_DONE + chain("in", "a", "b"))) == ["a", "b", "after"]


def test_a_cancelled_transaction_is_undone_before_its_boundary_goes_on(session: Session) -> None:
    content = transaction(TWO_DONE + event("endEvent", "x", "cancel") + chain("in", "a", "b", "x"))
    assert log(session, content) == ["a", "b", "undo-b", "undo-a", "after-cancel"]


def test_cancelling_ends_what_runs_and_undoes_what_was_done_in_it(session: Session) -> None:
    content = transaction(
        sub("inner", '<bpmn:startEvent id="i"/>' + TWO_DONE + user_task("long") + chain("i", "a", "b", "long"))
        + f'<bpmn:intermediateCatchEvent id="c">{signal("s1")}</bpmn:intermediateCatchEvent>'
        + event("endEvent", "x", "cancel")
        + flow("in", "inner")
        + chain("in", "c", "x")
    )
    instance = start(session, content, log=[])
    assert open_elements(session, instance) == ["long"]
    correlation.broadcast(session, "alarm", {}, actor=None)
    assert variables(session, instance)["log"] == ["a", "b", "undo-b", "undo-a", "after-cancel"]
    assert instance.status == "completed"


def test_one_cancelled_instance_cancels_all_of_a_multi_instance_transaction(session: Session) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    body = (
        loop + '<bpmn:startEvent id="in"/>' + user_task("u") + event("endEvent", "x", "cancel") + chain("in", "u", "x")
    )
    content = diagram(
        START + f'<bpmn:transaction id="tx">{body}</bpmn:transaction>' + boundary("cancelled", "tx", "cancel")
        + user_task("after") + chain("start", "tx") + chain("cancelled", "after")
    )  # fmt: skip
    instance = start(session, content)
    assert open_elements(session, instance) == ["u", "u"]
    tasks.complete(session, session.scalars(select(UserTask.id)).first(), {}, actor="x")
    assert open_elements(session, instance) == ["after"]


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("cancel-outside", START + event("endEvent", "e", "cancel") + flow("start", "e")),
        ("cancel-outside", START + sub("s", START.replace("start", "in")) + boundary("b", "s", "cancel")
         + flow("start", "s")),
        ("compensation-handler", START + logs("a") + boundary("b", "a", "compensate") + flow("start", "a")),
        ("compensation-flow", START + logs("a") + undone_by("a", "u") + logs("x") + flow("start", "a")
         + flow("a-undo", "x")),
        ("compensation-flow", START + logs("a") + undone_by("a", "u") + flow("start", "a") + flow("a", "u")),
        ("unknown-reference", START + throws("t", of="nobody") + flow("start", "t")),
        ("compensation-reach", START + sub("s", START.replace("start", "in") + TWO_DONE + chain("in", "a", "b"))
         + throws("t", of="a") + chain("start", "s", "t")),
        ("compensation-start", START + sub("h", event("startEvent", "hs", "compensate"),
         attributes='triggeredByEvent="true"')),
        ("event-position", START + event("intermediateCatchEvent", "c", "compensate") + flow("start", "c")),
        ("multiple-event", START + event("endEvent", "c", "<bpmn:compensateEventDefinition/>"
         "<bpmn:terminateEventDefinition/>") + flow("start", "c")),
    ],
)  # fmt: skip
def test_what_cannot_be_compensated_or_cancelled_is_refused(rule: str, body: str) -> None:
    assert rule in rules(diagram(body))
