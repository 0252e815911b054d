"""Reading event definitions: what an event waits for or throws."""

from typing import Any

from lxml import etree

from engine.feel import Expression
from engine.sentences import S_
from engine.workflow.bpmn.document import BPMN, Document, child, flag, local, plain
from engine.workflow.bpmn.model import EventDefinition
from engine.workflow.bpmn.words import KINDS

EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
ENDING = {"error", "terminate", "cancel"}
TAGS = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
}


def event_of(document: Document, element: etree._Element, kind: str) -> EventDefinition | None:
    """What an event waits for or throws; for a task, the message that it sends or receives."""
    if kind in EVENTS:
        return event(document, element)
    reference = element.get("messageRef")
    return _message(document, element, reference) if reference else None


def event(document: Document, element: etree._Element) -> EventDefinition:
    """The definition of an event, or of several at once."""
    given = [one for one in element if local(one).endswith("EventDefinition")]
    for reference in element.iterchildren(f"{{{BPMN}}}eventDefinitionRef"):
        given += _root_definition(document, element, reference.text)
    if not given:
        return EventDefinition("none")
    parts = [_definition(document, element, one) for one in given]
    if len(parts) == 1:
        return parts[0]
    parts.sort(key=lambda part: part.kind in ENDING)  # what ends the scope is thrown after all else
    return EventDefinition("multiple", parts=tuple(parts), parallel=flag(element, "parallelMultiple"))


def referred_event(document: Document, element: etree._Element, reference: str | None) -> EventDefinition | None:
    """The event definition of the file's root that a reference names."""
    found = _root_definition(document, element, reference)
    return _definition(document, element, found[0]) if found else None


def _root_definition(document: Document, element: etree._Element, reference: str | None) -> list[etree._Element]:
    name = plain(reference)
    found = [one for one in document.root if one.get("id") == name and local(one) in TAGS]
    if not found:
        text = S_("There is no event definition %(name)s.", name=name)
        document.refuse("unknown-reference", text, element, S_("Define it beside the process, or within the event."))
    return found


def _definition(document: Document, element: etree._Element, definition: etree._Element) -> EventDefinition:
    kind: Any = TAGS.get(local(definition))
    match kind:
        case "timer":
            return _timer(document, element, definition)
        case "message":
            return _message(document, element, definition.get("messageRef"))
        case "signal" | "error" | "escalation":
            return EventDefinition(kind, _code(document, element, definition, kind))
        case "conditional":
            return EventDefinition("conditional", value=_condition(document, element, definition))
        case "link":
            return EventDefinition("link", definition.get("name") or "")
        case "terminate" | "cancel":
            return EventDefinition(kind)
        case "compensation":
            wait = flag(definition, "waitForCompletion", default=True)
            return EventDefinition(kind, plain(definition.get("activityRef")) or None, wait=wait)
    document.refuse(
        "unsupported",
        S_("A %(kind)s cannot run here.", kind=local(definition)),
        element,
        S_("Use another kind of event."),
    )
    return EventDefinition("none")


def _condition(document: Document, element: etree._Element, definition: etree._Element) -> Expression | None:
    found = child(definition, "condition")
    if found is None or not (found.text or "").strip():
        hint = S_("Write the FEEL condition it waits for.")
        document.refuse("missing-condition", S_("The conditional event says no condition."), element, hint)
        return None
    return document.inner(element, definition, "condition")


def _timer(document: Document, element: etree._Element, definition: etree._Element) -> EventDefinition:
    found: list[tuple[Any, str]] = []
    for tag, kind in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        if written := (definition.findtext(f"{{{BPMN}}}{tag}") or "").strip():
            found.append((kind, written))
    if len(found) > 1:
        text = S_("The timer says several times; a timer has one (§10.5.5).")
        document.refuse("timer", text, element, S_("Keep one, or give the event two timers."))
    if found:
        return EventDefinition("timer", timer=found[0][0], value=document.value(element, found[0][1]))
    document.refuse(
        "timer", S_("The timer says no date, duration or cycle."), element, S_("Give it a time such as P30D.")
    )
    return EventDefinition("timer", timer="duration", value="PT0S")


def _message(document: Document, element: etree._Element, reference: str | None) -> EventDefinition:
    message = document.referred(reference, "message")
    if message is None:
        hint = S_("Choose the message that it waits for or sends.")
        if reference:
            document.refuse(
                "unknown-reference", S_("There is no message %(reference)s.", reference=reference), element, hint
            )
        else:
            document.refuse("message", S_("The event names no message."), element, hint)
        return EventDefinition("message", "")
    subscription = next((one for one in message.iter() if local(one) == "subscription"), None)
    key = subscription.get("correlationKey") if subscription is not None else None
    name = message.get("name") or message.get("id") or ""
    _refuse_computed(document, element, "message", name)
    return EventDefinition("message", name, document.expression(element, key) if key else None)


def _code(document: Document, element: etree._Element, definition: etree._Element, kind: str) -> str | None:
    reference = definition.get(f"{kind}Ref")
    referred = document.referred(reference, kind)
    if referred is None:
        if reference:
            text = S_("There is no %(kind)s %(reference)s.", kind=KINDS[kind], reference=reference)
            document.refuse(
                "unknown-reference",
                text,
                element,
                S_("Choose the %(kind)s, or define it beside the process.", kind=KINDS[kind]),
            )
        elif kind == "signal":
            document.refuse("signal", S_("The event names no signal."), element, S_("Choose the signal."))
        return None
    code = referred.get(f"{kind}Code") if kind != "signal" else None
    name = code or referred.get("name") or referred.get("id")
    _refuse_computed(document, element, kind, name)
    return name


def _refuse_computed(document: Document, element: etree._Element, kind: str, name: str | None) -> None:
    if (name or "").startswith("="):
        text = S_("The %(kind)s “%(name)s” must be named, not worked out while running.", kind=KINDS[kind], name=name)
        document.refuse("computed-name", text, element, S_("Name it; what differs belongs into a variable or a key."))
