"""Small diagrams for the tests of the engine, written as they would come from an editor (without the drawing)."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="definitions" targetNamespace="http://hejie.test">
"""


def diagram(body: str, *, key: str = "p", name: str = "Process", roots: str = "") -> bytes:
    """One executable process with `body`, beside root elements such as messages."""
    process = f'<bpmn:process id="{key}" name="{name}" isExecutable="true">{body}</bpmn:process>'
    return f"{HEAD}{roots}{process}</bpmn:definitions>".encode()


def flow(source: str, target: str, condition: str | None = None) -> str:
    """A sequence flow, with an id made of its ends."""
    if condition is None:
        return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
    expression = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{expression}</bpmn:sequenceFlow>"
    )


def user_task(element: str, *, groups: str = "", extra: str = "") -> str:
    """A user task for a group."""
    assigned = f'<zeebe:assignmentDefinition candidateGroups="{groups}"/>' if groups else ""
    extensions = f"<bpmn:extensionElements><zeebe:userTask/>{assigned}{extra}</bpmn:extensionElements>"
    return f'<bpmn:userTask id="{element}" name="{element}">{extensions}</bpmn:userTask>'


def service_task(element: str, operation: str, inputs: str = "") -> str:
    """A service task that uses an operation."""
    mapping = f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping>" if inputs else ""
    return (
        f'<bpmn:serviceTask id="{element}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{operation}"/>{mapping}</bpmn:extensionElements></bpmn:serviceTask>'
    )


def timer(duration: str, kind: str = "timeDuration") -> str:
    """A timer event definition."""
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{duration}</bpmn:{kind}></bpmn:timerEventDefinition>"


def signal(name: str) -> str:
    """A signal event definition."""
    return f'<bpmn:signalEventDefinition signalRef="{name}"/>'


def script(element: str, source: str, result: str) -> str:
    """A script task."""
    return (
        f'<bpmn:scriptTask id="{element}"><bpmn:extensionElements>'
        f'<zeebe:script expression="={source}" resultVariable="{result}"/>'
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )


START, END = '<bpmn:startEvent id="start"/>', '<bpmn:endEvent id="end"/>'
SIGNALS = '<bpmn:signal id="s1" name="alarm"/><bpmn:signal id="s2" name="flood"/>'

TWO_STEPS = diagram(
    '<bpmn:startEvent id="start"/>'
    + user_task("first", groups="village_mediator")
    + user_task("second", groups="town_mediator")
    + '<bpmn:endEvent id="end"/>'
    + flow("start", "first")
    + flow("first", "second")
    + flow("second", "end")
)

ROUND = diagram(
    '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="meet"/>'
    + user_task("again", groups="village_mediator")
    + flow("start", "meet")
    + flow("meet", "again")
    + flow("again", "meet")
)

TIMER = diagram(
    '<bpmn:startEvent id="start"/>'
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    + user_task("after")
    + '<bpmn:endEvent id="end"/>'
    + flow("start", "wait")
    + flow("wait", "after")
    + flow("after", "end")
)

MESSAGES = """
<bpmn:message id="m1" name="accepted"><bpmn:extensionElements>
<zeebe:subscription correlationKey="=case"/></bpmn:extensionElements></bpmn:message>
"""

WAITS_FOR_MESSAGE = diagram(
    '<bpmn:startEvent id="start"/>'
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="m1"/>'
    "</bpmn:intermediateCatchEvent>"
    + user_task("after")
    + '<bpmn:endEvent id="end"/>'
    + flow("start", "wait")
    + flow("wait", "after")
    + flow("after", "end"),
    key="waits",
    roots=MESSAGES,
)

SENDS_MESSAGE = diagram(
    '<bpmn:startEvent id="start"/>'
    '<bpmn:intermediateThrowEvent id="send"><bpmn:extensionElements><zeebe:ioMapping>'
    '<zeebe:input source="=answer" target="answer"/></zeebe:ioMapping></bpmn:extensionElements>'
    '<bpmn:messageEventDefinition messageRef="m1"/></bpmn:intermediateThrowEvent>'
    '<bpmn:endEvent id="end"/>' + flow("start", "send") + flow("send", "end"),
    key="sends",
    roots=MESSAGES,
)

STARTS_BY_MESSAGE = diagram(
    '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="m1"/></bpmn:startEvent>'
    + user_task("begun")
    + '<bpmn:endEvent id="end"/>'
    + flow("start", "begun")
    + flow("begun", "end"),
    key="starts-by-message",
    roots='<bpmn:message id="m1" name="begin"/>',
)

FAILS = diagram(
    '<bpmn:startEvent id="start"/>'
    + user_task("before")
    + service_task("act", "test.act")
    + user_task("after")
    + '<bpmn:endEvent id="end"/>'
    + flow("start", "before")
    + flow("before", "act")
    + flow("act", "after")
    + flow("after", "end")
)

FOUR_EYES = diagram(
    '<bpmn:startEvent id="start"/>'
    + user_task("fix")
    + user_task(
        "recheck",
        extra='<zeebe:properties><zeebe:property name="hejie.separate_from" value="fix"/></zeebe:properties>',
    )
    + '<bpmn:endEvent id="end"/>'
    + flow("start", "fix")
    + flow("fix", "recheck")
    + flow("recheck", "end")
)
