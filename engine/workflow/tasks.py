"""User tasks: what waits for a person. Whoever comes second is told what the first one did."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from engine import clock, events, statements
from engine.db import Base
from engine.errors import N_, Forbidden
from engine.statements import Statement, table
from engine.workflow import definitions, instances
from engine.workflow.errors import (
    InstanceNotActive,
    SignaturesMissing,
    TaskAlreadyAssigned,
    TaskDelegated,
    TaskNotDelegated,
    TaskNotOpen,
    TaskUnknown,
)
from engine.workflow.execution import WaitingTask
from engine.workflow.models import Draft, Instance, UserTask


class SeparationOfDuties(Forbidden):
    """Who did one step may not do the one that checks it (`hejie.separate_from` in the diagram)."""

    code = "separation-of-duties"
    message = N_("You did the step that this one checks: another person must do it.")


@dataclass
class Completion:
    """A task in the hands of the one who completes it; the block sets `variables`, and facts for the event.

    `waiting` is the same task as the running process has it, with the variables in its sight.
    """

    task: UserTask
    waiting: WaitingTask
    variables: Mapping[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


@contextmanager
def completing(session: Session, task_id: UUID, *, actor: str | None) -> Iterator[Completion]:
    """Complete a task: its instance is locked, the block looks and decides, then the process moves on.

    Raises TaskUnknown, TaskNotOpen, InstanceNotActive.
    """
    instance, task, _ = held(session, task_id)
    with completing_held(session, instance, task, actor=actor) as completion:
        yield completion


@contextmanager
def completing_held(session: Session, instance: Instance, task: UserTask, *, actor: str | None) -> Iterator[Completion]:
    """The same for a task that this transaction holds already.

    Raises TaskNotOpen, InstanceNotActive, TaskDelegated, SignaturesMissing.
    """
    _require_open(instance, task)
    if task.owner is not None:
        raise TaskDelegated(task=task.id, owner=task.owner)
    if task.signatures:
        raise SignaturesMissing(task=task.id, missing=task.signatures)
    task_id = task.id
    with instances.changing_locked(session, instance, "task.completed", actor=actor) as live:
        waiting = next((one for one in live.execution.tasks if one.id == task_id), None)
        if waiting is None:
            raise TaskNotOpen(task=task_id, state=task.state)
        require_other_person(session, task, waiting, actor)
        completion = Completion(task, waiting)
        yield completion
        live.completed = task_id
        live.data = {"element": task.element_id, "task": str(task_id), **completion.data}
        live.execution.complete(task_id, completion.variables)


def complete(session: Session, task_id: UUID, variables: Mapping[str, Any], *, actor: str | None) -> None:
    """Complete a task with variables, no questions asked. Raises as `completing` does."""
    with completing(session, task_id, actor=actor) as completion:
        completion.variables = variables


class Hold:
    """How to lock a task with its instance, and after them a row of another table, and to read them, all in one go."""

    def __init__(self, *beside: type[Base], joined: ColumnElement[bool] | None = None) -> None:
        self.models: tuple[type[Base], ...] = (Instance, UserTask, *beside)
        columns = [column for model in self.models for column in table(model).c]
        query = select(definitions.DEPLOYED, *columns).join_from(
            _INSTANCE, _TASK, _TASK.c.instance_id == _INSTANCE.c.id
        )
        if joined is not None:
            query = query.join(table(beside[0]), joined)
        # The rows are locked in the order of `of`, and each is read again where it had to be waited for: the instance
        # first, as every command does, then the task as whoever held the instance has left it.
        locks = query.where(_TASK.c.id == bindparam("task")).with_for_update(of=[table(one) for one in self.models])
        self.statement = Statement(locks)

    def split(self, session: Session, row: Sequence[Any]) -> list[Any]:
        """The objects of a row."""
        found: list[Any] = []
        begin = 0
        for model in self.models:
            end = begin + len(table(model).c)
            found.append(statements.adopted(session, model, row[begin:end]))
            begin = end
        return found


_INSTANCE, _TASK = table(Instance), table(UserTask)
HOLD = Hold()


def held(session: Session, task_id: UUID, how: Hold = HOLD) -> tuple[Instance, UserTask, Any]:
    """The instance of a task, and the task in whatever state, both locked until the transaction ends.

    With a Hold of more than those, the other row is the third. Raises TaskUnknown.
    """
    rows = statements.rows(session, how.statement, {"task": task_id})
    if not rows:
        raise TaskUnknown(task=task_id)
    [(deployed, *row)] = rows
    definitions.saw_deployed(session, deployed)
    instance, task, *other = how.split(session, row)
    return instance, task, other[0] if other else None


def locked(session: Session, task_id: UUID) -> UserTask:
    """An open task, with its instance locked until the transaction ends. Raises TaskUnknown, TaskNotOpen."""
    instance, task, _ = held(session, task_id)
    _require_open(instance, task)
    return task


def _require_open(instance: Instance, task: UserTask) -> None:
    if task.state != "open":
        raise TaskNotOpen(task=task.id, state=task.state, by=task.completed_by, at=task.closed_at)
    if instance.status == instances.SUSPENDED:
        raise InstanceNotActive(instance=instance.id, status=instance.status)


def claim(session: Session, task_id: UUID, *, actor: str) -> UserTask:
    """Take a task for oneself. Raises TaskAlreadyAssigned besides what `locked` raises."""
    task = locked(session, task_id)
    if task.assignee not in (None, actor):
        raise TaskAlreadyAssigned(task=task_id, assignee=task.assignee)
    return _assign(session, task, actor, "task.claimed", actor)


def release(session: Session, task_id: UUID, *, actor: str, reason: str = "") -> UserTask:
    """Give a task back to its group."""
    return _assign(session, locked(session, task_id), None, "task.released", actor, reason)


def assign(session: Session, task_id: UUID, assignee: str, *, actor: str, reason: str = "") -> UserTask:
    """Give a task to somebody."""
    return _assign(session, locked(session, task_id), assignee, "task.assigned", actor, reason)


def delegate(session: Session, task_id: UUID, to: str, *, actor: str, reason: str) -> UserTask:
    """Let somebody work on a task and give it back; only its owner, who was its assignee or did this, completes it.

    Raises TaskDelegated besides what `locked` raises.
    """
    task = locked(session, task_id)
    if task.owner is not None:
        raise TaskDelegated(task=task_id, owner=task.owner)
    was = task.assignee
    task.owner, task.assignee = task.assignee or actor, to
    return _say(session, task, "task.delegated", actor, reason, was=was)


def resolve(session: Session, task_id: UUID, *, actor: str, reason: str) -> UserTask:
    """Give a delegated task back to its owner, with what was typed so far if the owner has typed nothing.

    Raises TaskNotDelegated besides what `locked` raises.
    """
    task = locked(session, task_id)
    if task.owner is None or task.assignee != actor:
        raise TaskNotDelegated(task=task_id)
    typed = draft(session, task_id, actor=actor)
    if typed is not None and draft(session, task_id, actor=task.owner) is None:
        save_draft(session, task_id, typed.answers, actor=task.owner)
    task.owner, task.assignee = None, task.owner
    return _say(session, task, "task.resolved", actor, reason)


def put_back(
    session: Session, task: UserTask, assignee: str | None, owner: str | None, *, actor: str, undone: str
) -> UserTask:
    """Let a task that this transaction holds be with whom it was before a change, named by its event, is undone."""
    task.assignee, task.owner = assignee, owner
    events.record(
        session, "task.undone", task.stream, actor=actor, instance=task.instance_id,
        element=task.element_id, task=str(task.id), assignee=assignee, undone=undone,
    )  # fmt: skip
    return task


def _say(session: Session, task: UserTask, kind: str, actor: str, reason: str, **more: Any) -> UserTask:
    events.record(
        session, kind, task.stream, actor=actor, instance=task.instance_id,
        element=task.element_id, task=str(task.id), assignee=task.assignee, reason=reason, **more,
    )  # fmt: skip
    return task


def _assign(
    session: Session, task: UserTask, assignee: str | None, kind: str, actor: str, reason: str = ""
) -> UserTask:
    if task.assignee != assignee:
        was, owner = task.assignee, task.owner
        task.assignee, task.owner = assignee, None
        events.record(
            session, kind, task.stream, actor=actor, instance=task.instance_id,
            element=task.element_id, task=str(task.id), assignee=assignee, was=was, was_owner=owner,
            reason=reason,
        )  # fmt: skip
    return task


def waiting(session: Session, task: UserTask) -> WaitingTask | None:
    """An open task as its running process has it; None if it is not open."""
    instance = session.get_one(Instance, task.instance_id)
    return next((one for one in instances.restore(session, instance).tasks if one.id == task.id), None)


def require_other_person(session: Session, task: UserTask, waiting: WaitingTask, actor: str | None) -> None:
    """Raises SeparationOfDuties where the actor did the step that this one checks."""
    other = waiting.element.properties.get("hejie.separate_from")
    if other and actor is not None and completer(session, task.instance_id, other) == actor:
        raise SeparationOfDuties(task=task.id, element=other)


def find(session: Session, task_id: UUID) -> UserTask:
    """A task in whatever state. Raises TaskUnknown."""
    task = session.get(UserTask, task_id)
    if task is None:
        raise TaskUnknown(task=task_id)
    return task


def completer(session: Session, instance_id: UUID, element_id: str) -> str | None:
    """Who completed an element of an instance last, for steps that another person must do."""
    done = select(UserTask.completed_by).where(UserTask.instance_id == instance_id, UserTask.element_id == element_id)
    return session.scalar(done.where(UserTask.state == "completed").order_by(UserTask.closed_at.desc()).limit(1))


def save_draft(session: Session, task_id: UUID, answers: Mapping[str, Any], *, actor: str) -> None:
    """Keep what a person has typed so far."""
    values = {"answers": dict(answers), "saved_at": clock.now()}
    new = upsert(Draft).values(task_id=task_id, actor=actor, **values)
    session.execute(new.on_conflict_do_update(index_elements=["task_id", "actor"], set_=values))


def draft(session: Session, task_id: UUID, *, actor: str) -> Draft | None:
    """What a person has typed into a task's form before."""
    return session.get(Draft, (task_id, actor))
