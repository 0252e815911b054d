"""Leaders' receptions (领导接访, 信访工作条例 §18): times that are open, and cases that are booked into them.

The first matter that is booked into a time starts the process `leader-reception` on a case of the reception's own,
later ones are put on it: it reminds, and what is heard and decided goes into its minutes. Here is who comes when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock, events, notifications
from engine.cases import blocklist, permissions
from engine.cases import queries as cases
from engine.cases.commands import report, require_open, visit
from engine.cases.models import Case, ReceptionBooking, ReceptionSlot
from engine.casework import procedures
from engine.errors import N_, Conflict, Forbidden, Invalid, NotFound
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
LIVE = select(func.count()).select_from(ReceptionBooking).where(ReceptionBooking.cancelled_at.is_(None))
PROCESS = "leader-reception"


class SlotUnknown(NotFound):
    """There is no such time of a reception."""

    code = "reception-unknown"
    message = N_("There is no such reception.")


class SlotUnfit(Invalid):
    """A reception needs a leader, a place, a time to come within sixty days, and at least one place."""

    code = "reception-unfit"
    message = N_("Say which leader, where, a time within the next 60 days, and how many matters are heard (1 to 20).")


class SlotTaken(Conflict):
    """The reception is full, or the matter is booked already."""

    code = "reception-taken"
    message = N_("This reception is full, or the matter is booked into one already.")


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
    slot = _free(session, path, slot_id)
    wanted = number.strip().upper()
    found = session.scalar(select(Case.id).where(Case.number == wanted, permissions.scope(actor)))
    if found is None:
        raise permissions.CaseUnknown(number=wanted)
    case = cases.locked(session, found)
    require_open(case)
    coming = LIVE.join(ReceptionSlot, ReceptionSlot.id == ReceptionBooking.slot_id)
    twice = coming.where(ReceptionBooking.case_id == case.id, ReceptionSlot.starts_at > clock.now())
    if session.scalar(twice):
        raise SlotTaken(slot=slot_id)
    made = ReceptionBooking(id=new_id(), slot_id=slot.id, case_id=case.id, by=actor.id, at=clock.now())
    session.add(made)
    _put_on(session, actor, slot, case)
    events.record(
        session, "reception.booked", case.id, actor=actor.id, slot=str(slot.id), starts_at=slot.starts_at.isoformat()
    )
    _tell(session, slot, case)
    return made


def _put_on(session: Session, actor: Actor, slot: ReceptionSlot, booked: Case) -> None:
    """Let the reception's process begin with its first matter, or put another on the case that it runs on.

    A sealed matter is heard like any other, but its number stands nowhere on the reception's own case.
    """
    numbers = [] if booked.sealed else [booked.number]
    held = session.get(Case, slot.case_id) if slot.case_id else None
    if held is not None and held.closed_at is None:
        visit(session, held, actor.id, numbers)
        _renumber(session, actor, slot)
        return
    day = slot.starts_at.astimezone(clock.ZONE)
    made, _ = report(
        session, words=f"领导接访：{day:%Y-%m-%d %H:%M}，{slot.place}", place=slot.place, urgency="ordinary",
        kind="petition", source="window", division=slot.path, actor=actor.id,
    )  # fmt: skip
    slot.case_id = made.id
    procedure = procedures.one(session, PROCESS)
    procedures.begin(session, actor, procedure, made, meets_at=slot.starts_at.isoformat(), numbers=numbers)


def _renumber(session: Session, actor: Actor, slot: ReceptionSlot) -> None:
    """The reception's process names the numbers that are booked into it now, none of a sealed matter.

    Where none is left it goes on to its minutes all the same: whoever comes without a booking is heard (§18).
    """
    if slot.case_id is None:
        return
    booked = select(Case.number).join(ReceptionBooking, ReceptionBooking.case_id == Case.id)
    booked = booked.where(ReceptionBooking.slot_id == slot.id, ReceptionBooking.cancelled_at.is_(None))
    left = list(session.scalars(booked.where(Case.sealed.is_(False)).order_by(ReceptionBooking.at)))
    running = select(Instance.id).where(Instance.stream == slot.case_id, Instance.status == instances.ACTIVE)
    for one in session.scalars(running).all():
        instances.set_variables(session, one, {"numbers": left}, actor=actor.id, reason="reception")


def cancel(session: Session, actor: Actor, booking_id: UUID) -> ReceptionBooking:
    """Take a case out of a reception again. Raises SlotUnknown, CaseUnknown."""
    found, case = _booking(session, actor, booking_id)
    found.cancelled_at = clock.now()
    events.record(session, "reception.cancelled", case.id, actor=actor.id, slot=str(found.slot_id))
    slot = session.get_one(ReceptionSlot, found.slot_id)
    _renumber(session, actor, slot)
    notifications.tell(session, [slot.leader], "hearing_off", case.id, when=slot.starts_at.isoformat())
    notifications.tell_followers(session, case.id, "villager_hearing_off", when=slot.starts_at.isoformat())
    return found


def move(session: Session, actor: Actor, booking_id: UUID, slot_id: UUID, reason: str) -> ReceptionBooking:
    """Move a case to another reception, with the reason; leaders and reporter are told.

    Raises SlotUnknown, CaseUnknown, SlotTaken, MoveReasonMissing.
    """
    found, case = _booking(session, actor, booking_id)
    if not reason.strip():
        raise MoveReasonMissing
    before = session.get_one(ReceptionSlot, found.slot_id)
    slot = _free(session, _path(actor, BOOKERS), slot_id)
    found.slot_id, found.moved_because = slot.id, blocklist.clean(reason)[:300]
    _renumber(session, actor, before)
    _put_on(session, actor, slot, case)
    events.record(
        session, "reception.moved", case.id, actor=actor.id, slot=str(slot.id), starts_at=slot.starts_at.isoformat()
    )
    if before.leader != slot.leader:
        notifications.tell(session, [before.leader], "hearing_off", case.id, when=before.starts_at.isoformat())
    _tell(session, slot, case)
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
    live = select(ReceptionBooking.slot_id, func.count()).where(ReceptionBooking.cancelled_at.is_(None))
    counted = {row[0]: row[1] for row in session.execute(live.group_by(ReceptionBooking.slot_id))}
    names = people.names(session, {one.leader for one in found})
    return [
        Reception(
            one, names.get(one.leader, ""), counted.get(one.id, 0),
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


def _free(session: Session, path: str, slot_id: UUID) -> ReceptionSlot:
    """A reception to come that takes one matter more, locked. Raises SlotUnknown, SlotTaken."""
    slot = session.get(ReceptionSlot, slot_id, with_for_update=True)
    if slot is None or slot.starts_at < clock.now() or not f"{path}/".startswith(f"{slot.path}/"):
        raise SlotUnknown(slot=slot_id)
    if (session.scalar(LIVE.where(ReceptionBooking.slot_id == slot.id)) or 0) >= slot.capacity:
        raise SlotTaken(slot=slot_id)
    return slot


def _tell(session: Session, slot: ReceptionSlot, case: Case) -> None:
    day = slot.starts_at.astimezone(clock.ZONE).date()
    notifications.tell(session, [slot.leader], "reception", case.id, due=day.isoformat())
    notifications.tell_followers(session, case.id, "villager_hearing", when=slot.starts_at.isoformat())


def _path(actor: Actor, roles: Sequence[str]) -> str:
    """The division in which the actor has one of these roles. Raises Forbidden."""
    held = next((one.path for one in actor.memberships if one.role in roles), None)
    if held is None:
        raise Forbidden
    return held
