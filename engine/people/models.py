"""Accounts and their roles, sessions, organisations, mediators."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base
from engine.ids import new_id


class Account(Base):
    """Somebody who can sign in. `locale` is empty until they choose a language: then their browser says which.

    `first_password`: somebody else has told them their password, and they have not chosen one of their own yet.
    `second_factor`: the secret of their app, sealed; `second_factor_step`: the period whose code was used last.
    """

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    locale: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    phone: Mapped[str] = mapped_column(default="", server_default="")
    trained_on: Mapped[date | None]
    first_password: Mapped[bool] = mapped_column(default=False, server_default="false")
    second_factor: Mapped[str | None]
    second_factor_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    created_at: Mapped[datetime]


class Membership(Base):
    """A role held in a division for a time; `to_day` is the last day, None as long as it is not ended. `employment` is
    full (专职) or part (兼职), where it was said.
    """

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_role_path", "role", "path"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    role: Mapped[str]
    division: Mapped[str] = mapped_column(ForeignKey("division.code"))
    path: Mapped[str]
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    employment: Mapped[str] = mapped_column(default="", server_default="")


class Absence(Base):
    """That somebody is away from one day to another, both counted, and who covers for them."""

    __tablename__ = "absence"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    cover_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignIn(Base):
    """A signed-in browser or another system's token; the token itself is not kept, only its hash."""

    __tablename__ = "sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str]


class FirstDayTick(Base):
    """A step of their first day that somebody has ticked off."""

    __tablename__ = "first_day_tick"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class FailedSignIn(Base):
    """An attempt that failed, by login, address or hashed tracking code; guessing is slowed down everywhere at once."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_key_at", "key", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    at: Mapped[datetime]


class Unit(Base):
    """An organisation: a mediation committee, a station, a court. `abbreviation` stands in document numbers.

    `last_day`: it was closed or merged, and this was its last day; `successor_id` has taken over what it had open.
    """

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    division: Mapped[str] = mapped_column(ForeignKey("division.code"))
    path: Mapped[str] = mapped_column(index=True)
    level: Mapped[str]
    abbreviation: Mapped[str]
    legal_basis: Mapped[str]
    fee: Mapped[str]
    phone: Mapped[str]
    last_day: Mapped[date | None]
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))


class Mediator(Base):
    """A people's mediator (人民调解员) whom parties may choose (人民调解法 §19).

    `specialities` are codes of categories, `languages` codes of languages (dictionary.toml); `skills` says in a few
    words what else they bring: 退休教师、木匠.
    """

    __tablename__ = "mediator"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey(Unit.id), index=True)
    specialities: Mapped[list[str]] = mapped_column(ARRAY(Text))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    skills: Mapped[str] = mapped_column(default="", server_default="")
