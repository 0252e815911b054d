"""The ledger of rewards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases.models import Case
from engine.db import Base
from engine.ids import new_id


class RewardEntry(Base):
    """One line of the ledger: points by a rule of the town, or a correction that takes them back (`reverses`).

    `person` is the account that reported the matter, or the name that was left with it; `for_whom` the name.
    The database refuses to change or delete a line. `case_id` is the case in which the reward was decided,
    `about` the matter whose usefulness was verified. `rule` is the row of the table that fired, `table_version` the
    version in force then; `by` decided. `amount` (points) is negative in a correction.
    """

    __tablename__ = "reward_entry"
    __table_args__ = (Index("ix_reward_entry_path_at", "path", "at"), Index("ix_reward_entry_person", "person"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    about: Mapped[UUID] = mapped_column(ForeignKey(Case.id))
    path: Mapped[str]
    person: Mapped[str]
    for_whom: Mapped[str]
    what: Mapped[str]
    amount: Mapped[int]
    rule: Mapped[str]
    table_version: Mapped[int]
    reverses: Mapped[UUID | None] = mapped_column(ForeignKey("reward_entry.id"))
    reason: Mapped[str]
    by: Mapped[str | None]
    at: Mapped[datetime]
