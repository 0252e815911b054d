"""Planning, moving and cancelling a session, hearing or visit, and telling whoever else works on the case."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events, notifications
from engine.cases.models import Case
from engine.casework import inviting, telling
from engine.people.actor import Actor
from engine.sessions import sittings
from engine.sessions.models import Sitting
from engine.supermarket.queue import MoveReasonMissing


def plan(
    session: Session, actor: Actor, case_id: UUID, *, kind: str, starts_at: datetime, minutes: int, place: str
) -> Sitting:
    """Plan a sitting that the actor leads; raises as `sittings.plan`."""
    made = sittings.plan(session, actor, case_id, kind=kind, starts_at=starts_at, minutes=minutes, place=place)
    telling.sitting(session, actor, made, "hearing")
    return made


def move(session: Session, actor: Actor, sitting_id: UUID, *, starts_at: datetime, place: str, reason: str) -> Sitting:
    """Move a sitting and say why; who was told of it is told once where it is now, and nobody if nothing changes.

    Raises MoveReasonMissing, and as `sittings.move`.
    """
    if not reason.strip():
        raise MoveReasonMissing
    stood = sittings.one(session, actor, sitting_id).sitting
    was, where = stood.starts_at, stood.place
    found = sittings.move(session, actor, sitting_id, starts_at=starts_at, place=place, reason=reason)
    if (found.starts_at, found.place) != (was, where):
        telling.sitting(session, actor, found, "hearing_moved", was=was.isoformat())
        telling.invited(
            session, found, "villager_hearing_moved", inviting.guests(session, sitting_id), was=was.isoformat()
        )
    return found


def cancel(session: Session, actor: Actor, sitting_id: UUID) -> Sitting:
    """Cancel a sitting, once; who was told of it is told. Raises SittingUnknown, NotForYourRole."""
    stood = sittings.one(session, actor, sitting_id).sitting.cancelled_at is None
    found = sittings.cancel(session, actor, sitting_id)
    if stood:
        telling.sitting(session, actor, found, "hearing_off")
        telling.invited(session, found, "villager_hearing_off", inviting.guests(session, sitting_id))
    return found


def call_off(session: Session, case: Case, actor: str | None, *, kinds: Collection[str] = sittings.KINDS) -> None:
    """Cancel what is planned and has not begun, since it was settled or is over.

    Whoever leads it, the mediators and those invited are told.
    """
    coming = select(Sitting).where(
        Sitting.case_id == case.id, Sitting.kind.in_(kinds), Sitting.cancelled_at.is_(None),
        Sitting.starts_at > clock.now(),
    )  # fmt: skip
    for one in session.scalars(coming).all():
        one.cancelled_at = clock.now()
        events.record(session, "sitting.cancelled", case.id, actor=actor, sitting=str(one.id))
        told = {str(one.led_by), *case.mediators} - {actor}
        notifications.tell(session, told, "hearing_off", case.id, when=one.starts_at.isoformat())
        telling.invited(session, one, "villager_hearing_off", inviting.guests(session, one.id))
