"""The register of volunteers, the shifts of a roster, and who stands in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases.models import Case
from engine.db import Base
from engine.ids import new_id
from engine.people.models import Account


class Volunteer(Base):
    """Somebody on one of the rosters of the “百千万” programme: `kind` is mediator, publicist or red_armband.

    `phone` is for those who make rosters; `trained_on` and `certificate` say what training they had. Whoever stops
    keeps the row with its last day, so that old rosters can be read. `account_id` is the account of whoever has one.
    """

    __tablename__ = "volunteer"
    __table_args__ = (Index("ix_volunteer_path", "path"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str]
    division: Mapped[str] = mapped_column(ForeignKey("division.code"))
    path: Mapped[str]
    trained_on: Mapped[date | None]
    certificate: Mapped[str]
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id), index=True)


class Shift(Base):
    """A time in which a place is watched, of the roster that its case is. `needed` is how many people."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="shift_ends_after_it_starts"),
        Index("ix_shift_path_starts_at", "path", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    path: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    needed: Mapped[int]
    ended_at: Mapped[datetime | None]


class Stand(Base):
    """A volunteer in a shift. `state` is assigned or absent; `covers` is the stand that was taken over."""

    __tablename__ = "shift_stand"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey(Shift.id), index=True)
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey(Volunteer.id), index=True)
    state: Mapped[str]
    covers: Mapped[UUID | None] = mapped_column(ForeignKey("shift_stand.id"))
