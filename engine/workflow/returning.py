"""Going back to an earlier step: which user tasks a task can be sent back to, and why not to the others.

Nothing is undone: variables, documents and messages stay as they are, and what lies between happens again.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from engine import events
from engine.errors import N_, Conflict, FieldError
from engine.events import Event
from engine.workflow import definitions, instances, tasks
from engine.workflow.bpmn import Element, Process
from engine.workflow.execution import Execution, Level
from engine.workflow.models import Definition, UserTask
from engine.workflow.rearranging import JOINING, Addition

NO_RETURN = "hejie.no_return"

NEVER_DONE = N_("Nobody has done this step before in this process.")
REPEATED = N_("This step stands in a part that is over, and that was repeated or set off by an event.")
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
        levels = live.execution.levels(task_id)
        level, _ = _around(levels[0].process, levels, found[element_id].element)
        live.execution.rearrange([level.at], [Addition(element_id, level.scope)])
    session.refresh(task)
    return task


def _targets(session: Session, task: UserTask, execution: Execution) -> Iterator[Target]:
    levels = execution.levels(task.id)
    process = levels[0].process
    done = (
        select(UserTask.element_id, UserTask.completed_by, UserTask.closed_at)
        .where(UserTask.instance_id == task.instance_id, UserTask.definition_id.in_(_versions(process)))
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
    level, outer = _around(process, levels, target)
    for step, part in _over(process, target, outer):
        if part.loop or part.triggered_by_event or part.type == "adHocSubProcess":
            return _refusal(target.id, "elsewhere", REPEATED)
        if joined := _starved(process, step.id):
            return _refusal(target.id, "joined", JOINED, _name(process, joined))
    for inner in levels[: levels.index(level)]:
        if inner.others:
            return _refusal(target.id, "others-inside", OTHERS_INSIDE, _name(process, inner.others[0].element_id))
    if any(one.rounds for one in levels[: levels.index(level) + 1]):
        return _refusal(target.id, "others-inside", OTHERS_INSIDE, _name(process, level.element_id))
    here = level.element_id
    ahead = _reached(process, outer.id, {here}, forward=True)
    if here not in ahead:
        return _refusal(target.id, "no-way", NO_WAY)
    for other in level.others:
        if (other.came_from or other.element_id) in ahead - {here}:
            return _refusal(target.id, "branch-runs", BRANCH_RUNS, _name(process, other.element_id))
    between = ahead & _reached(process, here, {outer.id}, forward=False)
    for gateway in sorted(between):
        if _starved_at(process, outer.id, gateway, {here}):
            return _refusal(target.id, "joined", JOINED, _name(process, gateway))
    for element_id in sorted(sealed):
        if element_id in between or process.elements[element_id].scope not in ("", target.scope):
            return _refusal(target.id, "sealed", SEALED, _name(process, element_id))
    return None


def _around(process: Process, levels: Sequence[Level], target: Element) -> tuple[Level, Element]:
    """The scope around the task in which the target stands, or the sub-process that is over and in which it stood."""
    outer = target
    while True:
        for level in levels:
            if level.scope_element == outer.scope:
                return level, outer
        outer = process.elements[outer.scope]


def _over(process: Process, target: Element, outer: Element) -> Iterator[tuple[Element, Element]]:
    """The parts that are over and would be entered again, from the inside out, each after the step in it."""
    step = target
    while step is not outer:
        part = process.elements[step.scope]
        yield step, part
        step = part


def _starved(process: Process, start: str) -> str | None:
    """A joining gateway behind a step of a part that is over, where the tokens of other branches come no more."""
    for element in sorted(_reached(process, start, (), forward=True)):
        if _starved_at(process, start, element, ()):
            return element
    return None


def _starved_at(process: Process, start: str, gateway: str, stops: Collection[str]) -> bool:
    """Whether a joining gateway also waits for branches that a token at a start does not lead to."""
    incoming = process.incoming.get(gateway, ())
    if process.elements[gateway].type not in JOINING or len(incoming) < 2:
        return False
    before = _reached(process, start, {*stops, gateway}, forward=True) | {start}
    return any(flow.source not in before for flow in incoming)


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


def _versions(process: Process) -> Select[UUID]:
    """All versions of a process: what was done before an instance went on under another one counts as well."""
    return select(Definition.id).where(Definition.kind == definitions.PROCESS, Definition.key == process.key)


def _sealed_since(
    session: Session, task: UserTask, process: Process, moments: Sequence[datetime]
) -> dict[str, datetime]:
    """When the steps that cannot be taken back were done last, since the first of some moments."""
    marked = {one.id for one in process.elements.values() if one.properties.get(NO_RETURN) == "true"}
    if not marked or not moments:
        return {}
    events.write(session)  # what this transaction has recorded counts as well
    happened = select(Event.at, Event.data).where(Event.stream == task.stream, Event.instance == task.instance_id)
    refs = {str(one) for one in session.scalars(_versions(process))}
    found: dict[str, datetime] = {}
    for at, data in session.execute(happened.where(Event.at >= min(moments)).order_by(Event.position)):
        completed = instances.walked(data, "element.completed")
        for element_id in {element for ref, element in completed if ref in refs} & marked:
            found[element_id] = at
    return found


def _name(process: Process, element_id: str) -> str:
    return process.elements[element_id].name or element_id


def _refusal(target: str, code: str, message: str, element: str | None = None) -> FieldError:
    return FieldError("/to", code, message, (("target", target), *((("element", element),) if element else ())))
