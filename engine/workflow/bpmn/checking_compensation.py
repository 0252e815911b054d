"""What compensation and transactions need (BPMN 2.0 §10.7, §10.5.6)."""

from collections.abc import Iterator

from engine.sentences import S_
from engine.workflow.bpmn.findings import Finding, error, warning
from engine.workflow.bpmn.model import SUB_PROCESSES, Element, Process


def check(process: Process, element: Element) -> Iterator[Finding]:
    """The findings of an element as part of a compensation or a transaction."""
    kind = element.event.kind if element.event else "none"
    if kind == "compensation" and element.type == "boundaryEvent":
        yield from _boundary(process, element)
    elif kind == "compensation" and element.type == "startEvent":
        yield from _start(process, element)
    elif kind == "compensation":
        yield from _throw(process, element)
    elif kind == "cancel" and element.type == "endEvent":
        yield from _cancel(process, element)
    if element.for_compensation:
        yield from _handler(process, element)


def _boundary(process: Process, element: Element) -> Iterator[Finding]:
    if process.outgoing.get(element.id):
        text = S_("No flow leaves a compensation event: an association leads to the activity that compensates.")
        yield error(element, "compensation-flow", text, S_("Draw an association instead."))
    handler = process.elements.get(element.handler or "")
    if handler is None:
        text = S_("It does not say which activity compensates.")
        hint = S_("Draw an association to an activity that is marked as being for compensation (isForCompensation).")
        yield error(element, "compensation-handler", text, hint)
    elif handler.scope != element.scope:
        text = S_("%(handler)s, which compensates, stands in another sub-process.", handler=handler.id)
        yield error(element, "compensation-handler", text, S_("Put it beside the step that it compensates."))


def _handler(process: Process, element: Element) -> Iterator[Finding]:
    if process.incoming.get(element.id) or process.outgoing.get(element.id):
        text = S_("No flow leads to or from an activity that is for compensation.")
        yield error(element, "compensation-flow", text, S_("Remove the flows."))


def _start(process: Process, element: Element) -> Iterator[Finding]:
    owner = process.elements.get(element.scope)
    if owner is not None and owner.triggered_by_event and not owner.scope:
        text = S_("A whole process is not compensated here: only a sub-process has a compensation event sub-process.")
        yield error(element, "compensation-start", text, S_("Put the steps and it into a sub-process."))


def _throw(process: Process, element: Element) -> Iterator[Finding]:
    name = element.event.name if element.event else None
    if name is None:
        return
    activity = process.elements.get(name)
    if activity is None:
        yield error(
            element,
            "unknown-reference",
            S_("There is no activity %(name)s.", name=name),
            S_("Choose the activity to compensate."),
        )
    elif activity.scope not in _in_reach(process, element):
        text = S_(
            "%(name)s is out of reach: only activities of the same sub-process can be compensated (§10.5.6).", name=name
        )
        yield error(element, "compensation-reach", text, S_("Compensate the sub-process around it instead."))
    elif activity.type not in SUB_PROCESSES and process.compensation_handler(name) is None:
        text = S_("Nothing says how %(name)s is compensated: this does nothing.", name=name)
        yield warning(element, "compensation-handler", text, S_("Give it a compensation event with an activity."))


def _in_reach(process: Process, element: Element) -> set[str]:
    reach, scope = {element.scope}, process.elements.get(element.scope)
    while scope is not None and scope.triggered_by_event:
        reach.add(scope.scope)
        scope = process.elements.get(scope.scope)
    return reach


def _cancel(process: Process, element: Element) -> Iterator[Finding]:
    around = process.elements.get(element.scope)
    while around is not None and around.type != "transaction":
        around = process.elements.get(around.scope)
    if around is None:
        text = S_("A cancel event ends a transaction, and there is none around it.")
        yield error(element, "cancel-outside", text, S_("Make the sub-process a transaction, or use an error event."))
    elif not any(one.event and one.event.kind == "cancel" for one in process.boundaries.get(around.id, ())):
        text = S_("Nothing says what follows when %(around)s is cancelled: the token ends there.", around=around.id)
        yield warning(element, "cancel-uncaught", text, S_("Put a cancel event at the border of the transaction."))
