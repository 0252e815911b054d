"""Working on a task together: delegate it and get it back, ask others to agree before it is completed (加签)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from engine.casework import access, telling
from engine.casework.administration import reasoned
from engine.casework.errors import ColleagueUnfit
from engine.people import queries as people
from engine.people.actor import Actor
from engine.workflow import cosigning, tasks
from engine.workflow.models import Signature, UserTask


def delegate(
    session: Session, actor: Actor, task_id: UUID, to: Actor, reason: str, *, version: int | None = None
) -> UserTask:
    """Let a colleague work on a task who gives it back. Raises ColleagueUnfit, TaskDelegated, and as `claim`."""
    task = _mine(session, actor, task_id, version)
    if not any(to.holds(role, task.division) for role in task.groups):
        raise ColleagueUnfit(task=task_id)
    given = tasks.delegate(session, task_id, to.id, actor=actor.id, reason=reasoned(reason))
    telling.handed(session, given, actor)
    return given


def resolve(session: Session, actor: Actor, task_id: UUID, reason: str, *, version: int | None = None) -> UserTask:
    """Give a delegated task back. Raises TaskUnknown, TaskNotOpen, TaskNotDelegated, ReasonMissing, Outdated."""
    access.require_may_see(session, actor, tasks.find(session, task_id))
    access.require_as_read(session, task_id, version)
    given = tasks.resolve(session, task_id, actor=actor.id, reason=reasoned(reason))
    telling.handed(session, given, actor)
    return given


def ask_to_sign(
    session: Session,
    actor: Actor,
    task_id: UUID,
    asked: Sequence[UUID],
    reason: str,
    *,
    in_order: bool,
    version: int | None = None,
) -> UserTask:
    """Ask people to agree before a task is completed. Raises AccountUnknown, AlreadySigning, and as `claim`."""
    _mine(session, actor, task_id, version)
    persons = [people.actor_by_id(session, str(one)).id for one in asked]
    return cosigning.ask(session, task_id, persons, in_order=in_order, actor=actor.id, reason=reasoned(reason))


def remove_signer(
    session: Session, actor: Actor, task_id: UUID, person: UUID, reason: str, *, version: int | None = None
) -> UserTask:
    """Take somebody off the list. Raises NotAskedToSign, and as `claim`."""
    _mine(session, actor, task_id, version)
    return cosigning.remove(session, task_id, str(person), actor=actor.id, reason=reasoned(reason))


def sign(session: Session, actor: Actor, task_id: UUID, *, agrees: bool, reason: str) -> UserTask:
    """Agree to a task, or decline with a reason. Raises TaskUnknown, NotAskedToSign, TaskNotOpen, ReasonMissing."""
    access.require_may_see(session, actor, tasks.find(session, task_id))
    said = reason.strip() if agrees else reasoned(reason)
    return cosigning.answer(session, task_id, agrees=agrees, actor=actor.id, reason=said)


def signers(session: Session, actor: Actor, task_id: UUID) -> list[Signature]:
    """Who was asked to agree to a task. Raises TaskUnknown."""
    access.require_may_see(session, actor, tasks.find(session, task_id))
    return cosigning.of_task(session, task_id)


def _mine(session: Session, actor: Actor, task_id: UUID, version: int | None) -> UserTask:
    task = tasks.locked(session, task_id)
    access.require_may_do(session, actor, task)
    access.require_as_read(session, task_id, version)
    return task
