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
from engine.casework.errors import CursorInvalid
from engine.people import queries as people
from engine.people.actor import Actor
from engine.territory import queries as territory
from engine.territory.models import Division
from engine.workflow import cosigning
from engine.workflow.models import UserTask

SOON = timedelta(days=2)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
URGENCY = (Case.risk.is_distinct_from("RED"), func.coalesce(UserTask.due_at, NEVER), UserTask.id)
"""The order of my work; ids of later tasks are greater."""


@dataclass(frozen=True)
class Work:
    """One line of my work: a task and its case."""

    task: UserTask
    case: Case


@dataclass(frozen=True)
class WorkPage:
    """One page of my work, the cursor of the next, and the names that it needs."""

    lines: list[Work]
    next: str | None
    places: Mapping[str, Division]
    names: Mapping[str, str]


def my_tasks(session: Session, actor: Actor, which: str = "all", *, after: str = "", size: int = 25) -> WorkPage:
    """Open tasks: `mine`, `group` (nobody's yet), `due` (within two days), `overdue`, `sign` (asked to agree), `all`.

    Those of red cases come first, then what is due soonest, then what has no time limit, oldest first. `after` is the
    `next` of the page before. Raises CursorInvalid.
    """
    query = (
        select(UserTask, Case)
        .join(Case, Case.id == UserTask.stream)
        .where(UserTask.state == "open", _which(actor, which))
    )
    if after:
        query = query.where(tuple_(*URGENCY) > _cursor(after))
    rows = session.execute(query.order_by(*URGENCY).limit(size + 1)).all()
    lines = [Work(task, case) for task, case in rows[:size]]
    following = _cursor_of(lines[-1]) if len(rows) > size else None
    names = people.names(session, (line.task.assignee for line in lines))
    return WorkPage(lines, following, territory.by_path(session, {line.case.division for line in lines}), names)


def task_counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many open tasks each of the views of my work has (up to 100 are counted)."""
    found = {}
    for which in ("mine", "group", "due", "overdue"):
        rows = select(UserTask.id).where(UserTask.state == "open", _which(actor, which)).limit(100)
        found[which] = len(session.scalars(rows).all())
    return found


def next_task(session: Session, actor: Actor, case_id: UUID) -> UserTask | None:
    """The step of a case that the actor may go on with at once, the newest first."""
    open_ones = select(UserTask).where(UserTask.stream == case_id, UserTask.state == "open", _which(actor, "all"))
    return session.scalar(open_ones.order_by(UserTask.created_at.desc()).limit(1))


def _which(actor: Actor, which: str) -> ColumnElement[bool]:
    mine = UserTask.assignee == actor.id
    group = access.group_tasks(actor) & UserTask.assignee.is_(None)
    match which:
        case "mine":
            return mine
        case "group":
            return group
        case "due":
            return (mine | group) & (UserTask.due_at <= clock.now() + SOON) & (UserTask.due_at > clock.now())
        case "overdue":
            return (mine | group) & (UserTask.due_at <= clock.now())
        case "sign":
            return cosigning.waits_for(actor.id)
    return mine | group


def _cursor_of(line: Work) -> str:
    """Where the page after a line begins; made of characters that an address holds as they are."""
    due = (line.task.due_at or NEVER).astimezone(UTC).replace(tzinfo=None)
    return f"{_calm(line.case):d}~{due.isoformat(timespec='microseconds')}Z~{line.task.id}"


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


def _calm(case: Case) -> bool:
    return case.risk != "RED"
