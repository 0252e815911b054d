"""Ways through a process: from where a token can come to a gateway (BPMN 2.0 §13.4.3)."""

from collections.abc import Iterable

from engine.workflow.bpmn.model import Process


def leading_to(process: Process, gateway: str, targets: Iterable[str]) -> set[str]:
    """The elements from which a token can reach one of the targets without passing the gateway."""
    found: set[str] = set()
    waiting = list(targets)
    while waiting:
        element = waiting.pop()
        if element in found or element == gateway:
            continue
        found.add(element)
        waiting += [flow.source for flow in process.incoming.get(element, ())]
        host = process.elements[element].attached_to
        if host:
            waiting.append(host)
    return found


def may_come(process: Process, gateway: str, arrived: set[str], elsewhere: Iterable[str]) -> bool:
    """Whether a token elsewhere can reach a flow of an inclusive gateway that none has come over.

    One that can as well reach a flow over which a token has come is not waited for.
    """
    incoming = process.incoming.get(gateway, ())
    to_empty = leading_to(process, gateway, (flow.source for flow in incoming if flow.id not in arrived))
    to_filled = leading_to(process, gateway, (flow.source for flow in incoming if flow.id in arrived))
    return any(element in to_empty and element not in to_filled for element in elsewhere)
