"""Files that were chosen in a form which nobody sent: they are on no case's file and are kept for nothing (§19)."""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Text, delete, exists
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from engine import clock
from engine.documents.models import Upload
from engine.workflow.models import Draft

KEPT = timedelta(days=30)


def forget(session: Session) -> int:
    """Delete files of no case that are older than thirty days and that no draft names. Returns how many."""
    named = exists().where(as_type(Draft.answers, Text).contains(as_type(Upload.id, Text)))
    stray = delete(Upload).where(Upload.case_id.is_(None), Upload.at < clock.now() - KEPT, ~named)
    return cast(CursorResult[Any], session.execute(stray)).rowcount
