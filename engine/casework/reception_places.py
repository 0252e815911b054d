"""The places of leaders' receptions (领导接访, 信访工作条例 §18): what is free, who takes one, when it is free again.

There is one list of them, whichever way a place is taken: on the page of receptions, or in the form of the procedure
that arranges one (f-book). A booking names the case of the reception whose procedure hears the matter.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine import clock, events, notifications
from engine.cases import queries as cases
from engine.cases.commands import numbered, require_open
from engine.cases.models import Case, ReceptionBooking, ReceptionSlot
from engine.errors import N_, Conflict, NotFound
from engine.ids import new_id
from engine.people import queries as people
from engine.territory import queries as territory

BOOKING, REBOOKING = "f-book", "f-rebook"
LIVE = select(func.count()).select_from(ReceptionBooking).where(ReceptionBooking.cancelled_at.is_(None))


class SlotUnknown(NotFound):
    """There is no such time of a reception."""

    code = "reception-unknown"
    message = N_("There is no such reception.")


class SlotTaken(Conflict):
    """The reception is full, or the matter is booked already."""

    code = "reception-taken"
    message = N_("This reception is full, or the matter is booked into one already.")


def options(session: Session, case: Case) -> list[dict[str, Any]]:
    """The receptions to come of the leaders above a case, soonest first, as options of a form with their `free`."""
    coming = select(ReceptionSlot).where(ReceptionSlot.path.in_(territory.ancestors(case.division)))
    slots = session.scalars(coming.where(ReceptionSlot.starts_at > clock.now()).order_by(ReceptionSlot.starts_at)).all()
    taken = counted(session, [one.id for one in slots])
    names = people.names(session, {one.leader for one in slots})
    return [_option(one, names.get(one.leader, ""), one.capacity - taken.get(one.id, 0)) for one in slots]


def counted(session: Session, slots: list[UUID]) -> dict[UUID, int]:
    """How many matters are booked into each of these receptions."""
    live = select(ReceptionBooking.slot_id, func.count()).where(ReceptionBooking.cancelled_at.is_(None))
    rows = session.execute(live.where(ReceptionBooking.slot_id.in_(slots)).group_by(ReceptionBooking.slot_id))
    return {row[0]: row[1] for row in rows}


def arranged(session: Session, actor: str, case: Case, form_key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with leader, time and place of the reception that they chose, in which the matters take their places.

    The matters are the cases named, or the reception's own where none is; with a number that no case has none is
    booked, since the form is asked again. What was booked before is called off. Raises SlotUnknown, SlotTaken,
    CaseClosed.
    """
    given = dict(values)
    if form_key in (BOOKING, REBOOKING):
        _off_again(session, actor, case)
    if form_key != BOOKING or not (wanted := given.pop("slot", None)):
        return given
    numbers = {one["number"].strip().upper() for one in given.get("cases") or ()}
    known = numbered(session, case.county, numbers)
    matters = [known[number].id for number in sorted(known)] or [case.id]
    slot = free(session, case.division, UUID(wanted), places=len(matters))
    if len(known) == len(numbers):
        for one in matters:
            enter(session, actor, slot, cases.locked(session, one)).held_id = case.id
    leader = people.names(session, [slot.leader]).get(slot.leader, "")
    meets_at = slot.starts_at.astimezone(clock.ZONE).isoformat()
    return {**given, "leader": leader, "meets_at": meets_at, "place": slot.place}


def free(session: Session, path: str, slot_id: UUID, *, places: int = 1) -> ReceptionSlot:
    """A reception to come that takes so many matters more, locked. Raises SlotUnknown, SlotTaken."""
    slot = session.get(ReceptionSlot, slot_id, with_for_update=True)
    if slot is None or slot.starts_at < clock.now() or not f"{path}/".startswith(f"{slot.path}/"):
        raise SlotUnknown(slot=slot_id)
    if (session.scalar(LIVE.where(ReceptionBooking.slot_id == slot.id)) or 0) + places > slot.capacity:
        raise SlotTaken(slot=slot_id)
    return slot


def enter(session: Session, actor: str, slot: ReceptionSlot, case: Case) -> ReceptionBooking:
    """Put a locked case into a reception that is free; leader and reporter are told. Raises SlotTaken, CaseClosed."""
    require_open(case)
    coming = LIVE.join(ReceptionSlot, ReceptionSlot.id == ReceptionBooking.slot_id)
    if session.scalar(coming.where(ReceptionBooking.case_id == case.id, ReceptionSlot.starts_at > clock.now())):
        raise SlotTaken(slot=slot.id)
    made = ReceptionBooking(id=new_id(), slot_id=slot.id, case_id=case.id, by=actor, at=clock.now())
    session.add(made)
    events.record(
        session, "reception.booked", case.id, actor=actor, slot=str(slot.id), starts_at=slot.starts_at.isoformat()
    )
    tell(session, slot, case.id)
    return made


def leave(session: Session, actor: str | None, booking: ReceptionBooking) -> None:
    """Free the place of a booking; leader and reporter are told."""
    slot = session.get_one(ReceptionSlot, booking.slot_id)
    booking.cancelled_at = clock.now()
    events.record(session, "reception.cancelled", booking.case_id, actor=actor, slot=str(slot.id))
    when = slot.starts_at.isoformat()
    notifications.tell(session, [slot.leader], "hearing_off", booking.case_id, when=when)
    notifications.tell_followers(session, booking.case_id, "villager_hearing_off", when=when)


def call_off(session: Session, case: Case, actor: str | None) -> None:
    """Free the places to come of a case that is over, and those of what its own reception was to hear."""
    for one in _coming(session, case):
        leave(session, actor, one)


def tell(session: Session, slot: ReceptionSlot, case_id: UUID) -> None:
    """Tell the leader and the reporter of a matter when it is heard."""
    day = slot.starts_at.astimezone(clock.ZONE).date()
    notifications.tell(session, [slot.leader], "reception", case_id, due=day.isoformat())
    notifications.tell_followers(session, case_id, "villager_hearing", when=slot.starts_at.isoformat())


def _off_again(session: Session, actor: str, case: Case) -> None:
    """A reception that is arranged anew frees its places; who is booked into its old time begins another one."""
    call_off(session, case, actor)
    held = select(ReceptionSlot).where(ReceptionSlot.case_id == case.id, ReceptionSlot.starts_at > clock.now())
    for slot in session.scalars(held):
        slot.case_id = None


def _coming(session: Session, case: Case) -> list[ReceptionBooking]:
    query = select(ReceptionBooking).join(ReceptionSlot, ReceptionSlot.id == ReceptionBooking.slot_id)
    query = query.where(or_(ReceptionBooking.case_id == case.id, ReceptionBooking.held_id == case.id))
    query = query.where(ReceptionBooking.cancelled_at.is_(None), ReceptionSlot.starts_at > clock.now())
    return list(session.scalars(query.order_by(ReceptionBooking.at)))


def _option(slot: ReceptionSlot, leader: str, free: int) -> dict[str, Any]:
    said = f"{slot.starts_at.astimezone(clock.ZONE):%Y-%m-%d %H:%M} · {leader} · {slot.place}"
    return {
        "value": str(slot.id), "label": f"{said}（还能约{free}件）", "label.en": f"{said} ({free} free)", "free": free,
    }  # fmt: skip
