"""A division that ends or merges (撤销、合并): its last day, and the one that what is new there goes to.

Its old cases and papers keep it, and so do the roles that people hold there: they bring those cases to their end.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.territory.models import Division


def set_end(session: Session, found: Division, last_day: date | None, successor: str | None) -> list[Division]:
    """End a division with all that lies in it, or (no day) take that back. Returns what changed, itself first."""
    if (found.last_day, found.successor) == (last_day, successor):
        return []
    inside = select(Division).where(Division.path.startswith(found.path + "/"))
    before = (found.last_day, found.successor)
    changed = [found, *(one for one in session.scalars(inside) if (one.last_day, one.successor) == before)]
    for one in changed:
        one.last_day, one.successor = last_day, successor
    return changed


def living(session: Session, division: Division) -> Division:
    """A division, or where it ended whoever takes what is new there."""
    while division.successor:
        division = session.get_one(Division, division.successor)
    return division
