"""Links between cases: the same matter again, joined to an open one, or one of a group with a parent."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case, CaseLink
from engine.cases.permissions import OPEN, require, scope
from engine.errors import N_, Invalid
from engine.ids import new_id
from engine.people.actor import Actor

KINDS = ("repeat", "merged", "group")
"""repeat: the same matter came again (信访工作条例 §19); merged: goes on in the other; group: one of many under it."""


class LinkUnfit(Invalid):
    """Two cases that cannot be linked so."""

    code = "link-unfit"
    message = N_("Choose another case that you may see, by its number; a case is no part of itself or of its own part.")


@dataclass(frozen=True)
class Linked:
    """A case that is linked with another, how, and whether it is the one above."""

    case: Case
    kind: str
    above: bool


def link(session: Session, actor: Actor, case_id: UUID, number: str, kind: str) -> Case:
    """Link a case to the one of a number; returns that one. Raises CaseUnknown, NotForYourRole, LinkUnfit."""
    case = require(session, actor, "link", case_id)
    other = session.scalar(select(Case).where(Case.number == number.strip().upper(), scope(actor), OPEN))
    if other is None or other is case or kind not in KINDS or _is_below(session, other.id, case.id):
        raise LinkUnfit
    if kind == "merged" and (case.closed_at is not None or other.closed_at is not None):
        raise LinkUnfit
    known = select(CaseLink).where(CaseLink.case_id == case.id, CaseLink.to_case_id == other.id)
    if session.scalar(known) is None:
        made = CaseLink(id=new_id(), case_id=case.id, to_case_id=other.id, kind=kind, by=actor.id, at=clock.now())
        session.add(made)
        events.record(session, "case.linked", case.id, actor=actor.id, to=str(other.id), link=kind)
        events.record(session, "case.linked", other.id, actor=actor.id, to=str(case.id), link=kind)
    return other


def of_case(session: Session, actor: Actor, case_id: UUID) -> list[Linked]:
    """The cases linked with one that the actor may see."""
    query = select(CaseLink, Case).join(
        Case, or_((Case.id == CaseLink.to_case_id), (Case.id == CaseLink.case_id)) & (Case.id != case_id)
    )
    rows = session.execute(
        query.where(or_(CaseLink.case_id == case_id, CaseLink.to_case_id == case_id), scope(actor), OPEN)
    )
    return [Linked(case, made.kind, made.to_case_id == case.id) for made, case in rows]


def _is_below(session: Session, below: UUID, above: UUID) -> bool:
    """Whether a case is, over any number of links, part of another."""
    waiting, seen = [below], set[UUID]()
    while waiting:
        here = waiting.pop()
        if here == above:
            return True
        if here not in seen:
            seen.add(here)
            waiting += session.scalars(select(CaseLink.to_case_id).where(CaseLink.case_id == here))
    return False
