"""Complex gateways, and event-based gateways that start a process."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.workflow import correlation, definitions
from engine.workflow.definitions import File
from engine.workflow.models import Instance
from tests.engine.workflow.diagrams import SIGNALS, START, diagram, flow, signal, user_task
from tests.engine.workflow.driving import complete, open_elements, rules, start
from tests.engine.workflow.logs import chain

FORK = '<bpmn:parallelGateway id="fork"/>' + "".join(user_task(name) for name in "abc") + flow("start", "fork")
BRANCHES = "".join(chain("fork", name, "join") for name in "abc")


def complex_join(condition: str, after: str) -> bytes:
    join = f'<bpmn:complexGateway id="join"><bpmn:activationCondition>{condition}</bpmn:activationCondition>'
    return diagram(START + FORK + f"{join}</bpmn:complexGateway>" + BRANCHES + after)


def test_two_of_three_are_enough_and_the_third_changes_nothing(session: Session) -> None:
    content = complex_join("activationCount &gt;= 2", user_task("after") + flow("join", "after"))
    instance = start(session, content)
    complete(session, instance, "a")
    assert open_elements(session, instance) == ["b", "c"]
    complete(session, instance, "b")
    assert open_elements(session, instance) == ["after", "c"]
    complete(session, instance, "c")
    assert open_elements(session, instance) == ["after"]
    complete(session, instance, "after")
    assert instance.status == "completed"


def test_a_flow_may_be_taken_when_the_last_tokens_have_come(session: Session) -> None:
    after = (
        user_task("first") + user_task("all")
        + flow("join", "first", "waitingForStart") + flow("join", "all", "not(waitingForStart)")
    )  # fmt: skip
    instance = start(session, complex_join("activationCount &gt;= 1", after))
    complete(session, instance, "b")
    assert open_elements(session, instance) == ["a", "c", "first"]
    complete(session, instance, "a")
    complete(session, instance, "c")
    assert open_elements(session, instance) == ["all", "first"]


def test_the_condition_may_ask_for_certain_flows(session: Session) -> None:
    after = user_task("after") + flow("join", "after")
    instance = start(session, complex_join("a_join = 1 and c_join = 1", after))
    complete(session, instance, "a")
    complete(session, instance, "b")
    assert open_elements(session, instance) == ["c"]
    complete(session, instance, "c")
    assert open_elements(session, instance) == ["after"]


def starting(type_: str) -> bytes:
    return diagram(
        f'<bpmn:eventBasedGateway id="g" instantiate="true" eventGatewayType="{type_}"/>'
        + f'<bpmn:intermediateCatchEvent id="a">{signal("s1")}</bpmn:intermediateCatchEvent>'
        + f'<bpmn:intermediateCatchEvent id="f">{signal("s2")}</bpmn:intermediateCatchEvent>'
        + user_task("at-alarm") + user_task("at-flood") + chain("g", "a", "at-alarm") + chain("g", "f", "at-flood"),
        roots=SIGNALS,
    )  # fmt: skip


def test_behind_a_parallel_starting_gateway_the_others_are_waited_for(session: Session) -> None:
    definitions.deploy(session, [File("g.bpmn", starting("Parallel"))], actor=None)
    correlation.broadcast(session, "alarm", {}, actor=None)
    [instance] = session.scalars(select(Instance))
    complete(session, instance, "at-alarm")
    assert instance.status == "active"
    correlation.broadcast(session, "flood", {}, actor=None)
    assert "at-flood" in open_elements(session, instance)
    complete(session, instance, "at-flood")
    assert instance.status == "completed"


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("complex-activation", START + FORK + '<bpmn:complexGateway id="join"/>' + BRANCHES),
        ("gateway-starved", START + FORK + '<bpmn:parallelGateway id="join"/><bpmn:task id="lost"/>'
         + BRANCHES + flow("lost", "join")),
        ("default-flow", START + '<bpmn:parallelGateway id="g" default="g_t"/><bpmn:task id="t"/>'
         + chain("start", "g", "t")),
        ("event-gateway", START + '<bpmn:eventBasedGateway id="g"/>'
         + f'<bpmn:intermediateCatchEvent id="a">{signal("s1")}</bpmn:intermediateCatchEvent>'
         + f'<bpmn:intermediateCatchEvent id="b">{signal("s2")}</bpmn:intermediateCatchEvent>'
         + flow("start", "g") + flow("g", "a", "x") + flow("g", "b")),
    ],
)  # fmt: skip
def test_a_gateway_that_cannot_do_what_it_says_is_refused(rule: str, body: str) -> None:
    assert rule in rules(diagram(body, roots=SIGNALS))
