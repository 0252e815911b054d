"""What came and went by day and place: reports, closings, deadlines that fell due and those that were missed.

Past days are counted once a night and kept (`DayCount`), so that looking back a year costs the same in a county of a
million cases. Whatever changes a day that has been counted, first of all sealing, makes that day and all after it be
counted anew at once, until the next night: nothing sealed shows.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Index,
    Integer,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import clock
from engine.cases.models import Case
from engine.cases.permissions import OPEN, within
from engine.db import Base
from engine.deadlines import queries as deadlines
from engine.deadlines.models import Deadline
from engine.events import Event
from engine.ledger.queries import OWN_WORK

PAST = ("reported", "closed", "due", "missed")
KEPT = timedelta(days=430)
"""How far back days are kept: thirteen months."""

RECOUNTING = (
    "case.sealed", "case.unsealed", "case.located", "case.reopened", "deadline.extended",
    "deadline.restarted", "deadline.suspended", "deadline.resumed",
)  # fmt: skip
"""Events that change what was counted on past days of their case."""

SLACK = timedelta(hours=1)
"""How long a transaction may have run when the days were counted: what it changed counts as changed since."""

COUNT_LOCK = 0x48656A6965 + 1


class DayCount(Base):
    """What came and went on one past day in one place, as it was counted at `counted_at`."""

    __tablename__ = "day_count"
    __table_args__ = (
        Index("ix_day_count_division", "division", "day", postgresql_ops={"division": "text_pattern_ops"}),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(primary_key=True)
    reported: Mapped[int]
    closed: Mapped[int]
    due: Mapped[int]
    missed: Mapped[int]
    counted_at: Mapped[datetime]


def recount(session: Session) -> bool:
    """Count the past days anew, once a day; returns whether it was time. One worker does it."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(COUNT_LOCK))):
        return False
    counted_at = session.scalar(select(func.max(DayCount.counted_at)))
    if counted_at is not None and counted_at.astimezone(clock.ZONE).date() == clock.today():
        return False
    today = _start_of(clock.today())
    found = _live("", "day", today - KEPT, today).subquery()
    day, division, *counts = found.columns
    summed = select(day, division, *(func.sum(one) for one in counts), literal(clock.now())).group_by(day, division)
    columns = ("day", "division", *PAST, "counted_at")
    session.execute(delete(DayCount))
    session.execute(insert(DayCount).from_select(columns, summed))
    return True


def movements(session: Session, root: str, period: str, start: datetime) -> list[tuple[date, str, int, int, int, int]]:
    """Rows of (first day of the week or month, place, reported, closed, due, missed) below a root since an instant."""
    first = start.astimezone(clock.ZONE).date()
    anew = max(first, _first_day_anew(session) or first)
    begin = cast(func.date_trunc(period, DayCount.day), Date)
    counts = (cast(func.sum(getattr(DayCount, name)), Integer) for name in PAST)
    below = or_(DayCount.division == root, DayCount.division.startswith(root + "/", autoescape=True))
    kept = select(begin, DayCount.division, *counts).where(below, DayCount.day >= first, DayCount.day < anew)
    live = _live(root, period, _start_of(anew), clock.now())
    rows: Any = session.execute(union_all(kept.group_by(begin, DayCount.division), live))
    return list(rows)


def _first_day_anew(session: Session) -> date | None:
    """The first day that must be counted now: the one after the last kept, or one that was changed since; None: all."""
    newest = select(DayCount.counted_at).order_by(DayCount.day.desc()).limit(1).scalar_subquery()
    changed = select(func.min(Case.reported_at)).join(Event, Event.stream == Case.id)
    changed = changed.where(Event.kind.in_(RECOUNTING), Event.at >= newest - SLACK)
    counted_at, earliest = session.execute(select(newest, changed.scalar_subquery())).one()
    if counted_at is None:
        return None
    return min(one.astimezone(clock.ZONE).date() for one in (counted_at, earliest) if one is not None)


def _live(root: str, period: str, start: datetime, end: datetime) -> CompoundSelect[Any]:
    """What came and went from an instant on and before another, counted from the cases; an empty root is everything."""

    def counts(name: str, moment: Any, *conditions: ColumnElement[bool], **more: ColumnElement[bool]) -> Any:
        begin = cast(func.date_trunc(period, func.timezone(str(clock.ZONE), moment)), Date).label("begin")
        columns = {name: func.count(), **{other: func.count().filter(holds) for other, holds in more.items()}}
        query = select(begin, Case.division, *(columns.get(one, literal(0)).label(one) for one in PAST))
        return query.where(*counted(root), moment >= start, moment < end, *conditions).group_by(begin, Case.division)

    missed = or_(Deadline.state == "running", Deadline.ended_at > Deadline.due_at)
    return union_all(
        counts("reported", Case.reported_at),
        counts("closed", Case.closed_at),
        counts("due", Deadline.due_at, Deadline.case_id == Case.id, deadlines.was_due(), missed=missed),
    )


def counted(root: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions on cases that a board counts: below a root, not sealed, not the house's own work."""
    return OPEN, Case.kind.not_in(OWN_WORK), within(root) if root else true()


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.ZONE)
