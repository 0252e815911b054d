"""The studio's tables: drafts with their files, and releases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from engine.db import Base
from engine.ids import new_id
from engine.workflow.models import Definition, Deployment


class Draft(Base):
    """The files of one bundle while somebody changes them.

    `bundle` is the folder, or the key of a file that stands alone. `owner` began it; any administrator may work on
    it. A draft that is closed (deployed or discarded) stays to be read.
    """

    __tablename__ = "studio_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bundle: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    owner: Mapped[str]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    files: Mapped[list["DraftFile"]] = relationship(order_by="DraftFile.name", cascade="all, delete-orphan")

    def file(self, name: str) -> "DraftFile | None":
        """One of its files."""
        return next((one for one in self.files if one.name == name), None)

    @property
    def changed(self) -> "DraftFile | None":
        """The file that was changed last."""
        return max(self.files, key=lambda one: one.changed_at, default=None)


class DraftFile(Base):
    """One file of a draft. `number` counts its states; `base` is the version in force that it was begun from."""

    __tablename__ = "studio_file"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    number: Mapped[int]
    base: Mapped[UUID | None] = mapped_column(ForeignKey(Definition.id))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class Release(Base):
    """A draft as it was when somebody asked for it to be deployed (`content`, a ZIP), and what became of it.

    `state` is checking, refused, waiting, approved, deployed, failed or withdrawn. `bases` are the versions in force by
    file (none: new) that it was compared with, `report` what its checks and scenarios said.
    """

    __tablename__ = "release"
    __table_args__ = (Index("ix_release_due", "effective_at", postgresql_where=text("state = 'approved'")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey(Draft.id), index=True)
    bundle: Mapped[str]
    title: Mapped[str]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    bases: Mapped[dict[str, Any]]
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    effective_at: Mapped[datetime]
    state: Mapped[str]
    statutory: Mapped[list[Any]]
    report: Mapped[dict[str, Any]]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    deployment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Deployment.id))
    done_at: Mapped[datetime | None]


class Rehearsal(Base):
    """What somebody plays: a process, the time at which the play begins, and the steps so far, in scenarios' words.

    `draft_id` is the draft that is played instead of what is in force.
    """

    __tablename__ = "rehearsal"
    __table_args__ = (Index("ix_rehearsal_process_key_changed_at", "process_key", "changed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    process_key: Mapped[str]
    draft_id: Mapped[UUID | None]
    by: Mapped[str]
    begins_at: Mapped[datetime]
    steps: Mapped[list[Any]]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Replay(Base):
    """Ended instances of a process played again on a draft: which, and what came of each so far."""

    __tablename__ = "replay"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    process_key: Mapped[str]
    draft_id: Mapped[UUID | None]
    by: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    instances: Mapped[list[Any]]
    results: Mapped[list[Any]]


class Walk(Base):
    """All scenarios of a process's bundle, or of a draft of it, played: which files, and what came of each so far."""

    __tablename__ = "walk"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    process_key: Mapped[str]
    draft_id: Mapped[UUID | None]
    by: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    files: Mapped[list[Any]]
    results: Mapped[list[Any]]


class StepTemplate(Base):
    """A configured step that administrators keep to be drawn again: its kind (userTask …) and its BPMN element, as XML.

    Nothing in it refers to the diagram that it was taken from.
    """

    __tablename__ = "step_template"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str]
    kind: Mapped[str]
    content: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
