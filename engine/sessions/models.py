"""Planned sessions, hearings and visits with invitations and quick notes; the clauses that two sides talk about."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases.models import Case, Party, Submission
from engine.db import Base
from engine.documents.models import Document
from engine.ids import new_id
from engine.people.models import Account


class Sitting(Base):
    """A session of mediation, a hearing or a visit that is planned (`kind`); one that is cancelled stays.

    Where it was moved, `moved_because` says why and `moved_at` when that was decided, last.
    """

    __tablename__ = "sitting"
    __table_args__ = (Index("ix_sitting_led_by_starts_at", "led_by", "starts_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    kind: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int]
    place: Mapped[str]
    led_by: Mapped[UUID] = mapped_column(ForeignKey(Account.id))
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    moved_because: Mapped[str] = mapped_column(default="", server_default="")


class QuickNote(Base):
    """What was written down during a sitting: who said it (applicant, respondent, or nobody in particular)."""

    __tablename__ = "quick_note"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey(Sitting.id), index=True)
    side: Mapped[str]
    words: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class Invitation(Base):
    """A party's numbered invitation to a sitting, and how and when it reached them."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("sitting_id", "party_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey(Sitting.id))
    party_id: Mapped[UUID] = mapped_column(ForeignKey(Party.id), index=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(Submission.id))
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))
    made_at: Mapped[datetime]
    served_how: Mapped[str | None]
    served_on: Mapped[date | None]
    served_by: Mapped[str | None]


class CalendarLink(Base):
    """The salt of somebody's signed calendar address; a new one makes the address before it worthless."""

    __tablename__ = "calendar_link"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    salt: Mapped[str]
    made_at: Mapped[datetime]


class Clause(Base):
    """One point of what two sides may agree on; its wording stands in its versions."""

    __tablename__ = "clause"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    removed_at: Mapped[datetime | None]


class ClauseVersion(Base):
    """A wording of a clause: who does what, an amount of yuan, until when; paid in so many `instalments`.

    `proposed_by` is applicant, respondent or mediator; the instalments follow each other by `every`, month or week.
    """

    __tablename__ = "clause_version"
    __table_args__ = (UniqueConstraint("clause_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clause_id: Mapped[UUID] = mapped_column(ForeignKey(Clause.id))
    number: Mapped[int]
    words: Mapped[str]
    who: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    due_on: Mapped[date | None]
    instalments: Mapped[int]
    every: Mapped[str]
    proposed_by: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class ClauseAnswer(Base):
    """What a side says to a version: agreed or open; and who wrote it down, when."""

    __tablename__ = "clause_answer"

    version_id: Mapped[UUID] = mapped_column(ForeignKey(ClauseVersion.id), primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
