"""What gateways need (BPMN 2.0 §10.6)."""

from collections.abc import Iterator

from engine.sentences import S_
from engine.workflow.bpmn.findings import Finding, error, warning
from engine.workflow.bpmn.model import GATEWAYS, Element, Process

AFTER_EVENT_GATEWAY = {"message", "timer", "signal", "conditional"}
STARTING = {"message", "signal"}


def check(process: Process, element: Element) -> Iterator[Finding]:
    """The findings of an element as a gateway."""
    if element.type not in GATEWAYS:
        return
    yield from _direction(process, element)
    if element.type in ("exclusiveGateway", "inclusiveGateway", "complexGateway"):
        yield from _conditions(process, element)
    if element.type == "complexGateway":
        yield from _complex(process, element)
    if element.type == "eventBasedGateway":
        yield from _event_based(process, element)


def _direction(process: Process, element: Element) -> Iterator[Finding]:
    incoming, outgoing = process.incoming.get(element.id, ()), process.outgoing.get(element.id, ())
    if not outgoing and element.type != "eventBasedGateway":
        text = S_("Nothing leaves the gateway: every token ends here.")
        yield warning(element, "gateway-outgoing", text, S_("Draw what follows, or an end event."))
    wrong = (element.direction == "Diverging" and len(incoming) > 1) or (
        element.direction == "Converging" and len(outgoing) > 1
    )
    if wrong:
        text = S_(
            "The gateway is marked %(direction)s, but is drawn otherwise; it runs as drawn.",
            direction=element.direction,
        )
        yield warning(element, "gateway-direction", text, S_("Correct gatewayDirection."))


def _conditions(process: Process, element: Element) -> Iterator[Finding]:
    outgoing = process.outgoing.get(element.id, ())
    bare = [flow for flow in outgoing if flow.condition is None and flow.id != element.default]
    if len(outgoing) < 2:
        return
    if bare and element.type != "complexGateway":
        text = S_("The flow %(flow)s has no condition and is not the default.", flow=bare[0].id)
        hint = S_("Give it a condition, or make it the default flow.")
        say = error if len(bare) > 1 else warning
        yield say(element, "missing-condition", text, hint)
    elif not element.default and not bare:
        text = S_("If no condition holds, the case stops here as an incident.")
        yield warning(element, "no-default", text, S_("Make one flow the default."))


def _complex(process: Process, element: Element) -> Iterator[Finding]:
    if len(process.incoming.get(element.id, ())) < 2:
        return
    if element.activation is None:
        text = S_("The gateway does not say when the tokens that have come are enough.")
        hint = S_("Give it an activationCondition such as activationCount >= 2.")
        yield error(element, "complex-activation", text, hint)
    for flow in process.outgoing.get(element.id, ()):
        if flow.condition is not None and "waitingForStart" not in flow.condition.source:
            text = S_("The flow is taken when the gateway is activated, and not again when its last tokens have come.")
            yield warning(flow, "complex-reset", text, S_("Say so in its condition: waitingForStart and …"))


def _event_based(process: Process, element: Element) -> Iterator[Finding]:
    outgoing = process.outgoing.get(element.id, ())
    targets = [found for flow in outgoing if (found := process.elements.get(flow.target)) is not None]
    if len(outgoing) < 2:
        yield error(
            element, "event-gateway", S_("An event-based gateway chooses between two or more."), S_("Draw them.")
        )
    if any(flow.condition for flow in outgoing):
        text = S_("What happens first decides here; conditions on the flows are not looked at (§10.6.6).")
        yield error(element, "event-gateway", text, S_("Remove them."))
    types = {target.type for target in targets}
    if "receiveTask" in types and any(_waits_for(target, "message") for target in targets):
        text = S_("Receive tasks and message events may not stand together after an event-based gateway (§10.6.6).")
        yield error(element, "event-gateway", text, S_("Use one of the two."))
    if element.parallel_start and not element.instantiate:
        text = S_("Only an event-based gateway that starts the process can be parallel (§10.6.6).")
        yield error(element, "event-gateway", text, S_("Draw a parallel gateway before the events."))
    if element.instantiate and process.incoming.get(element.id):
        text = S_("Nothing may lead into a gateway that starts the process (§10.6.6).")
        yield error(element, "event-gateway", text, S_("Remove the flow, or instantiate."))
    for target in targets:
        yield from _after(process, element, target)


def _after(process: Process, gateway: Element, target: Element) -> Iterator[Finding]:
    if target.loop or process.boundaries.get(target.id):
        text = S_("A receive task after an event-based gateway has no boundary events and is no loop (§10.6.6).")
        yield error(target, "event-gateway", text, S_("Put a catching event there."))
    if len(process.incoming.get(target.id, ())) > 1:
        text = S_("What follows an event-based gateway has no other way in (§10.6.6).")
        yield error(target, "event-gateway", text, S_("Draw another event for the other way."))
    event = target.event
    kinds = {part.kind for part in event.each} if event else set()
    catches = target.type == "intermediateCatchEvent" and event and not event.parallel and kinds <= AFTER_EVENT_GATEWAY
    if not catches and target.type != "receiveTask":
        text = S_("After an event-based gateway only catching events and receive tasks may stand.")
        yield error(gateway, "event-gateway", text, S_("Put a catching event there."))
    elif gateway.instantiate and not kinds <= STARTING:
        text = S_("A process is started by messages and signals; a time or condition cannot start it here.")
        yield error(target, "event-gateway", text, S_("Use a start event, or another event here."))


def _waits_for(element: Element, kind: str) -> bool:
    event = element.event
    return (
        element.type == "intermediateCatchEvent" and event is not None and any(one.kind == kind for one in event.each)
    )
