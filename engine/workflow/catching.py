"""Events that wait: arm, look, fire (BPMN 2.0 §10.5, §13.5)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.sentences import S_
from engine.workflow import limits, moments
from engine.workflow.bpmn import EventDefinition
from engine.workflow.facing import StepFailed
from engine.workflow.tokens import STARTED, WAITING, Token, context

if TYPE_CHECKING:
    from engine.workflow.steps import Steps


def arm(steps: "Steps", token: Token) -> bool | None:
    """Let an event wait for what it is about; True if it need not wait at all (a link, a condition that holds)."""
    event = token.event
    token._set_state(WAITING)
    match event.kind:
        case "timer":
            token.internal_data["timer"] = moments.first(
                event, context(token), steps.environment.runtime, steps.environment.now()
            )
        case "message":
            token.internal_data["catch"] = ["message", event.name, correlation_key(steps, token, event)]
        case "signal":
            token.internal_data["catch"] = ["signal", event.name, None]
        case "link":
            return True
        case "conditional":
            steps.conditional = True
            token.internal_data["was"] = False
            if token.element.type == "intermediateCatchEvent" and steps.value(event.value, token) is True:
                return True
        case "multiple":
            return _arm_parts(steps, token, event)
    return None


def wait(steps: "Steps", token: Token) -> bool | None:
    """An intermediate event: a token has come and waits."""
    steps.say_entered(token)
    steps.take_inputs(token)
    return arm(steps, token)


def behind_gateway(token: Token) -> bool:
    """Whether an event is armed for the event-based gateway before it, where the token is."""
    return not token.is_root and not token.parent.is_root and token.parent.element.type == "eventBasedGateway"


def correlation_key(steps: "Steps", token: Token, event: EventDefinition) -> str | None:
    """What a message is matched by; None where the diagram names no key.

    Raises StepFailed for a key without value: any instance that waits for the name would get the message.
    """
    if event.correlation_key is None:
        return None
    key = steps.value(event.correlation_key, token)
    if key is None:
        text = S_(
            "The correlation key “%(key)s” of the message “%(message)s” has no value.",
            key=event.correlation_key.source, message=event.name,
        )  # fmt: skip
        raise StepFailed("no-key", text)
    return str(key)


def _arm_parts(steps: "Steps", token: Token, event: EventDefinition) -> bool | None:
    """A token within the event's own for each of its parts; none where one of them cannot wait."""
    try:
        through = _arm_each(steps, token, event)
    except Exception:
        _disarm_parts(steps, token)
        raise
    if through:
        _disarm_parts(steps, token)
    return through


def _arm_each(steps: "Steps", token: Token, event: EventDefinition) -> bool | None:
    for number in range(len(event.parts)):
        part = steps.tree.add(token, token.element_id, WAITING)
        part.internal_data["part"] = number
        if arm(steps, part):
            steps.tree.remove(part)
            if not event.parallel:
                return True
    return None if token.inside else True


def without_parts(steps: "Steps", token: Token) -> Token:
    """An event that waits no more, whichever part of it is meant."""
    whole = token.parent if "part" in token.internal_data else token
    _disarm_parts(steps, whole)
    return whole


def _disarm_parts(steps: "Steps", token: Token) -> None:
    for part in token.inside:
        if "part" in part.internal_data:
            steps.tree.remove(part)


def event_based(steps: "Steps", token: Token) -> None:
    """An event-based gateway: arm what follows; the first that happens wins."""
    token._set_state(STARTED)
    steps.say_entered(token)
    for flow in token.process.outgoing[token.element_id]:
        waiting = steps.tree.add(token, flow.target, WAITING)
        waiting.internal_data["flow"] = flow.id
        steps.take_inputs(waiting)
        if arm(steps, waiting):
            fire(steps, waiting, {})
            return


