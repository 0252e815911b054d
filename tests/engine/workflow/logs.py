"""Diagrams whose steps write down that they ran: small words for the tests of what happens in which order."""

from itertools import pairwise

from tests.engine.workflow.diagrams import flow


def logs(element: str, *, entry: str | None = None, attributes: str = "", inside: str = "") -> str:
    """A script task that appends its id, or the FEEL value `entry`, to the variable log."""
    value = f"&quot;{element}&quot;" if entry is None else entry
    return (
        f'<bpmn:scriptTask id="{element}" {attributes}><bpmn:extensionElements>'
        f'<zeebe:script expression="=append(log, {value})" resultVariable="log"/>'
        f"</bpmn:extensionElements>{inside}</bpmn:scriptTask>"
    )


def event(kind: str, element: str, definition: str, *, attributes: str = "") -> str:
    """An event with one definition, such as event("endEvent", "e", "cancel")."""
    word = definition if definition.startswith("<") else f"<bpmn:{definition}EventDefinition/>"
    return f'<bpmn:{kind} id="{element}" {attributes}>{word}</bpmn:{kind}>'


def boundary(element: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    """A boundary event."""
    cancels = "" if interrupting else ' cancelActivity="false"'
    return event("boundaryEvent", element, definition, attributes=f'attachedToRef="{host}"{cancels}')


def undone_by(host: str, handler: str, *, entry: str | None = None) -> str:
    """A compensation event at the border of a step, with the script task that compensates it."""
    return (
        boundary(f"{host}-undo", host, "compensate")
        + logs(handler, entry=entry, attributes='isForCompensation="true"')
        + f'<bpmn:association id="{host}-to-{handler}" sourceRef="{host}-undo" targetRef="{handler}"/>'
    )


def throws(element: str, kind: str = "intermediateThrowEvent", *, of: str = "", wait: bool = True) -> str:
    """An event that throws compensation, of one activity or of all."""
    attributes = (f'activityRef="{of}" ' if of else "") + ("" if wait else 'waitForCompletion="false"')
    return event(kind, element, f"<bpmn:compensateEventDefinition {attributes}/>")


def chain(*elements: str) -> str:
    """Sequence flows from one element to the next."""
    return "".join(flow(one, other) for one, other in pairwise(elements))
