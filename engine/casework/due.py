"""Until when a task should be done, and which article says so: its own time, else the next deadline of its case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.workflow import definitions
from engine.workflow.models import UserTask

LAW = "hejie.law"

DUE: ColumnElement[datetime | None] = func.coalesce(
    UserTask.due_at, func.timezone(str(clock.ZONE), cast(Case.due_on + 1, DateTime(timezone=False)))
)
"""When an open task is due; a day counts to its end in the county."""


@dataclass(frozen=True)
class Due:
    """When something is due, by which article, and the name of the deadline where it is one of the catalogue."""

    at: datetime
    law: str
    name: str = ""
    name_en: str = ""


def due_of(session: Session, work: Iterable[tuple[UserTask, Case]]) -> dict[UUID, Due]:
    """What is due of some open tasks, by task; those without any time limit are missing."""
    listed = list(work)
    deadlines = _next_deadlines(session, {case.id for task, case in listed if task.due_at is None})
    found = {}
    for task, case in listed:
        if task.due_at is not None:
            element = definitions.process(session, task.definition_id).elements.get(task.element_id)
            found[task.id] = Due(task.due_at, element.properties.get(LAW, "") if element else "")
        elif case.id in deadlines:
            found[task.id] = deadlines[case.id]
        elif case.due_on is not None:
            found[task.id] = Due(datetime.combine(case.due_on + timedelta(days=1), time(), tzinfo=clock.ZONE), "")
    return found


def _next_deadlines(session: Session, cases: set[UUID]) -> dict[UUID, Due]:
    """The deadline of each case that ends first."""
    if not cases:
        return {}
    query = (
        select(Deadline.case_id, Deadline.due_at, CatalogueEntry)
        .outerjoin(
            CatalogueEntry, and_(CatalogueEntry.key == Deadline.key, CatalogueEntry.in_force_from == Deadline.law_of)
        )
        .where(Deadline.case_id.in_(cases), Deadline.state == "running")
        .order_by(Deadline.case_id, Deadline.due_at)
        .ext(distinct_on(Deadline.case_id))
    )
    return {
        case: Due(at, entry.law, entry.name, entry.name_en) if entry else Due(at, "")
        for case, at, entry in session.execute(query)
    }
