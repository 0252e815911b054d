"""Codes with which the parties of a mediation follow it themselves, handed to them on paper (docs/portal.md)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import parties, permissions, queries
from engine.cases.commands import new_code, tracking_hash
from engine.cases.models import Case, Party, PartyCode
from engine.cases.permissions import CaseUnknown
from engine.errors import N_, Conflict
from engine.ids import new_id
from engine.people.actor import Actor

ROLES = ("applicant", "respondent", "third", *parties.STANDING_BY)
"""Whose codes there are; whoever reported has that of the report."""
WITH_POLICE = ("paused", "handover", "protection", "fraud")
"""The stages in which nothing is told to the parties: somebody of them may be the danger."""
AFTER = timedelta(days=30)
"""How long after the closing a code opens the case: until then a call-back may come. Management, no statutory time."""


class NoPartyCode(Conflict):
    """This party, or this case, has no code of its own to follow it with."""

    code = "no-party-code"
    message = N_(
        "Codes are for the parties of a dispute that has been triaged, and none is made while it is sealed or with the "
        "police. For somebody under 18 it is made for the guardian."
    )


def make(session: Session, actor: Actor, case_id: UUID, party_id: UUID) -> str:
    """Make a party a code; the one before ends. It is told here and nowhere else.

    Raises CaseUnknown, NotForYourRole, PartyUnknown, NoPartyCode.
    """
    party = _of(session, actor, case_id, party_id)
    if not fit(queries.locked(session, case_id), party):
        raise NoPartyCode(case=case_id)
    _end(session, party)
    code = new_code()
    session.add(
        PartyCode(
            id=new_id(), case_id=case_id, party_id=party.id, code_hash=tracking_hash(code), made_by=actor.id,
            made_at=clock.now(),
        )
    )  # fmt: skip
    events.record(session, "party.code_made", case_id, actor=actor.id, party=str(party.id), role=party.role)
    return code


def withdraw(session: Session, actor: Actor, case_id: UUID, party_id: UUID) -> None:
    """End the code of a party; without one nothing happens. Raises CaseUnknown, NotForYourRole, PartyUnknown."""
    party = _of(session, actor, case_id, party_id)
    if _end(session, party):
        events.record(session, "party.code_withdrawn", case_id, actor=actor.id, party=str(party.id), role=party.role)


def of_party(session: Session, party_id: UUID) -> PartyCode | None:
    """The code that a party has now."""
    return session.scalar(select(PartyCode).where(PartyCode.party_id == party_id, PartyCode.ended_at.is_(None)))


def opened(session: Session, code: str, phone: str) -> tuple[Case, Party]:
    """The case and the party of a code, for the phone of that party (none on file: any). Raises CaseUnknown."""
    query = select(Case, Party).join(PartyCode, PartyCode.case_id == Case.id)
    query = query.join(Party, Party.id == PartyCode.party_id)
    found = session.execute(
        query.where(PartyCode.code_hash == tracking_hash(code), PartyCode.ended_at.is_(None))
    ).one_or_none()
    if found is None or not fit(*found):
        raise CaseUnknown
    queries.require_phone(found[1].phone, phone)
    return found[0], found[1]


def fit(case: Case, party: Party) -> bool:
    """Whether a party may follow a case: whoever merely reported is none, and a guardian does it for a minor."""
    return _is_told(case) and party.role in ROLES and not parties.is_minor(party)


def _of(session: Session, actor: Actor, case_id: UUID, party_id: UUID) -> Party:
    permissions.require(session, actor, "party_code", case_id)
    return parties.one(session, case_id, party_id)


def _end(session: Session, party: Party) -> bool:
    """End the code that a party has; whether there was one."""
    live = update(PartyCode).where(PartyCode.party_id == party.id, PartyCode.ended_at.is_(None))
    return session.execute(live.values(ended_at=clock.now()).returning(PartyCode.id)).first() is not None


def _is_told(case: Case) -> bool:
    """Whether a case is told to its parties: a dispute that was triaged, not sealed, not with the police, not over."""
    dispute = case.kind == "dispute" and case.level is not None and not case.sealed
    police = case.stage in WITH_POLICE or "handed_over" in (case.outcome, case.closing)
    return dispute and not police and (case.closed_at is None or clock.now() < case.closed_at + AFTER)
