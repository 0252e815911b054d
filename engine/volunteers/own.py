"""A volunteer's own (人人都是网格员): an account from whoever keeps the register, their shifts, “I cannot come”."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine import clock, events
from engine.errors import N_, Conflict
from engine.people import commands as people
from engine.people.actor import Actor
from engine.people.models import Account, Membership
from engine.volunteers.commands import ShiftUnknown, VolunteerUnknown, keeps
from engine.volunteers.models import Shift, Stand, Volunteer

ROLE = "volunteer"


class HasAccount(Conflict):
    """The volunteer signs in already."""

    code = "volunteer-has-account"
    message = N_("This volunteer has an account already. An administrator gives it a new password.")


@dataclass(frozen=True)
class OwnStand:
    """A shift that is still to come, and one's own place in it."""

    stand: Stand
    shift: Shift


def to_open(session: Session, actor: Actor, volunteer_id: UUID) -> Volunteer:
    """Somebody on the register who has no account yet. Raises VolunteerUnknown, HasAccount."""
    found = session.get(Volunteer, volunteer_id, with_for_update=True)
    if found is None or found.to_day is not None or not keeps(actor, found.path):
        raise VolunteerUnknown(volunteer=volunteer_id)
    if found.account_id:
        raise HasAccount(volunteer=volunteer_id)
    return found


def open_with(session: Session, found: Volunteer, account: Account) -> None:
    """Let an account be a volunteer's, on every roster of their place that names them with the same telephone."""
    people.grant(session, account, ROLE, found.division)
    found.account_id = account.id
    if found.phone:
        same = (Volunteer.name == found.name) & (Volunteer.phone == found.phone) & (Volunteer.path == found.path)
        session.execute(update(Volunteer).where(same, Volunteer.account_id.is_(None)).values(account_id=account.id))


def end_role(session: Session, found: Volunteer) -> None:
    """When somebody has left the last roster, the role ends with it; the account's other roles stay."""
    still = select(Volunteer.id).where(Volunteer.account_id == found.account_id, Volunteer.to_day.is_(None))
    if found.account_id and session.scalar(still.limit(1)) is None:
        yesterday = clock.today() - timedelta(days=1)
        lasting = or_(Membership.to_day.is_(None), Membership.to_day > yesterday)
        mine = (Membership.account_id == found.account_id) & (Membership.role == ROLE)
        session.execute(update(Membership).where(mine, lasting).values(to_day=yesterday))


def stands(session: Session, actor: Actor) -> Sequence[OwnStand]:
    """One's own shifts that have not ended, soonest first."""
    if not actor.id:
        return []
    query = select(Stand, Shift).join(Shift, Shift.id == Stand.shift_id)
    query = query.join(Volunteer, Volunteer.id == Stand.volunteer_id).where(Volunteer.account_id == UUID(actor.id))
    coming = query.where(Shift.ended_at.is_(None), Shift.ends_at > clock.now()).order_by(Shift.starts_at)
    return [OwnStand(stand, shift) for stand, shift in session.execute(coming.limit(100))]


def cannot_come(session: Session, actor: Actor, stand_id: UUID) -> OwnStand:
    """Say that one cannot come to a shift of one's own; no reason is asked. Raises ShiftUnknown."""
    found = next((one for one in stands(session, actor) if one.stand.id == stand_id), None)
    if found is None:
        raise ShiftUnknown(stand=stand_id)
    if found.stand.state == "assigned":
        found.stand.state = "absent"
        events.record(session, "volunteer.cannot_come", found.shift.case_id, actor=actor.id, shift=str(found.shift.id))
    return found
