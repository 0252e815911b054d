"""Working on a task together: delegate it and get it back, ask others to agree before it is completed (加签)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.casework import access, mentions, telling
from engine.casework.administration import reasoned
from engine.casework.errors import ColleagueUnfit, NobodyAsked
from engine.casework.reasons import naming_nobody
from engine.people import queries as people
from engine.people.actor import Actor
from engine.people.models import Account
from engine.workflow import cosigning, tasks
from engine.workflow.models import Signature, UserTask


def delegate(
    session: Session, actor: Actor, task_id: UUID, to: Actor, reason: str, *, version: int | None = None
) -> UserTask:
    """Let a colleague work on a task who gives it back. Raises ColleagueUnfit, TaskDelegated, and as `claim`."""
    task = _mine(session, actor, task_id, version)
    if not access.fits(session, to, task):
        raise ColleagueUnfit(task=task_id)
    said = naming_nobody(session, task.stream, reasoned(reason))
    given = tasks.delegate(session, task_id, to.id, actor=actor.id, reason=said)
    telling.handed(session, given, actor)
    return given


def resolve(session: Session, actor: Actor, task_id: UUID, reason: str, *, version: int | None = None) -> UserTask:
    """Give a delegated task back. Raises TaskUnknown, TaskNotOpen, TaskNotDelegated, ReasonMissing, Outdated."""
    task = tasks.find(session, task_id)
    access.require_may_see(session, actor, task)
    access.require_as_read(session, task_id, version)
    said = naming_nobody(session, task.stream, reasoned(reason))
    given = tasks.resolve(session, task_id, actor=actor.id, reason=said)
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
    """Ask people to agree before a task is completed; those whose turn it is are told.

    Raises NobodyAsked, AccountUnknown, ColleagueUnfit for whoever may not see a sealed case, AlreadySigning, and as
    `claim`.
    """
    task = _mine(session, actor, task_id, version)
    if not asked:
        raise NobodyAsked(task=task_id)
    persons = [people.actor_by_id(session, str(one)).id for one in asked]
    case = session.get_one(Case, task.stream)
    if case.sealed and not set(persons) <= {str(one.id) for one in mentions.can_be_named(session, actor, case)}:
        raise ColleagueUnfit(task=task_id)
    said = naming_nobody(session, case.id, reasoned(reason))
    cosigning.ask(session, task_id, persons, in_order=in_order, actor=actor.id, reason=said)
    telling.asked_to_sign(session, task, set(cosigning.whose_turn(session, task_id)) & set(persons), actor)
    return task


def can_be_asked(session: Session, actor: Actor, task: UserTask, case: Case) -> list[Account]:
    """Who may see a task's case and is not asked to agree to it already, by name."""
    listed = {one.person for one in cosigning.of_task(session, task.id) if one.state != cosigning.REMOVED}
    return [one for one in mentions.can_be_named(session, actor, case) if str(one.id) not in listed]


def remove_signer(
    session: Session, actor: Actor, task_id: UUID, person: UUID, reason: str, *, version: int | None = None
) -> UserTask:
    """Take somebody off the list. Raises NotAskedToSign, and as `claim`."""
    task = _mine(session, actor, task_id, version)
    said = naming_nobody(session, task.stream, reasoned(reason))
    return cosigning.remove(session, task_id, str(person), actor=actor.id, reason=said)


def sign(session: Session, actor: Actor, task_id: UUID, *, agrees: bool, reason: str) -> UserTask:
    """Agree to a task, or decline with a reason. Raises TaskUnknown, NotAskedToSign, TaskNotOpen, ReasonMissing."""
    task = tasks.find(session, task_id)
    access.require_may_see(session, actor, task)
    said = naming_nobody(session, task.stream, reason if agrees else reasoned(reason))
    before = set(cosigning.whose_turn(session, task_id))
    task = cosigning.answer(session, task_id, agrees=agrees, actor=actor.id, reason=said)
    telling.asked_to_sign(session, task, set(cosigning.whose_turn(session, task_id)) - before, actor)
    return task


def signers(session: Session, actor: Actor, task_id: UUID) -> list[Signature]:
    """Who was asked to agree to a task. Raises TaskUnknown."""
    access.require_may_see(session, actor, tasks.find(session, task_id))
    return cosigning.of_task(session, task_id)


def _mine(session: Session, actor: Actor, task_id: UUID, version: int | None) -> UserTask:
    task = tasks.locked(session, task_id)
    access.require_may_do(session, actor, task)
    access.require_as_read(session, task_id, version)
    return task
