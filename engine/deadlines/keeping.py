"""Keeping the calendar and the catalogue: who, why, from when on. What runs and is touched is counted anew."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock, events
from engine.deadlines import counting, queries, rules
from engine.deadlines.counting import Calendar
from engine.deadlines.models import CalendarDay, CatalogueEntry, Deadline
from engine.errors import N_, Invalid
from engine.ids import new_id

LONGEST = 40
"""Days that one entry of the calendar may span; no public holiday is longer."""


class CalendarUnfit(Invalid):
    """Days of the calendar need a first and a last day, at most forty days, and a reason."""

    code = "calendar-unfit"
    message = N_("Say the first and the last day (at most forty days), and why: the notice that announces them.")


class AmendmentUnfit(Invalid):
    """A new law needs a length, a rule, an article, a reason, and a day after that of the one in force."""

    code = "amendment-unfit"
    message = N_(
        "Say how long (such as P30D, WD5, PT72H), by which article, from which day on, and why. "
        "The day must lie after the one from which the present entry is in force, or, for an older law, before the "
        "first one."
    )


class RuleUnfit(Invalid):
    """What may happen to a deadline is written in words that nobody knows."""

    code = "deadline-rule-unfit"
    message = N_(
        "What may happen to it cannot be read. Use the words roll_forward, extend, suspend, restart, urgent and "
        "exempt, joined by semicolons, such as extend=P30D:head_approval; leave it empty where the law allows nothing."
    )


def set_days(
    session: Session, actor: str, first: date, last: date, *, working: bool | None, why: str
) -> list[Deadline]:  # fmt: skip
    """Make days off (`working` false), make-up workdays (true), or ordinary again (None); returns what was moved.

    Running deadlines that hang on these days are counted anew (民法典 §203). Raises CalendarUnfit.
    """
    if not why.strip() or last < first or (last - first).days >= LONGEST:
        raise CalendarUnfit
    before = queries.calendar(session)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if working is None:
        session.execute(delete(CalendarDay).where(CalendarDay.day.in_(days)))
    else:
        said = {"working": working, "by": actor, "why": why.strip()[:200], "at": clock.now()}
        put = insert(CalendarDay).values([{"day": day, **said} for day in days])
        session.execute(put.on_conflict_do_update(index_elements=["day"], set_=said))
    events.record(
        session, "calendar.set", new_id(), actor=actor, first=first.isoformat(), last=last.isoformat(), working=working,
        why=why.strip()[:200],
    )  # fmt: skip
    return recount(session, actor, before, days)


def recount(session: Session, actor: str, before: Calendar, days: Iterable[date]) -> list[Deadline]:
    """Count what runs, or is kept for the parties, anew where its time touches days that changed; returns what moved.

    A deadline in working days keeps its number of them, with what an extension or a pause added.
    """
    changed, after = set(days), queries.calendar(session)
    latest = max(changed)
    query = select(Deadline).where(Deadline.state.in_(("running", "suspended", "kept")), Deadline.started_on < latest)
    touched = query.where(or_(Deadline.due_on >= min(changed), Deadline.displayed_on >= min(changed)))
    moved = []
    for one in session.scalars(touched.with_for_update()).all():
        entry = queries.entry(session, one.key, one.law_of)
        on, rolls = one.due_on, rules.read(entry.rule).roll_forward
        if entry.duration.startswith("WD"):
            length = before.working_days(one.started_on + timedelta(days=1), on + timedelta(days=1))
            on = counting.after_working_days(one.started_on, length, after)
        shown = counting.next_working_day(on, after) if rolls else on
        if (on, shown) != (one.due_on, one.displayed_on):
            _move(session, one, actor, on, shown)
            moved.append(one)
    return moved


def amend(session: Session, actor: str, key: str, given: Mapping[str, Any]) -> CatalogueEntry:
    """Put a deadline in force anew from a day on: `duration`, `rule`, `law`, `in_force_from`, `why`.

    A law before the first entry ends where that begins. What began before that day goes on under the law of its day;
    see `under_new_law` for what began later. Raises DeadlineUnknown, AmendmentUnfit, RuleUnfit.
    """
    entries = queries.history(session, key)
    newest, oldest = entries[0], entries[-1]
    begin, law, why = given.get("in_force_from"), str(given.get("law") or "").strip(), str(given.get("why") or "")
    duration, rule = str(given.get("duration") or "").strip(), str(given.get("rule") or "").strip()
    between = isinstance(begin, date) and oldest.in_force_from <= begin <= newest.in_force_from
    if not isinstance(begin, date) or between or not law or not why.strip():
        raise AmendmentUnfit(key=key)
    try:
        counting.check(duration)
    except ValueError:
        raise AmendmentUnfit(key=key) from None
    try:
        rules.check(rule)
    except ValueError:
        raise RuleUnfit(key=key) from None
    older = begin < oldest.in_force_from
    if not older:
        newest.in_force_to = begin - timedelta(days=1)
    made = CatalogueEntry(
        key=key, in_force_from=begin, in_force_to=oldest.in_force_from - timedelta(days=1) if older else None,
        name=newest.name, name_en=newest.name_en, law=law, starts_at=newest.starts_at, duration=duration,
        duty_of=newest.duty_of, rule=rule, by=actor, why=why.strip()[:200], at=clock.now(),
    )  # fmt: skip
    session.add(made)
    events.record(
        session, "deadline.amended", new_id(), actor=actor, key=key, duration=duration, rule=rule,
        in_force_from=begin.isoformat(), was=newest.duration,
    )  # fmt: skip
    return made


def under_new_law(session: Session, actor: str, made: CatalogueEntry) -> list[Deadline]:
    """Count anew what runs and began on or after the day of a law that was entered later; returns what was moved.

    An extension and days that did not count stay added. What began before that day is left (不溯及既往).
    """
    query = select(Deadline).where(Deadline.state.in_(("running", "suspended")), Deadline.key == made.key)
    later = query.where(Deadline.started_on >= made.in_force_from, Deadline.law_of < made.in_force_from)
    calendar, moved = queries.calendar(session), []
    for one in session.scalars(later.with_for_update()).all():
        was = session.get_one(CatalogueEntry, (one.key, one.law_of))
        one.law_of = made.in_force_from
        due = _anew(one, was, made, calendar)
        if (due.at, due.displayed) != (one.due_at, one.displayed_on):
            _move(session, one, actor, due.on, due.displayed, due.at)
            moved.append(one)
    return moved


def _anew(one: Deadline, was: CatalogueEntry, made: CatalogueEntry, calendar: Calendar) -> counting.Due:
    """When a deadline is due under the new entry, with what was added to it under the old one."""
    old, new = rules.read(was.rule), rules.read(made.rule)
    urgent = old.urgent is not None and counting.due(old.urgent, one.started_at, calendar).at == one.due_at
    length = new.urgent if urgent and new.urgent else made.duration
    due = counting.due(length, one.started_at, calendar, roll_forward=new.roll_forward)
    if "PT" in (was.duration[:2], made.duration[:2]):
        return due
    plain = counting.last_day(was.duration, one.started_on, calendar)
    if made.duration.startswith("WD"):
        on = counting.after_working_days(due.on, calendar.working_days(plain, one.due_on), calendar)
    else:
        on = due.on + (one.due_on - plain)
    shown = counting.next_working_day(on, calendar) if new.roll_forward else on
    return counting.Due(on, shown, counting.end_of(on), ())


def _move(session: Session, one: Deadline, actor: str, on: date, shown: date, at: datetime | None = None) -> None:
    one.displayed_on = shown
    moment = at or counting.end_of(on)
    if moment != one.due_at:
        one.due_on, one.due_at = on, moment
        one.warn_at, one.warned = queries.next_warning(session, one, queries.calendar(session), clock.now()), None
    events.record(session, "deadline.recounted", one.case_id, actor=actor, key=one.key, due_on=shown.isoformat())
