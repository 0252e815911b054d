"""Events that throw: messages and signals go out, errors and escalations go up (BPMN 2.0 §10.5.6, §13.5)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.workflow import catching
from engine.workflow.bpmn import EventDefinition
from engine.workflow.facing import Thrown
from engine.workflow.tokens import WAITING, Token, put

if TYPE_CHECKING:
    from engine.workflow.steps import Steps


def throw(steps: "Steps", token: Token) -> None:
    """Throw what the event or send task says; the token may be gone afterwards."""
    element = token.element
    if element.operation and element.type != "sendTask":
        steps._service_task(token)
        return
    for name, source in element.inputs:
        put(token.data, name, steps.value(source, token))
    for event in element.event.each if element.event else ():
        _throw_one(steps, token, event)


def _throw_one(steps: "Steps", token: Token, event: EventDefinition) -> None:
    match event.kind:
        case "message":
            key = steps.value(event.correlation_key, token)
            variables = steps.given(token)
            thrown = Thrown("message", event.name or "", None if key is None else str(key), variables)
            steps.outbox.append(thrown)
            steps.say("message.thrown", token, name=thrown.name)
        case "signal":
            variables = steps.given(token)
            steps.outbox.append(Thrown("signal", event.name or "", None, variables))
            steps.say("signal.thrown", token, name=event.name)
            hear(steps, event.name or "", variables)
        case "error":
            _error_end(steps, token, event.name)
        case "escalation":
            throw_escalation(steps, token, event.name)
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
    catching.fire(steps, handler, variables)
    return True


def throw_escalation(steps: "Steps", token: Token, code: str | None) -> None:
    """Let the nearest handler around a token hear an escalation; nobody need."""
    handler = _handler(token, "escalation", code)
    if handler is not None:
        catching.fire(steps, handler, {})


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
        waiting = [one for one in _armed(current) if one.event.kind == kind and one.event.name in (None, code)]
        exact = [one for one in waiting if one.event.name is not None]
        if exact or waiting:
            return (exact or waiting)[0]
        current = current.parent
    return None


def _armed(scope: Token) -> list[Token]:
    """The boundary events and event sub-processes that wait in a scope, part by part."""
    waiting = [one for one in scope.inside if not one.is_root and one.state == WAITING]
    events = [one for one in waiting if one.element.type in ("boundaryEvent", "startEvent")]
    return [part for one in events for part in one.inside or [one]]
