"""My work: the open tasks that somebody can do, the most urgent first, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.casework import access
from engine.casework.due import DUE, Due, due_of
from engine.casework.errors import CursorInvalid
from engine.casework.shortlist import offered
from engine.casework.work_filters import EVERYTHING, Filters
from engine.people import queries as people
from engine.people.actor import Actor
from engine.territory import queries as territory
from engine.territory.models import Division
from engine.workflow import cosigning
from engine.workflow.models import UserTask

SOON = timedelta(days=2)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
MOST = 100
"""Up to how many tasks are counted."""

CALM = Case.risk.is_distinct_from("RED")
ENDS = func.coalesce(DUE, NEVER)
ORDERS = {
    "urgent": (CALM, ENDS, UserTask.id),
    "due": (ENDS, UserTask.id),
    "oldest": (UserTask.id,),
    "newest": (UserTask.id,),
}
"""The orders of my work; ids of later tasks are greater. `urgent`: red cases first, then what is due soonest."""


@dataclass(frozen=True)
class Work:
    """One line of my work: a task, its case, and until when it should be done."""

    task: UserTask
    case: Case
    due: Due | None


@dataclass(frozen=True)
class WorkPage:
    """One page of my work, the cursor of the next, and the names that it needs."""

    lines: list[Work]
    next: str | None
    places: Mapping[str, Division]
    names: Mapping[str, str]


def my_tasks(
    session: Session,
    actor: Actor,
    which: str = "all",
    *,
    filters: Filters = EVERYTHING,
    sort: str = "urgent",
    after: str = "",
    size: int = 25,
) -> WorkPage:
    """Open tasks of a view that filters let through, in one of the ORDERS.

    Views: `mine`, `group` (nobody's yet), `due` (within two days), `overdue`, `sign` (asked to agree), `delegated` (by
    me to somebody), `all`. `after` is the `next` of the page before. Raises CursorInvalid, FilterInvalid.
    """
    query = (
        select(UserTask, Case, DUE)
        .join(Case, Case.id == UserTask.stream)
        .where(UserTask.state == "open", which_of(actor, which), *filters.conditions())
    )
    order = ORDERS[sort]
    backwards = sort == "newest"
    if after:
        place = tuple_(*order), _cursor(after)[-len(order) :]
        query = query.where(place[0] < place[1] if backwards else place[0] > place[1])
    query = query.order_by(*(one.desc() if backwards else one for one in order))
    rows = session.execute(query.limit(size + 1)).all()
    following = _cursor_of(*rows[size - 1]) if len(rows) > size else None
    due = due_of(session, ((task, case) for task, case, _ in rows[:size]))
    lines = [Work(task, case, due.get(task.id)) for task, case, _ in rows[:size]]
    names = people.names(session, (line.task.assignee for line in lines))
    return WorkPage(lines, following, territory.by_path(session, {line.case.division for line in lines}), names)


def task_counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many open tasks each of the views of my work has (up to 100 are counted)."""
    return {which: count(session, actor, which) for which in ("mine", "group", "due", "overdue", "sign", "delegated")}


def count(session: Session, actor: Actor, which: str, filters: Filters = EVERYTHING) -> int:
    """How many open tasks a view has (up to 100 are counted)."""
    conditions = filters.conditions()
    rows = select(UserTask.id).where(UserTask.state == "open", which_of(actor, which), *conditions).limit(MOST)
    if conditions or which in ("due", "overdue"):
        rows = rows.join(Case, Case.id == UserTask.stream)
    return len(session.scalars(rows).all())


def next_task(session: Session, actor: Actor, case_id: UUID) -> UserTask | None:
    """The step of a case that the actor may go on with at once, the newest first."""
    free = access.group_tasks(actor) & UserTask.assignee.is_(None)
    open_ones = select(UserTask).where(
        UserTask.stream == case_id, UserTask.state == "open", (UserTask.assignee == actor.id) | free
    )
    return session.scalar(open_ones.order_by(UserTask.created_at.desc()).limit(1))


def which_of(actor: Actor, which: str) -> ColumnElement[bool]:
    """The condition on open tasks of a view; `due` and `overdue` need the case joined."""
    match which:
        case "mine":
            return _with_covered(actor, UserTask.assignee == actor.id)
        case "group":
            return offered(actor)
        case "due":
            return _mine_or_offered(actor) & (clock.now() + SOON >= DUE) & (clock.now() < DUE)
        case "overdue":
            return _mine_or_offered(actor) & (clock.now() >= DUE)
        case "sign":
            return cosigning.waits_for(actor.id)
        case "delegated":
            return UserTask.owner == actor.id
    return _mine_or_offered(actor)


def _mine_or_offered(actor: Actor) -> ColumnElement[bool]:
    return _with_covered(actor, offered(actor, mine=True))


def _with_covered(actor: Actor, found: ColumnElement[bool]) -> ColumnElement[bool]:
    """With the tasks of those whom the actor covers today."""
    return found | access.covered_tasks(actor) if actor.covers else found


def _cursor_of(task: UserTask, case: Case, due: datetime | None) -> str:
    """Where the page after a line begins; made of characters that an address holds as they are."""
    ends = (due or NEVER).astimezone(UTC).replace(tzinfo=None)
    return f"{case.risk != 'RED':d}~{ends.isoformat(timespec='microseconds')}Z~{task.id}"


def _cursor(text: str) -> tuple[bool, datetime, UUID]:
    """The place in the order that a cursor names. Raises CursorInvalid: the first page again would never end."""
    calm, _, rest = text.partition("~")
    due, _, identity = rest.partition("~")
    try:
        found = {"0": False, "1": True}[calm], datetime.fromisoformat(due), UUID(identity)
    except (KeyError, ValueError):
        raise CursorInvalid from None
    if found[1].tzinfo is None:
        raise CursorInvalid
    return found
