"""Visits at the desk: the cases that they are for, and putting one off, which whoever comes is told."""

from collections.abc import Iterable
from datetime import date, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import notifications
from engine.cases.models import Case
from engine.cases.permissions import OPEN, scope
from engine.people.actor import Actor
from engine.supermarket import queue
from engine.supermarket.models import Visit


def numbers(session: Session, actor: Actor, visits: Iterable[Visit]) -> dict[UUID, str]:
    """The numbers, by id, of the cases that some visits are for and the actor may see."""
    ids = {one.case_id for one in visits if one.case_id}
    rows = (
        session.execute(select(Case.id, Case.number).where(Case.id.in_(ids), scope(actor), OPEN)).all() if ids else []
    )
    return {row.id: row.number for row in rows}


def put_off(
    session: Session, actor: Actor, visit_id: UUID, *, day: date | None, slot: time | None, reason: str
) -> Visit:
    """Move a visit of one's own body to another time and say why; raises as `queue.put_off`."""
    moved = queue.put_off(session, actor, visit_id, day=day, slot=slot, reason=reason)
    if moved.case_id:
        notifications.tell_followers(session, moved.case_id, "villager_hearing", when=queue.begins(moved).isoformat())
    return moved
