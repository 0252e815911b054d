"""Keeping a case in step with its processes: its stage and due day follow from the tasks that are open."""

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from engine import clock, statements
from engine.cases import commands as cases
from engine.cases.models import Case
from engine.deadlines.models import Deadline
from engine.workflow import instances
from engine.workflow.execution import Execution
from engine.workflow.models import Instance, UserTask

STAGE = "hejie.stage"

_TASKS = select(func.min(UserTask.due_at)).where(UserTask.stream == bindparam("case"), UserTask.state == "open")
_RUNNING = select(func.min(Deadline.due_on)).where(Deadline.case_id == bindparam("case"), Deadline.state == "running")
_DUE = statements.Statement(select(_TASKS.scalar_subquery(), _RUNNING.scalar_subquery()))


def follow(session: Session, instance: Instance, execution: Execution) -> None:
    """After a change of an instance: its case's stage is that of the task opened last."""
    if instance.stream == instance.id:  # it belongs to no case
        return
    case = session.get(Case, instance.stream)
    if case is None or case.closed_at is not None:
        return
    stages = [task.element.properties[STAGE] for task in execution.tasks if STAGE in task.element.properties]
    if stages:
        cases.set_stage(session, case, stages[-1])
    [(due_at, due_on)] = statements.rows(session, _DUE, {"case": case.id})
    days = [day for day in (due_at and due_at.astimezone(clock.ZONE).date(), due_on) if day]
    due = min(days, default=None)
    if case.due_on != due:  # setting what stands there already would make the session look for changes
        case.due_on = due


instances.FOLLOWERS.append(follow)
