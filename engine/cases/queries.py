"""Reading cases. Who may see which is decided in engine.cases.permissions alone."""

import hmac
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.commands import tracking_hash
from engine.cases.models import Agreement, Case, Note, Party, Submission
from engine.cases.permissions import CaseUnknown, readable, scope, visible
from engine.people.actor import Actor

__all__ = [
    "CaseUnknown", "agreements", "by_tracking_code", "case", "locked", "newest_submission", "notes", "readable",
    "require_phone", "scope", "submissions",
]  # fmt: skip


def case(session: Session, actor: Actor, case_id: UUID) -> Case:
    """A case that the actor may see; a look into a sealed one is recorded. Raises CaseUnknown."""
    return visible(session, actor, case_id)


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
    if found is None:
        raise CaseUnknown
    reporter = session.scalar(select(Party).where(Party.case_id == found.id, Party.role == "reporter"))
    require_phone(reporter.phone if reporter else "", phone)
    return found


def require_phone(known: str, given: str) -> None:
    """Raises CaseUnknown where a phone is known, and another one is given."""
    digits = _digits(known).encode()
    if digits and not hmac.compare_digest(digits, _digits(given).encode()):
        raise CaseUnknown


def submissions(session: Session, case_id: UUID, form_keys: Iterable[str] | None = None) -> list[Submission]:
    """The completed forms of a case, or those of some kinds, oldest first."""
    query = select(Submission).where(Submission.case_id == case_id).order_by(Submission.at, Submission.id)
    if form_keys is not None:
        query = query.where(Submission.form_key.in_(list(form_keys)))
    return list(session.scalars(query))


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
