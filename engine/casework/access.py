"""Who may take which task: role and division, decided here alone."""

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import Session

from engine.cases import queries as cases
from engine.casework.errors import TaskNotYours
from engine.errors import NotFound
from engine.people.actor import Actor
from engine.workflow.errors import TaskAlreadyAssigned, TaskUnknown
from engine.workflow.models import UserTask


def group_tasks(actor: Actor) -> ColumnElement[bool]:
    """The condition on open tasks that an actor's roles let them take."""
    offered = []
    for held in actor.memberships:
        below = UserTask.division.startswith(held.path + "/", autoescape=True)
        within = or_(UserTask.division == held.path, below)
        offered.append(and_(UserTask.groups.contains([held.role]), within))
    return or_(*offered) if offered else false()


def may_take(actor: Actor, task: UserTask) -> bool:
    """Whether a role of the actor's lets them take a task (or it is already theirs)."""
    return task.assignee == actor.id or any(actor.holds(role, task.division) for role in task.groups)


def require_may_do(session: Session, actor: Actor, task: UserTask) -> None:
    """Raises TaskUnknown if the actor may not even see it, TaskNotYours if only that, TaskAlreadyAssigned."""
    if not may_take(actor, task):
        require_may_see(session, actor, task)
        raise TaskNotYours(task=task.id)
    if task.assignee not in (None, actor.id):
        raise TaskAlreadyAssigned(task=task.id, assignee=task.assignee)


def require_may_see(session: Session, actor: Actor, task: UserTask) -> None:
    """Raises TaskUnknown unless the task or its case is the actor's to see."""
    if may_take(actor, task):
        return
    try:
        cases.case(session, actor, task.stream)
    except NotFound:
        raise TaskUnknown(task=task.id) from None
