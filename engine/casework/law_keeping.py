"""What administrators keep of the law: the calendar of working days and the catalogue of deadlines.

What runs follows in the same transaction: the deadline, its case's day, and the timers that diagrams set by it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import blocklist
from engine.cases import queries as cases
from engine.casework.administration import require_admin
from engine.casework.deadline_operations import days_of
from engine.casework.operations import LENGTHS
from engine.deadlines import keeping
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.people.actor import Actor
from engine.workflow import timers


def set_days(
    session: Session, actor: Actor, first: date, last: date, *, working: bool | None, why: str
) -> int:  # fmt: skip
    """Change days of the calendar; returns how many running deadlines moved.

    Raises AdministratorsOnly, CalendarUnfit, WordsBlocked.
    """
    require_admin(actor)
    why = blocklist.clean(why)
    moved = keeping.set_days(session, actor.id, first, last, working=working, why=why)
    _follow(session, actor, moved, why)
    return len(moved)


def amend(session: Session, actor: Actor, key: str, given: Mapping[str, Any]) -> CatalogueEntry:
    """Put a deadline in force anew from a day on.

    What began on that day or later is counted by it, also where it was entered afterwards; nothing that began before.
    Raises AdministratorsOnly, DeadlineUnknown, AmendmentUnfit, RuleUnfit, WordsBlocked.
    """
    require_admin(actor)
    blocklist.clean(str(given.get("why") or ""))
    made = keeping.amend(session, actor.id, key, given)
    session.flush()
    _follow(session, actor, keeping.under_new_law(session, actor.id, made), made.why)
    return made


def _follow(session: Session, actor: Actor, moved: Iterable[Deadline], why: str) -> None:
    for one in sorted(moved, key=lambda deadline: deadline.case_id):  # one order of locks for all that move cases
        if one.key in LENGTHS:
            cases.locked(session, one.case_id).due_on = one.due_on
        timers.follow_deadline(session, one.case_id, one.key, days_of(one), actor=actor.id, reason=why)
