"""Planning and cancelling a session, hearing or visit, and telling whoever else works on the case."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.casework import inviting, telling
from engine.people.actor import Actor
from engine.sessions import sittings
from engine.sessions.models import Sitting


def plan(
    session: Session, actor: Actor, case_id: UUID, *, kind: str, starts_at: datetime, minutes: int, place: str
) -> Sitting:
    """Plan a sitting that the actor leads; raises as `sittings.plan`."""
    made = sittings.plan(session, actor, case_id, kind=kind, starts_at=starts_at, minutes=minutes, place=place)
    telling.sitting(session, actor, made, "hearing")
    return made


def cancel(session: Session, actor: Actor, sitting_id: UUID) -> Sitting:
    """Cancel a sitting, once; who was told of it is told. Raises SittingUnknown, NotForYourRole."""
    stood = sittings.one(session, actor, sitting_id).sitting.cancelled_at is None
    found = sittings.cancel(session, actor, sitting_id)
    if stood:
        telling.sitting(session, actor, found, "hearing_off")
        guests = {one.party_id for one, _ in inviting.of_sitting(session, sitting_id)}
        telling.invited(session, found, "villager_hearing_off", guests)
    return found
