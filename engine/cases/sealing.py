"""Sealing a case, and unsealing it: one may seal, two different county officers must agree to unseal."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist, commands
from engine.cases.models import Case, Unsealing
from engine.cases.permissions import require, within
from engine.errors import N_, Conflict, Forbidden, Invalid
from engine.ids import new_id
from engine.people.actor import Actor


class NotSealed(Conflict):
    """The case is not sealed, or nobody has asked to unseal it."""

    code = "not-sealed"
    message = N_("This case is not sealed, or nobody has asked to unseal it.")


class OwnWish(Forbidden):
    """Who asked to unseal a case cannot be the one who agrees."""

    code = "own-wish"
    message = N_("You asked for this yourself. Another county officer must agree.")


class UnsealingReasonMissing(Invalid):
    """A case is unsealed for a reason that the second person can judge."""

    code = "unsealing-reason-missing"
    message = N_("Say why the case should be unsealed; the second person decides by it.")


def seal(session: Session, actor: Actor, case_id: UUID) -> Case:
    """Seal a case (封存). Raises CaseUnknown, NotForYourRole."""
    case = require(session, actor, "seal", case_id)
    if not case.sealed:
        commands.seal(session, case, actor.id)
    return case


def ask(session: Session, actor: Actor, case_id: UUID, reason: str) -> Unsealing:
    """Ask that a case be unsealed.

    Raises CaseUnknown, NotForYourRole, NotSealed, UnsealingReasonMissing, WordsBlocked.
    """
    case = require(session, actor, "unseal", case_id)
    if not case.sealed:
        raise NotSealed(case=case_id)
    if not reason.strip():
        raise UnsealingReasonMissing
    found = waiting(session, case_id)
    if found is None:
        found = Unsealing(
            id=new_id(), case_id=case_id, reason=blocklist.clean(reason), asked_by=actor.id, asked_at=clock.now()
        )  # fmt: skip
        session.add(found)
        events.record(session, "case.unsealing_asked", case_id, actor=actor.id)
    return found


def agree(session: Session, actor: Actor, case_id: UUID) -> Case:
    """Agree to unseal a case, as the second person. Raises CaseUnknown, NotForYourRole, NotSealed, OwnWish."""
    case = require(session, actor, "unseal", case_id)
    found = waiting(session, case_id)
    if found is None or not case.sealed:
        raise NotSealed(case=case_id)
    if found.asked_by == actor.id:
        raise OwnWish(case=case_id)
    found.agreed_by, found.agreed_at = actor.id, clock.now()
    case.sealed = False
    events.record(session, "case.unsealed", case_id, actor=actor.id, asked_by=found.asked_by)
    return case


def waiting(session: Session, case_id: UUID) -> Unsealing | None:
    """The wish to unseal a case that waits for a second person."""
    return session.scalar(select(Unsealing).where(Unsealing.case_id == case_id, Unsealing.agreed_at.is_(None)))


def sealed_cases(session: Session, actor: Actor) -> list[Case]:
    """The sealed cases of a county officer's division, newest first; number and kind are all that a list may show."""
    paths = [held.path for held in actor.memberships if held.role == "county_officer"]
    found: list[Case] = []
    for path in paths:
        found += session.scalars(select(Case).where(Case.sealed, within(path)).order_by(Case.id.desc()))
    return found
