"""What people are told, what leaves the house for it, who wants what where, and how far was looked already."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.cases.models import Case, Party, Submission
from engine.db import Base
from engine.ids import new_id
from engine.people.models import Account


class Notification(Base):
    """Something that a person is told in the product. `facts` are ids and codes; the words are made where it is read.

    `digest` counts: as long as it is unread it grows, and there is one of its kind for a person.
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_account_id_id", "account_id", "id"),
        Index("ix_notification_unread", "account_id", "kind", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey(Case.id))
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Preference(Base):
    """How a person wants to be told; whoever has no row is told as `kinds` says, in the product alone.

    `choices` holds the channels of the kinds that differ from the usual ones. Between `quiet_from` and `quiet_to` (the
    county's time) nothing leaves the house for this person but what cannot wait.
    """

    __tablename__ = "notification_preference"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    email: Mapped[str]
    phone: Mapped[str]
    quiet_from: Mapped[time]
    quiet_to: Mapped[time]
    choices: Mapped[dict[str, Any]]


class Follower(Base):
    """A phone that agreed to be told how a case goes on (个人信息保护法 §§13, 15); `told` is the stage it knows."""

    __tablename__ = "case_follower"
    __table_args__ = (
        Index(
            "uq_case_follower_case_id_phone", "case_id", "phone", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id))
    phone: Mapped[str]
    locale: Mapped[str]
    told: Mapped[str]
    agreed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PhoneCode(Base):
    """A code of one use by which a party signs one paper; the digits are stored nowhere (engine.notifications.codes).

    `content` is the PDF that is to be signed, `digest` its SHA-256; `tries` counts wrong answers; `by` sent it.
    """

    __tablename__ = "phone_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(Submission.id))
    party_id: Mapped[UUID] = mapped_column(ForeignKey(Party.id), index=True)
    phone: Mapped[str]
    locale: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    by: Mapped[str]
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int]
    used_at: Mapped[datetime | None]


class Delivery(Base):
    """One message that leaves the house, to an account, a follower or with a code; the address is that of the sending.

    `state` is waiting, sent, failed (given up after the last attempt), or cancelled (by a person, or since it may not
    be sent any more); `problem` is the last error, without addresses.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_state_at", "state", "at"),
        Index("ix_delivery_follower_id", "follower_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id))
    follower_id: Mapped[UUID | None] = mapped_column(ForeignKey(Follower.id))
    code_id: Mapped[UUID | None] = mapped_column(ForeignKey(PhoneCode.id, ondelete="SET NULL"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey(Case.id))
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int]
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]


class Look(Base):
    """Until when the worker has looked for something to tell, such as new tasks."""

    __tablename__ = "notification_look"

    what: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
