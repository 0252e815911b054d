"""Ad-hoc sub-processes (BPMN 2.0 §13.3.5): their steps in any order, until the completion condition holds.

Every step that nothing leads to begins once: all at the same time, or one after another. The completion condition is
looked at after each activity; where it does not hold when all are done, they are open again. Without a condition the
sub-process ends when all are done. The dialect's activeElementsCollection says which steps begin.
"""

from typing import TYPE_CHECKING

from engine.workflow.tokens import READY, STARTED, Token

if TYPE_CHECKING:
    from engine.workflow.steps import Steps


def begin(steps: "Steps", token: Token) -> None:
    """Begin an ad-hoc sub-process."""
    token._set_state(STARTED)
    steps.watch(token)
    if not _begin_round(steps, token):
        steps.settle(token)


def holds(steps: "Steps", scope: Token) -> bool:
    """Whether a scope is ad-hoc and its completion condition holds now."""
    condition = None if scope.is_root else scope.element.completion
    return condition is not None and steps.value(condition, scope) is True


def complete(steps: "Steps", scope: Token) -> None:
    """The completion condition holds: end at once, or when what still runs is through."""
    scope.internal_data["closing"] = True
    if scope.element.cancel_remaining:
        for token in scope.inside:
            if token.element.attached_to != scope.element_id:  # those of the scope itself go with it
                steps.interrupt(token)
    steps.settle(scope)


def go_on(steps: "Steps", scope: Token) -> bool:
    """Nothing runs: begin the next step, or all of them again. Returns whether anything began."""
    if scope.is_root or scope.element.type != "adHocSubProcess" or scope.internal_data.get("closing"):
        return False
    if rest := scope.internal_data.get("rest"):
        steps.tree.add(scope, rest.pop(0), READY)
        return True
    if scope.element.completion is None or holds(steps, scope):
        return False
    return _begin_round(steps, scope)


def _begin_round(steps: "Steps", scope: Token) -> bool:
    first = [element.id for element in scope.process.starts(scope.element_id)]
    chosen = scope.element.active_elements
    if chosen is not None:
        wanted = steps.value(chosen, scope) or []
        first = [element for element in first if element in wanted]
    if scope.element.sequential:
        first, scope.internal_data["rest"] = first[:1], first[1:]
    for element in first:
        steps.tree.add(scope, element, READY)
    return bool(first)
