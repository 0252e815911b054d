"""What the standard forbids, and what would surprise: findings on a process that could be read."""

from collections.abc import Iterator, Sequence

from engine.workflow.bpmn.findings import Finding
from engine.workflow.bpmn.model import ACTIVITIES, Element, Process
from engine.workflow.bpmn.retrying import delays

INTERMEDIATE_CATCH = {"message", "timer", "signal", "conditional", "link"}
INTERMEDIATE_THROW = {"none", "message", "signal", "escalation", "link"}
BOUNDARY = {"message", "timer", "signal", "conditional", "error", "escalation"}
END = {"none", "message", "signal", "error", "escalation", "terminate"}
START = {"none", "message", "timer", "signal"}
EVENT_START = {"message", "timer", "signal", "conditional", "error", "escalation"}
AFTER_EVENT_GATEWAY = {"message", "timer", "signal", "conditional"}


def check(process: Process) -> Iterator[Finding]:
    """All findings of a process."""
    yield from _flows(process)
    for element in process.elements.values():
        yield from _position(process, element)
        yield from _gateway(process, element)
        yield from _task(process, element)
    for scope in process.within:
        yield from _starts(process, scope)
        yield from _unreachable(process, scope)


def _error(element: Element, rule: str, message: str, hint: str) -> Finding:
    return Finding("error", rule, message, element.id, element.line, hint)


def _warning(element: Element, rule: str, message: str, hint: str) -> Finding:
    return Finding("warning", rule, message, element.id, element.line, hint)


def _flows(process: Process) -> Iterator[Finding]:
    for flow in process.flows.values():
        ends = [process.elements.get(flow.source), process.elements.get(flow.target)]
        if None in ends:
            text = f"The flow from {flow.source or 'nowhere'} to {flow.target or 'nowhere'} hangs in the air."
            yield Finding("error", "dangling-flow", text, flow.id, None, "Connect both ends.")
            continue
        source, target = process.elements[flow.source], process.elements[flow.target]
        if source.scope != target.scope:
            text = "A sequence flow may not cross the border of a sub-process."
            yield Finding("error", "flow-crosses-scope", text, flow.id, None, "Draw it within the sub-process.")
        if source.type == "endEvent":
            yield _error(source, "flow-out-of-end", "Nothing may leave an end event.", "Use an intermediate event.")
        if target.type in ("startEvent", "boundaryEvent"):
            yield _error(target, "flow-into-start", "Nothing may lead into this event.", "Lead it to the step after.")
        if flow.condition and source.type == "parallelGateway":
            text = "A parallel gateway takes every flow; a condition on one is ignored."
            yield _warning(source, "parallel-condition", text, "Use an inclusive gateway, or remove the condition.")


def _position(process: Process, element: Element) -> Iterator[Finding]:
    kinds = [part.kind for part in element.event.each] if element.event else ["none"]
    allowed = {
        "intermediateCatchEvent": INTERMEDIATE_CATCH,
        "intermediateThrowEvent": INTERMEDIATE_THROW,
        "boundaryEvent": BOUNDARY,
        "endEvent": END,
    }.get(element.type)
    if element.type == "startEvent":
        owner = process.elements.get(element.scope)
        allowed = START if owner is None else EVENT_START if owner.triggered_by_event else {"none"}
    for kind in kinds:
        if allowed is not None and kind not in allowed:
            hint = f"Allowed: {', '.join(sorted(allowed))}."
            yield _error(element, "event-position", f"A {kind} event may not stand here.", hint)
    if len(kinds) > 1:
        yield from _multiple(element, kinds)
    if element.type == "boundaryEvent":
        host = process.elements.get(element.attached_to or "")
        if host is None or host.type not in ACTIVITIES:
            yield _error(element, "boundary-host", "The boundary event hangs on no activity.", "Put it on a step.")
    if element.type == "startEvent" and "timer" in kinds and not element.scope:
        text = "A process does not start by itself at a time here yet."
        yield _error(element, "timer-start", text, "Start it by message, or by hand.")
    if element.triggered_by_event and (process.incoming.get(element.id) or process.outgoing.get(element.id)):
        yield _error(element, "event-sub-process-flow", "No flow may touch an event sub-process.", "Remove the flow.")
    if element.triggered_by_event and len(process.starts(element.id)) != 1:
        yield _error(
            element, "event-sub-process-start", "An event sub-process has exactly one start event.", "Draw one."
        )
    if "error" in kinds and element.type == "startEvent" and not element.interrupting:
        yield _error(element, "error-interrupts", "An error always interrupts.", "Make the start event interrupting.")


