"""What has changed in my work since a page was shown: asked every twenty seconds by everybody, so one small statement.

Every open task of a view with a version that grows with it and with its case. Whoever has the list of before sees what
is new, what has changed and what is gone.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.casework.work import which_of
from engine.casework.work_filters import EVERYTHING, Filters
from engine.people.actor import Actor
from engine.workflow.models import UserTask

MOST = 200
"""The newest so many tasks are watched; who has more has enough to do."""


def versions(session: Session, actor: Actor, which: str = "all", filters: Filters = EVERYTHING) -> dict[str, str]:
    """The versions of the newest open tasks of a view, by the task's id."""
    query = (
        select(UserTask.id, UserTask.version, Case.version)
        .join(Case, Case.id == UserTask.stream)
        .where(UserTask.state == "open", which_of(actor, which), *filters.conditions())
        .order_by(UserTask.id.desc())
        .limit(MOST)
    )
    return {str(task): f"{own}.{of_case}" for task, own, of_case in session.execute(query)}
