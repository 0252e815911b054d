"""Events that throw: messages and signals go out, errors and escalations go up (BPMN 2.0 §10.5.6, §13.5)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.workflow import catching
from engine.workflow.bpmn import Element
from engine.workflow.facing import Thrown
from engine.workflow.tokens import WAITING, Token, context, put

if TYPE_CHECKING:
    from engine.workflow.steps import Steps


def throw(steps: "Steps", token: Token) -> None:
    """Throw what the event or send task says; the token may be gone afterwards."""
    element = token.element
    event = element.event
    kind = event.kind if event else "none"
    if element.operation and element.type != "sendTask":
        steps._service_task(token)
        return
    for name, source in element.inputs:
        put(token.data, name, steps.value(source, token))
    match kind:
        case "message":
            assert event is not None
            key = steps.value(event.correlation_key, token)
            variables = steps.given(token)
            thrown = Thrown("message", event.name or "", None if key is None else str(key), variables)
            steps.outbox.append(thrown)
            steps.say("message.thrown", token, name=thrown.name)
        case "signal":
            assert event is not None
            variables = steps.given(token)
            steps.outbox.append(Thrown("signal", event.name or "", None, variables))
            steps.say("signal.thrown", token, name=event.name)
            hear(steps, event.name or "", variables)
        case "error":
            _error_end(steps, token, event.name if event else None)
        case "escalation":
            throw_escalation(steps, token, event.name if event else None)
        case "terminate":
            scope = token.parent
            for other in scope.inside:
                if other is not token:
                    steps.interrupt(other)


def hear(steps: "Steps", name: str, variables: Mapping[str, Any]) -> None:
    """Everyone in the instance who waits for a signal hears it."""
    waiting = [one for one in steps.tree.all() if one.internal_data.get("catch", [None])[:2] == ["signal", name]]
    for token in waiting:
        if token.alive and token.state == WAITING:
            catching.fire(steps, token, variables)


def throw_error(steps: "Steps", token: Token, code: str | None, variables: Mapping[str, Any]) -> bool:
    """Let the nearest handler around a token catch an error. Returns whether there was one."""
    handler = _handler(token, "error", code)
    if handler is None:
        return False
    _catch(steps, handler, variables)
    return True


def throw_escalation(steps: "Steps", token: Token, code: str | None) -> None:
    """Let the nearest handler around a token hear an escalation; nobody need."""
    handler = _handler(token, "escalation", code)
    if handler is not None:
        _catch(steps, handler, {})


def _error_end(steps: "Steps", token: Token, code: str | None) -> None:
    if throw_error(steps, token, code, {}):
        if token.alive:
            steps.interrupt(token)
        return
    steps.end_instance(f"error {code or ''}".strip())


def _handler(token: Token, kind: str, code: str | None) -> Token | None:
    """The nearest boundary event or event sub-process that catches: an exact code before one without."""
    current: Token | None = token
    while current is not None:
        waiting = [one for one in current.inside if not one.is_root and _catches(one.element, kind, code)]
        waiting = [one for one in waiting if one.state == WAITING]
        exact = [one for one in waiting if one.element.event and one.element.event.name == code and code is not None]
        if exact or waiting:
            return (exact or waiting)[0]
        current = current.parent
    return None


def _catches(element: Element, kind: str, code: str | None) -> bool:
    event = element.event
    if event is None or event.kind != kind or element.type not in ("boundaryEvent", "startEvent"):
        return False
    return event.name is None or event.name == code


def _catch(steps: "Steps", handler: Token, variables: Mapping[str, Any]) -> None:
    catching.fire(steps, handler, variables)


__all__ = ["context", "hear", "throw", "throw_error", "throw_escalation"]
