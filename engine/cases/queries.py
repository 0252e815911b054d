"""Reading cases. Who may see which is decided in `scope` alone."""

import hmac
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from engine import events
from engine.cases.commands import tracking_hash
from engine.cases.models import Agreement, Case, Note, Party, Submission
from engine.errors import N_, NotFound
from engine.people.actor import Actor

SEES_ALL = (
    "duty_officer",
    "county_officer",
    "justice_officer",
    "leader",
    "village_mediator",
    "town_mediator",
    "county_mediator",
)
SEES_HAZARDS = ("hazard_officer",)
SEES_POLICE = ("police",)
SEES_SEALED = ("police", "county_officer")


class CaseUnknown(NotFound):
    """There is no such case, or it is not for this person to see."""

    code = "case-unknown"
    message = N_("There is no such case, or it is not yours to see.")


def scope(actor: Actor) -> ColumnElement[bool]:
    """The condition on cases that an actor may see: the one place where it is decided (docs/access.md).

    A role sees the cases of its division and below; a grid worker sees those of the grid and what they reported;
    hazard officers see hazards, the police what was handed to them. Sealed cases are for police and county centre.
    """
    if actor is Actor.SYSTEM:
        return true()
    seen: list[ColumnElement[bool]] = []
    for held in actor.memberships:
        within = or_(Case.division == held.path, Case.division.startswith(held.path + "/", autoescape=True))
        if held.role in SEES_ALL:
            seen.append(and_(within, Case.sealed.is_(False)))
        if held.role in SEES_HAZARDS:
            seen.append(and_(within, Case.kind == "hazard", Case.sealed.is_(False)))
        if held.role in SEES_POLICE:
            seen.append(
                and_(within, or_(Case.kind == "police", Case.paused_at.is_not(None), Case.outcome == "handed_over"))
            )
        if held.role == "county_officer":
            seen.append(within)
        if held.role == "grid_worker":
            seen.append(and_(within, Case.sealed.is_(False), Case.kind != "police"))
    if actor.id:
        seen.append(and_(Case.reported_by == actor.id, Case.sealed.is_(False)))
    return or_(*seen) if seen else false()


def case(session: Session, actor: Actor, case_id: UUID) -> Case:
    """A case that the actor may see; a look into a sealed one is recorded. Raises CaseUnknown."""
    found = session.scalar(select(Case).where(Case.id == case_id, scope(actor)))
    if found is None:
        raise CaseUnknown(case=case_id)
    if found.sealed:
        events.record(session, "case.viewed", found.id, actor=actor.id)
    return found


def locked(session: Session, case_id: UUID) -> Case:
    """A case for a command, locked until the transaction ends. Raises CaseUnknown."""
    query = select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise CaseUnknown(case=case_id)
    return found


def by_tracking_code(session: Session, code: str, phone: str) -> Case:
    """The case of a tracking code, for the phone that was left with it (none: any). Raises CaseUnknown."""
    found = session.scalar(select(Case).where(Case.tracking_hash == tracking_hash(code), Case.sealed.is_(False)))
    known = ""
    if found is not None:
        reporter = session.scalar(select(Party).where(Party.case_id == found.id, Party.role == "reporter"))
        known = _digits(reporter.phone) if reporter else ""
    fits = hmac.compare_digest(known.encode(), _digits(phone).encode()) or not known
    if found is None or not fits:
        raise CaseUnknown
    return found


def parties(session: Session, case_id: UUID) -> list[Party]:
    """Who is party to a case."""
    return list(session.scalars(select(Party).where(Party.case_id == case_id).order_by(Party.id)))


def submissions(session: Session, case_id: UUID) -> list[Submission]:
    """The completed forms of a case, oldest first."""
    return list(
        session.scalars(select(Submission).where(Submission.case_id == case_id).order_by(Submission.at, Submission.id))
    )


def newest_submission(session: Session, case_id: UUID, form_keys: Iterable[str]) -> Submission | None:
    """The newest completed form of one of several kinds."""
    query = select(Submission).where(Submission.case_id == case_id, Submission.form_key.in_(list(form_keys)))
    return session.scalar(query.order_by(Submission.at.desc(), Submission.id.desc()).limit(1))


def agreements(session: Session, case_id: UUID) -> list[Agreement]:
    """What was agreed in a case."""
    return list(session.scalars(select(Agreement).where(Agreement.case_id == case_id).order_by(Agreement.effective_on)))


def notes(session: Session, case_id: UUID) -> list[Note]:
    """The remarks on a case, oldest first."""
    return list(session.scalars(select(Note).where(Note.case_id == case_id).order_by(Note.at)))


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit())
