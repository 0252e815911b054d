"""Visits to a mediation body: queue numbers of a day, and appointments; what mediators declare about themselves."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases.models import Case
from engine.db import Base
from engine.ids import new_id
from engine.people.models import Account, Unit


class Visit(Base):
    """Somebody who comes, or will come, to a body on a day: a number in its queue, and a time if one was agreed.

    `mediator` is whom they wish for. `state` is waiting, called, served, missed or cancelled. `code_hash` lets whoever
    booked cancel it. Where the desk has moved it, `moved_because` says why.
    """

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("unit_id", "day", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey(Unit.id))
    day: Mapped[date]
    number: Mapped[int]
    slot: Mapped[time | None]
    name: Mapped[str]
    phone: Mapped[str]
    matter: Mapped[str]
    mediator: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey(Case.id))
    state: Mapped[str]
    booked_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    moved_because: Mapped[str] = mapped_column(default="", server_default="")


class QueueCounter(Base):
    """The last number of a body's queue on a day; locking the row keeps numbers without gaps."""

    __tablename__ = "queue_counter"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


class DeclaredRelation(Base):
    """Somebody whom a mediator declares to be close to: kin, or of interest. The same surname is nothing."""

    __tablename__ = "declared_relation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str]
    declared_at: Mapped[datetime]
