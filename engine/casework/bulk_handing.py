"""Handing several tasks to one colleague at once: first what would become of each, then those that can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.casework import access, commands
from engine.casework.errors import ColleagueUnfit
from engine.errors import N_, DomainError, Invalid
from engine.people import queries as people
from engine.people.actor import Actor
from engine.people.models import Account
from engine.workflow.errors import TaskNotOpen
from engine.workflow.models import UserTask

MOST = 100


class NothingToHandOn(Invalid):
    """No task was chosen, or none of them can be handed to this colleague."""

    code = "nothing-to-hand-on"
    message = N_("None of these steps can be handed to this colleague. Choose other steps or somebody else.")


@dataclass(frozen=True)
class Planned:
    """A task that would be handed on, with its case; `refusal` says why not."""

    task: UserTask
    case: Case
    refusal: DomainError | None


def chosen(session: Session, actor: Actor, ids: Sequence[UUID]) -> list[tuple[UserTask, Case]]:
    """Those of some tasks that the actor may take, with their cases, oldest first."""
    query = select(UserTask, Case).join(Case, Case.id == UserTask.stream)
    rows = session.execute(query.where(UserTask.id.in_(ids[:MOST])).order_by(UserTask.id))
    return [(task, case) for task, case in rows if access.may_take(session, actor, task)]


def colleagues(session: Session, actor: Actor, of: Sequence[tuple[UserTask, Case]]) -> list[Account]:
    """Who can take at least one of some tasks, by name."""
    places = {(tuple(task.groups), task.division) for task, _ in of}
    found = {one.id: one for groups, division in places for one in people.holders(session, groups, division)}
    found.pop(UUID(actor.id), None)
    return sorted(found.values(), key=lambda one: one.name)


def plan(session: Session, actor: Actor, ids: Sequence[UUID], to: Actor) -> list[Planned]:
    """What would become of each of some tasks; nothing is changed."""
    return [Planned(task, case, _refusal(session, actor, task, to)) for task, case in chosen(session, actor, ids)]


def hand_over(session: Session, actor: Actor, ids: Sequence[UUID], to: Actor) -> list[UserTask]:
    """Hand on those of some tasks that can be; returns them. Raises NothingToHandOn."""
    fit = [one.task.id for one in plan(session, actor, ids, to) if one.refusal is None]
    if not fit:
        raise NothingToHandOn
    # In the order of their ids: two people who hand over at once do not wait for each other in a circle.
    return [commands.assign(session, actor, one, to) for one in sorted(fit)]


def _refusal(session: Session, actor: Actor, task: UserTask, to: Actor) -> DomainError | None:
    if task.state != "open":
        return TaskNotOpen(task=task.id)
    if not access.fits(session, to, task):
        return ColleagueUnfit(task=task.id)
    try:
        access.require_may_do(session, actor, task)
    except DomainError as refused:
        return refused
    return None