def fire(steps: "Steps", token: Token, variables: Mapping[str, Any]) -> None:
    """What an event waited for has happened."""
    element = token.element
    if "part" in token.internal_data:
        _fire_part(steps, token, variables)
    elif token.internal_data.get("watch"):
        _start_event_sub_process(steps, token, variables)
    elif element.type == "boundaryEvent":
        _fire_boundary(steps, token, variables)
    elif behind_gateway(token):
        gateway, flow = token.parent, token.internal_data["flow"]
        scope = gateway.parent
        steps.say("gateway.decided", gateway, flows=[flow])
        steps.say("element.completed", gateway)
        steps.tree.remove(gateway)
        chosen = steps.tree.add(scope, element.id, STARTED)
        chosen.data.update(token.data)
        steps.say("flow.taken", chosen, flow)
        steps.say_entered(chosen)
        steps.finish(chosen, variables)
    elif following := moments.next_of_cycle(token.internal_data.get("timer", {})):
        token.internal_data["timer"] = following  # the cycle goes on, each of its rounds sends a token
        round_ = steps.tree.add(token.parent, element.id, STARTED)
        round_.data.update(token.data)
        steps.say_entered(round_)
        steps.finish(round_, variables)
    else:
        steps.finish(token, variables)


def fire_timer(steps: "Steps", token: Token) -> bool:
    """A time has come. A cycle is held up with an incident where the instance is full. Returns whether it fired."""
    if "every" in token.internal_data["timer"]:
        try:
            limits.require_room(steps.tree, 1)
        except StepFailed as full:
            steps.fail(token, full)
            return False
    steps.say("timer.fired", token)
    fire(steps, token, {})
    return True


def _fire_part(steps: "Steps", token: Token, variables: Mapping[str, Any]) -> None:
    """One part of a multiple event has happened: that is enough, or all of them must (parallel)."""
    whole = token.parent
    heard = {**whole.internal_data.get("heard", {}), **variables}
    if whole.event.parallel:
        steps.tree.remove(token)
        if whole.inside:
            whole.internal_data["heard"] = heard
            return
        whole.internal_data.pop("heard", None)
    elif whole.element.interrupting:
        _disarm_parts(steps, whole)
    else:
        rearm(steps, token)
    fire(steps, whole, heard)


def _fire_boundary(steps: "Steps", token: Token, variables: Mapping[str, Any]) -> None:
    host = token.parent
    scope, element = host.parent, token.element
    if element.interrupting:
        steps.interrupt(host)
    else:
        rearm(steps, token)
    fired = steps.tree.add(scope, element.id, STARTED)
    steps.say("event.fired", fired)
    steps.finish(fired, variables)


def _start_event_sub_process(steps: "Steps", token: Token, variables: Mapping[str, Any]) -> None:
    scope, start = token.parent, token.element
    if start.interrupting:
        for other in scope.inside:
            if other.element.attached_to != scope.element_id:  # those of the scope itself stay armed
                steps.interrupt(other)
    else:
        rearm(steps, token)
    begin_event_sub_process(steps, scope, start.id, start.scope, variables)


def begin_event_sub_process(
    steps: "Steps", scope: Token, start_id: str, sub_process: str, variables: Mapping[str, Any]
) -> None:
    """Put a token into an event sub-process, behind its start event."""
    inside = steps.tree.add(scope, sub_process, STARTED)
    steps.say("element.entered", inside)
    steps.watch(inside)
    begun = steps.tree.add(inside, start_id, STARTED)
    steps.finish(begun, variables)


def rearm(steps: "Steps", token: Token) -> None:
    """A non-interrupting event goes on waiting, except for a time that has passed."""
    if token.event.parallel:
        if any(part.kind == "timer" for part in token.event.parts):
            steps.tree.remove(token)
        else:
            _arm_again(steps, token)
        return
    timer = token.internal_data.get("timer")
    if timer is None:
        return
    following = moments.next_of_cycle(timer)
    if following is None:
        steps.tree.remove(token)
    else:
        token.internal_data["timer"] = following


def _arm_again(steps: "Steps", token: Token) -> None:
    """What cannot wait any more is an incident of its own: that it has happened stands."""
    try:
        arm(steps, token)
    except StepFailed as error:
        steps.fail(token, error)


def fire_conditions(steps: "Steps") -> bool:
    """Fire the conditional events whose condition has become true. Returns whether there was one."""
    if not steps.conditional:
        return False
    fired = False
    for token in steps.tree.all():
        if not token.alive or token.is_root or token.state != WAITING or "was" not in token.internal_data:
            continue
        holds = steps.value(token.event.value, token) is True
        was = token.internal_data["was"]
        token.internal_data["was"] = holds
        if holds and not was:
            fire(steps, token, {})
            fired = True
    return fired
