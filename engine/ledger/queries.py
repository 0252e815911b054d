"""The ledger (台账): a view of the cases, never a second entry. Search, pages, counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine import clock
from engine.cases.models import Case, Submission
from engine.cases.permissions import OPEN, scope
from engine.errors import N_, Invalid
from engine.people.actor import Actor

PAGE = 50
NONE = "none"
OWN_WORK = ("campaign", "patrol", "roster", "reward")
"""Kinds of the house's own work: nobody reported them, so they are in no figure."""


class FilterInvalid(Invalid):
    """A filter of the ledger cannot be read."""

    code = "filter-invalid"
    message = N_("A filter cannot be read; dates are written 2026-11-23.")


@dataclass(frozen=True)
class Filters:
    """What to look for; an empty field looks for everything.

    `kind`, `category`, `risk`, `level` and `stage` may name several codes with commas between them, and `none` for
    cases that have no code yet. `own_work` "0" leaves out what the house does of itself (campaigns, patrols).
    `zone` "1" looks for geological hazards with a danger zone in force (地质灾害防治条例 §§19, 20).
    """

    words: str = ""
    kind: str = ""
    category: str = ""
    risk: str = ""
    level: str = ""
    stage: str = ""
    division: str = ""
    since: str = ""
    until: str = ""
    overdue: bool = False
    open: str = ""
    closed_since: str = ""
    closed_until: str = ""
    own_work: str = ""
    zone: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        """Filters from an address."""
        texts = {name: given.get(name, "").strip() for name in cls.__dataclass_fields__ if name != "overdue"}
        return cls(**texts, overdue=given.get("overdue", "") in ("1", "true"))


@dataclass(frozen=True)
class LedgerPage:
    """One page of the ledger, and the cursor of the next one."""

    cases: list[Case]
    next: str | None


def page(session: Session, actor: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> LedgerPage:
    """The cases that the actor may see and the filters let through, newest first. Raises FilterInvalid."""
    query = select(Case).where(*conditions(actor, filters))
    if after:
        try:
            query = query.where(Case.id < UUID(after))
        except ValueError:
            raise FilterInvalid from None
    found = list(session.scalars(query.order_by(Case.id.desc()).limit(size + 1)))
    return LedgerPage(found[:size], str(found[size - 1].id) if len(found) > size else None)


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many cases are open, by stage."""
    rows = select(Case.stage, func.count()).where(scope(actor), OPEN, Case.closed_at.is_(None)).group_by(Case.stage)
    return dict(iter(session.execute(rows)))


def conditions(actor: Actor, filters: Filters, seen: ColumnElement[bool] | None = None) -> list[ColumnElement[bool]]:
    """The conditions of a search, first of them what the actor may see (or `seen`); a sealed case is in no list."""
    found = [scope(actor) if seen is None else seen, OPEN]
    if filters.words:
        found.append(
            or_(*(column.icontains(filters.words, autoescape=True) for column in (Case.number, Case.words, Case.place)))
        )
    for name in ("kind", "category", "risk", "level", "stage"):
        if value := getattr(filters, name):
            found.append(_is_one_of(getattr(Case, name), value.split(",")))
    if filters.division:
        below = Case.division.startswith(filters.division + "/", autoescape=True)
        found.append(or_(Case.division == filters.division, below))
    if filters.since:
        found.append(Case.reported_at >= _day(filters.since, time()))
    if filters.until:
        found.append(Case.reported_at <= _day(filters.until, time.max))
    if filters.closed_since:
        found.append(Case.closed_at >= _day(filters.closed_since, time()))
    if filters.closed_until:
        found.append(Case.closed_at <= _day(filters.closed_until, time.max))
    if filters.own_work == "0":
        found.append(Case.kind.not_in(OWN_WORK))
    if filters.zone == "1":
        found += [_answered("f-zone", zone="marked"), not_(_answered("f-zone-lifted"))]
    if filters.overdue:
        found.append(Case.due_on < clock.today())
    if filters.open:
        found.append(Case.closed_at.is_(None) if filters.open == "1" else Case.closed_at.is_not(None))
    return found


def _answered(form: str, **answers: str) -> ColumnElement[bool]:
    about = exists().where(Submission.case_id == Case.id, Submission.form_key == form)
    return about.where(Submission.answers.contains(answers))


def _is_one_of(column: InstrumentedAttribute[Any], codes: list[str]) -> ColumnElement[bool]:
    known = column.in_([code for code in codes if code != NONE])
    return or_(known, column.is_(None)) if NONE in codes else known


def _day(text: str, at: time) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), at, tzinfo=clock.ZONE)
    except ValueError:
        raise FilterInvalid from None


def reported_by(session: Session, actor: Actor, most: int = 100) -> list[Case]:
    """What somebody has reported themselves and may still see, newest first."""
    own = select(Case).where(Case.reported_by == actor.id, OPEN).order_by(Case.id.desc())
    return list(session.scalars(own.limit(most)))
