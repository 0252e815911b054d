"""Files that come with forms: whose they are, and how they go out again."""

import hashlib
from collections.abc import Iterable
from urllib.parse import quote
from uuid import UUID

from flask import Response, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

import forms
from api import auth
from engine.config import settings
from engine.documents import commands, queries
from engine.documents.models import Upload
from engine.people.actor import Actor

SHOWN = {"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"}
"""What a browser shows by itself and cannot be made to run; everything else is downloaded."""

SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
"""Nothing of a file runs; browsers style what they show by themselves."""

FORM_OVERHEAD = 1024 * 1024


def limit() -> int:
    """Bytes of a request that brings files."""
    return settings().upload_limit + FORM_OVERHEAD


def owner(actor: Actor) -> str:
    """Whose drafts these are: the account's, or this browser's if nobody is signed in."""
    return actor.id or "visitor:" + hashlib.sha256(auth.visitor().encode()).hexdigest()[:32]


def store(session: Session, actor: Actor, file: FileStorage) -> Upload:
    """Keep a file that was chosen in a form. Raises FileTooLarge, FileKindRefused."""
    file.stream.seek(0)
    return commands.store_upload(
        session, owner(actor), file.filename or "", file.stream.read(settings().upload_limit + 1)
    )


def drafts(session: Session, actor: Actor, ids: Iterable[str]) -> list[forms.Upload]:
    """Those of these files that the person has chosen and may use in a form."""
    found = queries.uploads(session, [key for key in map(_uuid, ids) if key])
    return [for_form(one) for one in found if one.owner == owner(actor)]


def for_form(upload: Upload) -> forms.Upload:
    """A file as forms know it."""
    address = url_for("uploads.one", upload_id=upload.id)
    return forms.Upload(str(upload.id), upload.name, upload.size, upload.media_type, address)


def ids_in(answers: object) -> Iterable[str]:
    """Everything in raw answers that could be the id of a file."""
    if isinstance(answers, dict):
        for inner in answers.values():
            yield from ids_in(inner)
    elif isinstance(answers, list):
        for inner in answers:
            if isinstance(inner, str):
                yield inner
            else:
                yield from ids_in(inner)


def answer(upload: Upload) -> Response:
    """A file as an answer that no browser runs: its own kind, sandboxed, shown only where that is safe."""
    shown = "inline" if upload.media_type in SHOWN else "attachment"
    response = Response(upload.content, content_type=upload.media_type)
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(upload.name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(upload.digest.hex())
    return response


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
