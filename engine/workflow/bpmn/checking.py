"""What the standard forbids, and what would surprise: findings on a process that could be read."""

from collections.abc import Iterator

from engine.sentences import S_
from engine.workflow.bpmn import checking_activities, checking_compensation, checking_events, checking_gateways
from engine.workflow.bpmn.findings import Finding, error, warning
from engine.workflow.bpmn.model import ACTIVITIES, Element, Process, StartEvent
from engine.workflow.bpmn.words import KINDS

CONDITIONAL = ACTIVITIES | {"exclusiveGateway", "inclusiveGateway", "complexGateway"}


def check(process: Process) -> Iterator[Finding]:
    """All findings of a process."""
    yield from _flows(process)
    for element in process.elements.values():
        yield from checking_events.check(process, element)
        yield from checking_gateways.check(process, element)
        yield from checking_activities.check(process, element)
        yield from checking_compensation.check(process, element)
        yield from _default(process, element)
    for scope in process.within:
        yield from _starts(process, scope)
        yield from _unreachable(process, scope)


def _flows(process: Process) -> Iterator[Finding]:
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source is None or target is None:
            text = S_(
                "The flow from %(source)s to %(target)s hangs in the air.",
                source=flow.source or "—",
                target=flow.target or "—",
            )
            yield error(flow, "dangling-flow", text, S_("Connect both ends."))
            continue
        if source.scope != target.scope:
            text = S_("A sequence flow may not cross the border of a sub-process.")
            yield error(flow, "flow-crosses-scope", text, S_("Draw it within the sub-process."))
        if source.type == "endEvent":
            yield error(
                source, "flow-out-of-end", S_("Nothing may leave an end event."), S_("Use an intermediate event.")
            )
        if target.type in ("startEvent", "boundaryEvent"):
            yield error(
                target, "flow-into-start", S_("Nothing may lead into this event."), S_("Lead it to the step after.")
            )
        if flow.condition and source.type == "parallelGateway":
            text = S_("A parallel gateway takes every flow; a condition on one is ignored.")
            yield warning(source, "parallel-condition", text, S_("Use an inclusive gateway, or remove the condition."))
        if flow.condition and source.default == flow.id:
            text = S_("The default flow is taken when no other is; its own condition is ignored.")
            yield warning(flow, "default-condition", text, S_("Remove the condition."))


def _default(process: Process, element: Element) -> Iterator[Finding]:
    outgoing = process.outgoing.get(element.id, ())
    if not element.default:
        if element.type in ACTIVITIES and outgoing and all(flow.condition for flow in outgoing):
            text = S_("If no condition holds, the case stops here as an incident.")
            yield warning(element, "no-default", text, S_("Make one flow the default."))
    elif element.default not in {flow.id for flow in outgoing}:
        text = S_("The default flow does not leave this element.")
        yield error(element, "default-flow", text, S_("Choose one of its flows."))
    elif element.type not in CONDITIONAL:
        text = S_("Only activities and exclusive, inclusive and complex gateways have a default flow.")
        yield error(element, "default-flow", text, S_("Remove the default."))


def _starts(process: Process, scope: str) -> Iterator[Finding]:
    inside, starts = process.within[scope], process.starts(scope)
    plain = [one for one in starts if one.type == "startEvent" and (one.event is None or one.event.kind == "none")]
    if len(plain) > 1:
        text = S_("With several start events without a trigger it is not said where to begin.")
        yield error(plain[1], "several-starts", text, S_("Keep one of them, and lead it to a gateway."))
    if inside and not starts and not all(element.triggered_by_event for element in inside):
        yield error(inside[0], "no-start", S_("Nothing here begins by itself."), S_("Draw a start event."))
    triggers: dict[tuple[str, str | None], StartEvent] = {}
    for start in process.start_events if not scope else ():
        kind = start.event.kind
        if kind in ("message", "signal") and (first := triggers.setdefault((kind, start.event.name), start)) != start:
            text = S_("%(first)s starts the process by the same %(kind)s.", first=first.element_id, kind=KINDS[kind])
            at = process.elements[start.element_id]
            yield error(at, "start-twice", text, S_("Keep one of them, and lead it to a gateway."))


def _unreachable(process: Process, scope: str) -> Iterator[Finding]:
    reached: set[str] = set()
    waiting = [element.id for element in process.starts(scope)]
    handlers = {event.handler for event in process.elements.values() if event.handler}
    waiting += [element.id for element in process.within[scope] if element.id in handlers]
    while waiting:
        current = waiting.pop()
        if current in reached:
            continue
        reached.add(current)
        waiting += [flow.target for flow in process.outgoing.get(current, ())]
        waiting += [event.id for event in process.boundaries.get(current, ())]
    for element in process.within[scope]:
        if element.id not in reached and not element.triggered_by_event:
            yield warning(element, "unreachable", S_("No token can ever come here."), S_("Connect it, or remove it."))
        elif element.type == "parallelGateway":
            starved = [flow for flow in process.incoming.get(element.id, ()) if flow.source not in reached]
            if starved:
                text = S_("It waits for a token over %(starved)s, but none can ever come there.", starved=starved[0].id)
                yield error(element, "gateway-starved", text, S_("Connect what leads there, or remove the flow."))
