"""Putting right what went wrong: people send a task back, administrators move tokens; always with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import queries as case_queries
from engine.casework import access
from engine.casework.administration import reasoned, seen
from engine.casework.errors import Outdated
from engine.casework.reasons import naming_nobody
from engine.people.actor import Actor
from engine.workflow import instances, returning, tasks
from engine.workflow.errors import TaskUnknown
from engine.workflow.models import Instance, UserTask
from engine.workflow.rearranging import Addition
from engine.workflow.returning import Target


def return_targets(session: Session, actor: Actor, task_id: UUID) -> list[Target]:
    """The steps done before a task, each with whether one may go back to it. Raises TaskUnknown, TaskNotOpen."""
    task = tasks.find(session, task_id)
    access.require_may_see(session, actor, task)
    return returning.targets(session, tasks.locked(session, task_id))


def send_back(
    session: Session, actor: Actor, task_id: UUID, to: str, reason: str, *, version: int | None = None
) -> UserTask:
    """Send a task back to an earlier step; nothing is undone, what lies between is done again.

    Raises TaskUnknown, TaskNotOpen, TaskNotYours, TaskAlreadyAssigned, CasePaused, Outdated, ReasonMissing,
    WordsBlocked, PersonNamed, ReturnRefused.
    """
    task = tasks.locked(session, task_id)
    access.require_may_do(session, actor, task)
    if version is not None and version != task.version:
        raise Outdated(task=task_id)
    if task.stream != task.instance_id:
        access.require_not_paused(case_queries.locked(session, task.stream), task)
    said = naming_nobody(session, task.stream, reasoned(reason))
    return returning.send_back(session, task_id, to, actor=actor.id, reason=said)


def return_as_administrator(
    session: Session, actor: Actor, instance_id: UUID, task_id: UUID, to: str, reason: str, *, version: int | None
) -> Instance:
    """Send a task of an instance back to an earlier step, whoever's it is.

    Raises AdministratorsOnly, Outdated, ReasonMissing, TaskUnknown, TaskNotOpen, ReturnRefused.
    """
    found = seen(session, actor, instance_id, version)
    if tasks.find(session, task_id).instance_id != instance_id:
        raise TaskUnknown(task=task_id)
    returning.send_back(session, task_id, to, actor=actor.id, reason=reasoned(reason))
    return found


def modify(
    session: Session,
    actor: Actor,
    instance_id: UUID,
    *,
    take: Sequence[UUID],
    add: Sequence[Mapping[str, Any]],
    move: Sequence[Mapping[str, Any]],
    reason: str,
    version: int | None = None,
) -> Instance:
    """Add, move and take tokens of an instance.

    Raises AdministratorsOnly, InstanceUnknown, InstanceNotActive, Outdated, ReasonMissing, ModificationRefused.
    """
    found = seen(session, actor, instance_id, version)
    added = [Addition(one["element_id"], within=one["within"], variables=one["variables"]) for one in add]
    moved = [Addition(one["to"], beside=one["token"]) for one in move]
    instances.modify(
        session, instance_id, take=[*take, *(one["token"] for one in move)], add=[*added, *moved],
        actor=actor.id, reason=reasoned(reason),
    )  # fmt: skip
    return found
