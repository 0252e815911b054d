"""An agreement as its parties read it with their codes: each of them holds a copy (人民调解法 §30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import queries as cases
from engine.cases.models import Case, Submission
from engine.documents.models import Document


@dataclass(frozen=True)
class Obligation:
    """Who does what, for how many yuan, until when."""

    who: str
    what: str
    amount: Decimal | None
    due_on: date | None


@dataclass(frozen=True)
class Agreed:
    """What both sides agreed: its number, from when it binds, its words, what each has to do.

    `confirmable` says that a court may confirm it. Contacts and identity numbers of the parties are no part of it.
    """

    number: str
    effective_on: date
    confirmable: bool
    content: str
    obligations: Sequence[Obligation]


def agreed(session: Session, case: Case) -> Agreed | None:
    """What the parties of a case agreed last, as long as its number is not void."""
    last = max(cases.agreements(session, case.id), key=lambda one: one.effective_on, default=None)
    if last is None:
        return None
    stands = select(Document.number).where(Document.submission_id == last.submission_id, Document.voided_at.is_(None))
    number = session.scalar(stands)
    if number is None:
        return None
    answers = session.get_one(Submission, last.submission_id).answers
    obligations = [
        Obligation(
            str(one.get("who") or ""), str(one.get("what") or ""),
            Decimal(str(one["amount"])) if one.get("amount") else None,
            date.fromisoformat(one["due_on"]) if one.get("due_on") else None,
        )
        for one in answers.get("obligations") or ()
    ]  # fmt: skip
    return Agreed(number, last.effective_on, last.confirmable, str(answers.get("content") or ""), obligations)
