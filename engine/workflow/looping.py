"""Activities done several times: standard loops and multi-instance (BPMN 2.0 §13.2.6, §13.2.7)."""

import re
from typing import TYPE_CHECKING, Any

from engine.feel import is_number
from engine.sentences import S_
from engine.workflow import compensation, limits, throwing
from engine.workflow.bpmn import EventDefinition, Loop
from engine.workflow.facing import StepFailed
from engine.workflow.tokens import READY, STARTED, Token, assign

if TYPE_CHECKING:
    from engine.workflow.steps import Steps

MAX_INSTANCES = 10_000
RESULT = re.compile(r"([^\W\d]\w*)(\.\w+)*")
"""A result that is one variable or an entry within it."""

COUNTERS = (
    "loopCounter", "numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances",
    "numberOfTerminatedInstances",
)  # fmt: skip
"""The variables that count the rounds of an activity."""


def begin(steps: "Steps", body: Token) -> bool | None:
    """Begin a loop: `body` is the token of all its rounds. True if there is nothing to do."""
    loop = body.element.loop
    assert loop is not None
    if loop.kind == "standard":
        body.internal_data["begun"] = 0
        return _next_round(steps, body, loop, first=True)
    items = _items(steps, body, loop)
    body.internal_data["items"] = items if loop.collection is not None else None
    body.internal_data["total"] = len(items)
    body.internal_data["begun"] = 0
    _count(body, len(items), completed=0)
    if loop.kind == "parallel":
        limits.require_room(steps.tree, len(items))
    if loop.output_collection:
        body.data[loop.output_collection] = [None] * len(items)
    if not items:
        _collect(body, loop)
        return True
    body._set_state(STARTED)
    for _ in range(len(items) if loop.kind == "parallel" else 1):
        _begin_instance(steps, body, loop)
    return None


def inner_done(steps: "Steps", token: Token) -> None:
    """One round is through: go on, or finish the loop."""
    body, index = token.parent, token.internal_data["inner"]
    loop = body.element.loop
    assert loop is not None
    if loop.kind == "standard":
        compensation.remember(token)
        steps.tree.remove(token)
        if _next_round(steps, body, loop, first=False):
            _finish(steps, body)
        return
    if loop.output_collection and loop.output_element is not None:
        body.data[loop.output_collection][index] = steps.value(loop.output_element, token)
    before = body.internal_data["completed"]
    _count(body, body.internal_data["total"], completed=before + 1)
    thrown = _thrown(steps, token, loop, first=before == 0)
    try:
        throwing.require(steps, token, thrown)
    except StepFailed:
        _count(body, body.internal_data["total"], completed=before)  # it is counted when it is tried again
        raise
    for event in thrown:
        throwing.throw_one(steps, token, event)
        if not token.alive:
            return
    own = dict(token.data)
    compensation.remember(token)
    steps.tree.remove(token)
    done = loop.condition is not None and steps.value(loop.condition, body, own) is True
    if done or before + 1 >= body.internal_data["total"]:
        for other in body.inside:
            if "inner" in other.internal_data:
                steps.interrupt(other)
        _collect(body, loop)
        _finish(steps, body)
    elif loop.kind == "sequential":
        _begin_instance(steps, body, loop)


def kept(token: Token) -> set[str]:
    """The names that belong to the loops around a token: what is called sees them, and does not bring them back."""
    names = set(COUNTERS)
    while not token.is_root:
        if token.element.loop and token.element.loop.output_collection:
            names.add(token.element.loop.output_collection)
        token = token.parent
    return names


def _thrown(steps: "Steps", token: Token, loop: Loop, *, first: bool) -> list[EventDefinition]:
    """What an instance that is through shall throw (§13.3.7)."""
    if loop.behavior == "one" and not first:
        return []
    return [event for condition, event in loop.throws if condition is None or steps.value(condition, token) is True]


def _next_round(steps: "Steps", body: Token, loop: Loop, *, first: bool) -> bool:
    """Begin the next round of a standard loop; True if it is over."""
    done = body.internal_data["begun"]
    if loop.maximum is not None and done >= loop.maximum:
        return True
    holds = loop.condition is None or steps.value(loop.condition, body) is True
    if (loop.test_before or not first) and not holds:
        return True
    if loop.condition is None and loop.maximum is None and not first:
        return True
    body.internal_data["begun"] = body.data["loopCounter"] = done + 1
    body._set_state(STARTED)
    token = steps.tree.add(body, body.element_id, READY)
    token.internal_data["inner"] = done
    return False


def _items(steps: "Steps", body: Token, loop: Loop) -> list[Any]:
    if loop.collection is not None:
        items = steps.value(loop.collection, body)
        if not isinstance(items, list | tuple):
            raise StepFailed("no-collection", S_("“%(collection)s” is no list.", collection=loop.collection.source))
        items = list(items)
    else:
        number = steps.value(loop.cardinality, body)
        if not is_number(number) or number < 0 or number != int(number):
            raise StepFailed("no-number", S_("“%(number)s” is no number of instances.", number=number))
        items = [None] * min(int(number), MAX_INSTANCES + 1)
    if len(items) > MAX_INSTANCES:
        raise StepFailed("too-many", S_("More than %(most)s instances.", most=MAX_INSTANCES))
    return items


def _begin_instance(steps: "Steps", body: Token, loop: Loop) -> None:
    index = body.internal_data["begun"]
    body.internal_data["begun"] = index + 1
    token = steps.tree.add(body, body.element_id, READY)
    token.internal_data["inner"] = index
    if loop.output_element is not None and (result := RESULT.fullmatch(loop.output_element.source.strip())):
        token.data[result[1]] = None  # what one instance makes is its own, as the dialect has it
    token.data["loopCounter"] = index + 1
    items = body.internal_data["items"]
    if items is not None and loop.item:
        token.data[loop.item] = items[index]
    _count(body, body.internal_data["total"], completed=body.internal_data["completed"])


def _count(body: Token, total: int, *, completed: int) -> None:
    """Count for the engine, and for expressions in variables, which whatever a round brings out may write over."""
    body.internal_data["completed"] = completed
    body.data["numberOfInstances"] = total
    body.data["numberOfCompletedInstances"] = completed
    body.data["numberOfActiveInstances"] = body.internal_data["begun"] - completed
    body.data["numberOfTerminatedInstances"] = 0


def _collect(body: Token, loop: Loop) -> None:
    if loop.output_collection:
        assign(body.parent, loop.output_collection, body.data.pop(loop.output_collection))


def _finish(steps: "Steps", body: Token) -> None:
    body.internal_data["through"] = True
    steps.tree.queue(body)
