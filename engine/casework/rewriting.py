"""A wrong agreement: its number becomes void, and it is written again under a new one (文书作废重开).

The void one stays on file as it was; what is performed, confirmed and shown is the new one.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import commands as cases
from engine.cases import permissions
from engine.cases import queries as case_queries
from engine.cases.models import Case, Submission
from engine.casework.choosing import AGREEMENTS
from engine.casework.errors import AgreementInCourt, AgreementVoid
from engine.casework.reporting import home_of
from engine.deadlines import commands as deadlines
from engine.deadlines import queries as deadline_queries
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.documents import commands as documents
from engine.documents import papers as numbered
from engine.documents import queries as document_queries
from engine.documents.models import Document
from engine.people.actor import Actor
from engine.workflow import correlation
from engine.workflow.errors import NobodyWaits

MESSAGE, UNCONFIRMABLE = "agreement-rewritten", "agreement-unconfirmable"
GROUNDS = {"identity": "status", "title": "title"}
"""The grounds on which no court confirms what an agreement touches (民诉法解释 §355)."""
WINDOW = "pm.confirm.window"
IN_COURT = ("f-jc-court", "f-jc-result")
LET_GO = ("rejected", "withdrawn")
BUILT_ON_IT = ("f13-performance", "f-jc-consent", "f-jc-check", "f15-confirmation", "f-jc-court")
"""Forms that need an agreement that stands."""


def void(session: Session, actor: Actor, case_id: UUID, document_id: UUID, reason: str) -> Document:
    """Make a number void; it stays visible with the reason.

    An agreement is written again afterwards, so its case must be open, and no court may have it (民诉法解释 §357: the
    parties withdraw their application). Raises CaseUnknown, NotForYourRole, CaseClosed, AgreementInCourt,
    DocumentUnknown, VoidReasonMissing, AlreadyVoid, WordsBlocked.
    """
    case = permissions.require(session, actor, "void", case_id)
    document = document_queries.one(session, case.id, document_id)
    if document.kind in AGREEMENTS:
        cases.require_open(case)
        _require_out_of_court(session, case, document)
    documents.void(session, document, actor.id, reason=reason)
    return document


def _require_out_of_court(session: Session, case: Case, document: Document) -> None:
    last = case_queries.newest_submission(session, case.id, IN_COURT)
    if last is None or last.at < document.issued_at or last.answers.get("taken") == "no":
        return
    if last.answers.get("result") not in LET_GO:
        raise AgreementInCourt(case=case.id)


def voided(session: Session, case: Case) -> Submission | None:
    """The agreement of an open case that was made void and not written again yet."""
    last = case_queries.newest_submission(session, case.id, AGREEMENTS)
    if last is None or case.closed_at is not None:
        return None
    issued = [one for one in document_queries.of_case(session, case.id) if one.submission_id == last.id]
    return last if issued and all(one.voided_at for one in issued) else None


def rights(session: Session, case: Case) -> list[tuple[Deadline, CatalogueEntry]]:
    """What the parties may still do: a void agreement is confirmed by no court until it is written again."""
    found = deadline_queries.rights(session, case.id)
    asked = any(deadline.key == WINDOW for deadline, _ in found)
    return [one for one in found if one[0].key != WINDOW] if asked and voided(session, case) else found


def require_standing(session: Session, case: Case, form_key: str) -> None:
    """Raises AgreementVoid where a form builds on an agreement that is void and not written again."""
    if form_key in BUILT_ON_IT and voided(session, case):
        raise AgreementVoid(case=case.id)


def take_over(session: Session, case: Case, actor: Actor, old: Submission, new: Submission) -> None:
    """Let the new agreement stand for the void one: its number, its days, the time to have it confirmed.

    What no court confirms ends a confirmation that was begun (民诉法解释 §355).
    """
    effective_on = date.fromisoformat(new.answers["effective_on"])
    touches = new.answers.get("touches") or ()
    confirmable = not touches
    cases.rewrite_agreement(
        session, case, actor.id, old.id, new, effective_on=effective_on, confirmable=confirmable
    )  # fmt: skip
    numbered.give_number(session, case, actor.id, new)
    deadlines.end(session, case.id, WINDOW, state="cancelled")
    if confirmable:
        deadlines.start(session, case.id, WINDOW, since=effective_on)
    _tell_processes(session, case, actor, MESSAGE, {"due_dates": due_dates(new.answers)})
    if touches:
        _tell_processes(session, case, actor, UNCONFIRMABLE, {"ground": GROUNDS[touches[0]]})


def _tell_processes(session: Session, case: Case, actor: Actor, message: str, given: Mapping[str, Any]) -> None:
    """Give a message to the process that it concerns, if one runs: performance or confirmation may be over."""
    with suppress(NobodyWaits):
        correlation.correlate(session, message, str(case.id), given, actor=actor.id, home=home_of(case))


def due_dates(answers: Mapping[str, Any]) -> list[str]:
    """The days on which something is to be performed, in their order."""
    return sorted(str(one["due_on"]) for one in answers.get("obligations") or ())
