"""Which flows a token takes when it leaves an element (BPMN 2.0 §13.3.1, §13.4)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.sentences import S_
from engine.workflow import joining
from engine.workflow.bpmn import Flow
from engine.workflow.facing import StepFailed
from engine.workflow.tokens import Token

if TYPE_CHECKING:
    from engine.workflow.steps import Steps

NO_BRANCH = S_("No condition holds and there is no default flow.")
UNCLEAR = S_("No condition holds and there is no default flow; neither true nor false are those of %(flows)s.")


def taken(steps: "Steps", token: Token) -> Sequence[Flow]:
    """The flows that a token takes when it leaves. Raises StepFailed where it takes none of several."""
    flows = token.process.outgoing.get(token.element_id, ())
    if token.element.type == "parallelGateway" or not flows:
        return flows
    unclear: list[str] = []
    chosen = _held(steps, token, flows, unclear)
    if not chosen and token.internal_data.get("reset"):
        return chosen
    if not chosen:
        raise StepFailed("no-branch", UNCLEAR.filled({"flows": ", ".join(unclear)}) if unclear else NO_BRANCH)
    if len(flows) > 1:
        decided: dict[str, Any] = {"unclear": unclear} if unclear else {}
        steps.say("gateway.decided", token, flows=[flow.id for flow in chosen], **decided)
    return chosen


def _held(steps: "Steps", token: Token, flows: Sequence[Flow], unclear: list[str]) -> list[Flow]:
    """The flows whose condition holds, or the default; `unclear` gets those that are neither true nor false."""
    element = token.element
    more: dict[str, Any] = {}

    def holds(flow: Flow) -> bool:
        value = flow.condition is None or steps.value(flow.condition, token.parent, more)
        if not isinstance(value, bool):
            unclear.append(flow.id)
        return value is True

    default = [flow for flow in flows if flow.id == element.default]
    others = [flow for flow in flows if flow.id != element.default]
    if element.type == "complexGateway":
        more = {"waitingForStart": "reset" not in token.internal_data}
        if not more["waitingForStart"]:
            return [flow for flow in others if joining.is_for_reset(flow) and holds(flow)]
    if element.type == "exclusiveGateway":
        return next(([flow] for flow in others if holds(flow)), default)
    # a flow without a condition is taken as well, and says nothing about the default (§13.3.1)
    taken = [flow for flow in others if holds(flow)]
    return taken if any(flow.condition for flow in taken) else taken + default
