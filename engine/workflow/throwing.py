"""Events that throw: messages and signals go out, errors and escalations go up (BPMN 2.0 §10.5.6, §13.5)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.workflow import catching, compensation, limits
from engine.workflow.bpmn import EventDefinition
from engine.workflow.facing import Thrown
from engine.workflow.tokens import WAITING, Token

if TYPE_CHECKING:
    from engine.workflow.steps import Steps
GOING_OUT = ("message", "signal")


def throw(steps: "Steps", token: Token) -> bool:
    """Throw what the event or send task says; the token may be gone afterwards. Returns whether it need not wait."""
    element = token.element
    if element.event is not None and element.event.kind == "compensation":
        return compensation.throw(steps, token, element.event)
    steps.take_inputs(token)
    events = element.event.each if element.event else ()
    require(steps, token, events)
    for event in events:
        throw_one(steps, token, event)
    return True


def require(steps: "Steps", token: Token, events: Sequence[EventDefinition]) -> None:
    """Raises StepFailed where one of some events cannot be thrown: all or none, or a retry would throw some twice."""
    limits.require_messages(steps.tree, sum(one.kind in GOING_OUT for one in events))
    for one in events:
        if one.kind == "message":
            catching.correlation_key(steps, token, one)


def throw_one(steps: "Steps", token: Token, event: EventDefinition) -> None:
    """Throw one event from where a token is; the token may be gone afterwards."""
    match event.kind:
        case "message":
            key = catching.correlation_key(steps, token, event)
            thrown = Thrown("message", event.name or "", key, steps.given(token))
            _send(steps, thrown)
            steps.say("message.thrown", token, name=thrown.name)
        case "signal":
            variables = steps.given(token)
            _send(steps, Thrown("signal", event.name or "", None, variables))
            steps.say("signal.thrown", token, name=event.name)
            hear(steps, event.name or "", variables)
        case "error":
            _error_end(steps, token, event.name)
        case "escalation":
            throw_escalation(steps, token, event.name)
        case "cancel":
            compensation.cancel(steps, token)
        case "terminate":
            scope = token.parent
            for other in scope.inside:
                if other is not token:
                    steps.interrupt(other)


def _send(steps: "Steps", thrown: Thrown) -> None:
    limits.require_messages(steps.tree, 1)
    limits.allow_messages(steps.tree, limits.messages_left(steps.tree) - 1)
    steps.outbox.append(thrown)


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
    """The nearest boundary event or event sub-process that catches: an exact code before one without (§10.5.6).

    In a scope its event sub-processes come before the events at its boundary. What an event sub-process throws is for
    those around: its own start event, which may still wait, does not catch it again.
    """
    current: Token | None = token
    handling = ""
    while current is not None:
        for type_ in ("startEvent", "boundaryEvent"):
            armed = [one for one in _armed(current, type_) if type_ != "startEvent" or one.element.scope != handling]
            waiting = [one for one in armed if one.event.kind == kind]
            fitting = [one for one in waiting if one.event.name in (None, code)]
            exact = [one for one in fitting if one.event.name is not None]
            if fitting:
                return (exact or fitting)[0]
        handling, current = current.element_id, current.parent
    return None


def _armed(scope: Token, type_: str) -> list[Token]:
    """The event sub-processes or boundary events that wait in a scope, part by part."""
    waiting = [one for one in scope.inside if not one.is_root and one.state == WAITING and one.element.type == type_]
    return [part for one in waiting for part in one.inside or [one]]
