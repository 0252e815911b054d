"""Deadlines of the law as data, the working-day calendar, and the deadlines that run."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base
from engine.ids import new_id


class CatalogueEntry(Base):
    """A deadline of the catalogue, in force from a day on: how long, whose duty, by which article."""

    __tablename__ = "deadline_catalogue"

    key: Mapped[str] = mapped_column(primary_key=True)
    in_force_from: Mapped[date] = mapped_column(primary_key=True)
    in_force_to: Mapped[date | None]
    name: Mapped[str]
    name_en: Mapped[str]
    law: Mapped[str]
    starts_at: Mapped[str]
    duration: Mapped[str]
    duty_of: Mapped[str]
    rule: Mapped[str]


class CalendarDay(Base):
    """A day off (`working` false) or a make-up workday; an administrator keeps these."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]


class Deadline(Base):
    """A deadline that runs for a case. `state` is running, met or cancelled; lateness ends nothing."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_case_id", "case_id"),
        Index("ix_deadline_running", "due_on", postgresql_where=text("state = 'running'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID]
    key: Mapped[str]
    started_on: Mapped[date]
    due_on: Mapped[date]
    displayed_on: Mapped[date]
    due_at: Mapped[datetime]
    state: Mapped[str]
    ended_at: Mapped[datetime | None]
