"""Warnings of deadlines: to whoever has to act, and from the day before on also to who answers for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.cases.permissions import within
from engine.casework import access
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.people.actor import Actor
from engine.workflow.models import UserTask

UPWARDS = ("day_before", "overdue")
"""The marks from which on those above are told as well."""
SHORT = timedelta(days=2)
"""In what is no longer than this no day before is left that helps: those above are told from four fifths on."""
ABOVE = ("duty_officer", "county_officer", "petition_officer", "leader")
"""Who answers for what happens in a division; a leader sees number and deadline, never the content."""
ABOVE_SEALED = ("county_officer",)
"""Who answers for a sealed matter: the county centre sees it anyhow (SIGHT), nobody else above does."""


@dataclass(frozen=True)
class Watched:
    """A running deadline that was warned of, its entry in the catalogue, and the case's number."""

    deadline: Deadline
    entry: CatalogueEntry
    number: str


def warnings_for(session: Session, actor: Actor, *, most: int = 20) -> Sequence[Watched]:
    """The deadlines that an actor is warned of, the most urgent first. Of a sealed case, above, the county alone."""
    query = (
        select(Deadline, CatalogueEntry, Case.number)
        .join(Case, Case.id == Deadline.case_id)
        .join(
            CatalogueEntry,
            and_(CatalogueEntry.key == Deadline.key, CatalogueEntry.in_force_from == Deadline.law_of),
        )
        .where(Deadline.state == "running", Deadline.warned.is_not(None), or_(_mine_to_do(actor), _above(actor)))
        .order_by(Deadline.due_at)
        .limit(most)
    )
    return [Watched(*row) for row in session.execute(query)]


def goes_up(deadline: Deadline) -> bool:
    """Whether those above are told of a deadline by now."""
    short = deadline.warned == "eighty" and deadline.due_at - deadline.started_at <= SHORT
    return deadline.warned in UPWARDS or short


def _went_up() -> ColumnElement[bool]:
    short = and_(Deadline.warned == "eighty", Deadline.due_at - Deadline.started_at <= SHORT)
    return or_(Deadline.warned.in_(UPWARDS), short)


def _mine_to_do(actor: Actor) -> ColumnElement[bool]:
    mine = or_(UserTask.assignee == actor.id, access.group_tasks(actor))
    return exists().where(UserTask.stream == Deadline.case_id, UserTask.state == "open", mine)


def _above(actor: Actor) -> ColumnElement[bool]:
    led = [within(held.path) for held in actor.memberships if held.role in ABOVE]
    sealed = [within(held.path) for held in actor.memberships if held.role in ABOVE_SEALED]
    seen = or_(and_(Case.sealed.is_(False), or_(false(), *led)), and_(Case.sealed, or_(false(), *sealed)))
    return and_(_went_up(), seen)
