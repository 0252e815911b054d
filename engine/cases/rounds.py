"""Patrols on which nothing was found: noted with one tap by whoever wants it noted. No form, no check-in, no figure."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import clock
from engine.db import Base
from engine.errors import N_, Forbidden
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.models import Account

LONGEST_KEY = 100
KEPT = timedelta(days=30)
"""How far back whoever went sees their rounds."""


class NoGridWorker(Forbidden):
    """Only grid workers go on patrols."""

    code = "no-grid-worker"
    message = N_("Only grid workers note a patrol.")


class Round(Base):
    """A patrol on which nothing was found: whose, in which division (a path), when. `key` makes it arrive once."""

    __tablename__ = "patrol_round"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id))
    division: Mapped[str]
    at: Mapped[datetime]
    key: Mapped[str]


def went(session: Session, actor: Actor, key: str, at: datetime | None = None) -> None:
    """Note a patrol without a finding; the same key notes it once. `at` is when, if that was earlier (offline).

    Raises NoGridWorker.
    """
    held = next((one for one in actor.memberships if one.role == "grid_worker"), None)
    if held is None:
        raise NoGridWorker
    moment = min(at, clock.now()) if at else clock.now()
    row = {"id": new_id(), "account_id": UUID(actor.id), "division": held.path, "at": moment, "key": key[:LONGEST_KEY]}
    session.execute(insert(Round).values(row).on_conflict_do_nothing())


def mine(session: Session, actor: Actor) -> list[Round]:
    """One's own rounds of the last thirty days, newest first; nobody else sees them."""
    own = select(Round).where(Round.account_id == UUID(actor.id), Round.at > clock.now() - KEPT)
    return list(session.scalars(own.order_by(Round.at.desc()).limit(100)))
