"""Timers that follow a deadline of the law: when its last day moves, what was set by the old one is set anew.

A service task whose operation is about the deadline gave its day to a variable (`=due_on`); timers of the same
deadline (`hejie.deadline`) were set from that variable. Both follow, whatever the diagram calls them.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.workflow import moments
from engine.workflow.bpmn import Process
from engine.workflow.tokens import WAITING, Token, context

if TYPE_CHECKING:
    from engine.workflow.steps import Steps

DEADLINE = "hejie.deadline"
ABOUT = "deadline"
"""The parameter by which an operation names the deadline that it is about."""


def retime(steps: "Steps", key: str, days: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Give the new `days` of a deadline to the variables that have the old ones, and set its timers by them.

    Returns the variables that changed, and each timer's element with its moment before and now.
    """
    changed: dict[str, Any] = {}
    for token in steps.tree.all():
        for name, value in _days_of(steps, token, key, days):
            if token.data.get(name) not in (None, value):
                token.data[name] = changed[name] = value
    return changed, [one for token in steps.tree.all() if (one := _moved(steps, token, key))]


def _days_of(steps: "Steps", token: Token, key: str, days: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The variables of a scope that hold a day of the deadline, with their new values."""
    if not token.data:
        return
    for task in _about(steps, token.process, token, key):
        for name, source in task.outputs:
            taken = source if isinstance(source, str) else source.source
            if taken.strip() in days:
                yield name, days[taken.strip()]


def _about(steps: "Steps", process: Process, token: Token, key: str) -> Iterator[Any]:
    for element in process.elements.values():
        if element.operation is not None:
            named = dict(element.inputs).get(ABOUT)
            if named == key or (not (named is None or isinstance(named, str)) and steps.value(named, token) == key):
                yield element


def _moved(steps: "Steps", token: Token, key: str) -> dict[str, str] | None:
    """Set a waiting timer anew that names the deadline and a date; None if it stays as it was."""
    timer = token.internal_data.get("timer")
    if timer is None or token.state != WAITING or token.element.properties.get(DEADLINE) != key:
        return None
    if token.event.timer != "date":
        return None
    new = moments.first(token.event, context(token), steps.environment.runtime, steps.environment.now())
    if new["due"] == timer["due"]:
        return None
    token.internal_data["timer"] = {**timer, **new}
    return {"element": token.element_id, "from": timer["due"].isoformat(), "to": new["due"].isoformat()}
