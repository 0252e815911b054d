"""Where events may stand, and what they need (BPMN 2.0 §10.5)."""

from collections.abc import Iterator, Sequence

from engine.feel import Expression
from engine.sentences import S_, Series
from engine.workflow.bpmn.findings import Finding, error, warning
from engine.workflow.bpmn.model import ACTIVITIES, Element, EventDefinition, Process
from engine.workflow.bpmn.schedules import unreadable
from engine.workflow.bpmn.words import KINDS

ALLOWED = {
    "intermediateCatchEvent": {"message", "timer", "signal", "conditional", "link"},
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link", "compensation"},
    "boundaryEvent": {"message", "timer", "signal", "conditional", "error", "escalation", "compensation", "cancel"},
    "endEvent": {"none", "message", "signal", "error", "escalation", "terminate", "compensation", "cancel"},
}
START = {"none", "message", "timer", "signal", "conditional"}
EVENT_START = {"message", "timer", "signal", "conditional", "error", "escalation", "compensation"}


def check(process: Process, element: Element) -> Iterator[Finding]:
    """The findings of an element as an event."""
    if element.event is None:
        return
    kinds = [part.kind for part in element.event.each]
    yield from _position(process, element, kinds)
    yield from _timers(element)
    if len(kinds) > 1:
        yield from _multiple(element, kinds)
    if element.type == "boundaryEvent":
        yield from _boundary(process, element, kinds)
    if element.type == "startEvent" and "error" in kinds and not element.interrupting:
        yield error(
            element, "error-interrupts", S_("An error always interrupts."), S_("Make the start event interrupting.")
        )
    if element.type in ("boundaryEvent", "startEvent"):
        yield from _caught_twice(process, element)


def _position(process: Process, element: Element, kinds: Sequence[str]) -> Iterator[Finding]:
    allowed = ALLOWED.get(element.type)
    if element.type == "startEvent":
        owner = process.elements.get(element.scope)
        allowed = START if owner is None else EVENT_START if owner.triggered_by_event else {"none"}
    for kind in kinds:
        if allowed is not None and kind not in allowed:
            hint = S_("Allowed: %(kinds)s.", kinds=Series(KINDS[one] for one in sorted(allowed)))
            yield error(element, "event-position", S_("No %(kind)s event may stand here.", kind=KINDS[kind]), hint)


def _multiple(element: Element, kinds: Sequence[str]) -> Iterator[Finding]:
    if element.type == "startEvent" and not element.scope and element.event and element.event.parallel:
        text = S_("Which triggers belong together is not said before the process has started.")
        hint = S_("Draw a parallel event-based gateway that starts the process.")
        yield error(element, "multiple-event", text, hint)
    alone = {"link", "compensation", "cancel"} & set(kinds)
    if alone or len([kind for kind in kinds if kind in ("error", "terminate")]) > 1:
        yield error(element, "multiple-event", S_("These cannot happen together."), S_("Draw one event each."))
    elif "error" in kinds and element.event and element.event.parallel:
        text = S_("An error ends the part that throws it at once: nothing can be waited for besides.")
        yield error(element, "multiple-event", text, S_("Draw an event of its own for the error."))


def _boundary(process: Process, element: Element, kinds: Sequence[str]) -> Iterator[Finding]:
    host = process.elements.get(element.attached_to or "")
    if host is None or host.type not in ACTIVITIES or host.triggered_by_event:
        yield error(element, "boundary-host", S_("The boundary event hangs on no activity."), S_("Put it on a step."))
        return
    if host.scope != element.scope:
        text = S_("The boundary event stands in another sub-process than %(host)s, which it hangs on.", host=host.id)
        yield error(element, "boundary-host", text, S_("Draw it anew at the step."))
    if "cancel" in kinds and host.type != "transaction":
        text = S_("Only transactions can be cancelled.")
        yield error(element, "cancel-outside", text, S_("Make the step a transaction, or use an error event."))
    for kind in ("error", "cancel"):
        if kind in kinds and not element.interrupting:
            text = S_("An error always interrupts.") if kind == "error" else S_("Cancelling always interrupts.")
            yield error(element, "error-interrupts", text, S_("Make the boundary event interrupting."))
    if not process.outgoing.get(element.id) and "compensation" not in kinds:
        text = S_("Nothing follows this boundary event: its token ends at once.")
        yield warning(element, "boundary-without-flow", text, S_("Draw what happens then."))


def _caught_twice(process: Process, element: Element) -> Iterator[Finding]:
    """Of two events that catch the same, the standard does not say which one does."""
    if element.type == "boundaryEvent":
        beside = process.boundaries.get(element.attached_to or "", ())
    else:
        owner = process.elements.get(element.scope)
        beside = tuple(process.event_sub_processes(owner.scope)) if owner and owner.triggered_by_event else ()
    for kind in ("error", "escalation", "cancel", "compensation"):
        mine = _names(element, kind)
        for other in beside:
            if other is element:
                break
            if mine & _names(other, kind):
                text = S_(
                    "%(other)s catches the same %(kind)s; only one of them can.", other=other.id, kind=KINDS[kind]
                )
                yield error(element, "caught-twice", text, S_("Remove one of them, or give another code."))


def _names(element: Element, kind: str) -> set[str | None]:
    return {part.name for part in element.event.each if part.kind == kind} if element.event else set()


def _timers(element: Element) -> Iterator[Finding]:
    for part in element.event.each if element.event else ():
        if part.kind == "timer" and not isinstance(part.value, Expression):
            yield from _literal(element, part)


def _literal(element: Element, part: EventDefinition) -> Iterator[Finding]:
    problem = unreadable(part.timer or "duration", str(part.value))
    if problem:
        hint = S_(
            "Write P30D (duration), R3/PT10H or 0 0 9 * * MON-FRI with seconds first (cycle), "
            "2026-12-23T00:00:00+08:00 (date), or FEEL with a leading =."
        )
        yield error(element, "timer", problem, hint)
