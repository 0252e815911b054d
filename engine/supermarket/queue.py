"""Queue numbers and appointments of a mediation body, day by day. The state of a visit only goes forward."""

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist
from engine.deadlines import queries as deadlines
from engine.errors import N_, Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.models import Unit
from engine.supermarket.directory import at_work, body
from engine.supermarket.models import QueueCounter, Visit

SLOTS = tuple(time(hour, minute) for hour in (9, 10, 11, 14, 15, 16) for minute in (0, 30))
A_SLOT = 2
"""How many appointments one half hour of a body takes."""

AHEAD = timedelta(days=30)
KEPT = timedelta(days=90)
"""How long a visit, with the name and telephone of who came, stays after its day."""

DESK = ("county_mediator", "town_mediator", "village_mediator", "justice_officer", "duty_officer", "county_officer")
NEXT = {"waiting": ("called", "missed", "cancelled"), "called": ("served", "missed", "waiting")}


class BodyUnknown(NotFound):
    """There is no such mediation body."""

    code = "body-unknown"
    message = N_("There is no such mediation body.")


class SlotUnfit(Invalid):
    """The day or time cannot be booked."""

    code = "slot-unfit"
    message = N_("Choose a day within the next 30 days and one of the times that are offered.")


class DayOff(Invalid):
    """Nobody is there on weekends and holidays to agree a time for."""

    code = "day-off"
    message = N_("This body is closed on that day: a weekend or a holiday. Choose a working day.")


class SlotFull(Conflict):
    """The time is taken."""

    code = "slot-full"
    message = N_("This time is taken by now. Choose another one.")


TIMES = (SlotUnfit, DayOff, SlotFull)
"""What agreeing a time may refuse."""


class NameMissing(Invalid):
    """Whoever comes must be called somehow."""

    code = "name-missing"
    message = N_("Say a name, so that you can be called.")


class MediatorAway(Invalid):
    """Whom a visitor wishes for is none of this body's mediators, or away that day."""

    code = "mediator-away"
    message = N_("This mediator is not there on that day. Choose one who is, or nobody in particular.")


class MoveReasonMissing(Invalid):
    """Whoever was promised a time is told why it is another one."""

    code = "move-reason-missing"
    message = N_("Say why it is moved; whoever comes can read it.")


class VisitMoved(Conflict):
    """The visit is no longer in the state that this needs."""

    code = "visit-moved"
    message = N_("This visit is in another state by now. Look at the queue again.")


def book(
    session: Session, unit_id: UUID, *, name: str, phone: str, matter: str, day: date | None = None,
    slot: time | None = None, mediator: UUID | None = None,
) -> tuple[Visit, str]:  # fmt: skip
    """Take a number for today, or agree a time; returns the visit and the code that cancels it.

    `mediator` is whom the visitor wishes for: a wish, which binds nobody. Raises BodyUnknown, NameMissing,
    MediatorAway, SlotUnfit, DayOff, SlotFull.
    """
    unit = body(session, unit_id)
    if unit is None:
        raise BodyUnknown(unit=unit_id)
    if not name.strip():
        raise NameMissing
    session.execute(delete(Visit).where(Visit.day < clock.today() - KEPT))
    day = day or clock.today()
    if mediator and mediator not in {one.account.id for one in at_work(session, unit.id, day)}:
        raise MediatorAway(unit=unit_id)
    number = _next(session, unit, day)  # locks the queue of the day: who counts after us sees us
    if slot is not None or day != clock.today():
        _require_free(session, unit, day, slot)
    code = secrets.token_hex(4).upper()
    visit = Visit(
        id=new_id(), unit_id=unit.id, day=day, number=number, slot=slot, name=blocklist.covered(name.strip())[:100],
        phone=phone.strip()[:30], matter=blocklist.covered(matter.strip())[:500], mediator=mediator, state="waiting",
        booked_at=clock.now(), code_hash=_hash(code),
    )  # fmt: skip
    session.add(visit)
    events.record(session, "visit.booked", visit.id, unit=str(unit.id), day=day.isoformat(), number=number)
    return visit, code


def cancel(session: Session, code: str) -> Visit:
    """Cancel a visit by its code. Raises BodyUnknown for a code of none, VisitMoved."""
    visit = session.scalar(select(Visit).where(Visit.code_hash == _hash(code)))
    if visit is None:
        raise BodyUnknown
    return _move(session, visit, "cancelled", None)


def move(session: Session, actor: Actor, visit_id: UUID, state: str) -> Visit:
    """Call, serve or miss a visit of one's own body. Raises Forbidden, BodyUnknown, VisitMoved."""
    return _move(session, _at_desk(session, actor, visit_id), state, actor.id)


def rebook(session: Session, visit: Visit, *, day: date | None, slot: time | None, because: str = "") -> None:
    """Move a visit that has not begun to another time of the same body; its number is a new one, its code stays.

    Raises SlotUnfit, DayOff, SlotFull, VisitMoved.
    """
    session.refresh(visit, with_for_update=True)
    if visit.state != "waiting":
        raise VisitMoved(state=visit.state)
    unit = session.get_one(Unit, visit.unit_id)
    if day is None:
        raise SlotUnfit
    number = _next(session, unit, day)  # locks the queue of the day
    _require_free(session, unit, day, slot)
    visit.day, visit.slot, visit.number, visit.moved_because = day, slot, number, because
    events.record(session, "visit.rebooked", visit.id, day=day.isoformat(), number=number)


