"""Deadlines that run for a case: starting, ending, and what the law lets happen in between.

Events carry the deadline's key, days and codes; the reasons in people's own words stay in the table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import and_, case, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock, events
from engine.deadlines import counting, queries, rules, shipped
from engine.deadlines.counting import Calendar
from engine.deadlines.models import CalendarDay, CatalogueEntry, Deadline
from engine.errors import N_, Conflict, Invalid
from engine.ids import new_id

SPENT_BY = {"labour.arb": "labour.apply", "land.arb": "land.arb.apply", "civil.limitation": "civil.limitation"}
"""Rights that are used up once something later begins: arbitration was applied for in time (劳动争议调解仲裁法 §27;
农村土地承包经营纠纷调解仲裁法 §18); another mediation interrupts the limitation once more (民法典 §195)."""
OVER_AGREEMENTS = ("pm.confirm.window", "enforce.apply")
"""Rights over what was agreed: nothing is left of them once it is performed."""


class NotAllowedByLaw(Conflict):
    """The article of this deadline does not allow what was asked for."""

    code = "deadline-not-allowed"
    message = N_("The law does not allow this for this deadline (%(law)s).")


class ExtensionInvalid(Invalid):
    """An extension needs a reason, every condition of its article, and must not be longer than that allows."""

    code = "deadline-extension-invalid"
    message = N_("This extension lacks a reason or a condition of %(law)s, or is longer than it allows.")


def start(
    session: Session, case_id: UUID, key: str, *, since: date | datetime | None = None, urgent: bool = False
) -> Deadline:
    """Let a deadline of the catalogue run from an event (default: now). Raises DeadlineUnknown.

    The entry is the one in force on the day of the event. A day instead of an instant means its beginning.
    """
    begin = since or clock.now()
    if not isinstance(begin, datetime):
        begin = datetime.combine(begin, time(), tzinfo=clock.ZONE)
    first = begin.astimezone(clock.ZONE).date()
    entry = queries.entry(session, key, first)
    rule = rules.read(entry.rule)
    duration = rule.urgent if urgent and rule.urgent else entry.duration
    found = counting.due(duration, begin, queries.calendar(session), roll_forward=rule.roll_forward)
    deadline = Deadline(
        id=new_id(), case_id=case_id, key=key, law_of=entry.in_force_from, started_at=begin, started_on=first,
        due_on=found.on, displayed_on=found.displayed, due_at=found.at, state="running", warn_at=found.warn[0][1],
    )  # fmt: skip
    if key in SPENT_BY:
        end(session, case_id, SPENT_BY[key], state="met")
    session.add(deadline)
    events.record(session, "deadline.started", case_id, key=key, due_on=found.displayed.isoformat())
    return deadline


def end(session: Session, case_id: UUID, key: str, *, state: str) -> None:
    """End the running deadlines of this key of a case: `met` or `cancelled`."""
    ended = session.execute(
        update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.state.in_(("running", "suspended")), Deadline.key == key)
        .values(state=state, ended_at=clock.now())
        .returning(Deadline.key)
    )
    for one in ended.scalars().all():
        events.record(session, f"deadline.{state}", case_id, key=one)


def close(session: Session, case_id: UUID) -> None:
    """The case is closed: what somebody owed no longer runs; what the parties may still do is kept until its last day.

    A right to sue, to ask for a review or to have an agreement confirmed or enforced is theirs, not the office's.
    """
    entry, now = CatalogueEntry, clock.now()
    theirs = exists().where(
        entry.key == Deadline.key, entry.in_force_from == Deadline.law_of, entry.duty_of == queries.CITIZENS
    )
    goes_on = and_(theirs, or_(Deadline.displayed_on >= clock.today(), Deadline.due_at >= now))
    ended = session.execute(
        update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.state.in_(("running", "suspended")))
        .values(state=case((goes_on, "kept"), else_="cancelled"), ended_at=now)
        .returning(Deadline.key, Deadline.state, Deadline.displayed_on)
        .execution_options(synchronize_session="fetch")
    )
    for key, state, until in ended.all():
        events.record(session, f"deadline.{state}", case_id, key=key, due_on=until.isoformat())


def reopen(session: Session, case_id: UUID) -> None:
    """A closed case is taken up again: the rights that were kept run with it, and are warned of, as before."""
    kept = select(Deadline).where(Deadline.case_id == case_id, Deadline.state == "kept", Deadline.due_at > clock.now())
    for one in session.scalars(kept.with_for_update()).all():
        one.state, one.ended_at = "running", None
        one.warn_at = queries.next_warning(session, one, queries.calendar(session), clock.now())


def extend(
    session: Session, deadline: Deadline, actor: str, *, by: str, reason: str, given: frozenset[str]
) -> Deadline:
    """Extend a running deadline once; `given` are the conditions that were met (such as `both_consent`).

    What is over cannot be extended any more: lateness stays. Raises NotAllowedByLaw, ExtensionInvalid.
    """
    entry = _entry(session, deadline)
    allowed = rules.read(entry.rule).extension
    if allowed is None or deadline.extension or deadline.state != "running" or deadline.due_at < clock.now():
        raise NotAllowedByLaw(key=deadline.key, law=entry.law)
    calendar = queries.calendar(session)
    try:
        last = counting.last_day(by, deadline.due_on, calendar)
        latest = counting.last_day(allowed.duration, deadline.due_on, calendar) if allowed.duration else last
    except ValueError:
        raise ExtensionInvalid(key=deadline.key, law=entry.law) from None
    if not reason.strip() or not allowed.needs <= given or last > latest:
        raise ExtensionInvalid(key=deadline.key, law=entry.law, needs=sorted(allowed.needs), at_most=allowed.duration)
    deadline.extension, deadline.extension_approved_by, deadline.extension_reason = by, actor, reason.strip()
    _move(session, deadline, last)
    events.record(
        session, "deadline.extended", deadline.case_id, actor=actor, key=deadline.key, by=by, due_on=last.isoformat()
    )
    return deadline


def suspend(session: Session, deadline: Deadline, actor: str | None, *, ground: str) -> None:
    """Stop counting, for a ground that the article names (such as `hearing`). Raises NotAllowedByLaw."""
    entry = _entry(session, deadline)
    if deadline.state != "running" or ground not in rules.read(entry.rule).suspensions:
        raise NotAllowedByLaw(key=deadline.key, ground=ground, law=entry.law)
    deadline.state, deadline.suspended_at, deadline.suspended_for = "suspended", clock.now(), ground
    events.record(session, "deadline.suspended", deadline.case_id, actor=actor, key=deadline.key, ground=ground)


def resume(
    session: Session, deadline: Deadline, actor: str | None, *, since: date | None = None, until: date | None = None
) -> None:
    """Count again; the days that were not counted are added. Raises NotAllowedByLaw if it is not suspended.

    They are those from `since` (the day it was suspended) to `until` (today), as a form says, never below none.
    """
    entry = _entry(session, deadline)
    if deadline.state != "suspended" or deadline.suspended_at is None:
        raise NotAllowedByLaw(key=deadline.key, law=entry.law)
    stopped = max(since or deadline.suspended_at.astimezone(clock.ZONE).date(), deadline.started_on)
    today = max(until or clock.today(), stopped)
    calendar = queries.calendar(session)
    if entry.duration.startswith("WD"):
        last = counting.after_working_days(deadline.due_on, calendar.working_days(stopped, today), calendar)
    else:
        last = deadline.due_on + (today - stopped)
    deadline.state, deadline.suspended_at, deadline.suspended_for = "running", None, None
    _move(session, deadline, last)
    events.record(session, "deadline.resumed", deadline.case_id, actor=actor, key=deadline.key, due_on=last.isoformat())


def restart(
    session: Session, deadline: Deadline, actor: str | None, *, ground: str, since: date | None = None
) -> Deadline:
    """Begin anew from a day (now), for a ground that the article names (such as `correction`). Raises
    NotAllowedByLaw.
    """
    entry = _entry(session, deadline)
    if deadline.state != "running" or ground not in rules.read(entry.rule).restarts:
        raise NotAllowedByLaw(key=deadline.key, ground=ground, law=entry.law)
    deadline.state, deadline.ended_at = "cancelled", clock.now()
    events.record(session, "deadline.restarted", deadline.case_id, actor=actor, key=deadline.key, ground=ground)
    return start(session, deadline.case_id, deadline.key, since=since)


@dataclass(frozen=True)
class Warned:
    """A deadline and the mark that is told of it now, which in a short one may be less than it was told before."""

    deadline: Deadline
    mark: str


def warn_due(session: Session, *, batch: int = 50) -> list[Warned]:
    """Warn of deadlines that run, and of rights kept for the parties, whose next mark has come: half, 80 %, a day
    before, over. It ends and hides nothing.

    Each is warned of once a mark, whatever number of workers look; what was missed meanwhile is one warning, of the
    most urgent mark. The most urgent one so far stays in `warned`.
    """
    now, calendar = clock.now(), queries.calendar(session)
    due = select(Deadline).where(Deadline.state.in_(queries.STILL_OPEN), Deadline.warn_at <= now)
    due = due.order_by(Deadline.warn_at)
    found = session.scalars(due.limit(batch).with_for_update(skip_locked=True)).all()
    told = [_warn(session, one, calendar, now) for one in found]
    return [one for one in told if one]


def _warn(session: Session, one: Deadline, calendar: Calendar, now: datetime) -> Warned | None:
    passed = {mark: at for mark, at in queries.marks(session, one, calendar) if at <= now}
    fresh = [mark for mark, at in passed.items() if one.warn_at is None or at >= one.warn_at]
    one.warned, one.warn_at = _most_urgent(passed), queries.next_warning(session, one, calendar, now)
    mark = _most_urgent(fresh or passed)  # where it was to be at another moment, as before a release, all that passed
    if mark is None or (one.state != "running" and one.warn_at is None):  # nobody is late by a right that is gone
        return None
    events.record(
        session, "deadline.warned", one.case_id, actor=None, key=one.key, due_on=one.due_on.isoformat(),
        days_left=(one.due_at - now).days, mark=mark,
    )  # fmt: skip
    return Warned(one, mark)


def _most_urgent(marks: Iterable[str]) -> str | None:
    return max(marks, key=counting.MARKS.index, default=None)


def load(session: Session) -> None:
    """Load the catalogue and the calendar that come with the product; what is there already stays."""
    session.execute(insert(CatalogueEntry).on_conflict_do_nothing(), shipped.catalogue())
    session.execute(insert(CalendarDay).on_conflict_do_nothing(), shipped.days())


def _entry(session: Session, deadline: Deadline) -> CatalogueEntry:
    return session.get_one(CatalogueEntry, (deadline.key, deadline.law_of))


def _move(session: Session, deadline: Deadline, last: date) -> None:
    rule, calendar = rules.read(_entry(session, deadline).rule), queries.calendar(session)
    deadline.due_on, deadline.due_at = last, counting.end_of(last)
    deadline.displayed_on = counting.next_working_day(last, calendar) if rule.roll_forward else last
    deadline.warn_at, deadline.warned = queries.next_warning(session, deadline, calendar, clock.now()), None
