"""Putting off a visit at the desk, and telling whoever comes."""

from datetime import date, time
from uuid import UUID

from sqlalchemy.orm import Session

from engine import notifications
from engine.people.actor import Actor
from engine.supermarket import queue
from engine.supermarket.models import Visit


def put_off(
    session: Session, actor: Actor, visit_id: UUID, *, day: date | None, slot: time | None, reason: str
) -> Visit:
    """Move a visit of one's own body to another time and say why; raises as `queue.put_off`."""
    moved = queue.put_off(session, actor, visit_id, day=day, slot=slot, reason=reason)
    if moved.case_id:
        notifications.tell_followers(session, moved.case_id, "villager_hearing", when=queue.begins(moved).isoformat())
    return moved
