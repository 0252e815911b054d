"""Deadlines of the law as data, the working-day calendar, and the deadlines that run."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base
from engine.ids import new_id


class CatalogueEntry(Base):
    """A deadline of the catalogue, in force from a day on: how long, whose duty, by which article.

    `rule` says what may happen to it while it runs (engine.deadlines.rules).
    """

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
    by: Mapped[str | None]
    why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime | None]


class CalendarDay(Base):
    """A day off (`working` false) or a make-up workday; an administrator keeps these, each with who, when and why.

    `by` is empty for what came with the product.
    """

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    by: Mapped[str | None]
    why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime | None]


class Deadline(Base):
    """A deadline that runs for a case. `state` is running, suspended, met, cancelled or kept; lateness ends nothing.

    `kept` is a right of the parties that outlives its case: they are told of its day, and nobody is late by it.

    `law_of` is the day from which the entry of the catalogue that it follows is in force: a new law does not change
    what is already running. `extension` is the duration it was extended by, `extension_reason` why,
    `extension_approved_by` an account or, where another house approved, the name that was written down.
    `warn_at` is when to warn next, `warned` the last mark that was passed (half, eighty, day_before, overdue).
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_case_id", "case_id"),
        Index("ix_deadline_due_at", "due_at"),
        Index("ix_deadline_running", "due_on", postgresql_where=text("state = 'running'")),
        Index("ix_deadline_warn_at", "warn_at", postgresql_where=text("state IN ('running', 'kept')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID]
    key: Mapped[str]
    law_of: Mapped[date]
    started_at: Mapped[datetime]
    started_on: Mapped[date]
    due_on: Mapped[date]
    displayed_on: Mapped[date]
    due_at: Mapped[datetime]
    state: Mapped[str]
    ended_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspended_for: Mapped[str | None]
    extension: Mapped[str | None]
    extension_approved_by: Mapped[str | None]
    extension_reason: Mapped[str | None]
    warn_at: Mapped[datetime | None]
    warned: Mapped[str | None]
