"""Opening a case that is not one's own in an emergency: by its number, for a reason, for a day, told to its people.

Who may open which is decided in engine.cases.permissions; what is opened can be read and not changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist
from engine.cases.models import Case, EmergencyLook
from engine.cases.permissions import EMERGENCY, emergency_look, openable, scope, within
from engine.casework import telling
from engine.casework.access import sees_case
from engine.errors import N_, Conflict, Forbidden, Invalid, NotFound
from engine.events import Event
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor

LASTS = timedelta(hours=24)
"""How long a case stays open to whoever opened it (management)."""
KEEPER = "county_officer"
"""Who reads of all emergency looks of a division, and may end them."""
READ = ("case.emergency_viewed", "upload.viewed")
"""What is recorded each time that the case, or a picture or document of it, is read."""
MOST = 200


class EmergencyForOthers(Forbidden):
    """Opening a case in an emergency is for officers of the county's organs."""

    code = "emergency-for-others"
    message = N_("Only officers of the county's organs open a case in an emergency. Call the centre on duty.")


class EmergencyReasonMissing(Invalid):
    """Without a reason nobody could judge the look afterwards."""

    code = "emergency-reason-missing"
    message = N_("Say what the emergency is: the county centre reads it.")


class NotToBeOpened(NotFound):
    """No case of this number may be opened by this role."""

    code = "not-to-be-opened"
    message = N_("There is no case of this number that your office may open in an emergency. Call the county centre.")


class SeenAnyway(Conflict):
    """The case needs no emergency to be seen."""

    code = "seen-anyway"
    message = N_("You may see this case anyway: search for its number.")


class LookUnknown(NotFound):
    """There is no such emergency look that this person could end."""

    code = "look-unknown"
    message = N_("There is no such emergency look, or it is not yours to end.")


@dataclass(frozen=True)
class Look:
    """An emergency look as it is listed, and how often the case was read in it."""

    look: EmergencyLook
    number: str
    times: int
    runs: bool


def may_use(actor: Actor) -> bool:
    """Whether somebody opens cases in an emergency, or reads who did."""
    return actor.has(KEEPER) or not actor.roles.isdisjoint(EMERGENCY)


def open_case(session: Session, actor: Actor, number: str, reason: str) -> EmergencyLook:
    """Open a case for a day and tell its people; while that runs, asking again gives the same look.

    Nothing stops for words that must not be on file: they are covered in the reason, and that is recorded.
    Raises EmergencyForOthers, EmergencyReasonMissing, NotToBeOpened, SeenAnyway.
    """
    if not may_use(actor):
        raise EmergencyForOthers
    if not reason.strip():
        raise EmergencyReasonMissing
    wanted = select(Case).where(Case.number == number.strip().upper(), or_(openable(actor), scope(actor)))
    case = session.scalar(wanted)
    if case is None:
        raise NotToBeOpened
    if sees_case(session, actor, case.id):
        raise SeenAnyway(case=case.id)
    running = emergency_look(session, actor, case.id)
    if running is not None:
        return running
    now = clock.now()
    look = EmergencyLook(
        id=new_id(), case_id=case.id, reason=blocklist.covered(reason.strip()), by=actor.id, at=now, until=now + LASTS
    )  # fmt: skip
    session.add(look)
    blocklist.mark(session, case.id, actor, reason)
    events.record(session, "case.emergency_opened", case.id, actor=actor.id, until=look.until.isoformat())
    telling.emergency(session, case, look)
    return look


def end(session: Session, actor: Actor, look_id: UUID) -> EmergencyLook:
    """End an emergency look before its day is over: one's own, or as a county officer. Raises LookUnknown."""
    found = session.execute(_listed(actor).where(EmergencyLook.id == look_id)).one_or_none()
    if found is None:
        raise LookUnknown(look=look_id)
    look: EmergencyLook = found[0]
    if look.until > clock.now():
        look.until = clock.now()
        events.record(session, "case.emergency_ended", look.case_id, actor=actor.id)
    return look


def looks(session: Session, actor: Actor) -> tuple[Sequence[Look], Mapping[str, str]]:
    """One's own emergency looks, and as a county officer everybody's, newest first; and the names of who looked.

    Raises EmergencyForOthers.
    """
    if not may_use(actor):
        raise EmergencyForOthers
    now = clock.now()
    rows = session.execute(_listed(actor).order_by(EmergencyLook.at.desc()).limit(MOST)).all()
    found = [Look(look, number, times, look.until > now) for look, number, times in rows]
    return found, people.names(session, {one.look.by for one in found})


def _listed(actor: Actor) -> Select[EmergencyLook, str, int]:
    kept = [within(held.path) for held in actor.memberships if held.role == KEEPER]
    times = select(func.count()).where(
        Event.stream == EmergencyLook.case_id, Event.kind.in_(READ), Event.actor == EmergencyLook.by,
        Event.at.between(EmergencyLook.at, EmergencyLook.until),
    )  # fmt: skip
    query = select(EmergencyLook, Case.number, times.scalar_subquery()).join(Case, Case.id == EmergencyLook.case_id)
    return query.where(or_(and_(EmergencyLook.by == actor.id, openable(actor)), *kept))
