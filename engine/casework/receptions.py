"""Leaders' receptions (领导接访, 信访工作条例 §18): times that are open, and cases that are booked into them.

The first matter that is booked into a time starts the process `leader-reception` on a case of the reception's own,
later ones are put on it: it reminds, and what is heard and decided goes into its minutes. Here is who comes when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events, notifications
from engine.cases import blocklist, permissions
from engine.cases import queries as cases
from engine.cases.commands import report, visit
from engine.cases.models import Case, ReceptionBooking, ReceptionSlot
from engine.casework import procedures
from engine.casework.reception_places import SlotUnknown, counted, enter, free, leave, tell
from engine.errors import N_, Conflict, Forbidden, Invalid
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor
from engine.supermarket.queue import MoveReasonMissing
from engine.territory import queries as territory
from engine.workflow import instances
from engine.workflow.models import Instance

OPENERS = ("petition_officer", "county_officer")
BOOKERS = ("petition_officer", "county_officer", "duty_officer")
AHEAD = timedelta(days=60)
MOST = 20
PROCESS = "leader-reception"


class SlotUnfit(Invalid):
    """A reception needs a leader, a place, a time to come within sixty days, and at least one place."""

    code = "reception-unfit"
    message = N_("Say which leader, where, a time within the next 60 days, and how many matters are heard (1 to 20).")


class ReceptionArranged(Conflict):
    """A reception with a procedure of its own is not moved on the page: its procedure knows when it is."""

    code = "reception-arranged"
    message = N_("This reception has a procedure of its own: take it out here, and book another time there.")


@dataclass(frozen=True)
class Reception:
    """A time with the cases that are booked into it; those that the reader may not see are counted alone."""

    slot: ReceptionSlot
    leader: str
    booked: int
    cases: Sequence[tuple[ReceptionBooking, Case]]

    @property
    def free(self) -> int:
        """How many matters it still takes."""
        return max(0, self.slot.capacity - self.booked)


def open_slot(
    session: Session, actor: Actor, *, leader: str, place: str, starts_at: datetime | None, capacity: int
) -> ReceptionSlot:  # fmt: skip
    """Open a time of a leader (an account's id). Raises Forbidden, SlotUnfit."""
    path = _path(actor, OPENERS)
    now = clock.now()
    known = {str(one.id) for one in people.holders(session, ("leader",), path)}
    fits = starts_at is not None and now < starts_at < now + AHEAD and 1 <= capacity <= MOST
    if leader not in known or not place.strip() or not fits or starts_at is None:
        raise SlotUnfit
    made = ReceptionSlot(
        id=new_id(), path=path, leader=leader, place=place.strip()[:100], starts_at=starts_at, capacity=capacity,
        by=actor.id,
    )  # fmt: skip
    session.add(made)
    events.record(session, "reception.opened", made.id, actor=actor.id, capacity=capacity)
    return made


def book(session: Session, actor: Actor, slot_id: UUID, number: str) -> ReceptionBooking:
    """Book a case, by its number, into a time; the leader is told. Raises SlotUnknown, CaseUnknown, SlotTaken."""
    path = _path(actor, BOOKERS)
    slot = free(session, path, slot_id)
    wanted = number.strip().upper()
    found = session.scalar(select(Case.id).where(Case.number == wanted, permissions.scope(actor)))
    if found is None:
        raise permissions.CaseUnknown(number=wanted)
    case = cases.locked(session, found)
    made = enter(session, actor.id, slot, case)
    made.held_id = _put_on(session, actor, slot, case)
    _renumber(session, actor, made.held_id)
    return made


def _put_on(session: Session, actor: Actor, slot: ReceptionSlot, booked: Case) -> UUID:
    """Let the reception's process begin with its first matter, or put another on the case that it runs on: its id.

    A sealed matter is heard like any other, but its number stands nowhere on the reception's own case.
    """
    numbers = [] if booked.sealed else [booked.number]
    held = session.get(Case, slot.case_id) if slot.case_id else None
    if held is not None and held.closed_at is None:
        visit(session, held, actor.id, numbers)
        return held.id
    day = slot.starts_at.astimezone(clock.ZONE)
    made, _ = report(
        session, words=f"领导接访：{day:%Y-%m-%d %H:%M}，{slot.place}", place=slot.place, urgency="ordinary",
        kind="petition", source="window", division=slot.path, actor=actor.id,
    )  # fmt: skip
    slot.case_id = made.id
    procedure = procedures.one(session, PROCESS)
    procedures.begin(session, actor, procedure, made, meets_at=slot.starts_at.isoformat(), numbers=numbers)
    return made.id


def _renumber(session: Session, actor: Actor, held_id: UUID | None) -> None:
    """The reception's process names the numbers that are booked into it now, none of a sealed matter.

    Where none is left it goes on to its minutes all the same: whoever comes without a booking is heard (§18).
    """
    booked = select(Case.number).join(ReceptionBooking, ReceptionBooking.case_id == Case.id)
    booked = booked.where(ReceptionBooking.held_id == held_id, ReceptionBooking.cancelled_at.is_(None))
    left = list(session.scalars(booked.where(Case.sealed.is_(False)).order_by(ReceptionBooking.at)))
    running = select(Instance.id).where(Instance.stream == held_id, Instance.status == instances.ACTIVE)
    for one in session.scalars(running).all():
        instances.set_variables(session, one, {"numbers": left}, actor=actor.id, reason="reception")


def cancel(session: Session, actor: Actor, booking_id: UUID) -> ReceptionBooking:
    """Take a case out of a reception again. Raises SlotUnknown, CaseUnknown."""
    found, _ = _booking(session, actor, booking_id)
    leave(session, actor.id, found)
    _renumber(session, actor, found.held_id)
    return found


def move(session: Session, actor: Actor, booking_id: UUID, slot_id: UUID, reason: str) -> ReceptionBooking:
    """Move a case to another reception, with the reason; leaders and reporter are told.

    Raises SlotUnknown, CaseUnknown, SlotTaken, MoveReasonMissing, ReceptionArranged.
    """
    found, case = _booking(session, actor, booking_id)
    if found.held_id == case.id:
        raise ReceptionArranged(booking=booking_id)
    if not reason.strip():
        raise MoveReasonMissing
    before = session.get_one(ReceptionSlot, found.slot_id)
    slot = free(session, _path(actor, BOOKERS), slot_id)
    held_before, found.held_id = found.held_id, _put_on(session, actor, slot, case)
    found.slot_id, found.moved_because = slot.id, blocklist.clean(reason)[:300]
    for held in (held_before, found.held_id):
        _renumber(session, actor, held)
    events.record(
        session, "reception.moved", case.id, actor=actor.id, slot=str(slot.id), starts_at=slot.starts_at.isoformat()
    )
    if before.leader != slot.leader:
        notifications.tell(session, [before.leader], "hearing_off", case.id, when=before.starts_at.isoformat())
    tell(session, slot, case.id)
    return found


def coming(session: Session, actor: Actor) -> list[Reception]:
    """The receptions to come in the actor's county, soonest first. Raises Forbidden."""
    path = _path(actor, (*BOOKERS, "leader"))
    query = select(ReceptionSlot).where(ReceptionSlot.starts_at > clock.now() - timedelta(hours=4))
    slots = session.scalars(
        query.where(ReceptionSlot.path.in_(territory.ancestors(path))).order_by(ReceptionSlot.starts_at)
    )
    found = list(slots)
    rows = select(ReceptionBooking, Case).join(Case, Case.id == ReceptionBooking.case_id)
    rows = rows.where(ReceptionBooking.slot_id.in_([one.id for one in found]), ReceptionBooking.cancelled_at.is_(None))
    seen = session.execute(rows.where(permissions.scope(actor))).all()
    taken = counted(session, [one.id for one in found])
    names = people.names(session, {one.leader for one in found})
    return [
        Reception(
            one, names.get(one.leader, ""), taken.get(one.id, 0),
            [(booking, case) for booking, case in seen if booking.slot_id == one.id],
        )
        for one in found
    ]  # fmt: skip


def leaders(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The leaders whose times may be opened: id and name."""
    return [(str(one.id), one.name) for one in people.holders(session, ("leader",), _path(actor, OPENERS))]


def _booking(session: Session, actor: Actor, booking_id: UUID) -> tuple[ReceptionBooking, Case]:
    """A booking that stands, of a case that the actor may see. Raises Forbidden, SlotUnknown, CaseUnknown."""
    _path(actor, BOOKERS)
    found = session.get(ReceptionBooking, booking_id, with_for_update=True)
    if found is None or found.cancelled_at is not None:
        raise SlotUnknown(booking=booking_id)
    return found, permissions.visible(session, actor, found.case_id)


def _path(actor: Actor, roles: Sequence[str]) -> str:
    """The division in which the actor has one of these roles. Raises Forbidden."""
    held = next((one.path for one in actor.memberships if one.role in roles), None)
    if held is None:
        raise Forbidden
    return held
