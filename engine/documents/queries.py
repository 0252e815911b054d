"""Reading documents and files."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import events
from engine.cases import queries as cases
from engine.cases.models import Case
from engine.cases.permissions import OPEN, emergency_look
from engine.documents import copies
from engine.documents.models import Document, Upload
from engine.errors import N_, Conflict, NotFound
from engine.people.actor import Actor


class UploadUnknown(NotFound):
    """There is no such file, or it is not for this person to see."""

    code = "upload-unknown"
    message = N_("There is no such file, or it is not yours to see.")


def of_case(session: Session, case_id: UUID) -> list[Document]:
    """The documents of a case, oldest first."""
    return list(session.scalars(select(Document).where(Document.case_id == case_id).order_by(Document.issued_at)))


class DocumentUnknown(NotFound):
    """There is no such numbered document in this case."""

    code = "document-unknown"
    message = N_("There is no such document in this case.")


def one(session: Session, case_id: UUID, document_id: UUID) -> Document:
    """A numbered document of a case. Raises DocumentUnknown."""
    found = session.get(Document, document_id)
    if found is None or found.case_id != case_id:
        raise DocumentUnknown(document=document_id)
    return found


def numbers(session: Session, actor: Actor) -> list[tuple[Document, Case]]:
    """The numbers that were given to cases that the actor may see, newest first, void ones among them."""
    found = select(Document, Case).join(Case, Case.id == Document.case_id).where(cases.scope(actor), OPEN)
    rows = session.execute(found.order_by(Document.issued_at.desc()).limit(500))
    return [(document, case) for document, case in rows]


def upload(session: Session, actor: Actor, owner: str, upload_id: UUID) -> Upload:
    """A file: one's own draft, or one on the file of a case that one may see, or has opened in an emergency.

    Of a sealed case, and in an emergency, it is recorded. Raises UploadUnknown.
    """
    seen = select(Case.id).where(cases.scope(actor)).scalar_subquery()
    found = session.scalar(
        select(Upload).where(
            Upload.id == upload_id, or_((Upload.owner == owner) & (Upload.owner != ""), Upload.case_id.in_(seen))
        )
    )
    emergency = None if found else _in_emergency(session, actor, upload_id)
    found = found or emergency
    if found is None:
        raise UploadUnknown(upload=upload_id)
    if found.case_id and (emergency or session.get_one(Case, found.case_id).sealed):
        events.record(session, "upload.viewed", found.case_id, actor=actor.id or None, upload=str(upload_id))
    return found


def _in_emergency(session: Session, actor: Actor, upload_id: UUID) -> Upload | None:
    found = session.get(Upload, upload_id)
    if found is None or found.case_id is None or emergency_look(session, actor, found.case_id) is None:
        return None
    return found


class NoCopy(Conflict):
    """A file of which no copy without the camera's notes can be made."""

    code = "no-copy"
    message = N_(
        "A copy without time, place and author can be made of JPEG, PNG, WebP and PDF files that can be read. Take a "
        "picture of this one, or print it."
    )


def copy(session: Session, actor: Actor, owner: str, upload_id: UUID) -> tuple[bytes, str]:
    """A photo or PDF without what cameras and programs wrote into it, and its type. Raises UploadUnknown, NoCopy."""
    found = upload(session, actor, owner, upload_id)
    try:
        return copies.stripped(found.content), found.media_type
    except ValueError:
        raise NoCopy(upload=upload_id) from None


def uploads(session: Session, ids: Iterable[UUID]) -> list[Upload]:
    """Several files by id, without their content."""
    return list(session.scalars(select(Upload).where(Upload.id.in_(list(ids)))))


def uploads_of_case(session: Session, case_id: UUID) -> list[Upload]:
    """The files on a case's file."""
    return list(session.scalars(select(Upload).where(Upload.case_id == case_id).order_by(Upload.at)))
