"""What activities need: tasks, calls, loops, sub-processes (BPMN 2.0 §10.3)."""

from collections.abc import Iterator
from datetime import date

from engine.sentences import S_
from engine.workflow.bpmn.findings import Finding, error, warning
from engine.workflow.bpmn.model import ACTIVITIES, SUB_PROCESSES, Element, Process
from engine.workflow.bpmn.retrying import delays
from engine.workflow.bpmn.schedules import read


def check(process: Process, element: Element) -> Iterator[Finding]:
    """The findings of an element as an activity."""
    if element.type not in ACTIVITIES:
        return
    yield from _task(element)
    yield from _loop(process, element)
    if element.type in SUB_PROCESSES:
        yield from _sub_process(process, element)
    if element.type == "adHocSubProcess":
        yield from _ad_hoc(process, element)
    if element.instantiate and process.incoming.get(element.id):
        text = S_("Nothing may lead to a receive task that starts the process (§10.3.3).")
        yield error(element, "instantiate", text, S_("Remove the flow, or instantiate."))


def _task(element: Element) -> Iterator[Finding]:
    try:
        delays(element.backoff)
    except ValueError as problem:
        yield error(
            element,
            "backoff",
            problem.args[0],
            S_("Write durations with commas between, such as PT10S,PT1M."),
        )
    if isinstance(element.due_date, str) and not isinstance(read(element.due_date), date):
        text = S_("“%(text)s” is no date.", text=element.due_date)
        yield error(
            element, "due-date", text, S_("Write a day such as 2026-12-23, a time of it, or FEEL with a leading =.")
        )
    match element.type:
        case "serviceTask" if not element.operation:
            yield error(element, "no-operation", S_("The service task names no operation."), S_("Choose what it does."))
        case "businessRuleTask" if not element.called_decision and not element.operation:
            yield error(
                element, "no-decision", S_("The business rule task names no decision."), S_("Choose the decision.")
            )
        case "callActivity" if not element.called_process:
            yield error(element, "no-process-called", S_("The call activity calls nothing."), S_("Choose the process."))
        case "scriptTask" if element.script is None and not element.operation:
            yield warning(element, "empty-script", S_("The script task does nothing."), S_("Write a FEEL expression."))
        case "receiveTask" if element.event is None:
            yield error(element, "no-message", S_("The receive task names no message."), S_("Choose the message."))
        case "sendTask" if element.event is None and not element.operation:
            text = S_("The send task names no message.")
            yield error(element, "no-message", text, S_("Choose the message or an operation."))


def _loop(process: Process, element: Element) -> Iterator[Finding]:
    loop = element.loop
    if loop is None:
        return
    if element.triggered_by_event:
        text = S_("An event sub-process is no loop: it runs once for each time its event happens.")
        yield error(element, "event-sub-process-loop", text, S_("Put a sub-process that loops into it."))
    if loop.output_collection and loop.output_element is None:
        text = S_("Nothing is said to go into %(output_collection)s.", output_collection=loop.output_collection)
        yield error(element, "multi-instance-output", text, S_("Say which value of each instance (outputElement)."))
    thrown = {(event.kind, event.name) for _, event in loop.throws}
    for boundary in process.boundaries.get(element.id, ()):
        caught = {(part.kind, part.name) for part in boundary.event.each} if boundary.event else set()
        if boundary.interrupting and thrown & caught:
            text = S_(
                "%(boundary)s would end all instances when the first one throws the event that it catches.",
                boundary=boundary.id,
            )
            hint = S_("Make the boundary event non-interrupting, or use a completion condition.")
            yield error(element, "behavior-interrupting", text, hint)


def _sub_process(process: Process, element: Element) -> Iterator[Finding]:
    if not process.within[element.id]:
        yield warning(
            element, "empty-sub-process", S_("The sub-process is empty and does nothing."), S_("Draw what it does.")
        )
    if not element.triggered_by_event:
        return
    if element.type != "subProcess":
        text = S_("Only a plain sub-process can be triggered by an event.")
        yield error(element, "event-sub-process-type", text, S_("Put the transaction or ad-hoc sub-process into it."))
    if process.incoming.get(element.id) or process.outgoing.get(element.id):
        yield error(
            element, "event-sub-process-flow", S_("No flow may touch an event sub-process."), S_("Remove the flow.")
        )
    if len([one for one in process.starts(element.id) if one.type == "startEvent"]) != 1:
        text = S_("An event sub-process has exactly one start event.")
        yield error(element, "event-sub-process-start", text, S_("Draw one."))


def _ad_hoc(process: Process, element: Element) -> Iterator[Finding]:
    inside = process.within[element.id]
    for one in inside:
        if one.type in ("startEvent", "endEvent"):
            text = S_("An ad-hoc sub-process has no start and end events: its steps begin by themselves (§10.3.5).")
            yield error(one, "ad-hoc-contents", text, S_("Remove it, or use a sub-process."))
        elif element.sequential and (
            len(process.outgoing.get(one.id, ())) > 1
            or any(not event.interrupting for event in process.boundaries.get(one.id, ()))
        ):
            text = S_("Here one step may run at a time, but this one can be followed by several at once.")
            yield error(one, "ad-hoc-sequential", text, S_("Make the sub-process parallel, or draw one way on."))
    if inside and not any(one.type in ACTIVITIES for one in inside):
        yield error(
            element, "ad-hoc-contents", S_("An ad-hoc sub-process holds activities (§10.3.5)."), S_("Draw one.")
        )
