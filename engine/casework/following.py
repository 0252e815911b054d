"""Keeping a case in step with its processes: its stage and due day follow from the tasks that are open."""

from sqlalchemy import Date, Uuid, bindparam, cast, func, select, update
from sqlalchemy.orm import Session

from engine import clock, statements
from engine.cases import commands as cases
from engine.cases.models import Case
from engine.casework import ending
from engine.deadlines.models import Deadline
from engine.statements import Statement, table
from engine.workflow import instances
from engine.workflow.instances import Live
from engine.workflow.models import UserTask

STAGE = ending.STAGE

_CASE, _ID = table(Case), bindparam("case", type_=Uuid)
_TASKS = select(cast(func.timezone(clock.ZONE.key, func.min(UserTask.due_at)), Date)).where(
    UserTask.stream == _ID, UserTask.state == "open"
)
_RUNNING = select(func.min(Deadline.due_on)).where(Deadline.case_id == _ID, Deadline.state == "running")
_DUE = func.least(_TASKS.scalar_subquery(), _RUNNING.scalar_subquery())
_SET_DUE = Statement(
    update(_CASE)
    .where(_CASE.c.id == _ID, _CASE.c.due_on.is_distinct_from(_DUE))
    .values(due_on=_DUE, version=_CASE.c.version + 1)
)


def follow(session: Session, live: Live) -> None:
    """After a change of an instance: its case's stage is that of the task opened last; what is over is closed."""
    instance = live.instance
    if instance.stream == instance.id:  # it belongs to no case
        return
    if instance.ended_at and ending.ended(session, instance, live.actor):
        return
    case = session.get(Case, instance.stream)
    if case is None or case.closed_at is not None:
        return
    stages = [task.element.properties[STAGE] for task in live.execution.tasks if STAGE in task.element.properties]
    if stages:
        cases.set_stage(session, case, stages[-1])
    statements.send(session, (_SET_DUE, {"case": case.id}))
    session.expire(case, ["due_on", "version"])  # read again by whoever asks


instances.FOLLOWERS.append(follow)
