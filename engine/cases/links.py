"""Links between cases: the same matter again, joined to an open one, or one of a group with a parent."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case, CaseLink
from engine.cases.permissions import OPEN, require, scope
from engine.errors import N_, Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.people.actor import Actor

KINDS = ("repeat", "merged", "group")
"""repeat: the same matter came again (信访工作条例 §19); merged: goes on in the other; group: one of many under it."""


class LinkUnfit(Invalid):
    """Two cases that cannot be linked so."""

    code = "link-unfit"
    message = N_("Choose another case that you may see, by its number; a case is no part of itself or of its own part.")


class LinkUnknown(NotFound):
    """The two cases are not linked, or one of them is not seen."""

    code = "link-unknown"
    message = N_("These two cases are not linked.")


class StillMerged(Conflict):
    """The case ended because it goes on in the other one."""

    code = "still-merged"
    message = N_("%(number)s ended when the two were put together. Open it again first, then take the link back.")


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
    made = session.scalar(select(CaseLink).where(CaseLink.case_id == case.id, CaseLink.to_case_id == other.id))
    if made is None:
        made = CaseLink(id=new_id(), case_id=case.id, to_case_id=other.id, kind="", by=actor.id, at=clock.now())
        session.add(made)
    if made.kind != kind:
        made.kind, made.by, made.at = kind, actor.id, clock.now()
        events.record(session, "case.linked", case.id, actor=actor.id, to=str(other.id), link=kind)
        events.record(session, "case.linked", other.id, actor=actor.id, to=str(case.id), link=kind)
    return other


def unlink(session: Session, actor: Actor, case_id: UUID, other_id: UUID) -> None:
    """Take back a link of a case with another, whichever of them is above; that there was one stays in the history of
    both. A merged case is opened again first. Raises CaseUnknown, NotForYourRole, LinkUnknown, StillMerged."""
    case = require(session, actor, "link", case_id)
    other = session.scalar(select(Case).where(Case.id == other_id, scope(actor), OPEN))
    pair = (case_id, other_id)
    found = session.scalar(select(CaseLink).where(CaseLink.case_id.in_(pair), CaseLink.to_case_id.in_(pair)))
    if other is None or found is None:
        raise LinkUnknown
    below = case if found.case_id == case.id else other
    if found.kind == "merged" and below.closed_at is not None:
        raise StillMerged(number=below.number)
    for one, to in ((case, other), (other, case)):
        events.record(session, "case.unlinked", one.id, actor=actor.id, to=str(to.id), link=found.kind)
    session.delete(found)


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
