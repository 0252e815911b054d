"""Legal holds (保全): a file that must not be erased although its time is up, because a court, an inspection or the
person concerned needs it (个人信息保护法 §47: what the law wants kept is kept)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist
from engine.cases.models import Case, Hold
from engine.cases.permissions import NotForYourRole, scope, visible
from engine.cases.retention import KEEPERS
from engine.errors import N_, Conflict, Invalid
from engine.ids import new_id
from engine.people.actor import Actor


class HoldReasonMissing(Invalid):
    """A file is held for a reason."""

    code = "hold-reason-missing"
    message = N_("Say why the file is held: who asked for it, and with which letter.")


class HeldAlready(Conflict):
    """The file is held already."""

    code = "held-already"
    message = N_("This file is held already.")


class NotHeld(Conflict):
    """The file is not held."""

    code = "not-held"
    message = N_("This file is not held.")


def hold(session: Session, actor: Actor, case_id: UUID, reason: str) -> Hold:
    """Hold a file: nothing of it is erased until it is let go.

    Raises CaseUnknown, NotForYourRole, HoldReasonMissing, WordsBlocked, HeldAlready.
    """
    case = _kept(session, actor, case_id)
    if not reason.strip():
        raise HoldReasonMissing
    if of_case(session, case.id) is not None:
        raise HeldAlready(case=case.id)
    made = Hold(id=new_id(), case_id=case.id, reason=blocklist.clean(reason)[:300], by=actor.id, at=clock.now())
    session.add(made)
    events.record(session, "case.held", case.id, actor=actor.id)
    return made


def let_go(session: Session, actor: Actor, case_id: UUID, reason: str) -> Hold:
    """End a hold, with its reason. Raises CaseUnknown, NotForYourRole, HoldReasonMissing, NotHeld, WordsBlocked."""
    case = _kept(session, actor, case_id)
    if not reason.strip():
        raise HoldReasonMissing
    held = of_case(session, case.id)
    if held is None:
        raise NotHeld(case=case.id)
    held.ended_at, held.ended_by, held.ended_because = clock.now(), actor.id, blocklist.clean(reason)[:300]
    events.record(session, "case.hold_ended", case.id, actor=actor.id)
    return held


def of_case(session: Session, case_id: UUID) -> Hold | None:
    """The hold on a file, if there is one."""
    return session.scalar(select(Hold).where(Hold.case_id == case_id, Hold.ended_at.is_(None)))


def held(session: Session, actor: Actor) -> list[tuple[Case, Hold]]:
    """The files that are held, of those that the actor may see, newest first."""
    query = select(Case, Hold).join(Hold, Hold.case_id == Case.id).where(Hold.ended_at.is_(None), scope(actor))
    return [(case, one) for case, one in session.execute(query.order_by(Hold.at.desc())).all()]


def _kept(session: Session, actor: Actor, case_id: UUID) -> Case:
    case = visible(session, actor, case_id)
    if not any(actor.holds(role, case.division) for role in KEEPERS):
        raise NotForYourRole(case=case_id)
    return case
