"""What administrators keep of the law: the calendar of working days and the catalogue of deadlines."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.casework.administration import require_admin
from engine.deadlines import keeping
from engine.deadlines.models import CatalogueEntry
from engine.people.actor import Actor


def set_days(
    session: Session, actor: Actor, first: date, last: date, *, working: bool | None, why: str
) -> int:  # fmt: skip
    """Change days of the calendar; returns how many running deadlines moved.

    Raises AdministratorsOnly, CalendarUnfit.
    """
    require_admin(actor)
    return keeping.set_days(session, actor.id, first, last, working=working, why=why)


def amend(session: Session, actor: Actor, key: str, given: Mapping[str, Any]) -> CatalogueEntry:
    """Put a deadline in force anew from a day on. Raises AdministratorsOnly, DeadlineUnknown, AmendmentUnfit."""
    require_admin(actor)
    return keeping.amend(session, actor.id, key, given)
