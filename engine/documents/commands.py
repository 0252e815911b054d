"""Issuing and voiding documents; storing files."""

import hashlib
import re
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist
from engine.cases.models import Case, Submission
from engine.config import settings
from engine.documents import photos
from engine.documents.media import media_type
from engine.documents.models import Document, DocumentCounter, Upload
from engine.errors import N_, Conflict, Invalid
from engine.ids import new_id


class FileTooLarge(Invalid):
    """The file is larger than allowed."""

    code = "file-too-large"
    message = N_(
        "The file is larger than 10 MB. Choose a smaller one, lower the photo's size, or record for a shorter time."
    )


class FileKindRefused(Invalid):
    """Only photos, recordings and PDF files are taken; what a file is shows from its first bytes, not from its name."""

    code = "file-kind-refused"
    message = N_(
        "Only photos (JPEG, PNG, WebP, HEIC), recordings (MP3, M4A, WAV, Ogg, AMR) and PDF files can be added."
    )


class VoidReasonMissing(Invalid):
    """A number is made void for a reason that stays beside it."""

    code = "void-reason-missing"
    message = N_("Say why the number becomes void; it stays visible with the reason.")


class AlreadyVoid(Conflict):
    """The number is void already."""

    code = "already-void"
    message = N_("This number is void already.")


def issue(
    session: Session, case: Case, actor: str | None, *, kind: str, abbreviation: str, submission: Submission | None,
    letter: bool = False,
) -> Document:  # fmt: skip
    """Issue a document under its organisation's next number: （2026）民主调字第001号, a letter 镇调受〔2026〕1号."""
    year = clock.today().year
    counted = insert(DocumentCounter).values(series=abbreviation, year=year, last=1)
    counted = counted.on_conflict_do_update(index_elements=["series", "year"], set_={"last": DocumentCounter.last + 1})
    number = session.scalar(counted.returning(DocumentCounter.last))
    written = f"{abbreviation}〔{year}〕{number}号" if letter else f"（{year}）{abbreviation}字第{number:03d}号"
    document = Document(
        id=new_id(), case_id=case.id, submission_id=submission.id if submission else None, kind=kind,
        number=written, issued_at=clock.now(), issued_by=actor,
    )  # fmt: skip
    session.add(document)
    events.record(session, "document.issued", case.id, actor=actor, document_kind=kind, document=str(document.id))
    return document


def void(session: Session, document: Document, actor: str | None, *, reason: str) -> None:
    """Void a document; its number stays visible and is never used again.

    Raises VoidReasonMissing, AlreadyVoid, WordsBlocked.
    """
    if document.voided_at is not None:
        raise AlreadyVoid(document=document.id)
    if not reason.strip():
        raise VoidReasonMissing
    document.voided_at, document.void_reason = clock.now(), blocklist.clean(reason)
    events.record(session, "document.voided", document.case_id, actor=actor, document=str(document.id))


def store_upload(session: Session, owner: str, name: str, content: bytes) -> Upload:
    """Store a file for a form that is being filled in. Raises FileTooLarge, FileKindRefused."""
    if len(content) > settings().upload_limit:
        raise FileTooLarge(limit=settings().upload_limit)
    kind = media_type(content)
    if kind is None:
        raise FileKindRefused
    shot = photos.taken(content)
    upload = Upload(
        id=new_id(), name=_safe(name), media_type=kind, size=len(content),
        digest=hashlib.sha256(content).digest(), content=content, owner=owner, at=clock.now(),
        taken_at=shot.at, latitude=shot.latitude, longitude=shot.longitude,
    )  # fmt: skip
    session.add(upload)
    return upload


def link_uploads(session: Session, case_id: UUID, owner: str, ids: Iterable[UUID]) -> None:
    """Put one's own files on a case's file."""
    named = list(ids)
    if not named:
        return
    own = update(Upload).where(Upload.id.in_(named), Upload.owner == owner, Upload.case_id.is_(None))
    session.execute(own.values(case_id=case_id))


def _safe(name: str) -> str:
    plain = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]", "_", blocklist.covered(name)).strip(". ")
    return plain[-120:] or "file"
