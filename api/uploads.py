"""Files that come with forms: whose they are, and how they go out again."""

import hashlib
from urllib.parse import quote

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from api import auth
from engine.config import settings
from engine.documents import commands
from engine.documents.models import Upload
from engine.people.actor import Actor

SOUNDS = {"audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/ogg", "audio/webm"}
"""What browsers play; a recording of another kind (AMR) is downloaded."""
SHOWN = {"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"} | SOUNDS
"""What a browser shows by itself and cannot be made to run; everything else is downloaded."""

SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
"""Nothing of a file runs; browsers style what they show by themselves."""


def owner(actor: Actor) -> str:
    """Whose drafts these are: the account's, or this browser's if nobody is signed in."""
    return actor.id or "visitor:" + hashlib.sha256(auth.visitor().encode()).hexdigest()[:32]


def store(session: Session, actor: Actor, file: FileStorage) -> Upload:
    """Keep a file that was chosen in a form. Raises FileTooLarge, FileKindRefused."""
    file.stream.seek(0)
    return commands.store_upload(
        session, owner(actor), file.filename or "", file.stream.read(settings().upload_limit + 1)
    )


def answer(upload: Upload) -> Response:
    """A file as an answer that no browser runs: its own kind, sandboxed, shown only where that is safe."""
    shown = "inline" if upload.media_type in SHOWN else "attachment"
    response = Response(upload.content, content_type=upload.media_type)
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(upload.name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(upload.digest.hex())
    # In parts where they are asked for: some phones play nothing that does not come in parts.
    response.make_conditional(request, accept_ranges=True, complete_length=len(upload.content))
    return response
