"""Compensation and the cancelling of transactions (BPMN 2.0 §10.7, §13.5.5).

A scope remembers which of its activities are completed and can be compensated: their data at that moment, and what
was completed within them. A throw undoes these records in reverse order, one after another; the token that throws
holds the tokens of the handlers. A sub-process is compensated by the handler at its boundary, or by its compensation
event sub-process, or else by undoing what it completed.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.workflow import catching
from engine.workflow.bpmn import EventDefinition
from engine.workflow.bpmn.model import ACTIVITIES, SUB_PROCESSES
from engine.workflow.marks import Record
from engine.workflow.tokens import READY, STARTED, WAITING, Token

if TYPE_CHECKING:
    from engine.workflow.steps import Steps


def remember(token: Token) -> None:
    """Keep what is needed to compensate an activity that is through."""
    element, parent = token.element, token.parent
    if element.type not in ACTIVITIES or element.for_compensation or "undoing" in parent.internal_data:
        return
    done = token.internal_data.get("done", [])
    if element.loop and "inner" not in token.internal_data:  # its rounds have their own records
        records = done
    elif done or _handler_of(token):
        records = [{"element": element.id, "data": dict(token.data), "done": done}]
    else:
        return
    if records:
        parent.internal_data["done"] = parent.internal_data.get("done", []) + records


def throw(steps: "Steps", token: Token, event: EventDefinition) -> bool:
    """Compensate one activity or all of the scope. Returns whether the throwing token is through already."""
    records = _take(token.parent, event.name)
    if not records:
        return True
    holder = token if event.wait else steps.tree.add(token.parent, token.element_id, STARTED)
    holder._set_state(STARTED)
    holder.internal_data["undo"] = records
    if not event.wait:
        holder.internal_data["aside"] = True
    _undo_next(steps, holder)
    return not event.wait


def cancel(steps: "Steps", token: Token) -> None:
    """A cancel end event: end what runs in the transaction, compensate what is completed, go on at its boundary."""
    transaction = token.parent
    while transaction.element.type != "transaction":
        transaction = transaction.parent
    records = _records_within(transaction)
    for other in transaction.inside:
        if other.element.type != "boundaryEvent" or other.element.attached_to != transaction.element_id:
            steps.interrupt(other)
    holder = steps.tree.add(transaction, token.element_id, STARTED)
    holder.internal_data.update({"undo": records, "cancelling": True})
    _undo_next(steps, holder)


def go_on(steps: "Steps", scope: Token) -> bool:
    """Nothing runs in a scope any more: undo the next record if that is what it is about. Returns whether it was."""
    if "undo" in scope.internal_data:
        _undo_next(steps, scope)
        return True
    if "undoing" in scope.internal_data:
        _end_undoing(steps, scope)
        return True
    return False


def _undo_next(steps: "Steps", holder: Token) -> None:
    records: list[Record] = holder.internal_data["undo"]
    if not records:
        del holder.internal_data["undo"]
        _end(steps, holder)
        return
    record = records.pop()
    process = holder.process
    handler = None if record.get("partial") else process.compensation_handler(record["element"])
    if handler:
        undoing = steps.tree.add(holder, handler, READY)
        undoing.data.update(record["data"])
        steps.say("compensation.started", undoing, activity=record["element"])
        return
    scope = steps.tree.add(holder, record["element"], STARTED)
    scope.data.update(record["data"])
    scope.internal_data["undoing"] = True
    steps.say("compensation.started", scope, activity=record["element"])
    start = None if record.get("partial") else process.compensation_start(record["element"])
    if start:
        scope.internal_data["done"] = record["done"]
        catching.begin_event_sub_process(steps, scope, start.id, start.scope, {})
    else:
        scope.internal_data["undo"] = record["done"]
        _undo_next(steps, scope)


def _end(steps: "Steps", holder: Token) -> None:
    """All is undone: the token that held it goes on as it is its way."""
    if "undoing" in holder.internal_data:
        _end_undoing(steps, holder)
    elif "cancelling" in holder.internal_data:
        _end_cancelling(steps, holder)
    elif "aside" in holder.internal_data:
        scope = holder.parent
        steps.tree.remove(holder)
        steps.settle(scope)
    else:
        steps.finish(holder, {})


def _end_undoing(steps: "Steps", scope: Token) -> None:
    holder = scope.parent
    steps.tree.remove(scope)
    steps.settle(holder)


def _end_cancelling(steps: "Steps", holder: Token) -> None:
    transaction = holder.parent
    steps.tree.remove(holder)
    host = transaction.parent if "inner" in transaction.internal_data else transaction
    waiting = [one for one in host.inside if one.state == WAITING and one.element.attached_to == host.element_id]
    catcher = next((one for one in waiting if one.event.kind == "cancel"), None)
    if catcher is not None:
        catching.fire(steps, catcher, {})
        return
    scope = host.parent
    steps.interrupt(host)
    steps.settle(scope)


def _handler_of(token: Token) -> bool:
    process, element = token.process, token.element
    if process.compensation_handler(element.id):
        return True
    return element.type in SUB_PROCESSES and process.compensation_start(element.id) is not None


def _take(scope: Token, activity: str | None) -> list[Record]:
    """The records that a throw in a scope is about, taken away so that nothing is compensated twice.

    From an event sub-process it reaches what the scope around it has completed.
    """
    scopes = [scope]
    while not scope.is_root and scope.element.triggered_by_event:
        scope = scope.parent
        scopes.insert(0, scope)
    taken: list[Record] = []
    for one in scopes:
        records: list[Record] = one.internal_data.get("done", [])
        taken += [record for record in records if _is_about(record, activity)]
        one.internal_data["done"] = [record for record in records if not _is_about(record, activity)]
    return taken


def _is_about(record: Mapping[str, Any], activity: str | None) -> bool:
    return activity is None or record["element"] == activity


def _records_within(scope: Token) -> list[Record]:
    """What a scope has completed, and what was completed in activities that still run in it."""
    records: list[Record] = list(scope.internal_data.get("done", []))
    for token in scope.inside:
        if token.is_root or not (token.element.type in SUB_PROCESSES or token.element.loop):
            continue
        within = _records_within(token)
        if within and token.element.loop and "inner" not in token.internal_data:
            records += within
        elif within:
            records.append({"element": token.element_id, "data": dict(token.data), "done": within, "partial": True})
    return records
