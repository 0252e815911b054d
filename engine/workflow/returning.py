"""Going back to an earlier step: which user tasks a task can be sent back to, and why not to the others.

Nothing is undone: variables, documents and messages stay as they are, and what lies between happens again.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from engine import events
from engine.errors import N_, Conflict, FieldError
from engine.events import Event
from engine.workflow import instances, tasks
from engine.workflow.bpmn import Element, Process
from engine.workflow.execution import Execution, Level
from engine.workflow.models import UserTask
from engine.workflow.rearranging import JOINING, Addition

NO_RETURN = "hejie.no_return"

NEVER_DONE = N_("Nobody has done this step before in this process.")
ELSEWHERE = N_("This step stands in a part of the process that is over.")
NO_WAY = N_("The diagram does not lead from this step to where it stands now.")
OTHERS_INSIDE = N_("Other steps of the same part are under way: %(element)s.")
BRANCH_RUNS = N_("A branch that began behind this step is still under way: %(element)s.")
JOINED = N_("Between lies “%(element)s”, where other branches have come in already.")
SEALED = N_("Since then “%(element)s” was done, which cannot be taken back.")


class ReturnRefused(Conflict):
    """The task cannot be sent back to that step; `errors` say why."""

    code = "return-refused"
    message = N_("This cannot be sent back to that step.")


@dataclass(frozen=True)
class Target:
    """An earlier step, who did it last and when; `refusal` says why one cannot go back to it (None: one can)."""

    element: Element
    done_by: str | None
    done_at: datetime
    refusal: FieldError | None


def targets(session: Session, task: UserTask) -> list[Target]:
    """The steps that were done before a task in its diagram, the last one first, each with a verdict.

    Raises TaskNotOpen.
    """
    execution = instances.restore(session, instances.locked(session, task.instance_id))
    return list(_targets(session, task, execution))


def send_back(session: Session, task_id: UUID, element_id: str, *, actor: str | None, reason: str) -> UserTask:
    """End a task as cancelled and wait at an earlier step. Returns the task that ended.

    Raises TaskUnknown, TaskNotOpen, InstanceNotActive, ReturnRefused.
    """
    task = tasks.locked(session, task_id)
    with instances.changing(session, task.instance_id, "task.returned", actor=actor) as live:
        found = {one.element.id: one for one in _targets(session, task, live.execution)}
        refusal = found[element_id].refusal if element_id in found else _refusal(element_id, "never-done", NEVER_DONE)
        if refusal is not None:
            raise ReturnRefused(task=task_id, to=element_id, fields=[refusal])
        live.data = {"element": task.element_id, "task": str(task_id), "to": element_id, "reason": reason}
        level = _level(live.execution.levels(task_id), found[element_id].element)
        assert level is not None
        live.execution.rearrange([level.at], [Addition(element_id, level.scope)])
    session.refresh(task)
    return task


def _targets(session: Session, task: UserTask, execution: Execution) -> Iterator[Target]:
    levels = execution.levels(task.id)
    process = levels[0].process
    done = (
        select(UserTask.element_id, UserTask.completed_by, UserTask.closed_at)
        .where(UserTask.instance_id == task.instance_id, UserTask.definition_id == task.definition_id)
        .where(UserTask.state == "completed", UserTask.element_id != task.element_id)
        .order_by(UserTask.element_id, UserTask.closed_at.desc())
        .ext(distinct_on(UserTask.element_id))
    )
    rows = session.execute(done).all()
    since = _sealed_since(session, task, process, [row.closed_at for row in rows if row.closed_at])
    for element_id, by, at in sorted(rows, key=lambda row: row.closed_at, reverse=True):
        element = process.elements.get(element_id)
        if element is not None:
            assert at is not None  # it is completed
            sealed = {name for name, when in since.items() if when >= at}
            yield Target(element, by, at, _why_not(process, levels, element, sealed))


def _why_not(process: Process, levels: Sequence[Level], target: Element, sealed: Collection[str]) -> FieldError | None:
    level = _level(levels, target)
    if level is None:
        return _refusal(target.id, "elsewhere", ELSEWHERE)
    for inner in levels[: levels.index(level)]:
        if inner.others:
            return _refusal(target.id, "others-inside", OTHERS_INSIDE, _name(process, inner.others[0].element_id))
    if any(one.rounds for one in levels[: levels.index(level) + 1]):
        return _refusal(target.id, "others-inside", OTHERS_INSIDE, _name(process, level.element_id))
    here = level.element_id
    ahead = _reached(process, target.id, {here}, forward=True)
    if here not in ahead:
        return _refusal(target.id, "no-way", NO_WAY)
    for other in level.others:
        if (other.came_from or other.element_id) in ahead - {here}:
            return _refusal(target.id, "branch-runs", BRANCH_RUNS, _name(process, other.element_id))
    between = ahead & _reached(process, here, {target.id}, forward=False)
    for gateway in (process.elements[one] for one in sorted(between)):
        incoming = process.incoming.get(gateway.id, ())
        if gateway.type in JOINING and len(incoming) > 1:
            before = _reached(process, target.id, {here, gateway.id}, forward=True) | {target.id}
            if any(flow.source not in before for flow in incoming):
                return _refusal(target.id, "joined", JOINED, _name(process, gateway.id))
    for element_id in sorted(sealed):
        if element_id in between or process.elements[element_id].scope not in ("", target.scope):
            return _refusal(target.id, "sealed", SEALED, _name(process, element_id))
    return None


def _level(levels: Sequence[Level], target: Element) -> Level | None:
    """The scope around the task in which the target stands."""
    return next((one for one in levels if one.scope_element == target.scope), None)


def _reached(process: Process, start: str, stops: Collection[str], *, forward: bool) -> set[str]:
    """What a token comes to from an element, or came from; nothing beyond the stops, and only by going on."""
    found: set[str] = set()
    waiting = _next(process, start, forward=forward)
    while waiting:
        element = waiting.pop()
        if element not in found:
            found.add(element)
            if element not in stops:
                waiting += _next(process, element, forward=forward)
    return found


def _next(process: Process, element: str, *, forward: bool) -> list[str]:
    if forward:
        following = [flow.target for flow in process.outgoing.get(element, ())]
        return following + [event.id for event in process.boundaries.get(element, ())]
    host = process.elements[element].attached_to
    return [flow.source for flow in process.incoming.get(element, ())] + ([host] if host else [])


def _sealed_since(
    session: Session, task: UserTask, process: Process, moments: Sequence[datetime]
) -> dict[str, datetime]:
    """When the steps that cannot be taken back were done last, since the first of some moments."""
    marked = {one.id for one in process.elements.values() if one.properties.get(NO_RETURN) == "true"}
    if not marked or not moments:
        return {}
    events.write(session)  # what this transaction has recorded counts as well
    happened = select(Event.at, Event.data).where(Event.stream == task.stream, Event.instance == task.instance_id)
    found: dict[str, datetime] = {}
    for at, data in session.execute(happened.where(Event.at >= min(moments)).order_by(Event.position)):
        completed = instances.walked(data, "element.completed")
        for element_id in {element for ref, element in completed if ref == process.ref} & marked:
            found[element_id] = at
    return found


def _name(process: Process, element_id: str) -> str:
    return process.elements[element_id].name or element_id


def _refusal(target: str, code: str, message: str, element: str | None = None) -> FieldError:
    return FieldError("/to", code, message, (("target", target), *((("element", element),) if element else ())))
