"""Reading the catalogue, the calendar, and what runs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, func, or_, select
from sqlalchemy.orm import Session

from engine import clock
from engine.deadlines import counting
from engine.deadlines.counting import Calendar
from engine.deadlines.models import CalendarDay, CatalogueEntry, Deadline
from engine.errors import N_, NotFound

OURS = "management"
"""Whose duty a deadline is that no law sets."""
CITIZENS = "citizen"
MANAGEMENT = "management"
"""Whose a deadline is that is a right: the parties' own, whatever becomes of the case."""
STILL_OPEN = ("running", "kept")
"""The states of a right that can still be used, until its day."""


class DeadlineUnknown(NotFound):
    """The catalogue has no deadline of this key in force."""

    code = "deadline-unknown"
    message = N_("There is no deadline of this name in the catalogue.")


def entry(session: Session, key: str, on: date) -> CatalogueEntry:
    """The catalogue's entry in force on a day. Raises DeadlineUnknown."""
    query = select(CatalogueEntry).where(CatalogueEntry.key == key, CatalogueEntry.in_force_from <= on)
    query = query.where(CatalogueEntry.in_force_to.is_(None) | (CatalogueEntry.in_force_to >= on))
    found = session.scalar(query.order_by(CatalogueEntry.in_force_from.desc()).limit(1))
    if found is None:
        raise DeadlineUnknown(key=key)
    return found


def first_law(session: Session, key: str) -> CatalogueEntry | None:
    """The oldest entry of a key: for a day before it nothing can be counted. None if there is no such key."""
    query = select(CatalogueEntry).where(CatalogueEntry.key == key).order_by(CatalogueEntry.in_force_from)
    return session.scalar(query.limit(1))


def catalogue(session: Session) -> list[CatalogueEntry]:
    """The whole catalogue, by key."""
    return list(session.scalars(select(CatalogueEntry).order_by(CatalogueEntry.key, CatalogueEntry.in_force_from)))


def keys(session: Session) -> set[str]:
    """The keys of all deadlines that the catalogue has or had."""
    return set(session.scalars(select(CatalogueEntry.key)))


def of_the_law(session: Session) -> set[str]:
    """The keys of those that the law sets or has set, and not our own management."""
    return set(session.scalars(select(CatalogueEntry.key).where(CatalogueEntry.duty_of != OURS)))


def calendar(session: Session) -> Calendar:
    """The working-day calendar."""
    days = session.execute(select(CalendarDay.day, CalendarDay.working)).all()
    holidays = {day for day, working in days if not working}
    workdays = {day for day, working in days if working}
    return Calendar(holidays, workdays, {day.year for day, _ in days})


def marks(session: Session, deadline: Deadline, calendar: Calendar) -> tuple[tuple[str, datetime], ...]:
    """When to warn of a deadline, in time's order."""
    duration = session.get_one(CatalogueEntry, (deadline.key, deadline.law_of)).duration
    return counting.warnings(deadline.started_at, deadline.due_at, duration, calendar)


def next_warning(session: Session, deadline: Deadline, calendar: Calendar, now: datetime) -> datetime | None:
    """The next moment after `now` at which to warn of a deadline; None where nothing is left to warn of."""
    return min((at for _, at in marks(session, deadline, calendar) if at > now), default=None)


def kept_days(session: Session, year: int) -> list[CalendarDay]:
    """The days off and make-up workdays of a year, in order."""
    query = select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    return list(session.scalars(query.order_by(CalendarDay.day)))


def running_count(session: Session) -> dict[str, int]:
    """How many deadlines of each key run now."""
    running = select(Deadline.key, func.count()).where(Deadline.state == "running").group_by(Deadline.key)
    return {row[0]: row[1] for row in session.execute(running)}


def history(session: Session, key: str) -> list[CatalogueEntry]:
    """Every entry of a key, the newest law first. Raises DeadlineUnknown."""
    query = select(CatalogueEntry).where(CatalogueEntry.key == key).order_by(CatalogueEntry.in_force_from.desc())
    found = list(session.scalars(query))
    if not found:
        raise DeadlineUnknown(key=key)
    return found


def of_case(session: Session, case_id: UUID) -> list[Deadline]:
    """All deadlines of a case, by the day they are due."""
    return list(session.scalars(select(Deadline).where(Deadline.case_id == case_id).order_by(Deadline.due_on)))


def owed() -> ColumnElement[bool]:
    """The condition on deadlines that an office owes by law: no right of citizens, and no time of our own making."""
    others = select(CatalogueEntry.key).where(CatalogueEntry.duty_of.in_((CITIZENS, MANAGEMENT)))
    return Deadline.key.not_in(others)


def was_due() -> ColumnElement[bool]:
    """The condition on deadlines that were met, or are past their day: also those that were dropped only after it."""
    passed = and_(Deadline.state == "running", Deadline.due_at < clock.now())
    dropped = and_(Deadline.state == "cancelled", Deadline.ended_at > Deadline.due_at)
    return and_(owed(), or_(Deadline.state == "met", passed, dropped))


def rights(session: Session, case_id: UUID) -> list[tuple[Deadline, CatalogueEntry]]:
    """What the parties of a case may still do, until `displayed_on`, the nearest day first."""
    named = and_(CatalogueEntry.key == Deadline.key, CatalogueEntry.in_force_from == Deadline.law_of)
    query = select(Deadline, CatalogueEntry).join(CatalogueEntry, named).where(Deadline.case_id == case_id)
    query = query.where(CatalogueEntry.duty_of == CITIZENS, Deadline.state.in_(STILL_OPEN))
    query = query.where(Deadline.displayed_on >= clock.today()).order_by(Deadline.displayed_on)
    return [(row[0], row[1]) for row in session.execute(query)]


def is_a_right(session: Session, deadline: Deadline) -> bool:
    """Whether a deadline is a right of the parties, which is theirs to use or to leave, and no office's duty."""
    return session.get_one(CatalogueEntry, (deadline.key, deadline.law_of)).duty_of == CITIZENS


def missing_years(session: Session) -> list[int]:
    """Years into which a running deadline reaches and whose holidays nobody has entered: weekends alone count there."""
    reached = select(func.extract("year", Deadline.displayed_on).cast(Integer)).where(Deadline.state == "running")
    known = calendar(session).years
    return sorted(set(session.scalars(reached)) - set(known))


def running(session: Session, case_id: UUID, key: str) -> Deadline | None:
    """The deadline of this key that runs (or is suspended) for a case, the newest if there are several."""
    query = select(Deadline).where(
        Deadline.case_id == case_id, Deadline.key == key, Deadline.state.in_(("running", "suspended"))
    )
    return session.scalar(query.order_by(Deadline.id.desc()).limit(1))