def _multiple(element: Element, kinds: Sequence[str]) -> Iterator[Finding]:
    if element.type == "startEvent" and not element.scope:
        text = "A start event of a process has one trigger here."
        yield _error(element, "multiple-event", text, "Draw one start event each.")
    if "link" in kinds or len([kind for kind in kinds if kind in ("error", "terminate")]) > 1:
        yield _error(element, "multiple-event", "These cannot happen together.", "Draw one event each.")


def _gateway(process: Process, element: Element) -> Iterator[Finding]:
    outgoing = process.outgoing.get(element.id, ())
    if element.default and element.default not in {flow.id for flow in outgoing}:
        yield _error(
            element, "default-flow", "The default flow does not leave this element.", "Choose one of its flows."
        )
    if element.type in ("exclusiveGateway", "inclusiveGateway") and len(outgoing) > 1:
        bare = [flow for flow in outgoing if flow.condition is None and flow.id != element.default]
        if bare:
            text = f"The flow {bare[0].id} has no condition and is not the default."
            hint = "Give it a condition, or make it the default flow."
            yield (_error if len(bare) > 1 else _warning)(element, "missing-condition", text, hint)
        elif not element.default:
            text = "If no condition holds, the case stops here as an incident."
            yield _warning(element, "no-default", text, "Make one flow the default.")
    if element.type == "eventBasedGateway":
        for flow in outgoing:
            target = process.elements.get(flow.target)
            if target is not None and (target.loop or process.boundaries.get(target.id)):
                text = "A receive task after an event-based gateway has no boundary events and is no loop (§10.6.6)."
                yield _error(target, "event-gateway", text, "Put a catching event there.")
            if target is not None and len(process.incoming.get(target.id, ())) > 1:
                text = "What follows an event-based gateway has no other way in (§10.6.6)."
                yield _error(target, "event-gateway", text, "Draw another event for the other way.")
            waits = target is not None and (
                target.type == "receiveTask"
                or (
                    target.type == "intermediateCatchEvent"
                    and target.event
                    and not target.event.parallel
                    and all(part.kind in AFTER_EVENT_GATEWAY for part in target.event.each)
                )
            )
            if not waits:
                text = "After an event-based gateway only catching events and receive tasks may stand."
                yield _error(element, "event-gateway", text, "Put a catching event there.")
        if len(outgoing) < 2:
            yield _error(element, "event-gateway", "An event-based gateway chooses between two or more.", "Draw them.")


def _task(process: Process, element: Element) -> Iterator[Finding]:
    try:
        delays(element.backoff)
    except ValueError as error:
        yield _error(element, "backoff", f"{error}.", "Write durations with commas between, such as PT10S,PT1M.")
    match element.type:
        case "serviceTask" if not element.operation:
            yield _error(element, "no-operation", "The service task names no operation.", "Choose what it does.")
        case "businessRuleTask" if not element.called_decision and not element.operation:
            yield _error(element, "no-decision", "The business rule task names no decision.", "Choose the decision.")
        case "callActivity" if not element.called_process:
            yield _error(element, "no-process-called", "The call activity calls nothing.", "Choose the process.")
        case "scriptTask" if element.script is None and not element.operation:
            yield _warning(element, "empty-script", "The script task does nothing.", "Write a FEEL expression.")
        case "receiveTask" if element.event is None:
            yield _error(element, "no-message", "The receive task names no message.", "Choose the message.")
        case "sendTask" if element.event is None and not element.operation:
            yield _error(
                element, "no-message", "The send task names no message.", "Choose the message or an operation."
            )


def _starts(process: Process, scope: str) -> Iterator[Finding]:
    inside, starts = process.within[scope], process.starts(scope)
    plain = [one for one in starts if one.type == "startEvent" and (one.event is None or one.event.kind == "none")]
    if len(plain) > 1:
        text = "With several start events without a trigger it is not said where to begin."
        yield _error(plain[1], "several-starts", text, "Keep one of them, and lead it to a gateway.")
    if inside and not starts and not all(element.triggered_by_event for element in inside):
        yield _error(inside[0], "no-start", "Nothing here begins by itself.", "Draw a start event.")


def _unreachable(process: Process, scope: str) -> Iterator[Finding]:
    reached: set[str] = set()
    waiting = [element.id for element in process.starts(scope)]
    while waiting:
        current = waiting.pop()
        if current in reached:
            continue
        reached.add(current)
        waiting += [flow.target for flow in process.outgoing.get(current, ())]
        waiting += [event.id for event in process.boundaries.get(current, ())]
    for element in process.within[scope]:
        if element.id not in reached and not element.triggered_by_event:
            yield _warning(element, "unreachable", "No token can ever come here.", "Connect it, or remove it.")
