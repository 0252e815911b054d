"""The register of households, and what a campaign's visits to them came to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases.models import Case
from engine.db import Base
from engine.ids import new_id


class Household(Base):
    """An address at which people live (户), and nothing about them but how many they are.

    `division` is its grid, or its village while nobody has said which grid; `village_group` the group (组) as people
    call it. A person to ask stands there only with the day of their consent (个人信息保护法 §13). `purpose` and
    `source` say what it is kept for and from where it is known, `keep_until` the day after which it is deleted (§19).
    """

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("division", "village_group", "address", name="household_once_in_a_grid"),
        CheckConstraint("consent_on IS NOT NULL OR (contact = '' AND phone = '')", name="contact_with_consent"),
        CheckConstraint("people BETWEEN 0 AND 99", name="household_people"),
        Index("ix_household_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
        Index("ix_household_keep_until", "keep_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    division: Mapped[str] = mapped_column(ForeignKey("division.code"))
    path: Mapped[str]
    village_group: Mapped[str]
    address: Mapped[str]
    people: Mapped[int | None]
    contact: Mapped[str]
    phone: Mapped[str]
    consent_on: Mapped[date | None]
    source: Mapped[str]
    purpose: Mapped[str]
    keep_until: Mapped[date]
    at: Mapped[datetime]


class HouseholdVisit(Base):
    """What a visit of a campaign came to: `state` is done, not_home or refused. Nobody is named who went.

    When the campaign or the household's entry has ended, `household_id` is empty: the count stays, who it was does not.
    """

    __tablename__ = "household_visit"
    __table_args__ = (UniqueConstraint("case_id", "household_id", name="household_visited_once"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id))
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey(Household.id, ondelete="SET NULL"), index=True)
    state: Mapped[str]
