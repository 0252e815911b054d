"""Co-signers (加签): people who must agree before a task is completed, all at once or one after another.

Whoever declines keeps the task from being completed until they are taken off the list or agree after all.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from engine import clock, events
from engine.errors import N_, Conflict, Forbidden
from engine.ids import new_id
from engine.workflow import tasks
from engine.workflow.models import Signature, UserTask

ASKED, AGREED, DECLINED, REMOVED = "asked", "agreed", "declined", "removed"


class NotAskedToSign(Forbidden):
    """Nobody asked this person to agree, they have answered, or it is not their turn yet."""

    code = "not-asked-to-sign"
    message = N_("You are not asked to agree to this now: it is not your turn, or you have answered.")


class AlreadySigning(Conflict):
    """Somebody is on the list of co-signers already."""

    code = "already-signing"
    message = N_("This person is asked already.")


def ask(session: Session, task_id: UUID, people: Sequence[str], *, in_order: bool, actor: str, reason: str) -> UserTask:
    """Ask people to agree, at once or after each other (and after those asked in order before).

    Raises AlreadySigning, and what `tasks.locked` raises.
    """
    task = tasks.locked(session, task_id)
    listed = [one for one in of_task(session, task_id) if one.state in (ASKED, DECLINED)]
    if twice := {one.person for one in listed} & set(people):
        raise AlreadySigning(task=task_id, person=min(twice))
    turn = max((one.turn for one in listed if one.turn), default=0)
    for number, person in enumerate(dict.fromkeys(people), start=turn + 1):
        session.add(
            Signature(
                id=new_id(), task_id=task_id, person=person, turn=number if in_order else None, state=ASKED,
                asked_by=actor, asked_at=clock.now(),
            )
        )  # fmt: skip
    _say(session, task, "task.cosigners_added", actor, people=list(people), in_order=in_order, reason=reason)
    return _counted(session, task)


def remove(session: Session, task_id: UUID, person: str, *, actor: str, reason: str) -> UserTask:
    """Take somebody off the list. Raises NotAskedToSign, and what `tasks.locked` raises."""
    task = tasks.locked(session, task_id)
    found = next((one for one in of_task(session, task_id) if one.person == person and one.state != REMOVED), None)
    if found is None:
        raise NotAskedToSign(task=task_id, person=person)
    found.state = REMOVED
    _say(session, task, "task.cosigner_removed", actor, person=person, reason=reason)
    return _counted(session, task)


def answer(session: Session, task_id: UUID, *, agrees: bool, actor: str, reason: str) -> UserTask:
    """Agree or decline. Raises NotAskedToSign, and what `tasks.locked` raises."""
    task = tasks.locked(session, task_id)
    own = select(Signature).where(Signature.task_id == task_id, Signature.person == actor, _is_due())
    found = session.scalar(own)
    if found is None:
        raise NotAskedToSign(task=task_id)
    found.state, found.answered_at = AGREED if agrees else DECLINED, clock.now()
    _say(session, task, "task.cosigned" if agrees else "task.cosigning_declined", actor, reason=reason)
    return _counted(session, task)


def of_task(session: Session, task_id: UUID) -> list[Signature]:
    """Who was asked, in order."""
    listed = select(Signature).where(Signature.task_id == task_id)
    return list(session.scalars(listed.order_by(Signature.turn.nulls_first(), Signature.asked_at, Signature.id)))


def whose_turn(session: Session, task_id: UUID) -> list[str]:
    """Who is asked now: all of lower turns have agreed."""
    return list(session.scalars(select(Signature.person).where(Signature.task_id == task_id, _is_due())))


def is_asked(session: Session, task_id: UUID, person: str) -> bool:
    """Whether somebody is or was asked about a task, so that they may see it."""
    asked = select(Signature.id).where(
        Signature.task_id == task_id, Signature.person == person, Signature.state != REMOVED
    )
    return session.scalar(asked.limit(1)) is not None


def waits_for(person: str) -> ColumnElement[bool]:
    """The condition on tasks that somebody is asked to agree to now."""
    return UserTask.id.in_(select(Signature.task_id).where(Signature.person == person, _is_due()))


def _is_due() -> ColumnElement[bool]:
    """The condition that it is somebody's turn: all of lower turns have agreed. Who declined may still agree."""
    before = aliased(Signature)
    waiting = select(before.id).where(
        before.task_id == Signature.task_id, before.turn < Signature.turn, before.state.in_((ASKED, DECLINED))
    )
    return Signature.state.in_((ASKED, DECLINED)) & ~waiting.exists()


def _counted(session: Session, task: UserTask) -> UserTask:
    session.flush()  # what was just changed counts
    missing = select(func.count()).where(Signature.task_id == task.id, Signature.state.in_((ASKED, DECLINED)))
    task.signatures = session.scalar(missing) or 0
    return task


def _say(session: Session, task: UserTask, kind: str, actor: str, **facts: Any) -> None:
    events.record(
        session, kind, task.stream, actor=actor, instance=task.instance_id,
        element=task.element_id, task=str(task.id), **facts,
    )  # fmt: skip
