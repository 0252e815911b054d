"""Who may take which task: role and division, or who mediates the case; decided here alone."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, false, func, or_, select
from sqlalchemy.orm import Session

from engine.cases import queries as cases
from engine.cases.models import Case
from engine.cases.permissions import MEDIATORS, mediated, mediates
from engine.casework.errors import CasePaused, Outdated, TaskNotYours
from engine.people.actor import Actor
from engine.workflow import cosigning, tasks
from engine.workflow.errors import TaskAlreadyAssigned, TaskUnknown
from engine.workflow.models import UserTask


def group_tasks(actor: Actor) -> ColumnElement[bool]:
    """The condition on open tasks that an actor's roles let them take, or that are for who mediates their cases."""
    offered = []
    for held in actor.memberships:
        below = UserTask.division.startswith(held.path + "/", autoescape=True)
        within = or_(UserTask.division == held.path, below)
        offered.append(and_(UserTask.groups.contains([held.role]), within))
    if not actor.roles.isdisjoint(MEDIATORS):
        offered.append(mediators_tasks(actor))
    return or_(*offered) if offered else false()


def mediators_tasks(actor: Actor) -> ColumnElement[bool]:
    """The condition on open tasks of mediators in the cases that an actor mediates, whatever their level and place."""
    # An array, so that the index over the tasks' cases finds them beside those over divisions.
    theirs = func.array(select(Case.id).where(mediated(actor), Case.closed_at.is_(None)).scalar_subquery())
    return and_(UserTask.stream == any_(theirs), UserTask.groups.overlap(sorted(MEDIATORS)))


def covered_tasks(actor: Actor) -> ColumnElement[bool]:
    """The condition on tasks of those who are away and whom the actor covers, within the actor's own roles."""
    return UserTask.assignee.in_(actor.covers) & group_tasks(actor) if actor.covers else false()


def may_take(session: Session, actor: Actor, task: UserTask) -> bool:
    """Whether the actor can be given a task (or it is already theirs)."""
    return task.assignee == actor.id or fits(session, actor, task)


def fits(session: Session, person: Actor, task: UserTask) -> bool:
    """Whether a role lets somebody take a task; a mediator's is also for who mediates the case from elsewhere."""
    if any(person.holds(role, task.division) for role in task.groups):
        return True
    return not MEDIATORS.isdisjoint(task.groups) and mediates(person, session.get_one(Case, task.stream))


def require_may_do(session: Session, actor: Actor, task: UserTask) -> None:
    """Raises TaskUnknown if the actor may not even see it, TaskNotYours if only that, TaskAlreadyAssigned."""
    if not may_take(session, actor, task):
        require_may_see(session, actor, task)
        raise TaskNotYours(task=task.id)
    if task.assignee not in (None, actor.id, *actor.covers):
        raise TaskAlreadyAssigned(task=task.id, assignee=task.assignee)


def require_as_read(session: Session, task_id: UUID, version: int | None) -> None:
    """Raises Outdated if an open task, locked from here on, is not the version that somebody has read."""
    if version is not None and tasks.locked(session, task_id).version != version:
        raise Outdated(task=task_id)


def require_may_see(session: Session, actor: Actor, task: UserTask) -> None:
    """Raises TaskUnknown unless the task or its case is the actor's to see, or they are asked to agree to it."""
    if may_take(session, actor, task) or cosigning.is_asked(session, task.id, actor.id):
        return
    if not sees_case(session, actor, task.stream):
        raise TaskUnknown(task=task.id)


def require_sight(session: Session, actor: Actor, case_id: UUID) -> None:
    """Raises CaseUnknown unless the case is the actor's to see; unlike a look at it, this is not recorded."""
    if not sees_case(session, actor, case_id):
        raise cases.CaseUnknown(case=case_id)


def sees_case(session: Session, actor: Actor, case_id: UUID) -> bool:
    """Whether a case is the actor's to see; whoever may do a step of it need not be."""
    return session.scalar(select(Case.id).where(Case.id == case_id, cases.scope(actor))) is not None


def require_not_paused(case: Case, task: UserTask) -> None:
    """Raises CasePaused for every step but those of the police and of the centre on duty (人民调解法 §25)."""
    if case.paused_at is not None and "police" not in task.groups and "duty_officer" not in task.groups:
        raise CasePaused(case=case.id)
