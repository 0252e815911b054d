"""Documents with their numbers, and the files that people attach."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.cases.models import Case, Submission
from engine.db import Base
from engine.ids import new_id


class DocumentCounter(Base):
    """The last number of an organisation in a year; locking the row keeps numbers without gaps."""

    __tablename__ = "document_counter"

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Document(Base):
    """A document that was issued; a void one keeps its number."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    submission_id: Mapped[UUID | None] = mapped_column(ForeignKey(Submission.id))
    kind: Mapped[str]
    number: Mapped[str]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]


class PaperTemplate(Base):
    """A template of a paper that an administrator put in force; the newest version counts."""

    __tablename__ = "paper_template"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    version: Mapped[int]
    content: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class FinishedFile(Base):
    """A finished file (卷宗) as one PDF, kept as it was made."""

    __tablename__ = "finished_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    number: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    by: Mapped[str | None]
    at: Mapped[datetime]


class PaperSignature(Base):
    """A paper that was signed: `wet` with its scan, `electronic` by a person of the house, `drawn` by a party on the
    device of `by`, who stood by, or with a `code` that `by` had sent to the party's `phone` (电子签名法 §§13, 14).

    `digest` is of the PDF that was signed; `seal` signs it and who signed, with the house's key (Ed25519).
    What a party drew is `drawing` (PNG), what they were shown `content` (PDF); `phone` is masked.
    """

    __tablename__ = "paper_signature"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(Submission.id))
    how: Mapped[str]
    upload_id: Mapped[UUID | None] = mapped_column(ForeignKey("upload.id"))
    by: Mapped[str]
    at: Mapped[datetime]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    seal: Mapped[bytes | None] = mapped_column(LargeBinary)
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("party.id"))
    signer: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    drawing: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))


class Upload(Base):
    """A file, stored at once when it is chosen; it belongs to a case as soon as a form that names it is completed.

    `taken_at`, `latitude` and `longitude` are what the camera wrote into a photo, kept beside it for the record.
    """

    __tablename__ = "upload"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    owner: Mapped[str]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey(Case.id), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
