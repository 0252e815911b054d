"""What somebody has ticked off of their first day; nobody else sees it, and nothing is counted from it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock
from engine.errors import N_, NotFound
from engine.people.actor import Actor
from engine.people.models import FirstDayTick


class StepUnknown(NotFound):
    """There is no such step of a first day."""

    code = "first-day-step-unknown"
    message = N_("There is no such step. Reload the page and tick it there.")


def ticked(session: Session, actor: Actor) -> set[str]:
    """The steps that the actor has ticked off."""
    return set(session.scalars(select(FirstDayTick.step).where(FirstDayTick.account_id == UUID(actor.id))))


def tick(session: Session, actor: Actor, step: str, *, done: bool, known: Collection[str]) -> None:
    """Tick a step off, or take that back; again and again is the same. Raises StepUnknown."""
    if step not in known:
        raise StepUnknown(step=step)
    own = FirstDayTick.account_id == UUID(actor.id), FirstDayTick.step == step
    if done:
        row = {"account_id": UUID(actor.id), "step": step, "at": clock.now()}
        session.execute(insert(FirstDayTick).values(row).on_conflict_do_nothing())
    else:
        session.execute(delete(FirstDayTick).where(*own))
