"""Independent call-backs (anti-formalism rule 6): a random part of what was solved is asked again, by somebody else.

The draw is by a secret key, so that whoever closes a case cannot know beforehand whether it will be asked about.
"""

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Callback, Case, Party, Submission
from engine.cases.permissions import OPEN, NotForYourRole, scope
from engine.errors import N_, Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.keys import key
from engine.people.actor import Actor

SOLVED = ("performed", "struck_off")
PERCENT = 8
"""How many of a hundred solved cases are drawn; the rule says five to ten."""

CALLERS = ("county_officer", "duty_officer", "justice_officer")
ANSWERS = ("yes", "no", "unreached")


class CallbackUnknown(NotFound):
    """There is no such call-back."""

    code = "callback-unknown"
    message = N_("There is no such call-back.")


class OwnWork(Forbidden):
    """Who handled a case cannot be the one who asks whether it is solved."""

    code = "own-work"
    message = N_("You worked on this case. Somebody else must ask whether it is really solved.")


class AlreadyCalled(Conflict):
    """Somebody has called by now."""

    code = "already-called"
    message = N_("Somebody has called by now.")


class AnswerMissing(Invalid):
    """What was answered is missing."""

    code = "answer-missing"
    message = N_("Choose what was answered.")


@dataclass(frozen=True)
class Due:
    """A call-back that is to be made, its case, and whom to call."""

    callback: Callback
    case: Case
    people: tuple[Party, ...]


def draw(session: Session, case: Case) -> None:
    """Draw a solved case for an independent call-back, or not; called when it is closed."""
    if case.outcome in SOLVED and not case.sealed and is_drawn(case.id):
        session.add(Callback(id=new_id(), case_id=case.id, drawn_at=clock.now()))
        events.record(session, "callback.drawn", case.id)


def is_drawn(case_id: UUID) -> bool:
    """Whether the draw falls on a case."""
    drawn = hmac.digest(key("sampling"), case_id.bytes, "sha256")
    return int.from_bytes(drawn[:4], "big") % 100 < PERCENT


def due(session: Session, actor: Actor) -> list[Due]:
    """The call-backs that the actor may make: drawn, not yet made, not of their own work. Raises NotForYourRole."""
    if not any(actor.has(role) for role in CALLERS):
        raise NotForYourRole
    query = select(Callback, Case).join(Case, Case.id == Callback.case_id)
    rows = session.execute(
        query.where(Callback.made_at.is_(None), scope(actor), OPEN).order_by(Callback.drawn_at).limit(100)
    ).all()
    found = [(made, case) for made, case in rows if not _handled(session, actor, case)]
    people: dict[UUID, list[Party]] = {}
    for one in session.scalars(select(Party).where(Party.case_id.in_([case.id for _, case in found]))):
        people.setdefault(one.case_id, []).append(one)
    return [Due(made, case, tuple(people.get(case.id, ()))) for made, case in found]


def answer(session: Session, actor: Actor, callback_id: UUID, *, solved: str, satisfied: str) -> Callback:
    """Record what was answered. Raises CallbackUnknown, OwnWork, AlreadyCalled, AnswerMissing."""
    made = session.get(Callback, callback_id, with_for_update=True)
    case = session.scalar(select(Case).where(Case.id == made.case_id, scope(actor), OPEN)) if made else None
    if made is None or case is None or not any(actor.holds(role, case.division) for role in CALLERS):
        raise CallbackUnknown(callback=callback_id)
    if _handled(session, actor, case):
        raise OwnWork(case=case.id)
    if made.made_at is not None:
        raise AlreadyCalled(callback=callback_id)
    if solved not in ANSWERS or satisfied not in (*ANSWERS, ""):
        raise AnswerMissing
    made.made_at, made.made_by, made.solved, made.satisfied = clock.now(), actor.id, solved, satisfied or None
    events.record(session, "callback.made", case.id, actor=actor.id, solved=solved)
    return made


def _handled(session: Session, actor: Actor, case: Case) -> bool:
    """Whether somebody mediated a case or completed a form in it."""
    if actor.id in case.mediators:
        return True
    own = select(func.count()).where(Submission.case_id == case.id, Submission.by == actor.id)
    return bool(session.scalar(own))
