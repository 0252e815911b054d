"""Gateways that wait for tokens: parallel, inclusive and complex (BPMN 2.0 §13.4.1, §13.4.3, §13.4.5)."""

from collections import Counter
from typing import TYPE_CHECKING

from engine.workflow.bpmn import Flow
from engine.workflow.bpmn.graph import may_come
from engine.workflow.tokens import READY, WAITING, Token

if TYPE_CHECKING:
    from engine.workflow.steps import Steps


def parallel(steps: "Steps", token: Token) -> bool | None:
    """Go on when a token has come over each flow; one of each is consumed."""
    incoming = token.process.incoming.get(token.element_id, ())
    if len(incoming) < 2:
        return True
    arrived = _arrived(token.parent, token.element_id, besides=token)
    flow = token.internal_data.get("flow")
    needed = [one.id for one in incoming if one.id != flow]
    if any(one not in arrived for one in needed):
        token._set_state(WAITING)
        return None
    for one in needed:
        steps.tree.remove(arrived[one])
    return True


def gathered(steps: "Steps", token: Token) -> bool:
    """Whether an activity with a start quantity has its tokens together; all but this one are consumed then."""
    if "inner" in token.internal_data:
        return True
    quantity = token.element.start_quantity
    others = [one for one in token.parent.inside if one.element_id == token.element_id and one.state == WAITING]
    others = [one for one in others if one.internal_data.get("gathering")]
    if len(others) + 1 < quantity:
        token.internal_data["gathering"] = True
        token._set_state(WAITING)
        return False
    for one in others[: quantity - 1]:
        steps.tree.remove(one)
    return True


def inclusive(steps: "Steps", token: Token) -> bool | None:
    """A merging inclusive gateway waits; whether it may go on is seen when nothing else moves."""
    if len(token.process.incoming.get(token.element_id, ())) < 2:
        return True
    token._set_state(WAITING)
    return None


def complex_(steps: "Steps", token: Token) -> bool | None:
    """Go on when the activation condition holds for the tokens that are there; one over each flow is consumed.

    Then the gateway waits for its other flows, as an inclusive one does, before it begins anew: `release`.
    """
    if len(token.process.incoming.get(token.element_id, ())) < 2 or "reset" in token.internal_data:
        return True
    token._set_state(WAITING)
    scope = token.parent
    if token.element_id in scope.internal_data.get("activated", {}):
        return None
    waiting = [one for one in scope.inside if one.element_id == token.element_id and one.state == WAITING]
    counts = Counter(str(one.internal_data.get("flow")) for one in waiting)
    if steps.value(token.element.activation, scope, {**counts, "activationCount": len(waiting)}) is not True:
        return None
    for one in _arrived(scope, token.element_id, besides=token).values():
        if one.internal_data.get("flow") != token.internal_data.get("flow"):
            steps.tree.remove(one)
    scope.internal_data.setdefault("activated", {})[token.element_id] = sorted(counts)
    return True


def is_for_reset(flow: Flow) -> bool:
    """Whether a flow out of a complex gateway may be taken when it begins anew: its condition speaks of that."""
    return flow.condition is not None and "waitingForStart" in flow.condition.source


def release(steps: "Steps") -> bool:
    """Let one inclusive or complex gateway go on for which no further token can come. Returns whether there was one."""
    return _release_inclusive(steps) or _reset_complex(steps)


def _reset_complex(steps: "Steps") -> bool:
    for scope in steps.tree.all():
        for gateway, passed in scope.internal_data.get("activated", {}).items():
            arrived = _arrived(scope, gateway)
            if not _may_come(scope, gateway, {*arrived, *passed}):
                _reset(steps, scope, gateway, {key: one for key, one in arrived.items() if key not in passed})
                return True
    return False


def _reset(steps: "Steps", scope: Token, gateway: str, consumed: dict[str, Token]) -> None:
    del scope.internal_data["activated"][gateway]
    for token in consumed.values():
        steps.tree.remove(token)
    if any(is_for_reset(flow) for flow in scope.process.outgoing.get(gateway, ())):
        steps.tree.add(scope, gateway, READY).internal_data["reset"] = True
    for token in scope.inside:  # what has come a second time may activate it again
        if token.element_id == gateway and token.state == WAITING:
            steps.tree.queue(token)
            break
    steps.settle(scope)


def _release_inclusive(steps: "Steps") -> bool:
    for token in steps.tree.all():
        if token.is_root or token.element.type != "inclusiveGateway" or token.state != WAITING:
            continue
        arrived = _arrived(token.parent, token.element_id)
        if not _may_come(token.parent, token.element_id, set(arrived)):
            for flow, other in arrived.items():
                if flow != token.internal_data.get("flow"):
                    steps.tree.remove(other)
            token.internal_data["through"] = True
            steps.tree.queue(token)
            return True
    return False


def _arrived(scope: Token, gateway: str, *, besides: Token | None = None) -> dict[str, Token]:
    """The first token that waits at a gateway over each flow."""
    found: dict[str, Token] = {}
    for token in scope.inside:
        if token is not besides and token.element_id == gateway and token.state == WAITING:
            found.setdefault(str(token.internal_data.get("flow")), token)
    return found


def _may_come(scope: Token, gateway: str, arrived: set[str]) -> bool:
    """Whether some token of the scope can still reach a flow that none has come over."""
    elsewhere = [one.element_id for one in scope.inside if one.element_id != gateway and not _resting(one)]
    return may_come(scope.process, gateway, arrived, elsewhere)


def _resting(token: Token) -> bool:
    """Whether a token goes nowhere from where it is: it only listens, or undoes beside one that has gone on."""
    return not token.internal_data.keys().isdisjoint({"watch", "aside"})