def put_off(
    session: Session, actor: Actor, visit_id: UUID, *, day: date | None, slot: time | None, reason: str
) -> Visit:
    """Move a visit of one's own body and say why. Raises Forbidden, BodyUnknown, MoveReasonMissing, as `rebook`."""
    visit = _at_desk(session, actor, visit_id)
    if not reason.strip():
        raise MoveReasonMissing
    rebook(session, visit, day=day, slot=slot, because=blocklist.clean(reason)[:300])
    return visit


def hand_over(session: Session, unit: Unit, to: Unit, *, after: date, because: str) -> None:
    """Give the visits that are agreed for days after one to another body: their times and codes stay, their numbers are
    new ones, and each says why. A half hour may hold more than usual then, for all of them were promised."""
    coming = select(Visit).where(Visit.unit_id == unit.id, Visit.day > after, Visit.state.in_(NEXT))
    for visit in session.scalars(coming.order_by(Visit.day, Visit.number).with_for_update()).all():
        visit.unit_id, visit.number, visit.moved_because = to.id, _next(session, to, visit.day), because
        events.record(session, "visit.handed_over", visit.id, unit=str(to.id), number=visit.number)


def begins(visit: Visit) -> datetime:
    """When somebody is expected; whoever took a number comes from the morning on."""
    return datetime.combine(visit.day, visit.slot or SLOTS[0], tzinfo=clock.ZONE)


def withdraw(session: Session, visit: Visit) -> None:
    """Cancel a visit that has not begun. Raises VisitMoved."""
    session.refresh(visit, with_for_update=True)
    _move(session, visit, "cancelled", None)


def of_day(session: Session, actor: Actor, day: date) -> list[tuple[Visit, Unit]]:
    """The visits of a day to the bodies that the actor works for or above; appointments by time, then numbers."""
    query = select(Visit, Unit).join(Unit, Unit.id == Visit.unit_id).where(Visit.day == day)
    rows = session.execute(query.order_by(Unit.path, Visit.slot.nulls_last(), Visit.number))
    return [(visit, unit) for visit, unit in rows if any(actor.holds(role, unit.path) for role in DESK)]


def free_slots(session: Session, unit_id: UUID, day: date) -> list[time]:
    """The times of a day that can still be booked; none on a day off."""
    if not is_open(session, day):
        return []
    taken = select(Visit.slot, func.count()).where(
        Visit.unit_id == unit_id, Visit.day == day, Visit.slot.is_not(None), Visit.state != "cancelled"
    )
    full = {slot for slot, count in session.execute(taken.group_by(Visit.slot)) if count >= A_SLOT}
    now = clock.now().astimezone(clock.ZONE)
    return [one for one in SLOTS if one not in full and (day != now.date() or one > now.time())]


def is_open(session: Session, day: date) -> bool:
    """Whether bodies have somebody at their desk on a day."""
    return deadlines.calendar(session).is_working_day(day)


def called(session: Session, unit_id: UUID, day: date) -> tuple[list[int], list[int]]:
    """What a screen in the hall shows of a day: the numbers that are called, and those that wait; no names."""
    query = select(Visit.number, Visit.state).where(Visit.unit_id == unit_id, Visit.day == day)
    order = query.order_by(Visit.called_at.desc().nulls_last(), Visit.slot.nulls_last(), Visit.number)
    found = session.execute(order).all()
    return (
        [number for number, state in found if state == "called"],
        [number for number, state in found if state == "waiting"],
    )


def _at_desk(session: Session, actor: Actor, visit_id: UUID) -> Visit:
    visit = session.get(Visit, visit_id, with_for_update=True)
    if visit is None:
        raise BodyUnknown
    unit = session.get_one(Unit, visit.unit_id)
    if not any(actor.holds(role, unit.path) for role in DESK):
        raise Forbidden
    return visit


def _require_free(session: Session, unit: Unit, day: date, slot: time | None) -> None:
    today = clock.today()
    if slot is None or slot not in SLOTS or not today <= day <= today + AHEAD:
        raise SlotUnfit
    if not is_open(session, day):
        raise DayOff(day=day.isoformat())
    if slot not in free_slots(session, unit.id, day):
        raise SlotFull


def _next(session: Session, unit: Unit, day: date) -> int:
    counted = insert(QueueCounter).values(unit_id=unit.id, day=day, last=1)
    counted = counted.on_conflict_do_update(
        index_elements=["unit_id", "day"], set_={"last": QueueCounter.last + 1}
    )  # fmt: skip
    return session.scalars(counted.returning(QueueCounter.last)).one()


def _move(session: Session, visit: Visit, state: str, actor: str | None) -> Visit:
    if state not in NEXT.get(visit.state, ()):
        raise VisitMoved(state=visit.state)
    visit.state = state
    visit.called_at = clock.now() if state == "called" else visit.called_at
    events.record(session, f"visit.{state}", visit.id, actor=actor)
    return visit


def _hash(code: str) -> bytes:
    return hashlib.sha256(b"visit:" + code.strip().upper().encode()).digest()
