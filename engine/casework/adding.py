"""Papers that the file of a mediation gets outside the steps of its process, whenever somebody brings them.

An application, proofs of identity, an authorisation, another investigation, evidence (forms F3, F6 to F9); of any case
the letter with which an organ asks for recordings of a public camera, and its receipt; an agreement that was made void.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from engine import events, papers
from engine.cases import commands as cases
from engine.cases import parties, permissions
from engine.cases import queries as case_queries
from engine.cases.models import Case, Submission
from engine.casework import choosing, formbook, rewriting
from engine.casework.choosing import AGREEMENTS
from engine.casework.commands import require_clean
from engine.documents import commands as documents
from engine.documents import papers as numbered
from engine.errors import N_, Conflict, NotFound
from engine.papers import Paper
from engine.people.actor import Actor

FORMS = ("f3-application", "f6-identity", "f7-authorisation", "f8-investigation", "f9-evidence")
FOOTAGE = ("f-footage", "f-footage-back")
"""The letter that asks for recordings, and what came of it: for officers of organs alone (视频图像条例 §20)."""
AUTHORISATION = "f7-authorisation"
REPRESENTATIVES = "f-reps"
"""Whom a group chooses to speak for it, five at most (信访工作条例 §20; 民事诉讼法 §56); labour has a step for it."""
MANY = ("five", "ten", "thirty")
"""How many people a report is about, from five on (form f-triage)."""


class NotAdded(NotFound):
    """There is no such paper to be put on a file."""

    code = "paper-not-added"
    message = N_("This paper cannot be added here: it belongs to a step, or to another kind of case.")


class FileFinished(Conflict):
    """The file is finished, and nothing is added to it."""

    code = "file-finished"
    message = N_("The file is finished already, so nothing can be added. Open the case again if something is missing.")


@dataclass(frozen=True)
class Wanted:
    """A paper that is about to be added: its case, its name, its form, what it is offered, what it replaces."""

    case: Case
    paper: Paper
    form: forms.Form
    context: Mapping[str, Any]
    void: Submission | None = None

    def known(self) -> Mapping[str, Any]:
        """What the void paper said, to be put right; no identity numbers, which stay with the parties."""
        said = formbook.opened(self.form, self.void.answers) if self.void else {}
        parties_said = [{**one, "id_number": None} for one in said.get("parties") or ()]
        return {**said, "parties": parties_said, "signed": None, "sealed": None} if self.void else {}


def offered(session: Session, actor: Actor, case: Case) -> list[Paper]:
    """The papers that an actor can add to the file of a case, in the order of the index."""
    void = rewriting.voided(session, case)
    keys = {*FORMS, *FOOTAGE} | ({void.form_key} if void else set())
    keys |= {REPRESENTATIVES} if _is_of_a_group(session, case) else set()
    fit = [one for one in papers.catalogue().values() if one.key in keys and case.kind in one.kinds]
    return [one for one in fit if permissions.may(actor, _action(one.key), case)]


def wanted(session: Session, actor: Actor, case_id: UUID, key: str) -> Wanted:
    """The form of a paper to be added. Raises CaseUnknown, NotForYourRole, NotAdded, FileFinished."""
    case = permissions.require(session, actor, _action(key), case_id)
    paper = next((one for one in offered(session, actor, case) if one.key == key), None)
    if paper is None:
        raise NotAdded(paper=key)
    if case.closed_at is not None and numbered.finished(session, case.id):
        raise FileFinished(case=case_id)
    form = formbook.newest(session, key)
    void = rewriting.voided(session, case) if key in AGREEMENTS else None
    offers = formbook.offers(session, case, {}, registers=form.registers)
    return Wanted(case, paper, form.form, offers, void)


def add(
    session: Session,
    actor: Actor,
    case_id: UUID,
    key: str,
    answers: Mapping[str, Any],
    *,
    owner: str = "",
    keep_words: str = "",
) -> UUID:
    """Put a paper on the file, and the people it names on the case; returns the submission's id.

    Raises as `wanted`, and AnswersInvalid, GuardianMissing, ConsentWithdrawn.
    """
    found = wanted(session, actor, case_id, key)
    case, form = found.case, formbook.newest(session, key)
    values = formbook.checked(session, form.form, answers, found.context)
    require_clean(session, case, actor, form.form, values, keep_words)
    stored = formbook.sealed(form.form, values)
    submission = cases.submit(session, case, actor.id, form_key=key, form_id=form.id, answers=stored)
    parties.take_over(session, case, actor.id, values)
    if key == AUTHORISATION:
        _name_agent(session, case, actor, values)
    documents.link_uploads(session, case.id, owner or actor.id, formbook.upload_ids(values))
    if found.void:
        choosing.require_fit(session, case, key, values)
        session.flush()  # the number is given to what stands on file
        rewriting.take_over(session, case, actor, found.void, session.get_one(Submission, submission))
    elif paper_letter := found.paper.letter:
        session.flush()  # the number is given to what stands on file
        unit = numbered.office_of(session, case)
        documents.issue(
            session, case, actor.id, kind=key, submission=session.get_one(Submission, submission), letter=True,
            abbreviation=numbered.series_of(session, case, unit, paper_letter),
        )  # fmt: skip
    events.record(session, "paper.added", case.id, actor=actor.id, form=key)
    return submission


def _is_of_a_group(session: Session, case: Case) -> bool:
    """Whether many people ask for the same, as triage or the register of a petition says, or who stands on a side."""
    sorted_ = case_queries.newest_submission(session, case.id, ["f-triage"])
    asked = case_queries.newest_submission(session, case.id, ["f-pet"])
    sides = Counter(one.role for one in parties.of_case(session, case.id) if one.role in parties.SIDES)
    many = bool(sorted_ and sorted_.answers.get("people_count") in MANY)
    joint = bool(asked and (asked.answers.get("nature") == "group" or asked.answers.get("representatives")))
    return many or joint or max(sides.values(), default=0) >= parties.MOST_REPRESENTATIVES


def _action(key: str) -> str:
    if key == REPRESENTATIVES:
        return "represent"
    return "footage" if key in FOOTAGE else "void" if key in AGREEMENTS else "paper"


def _name_agent(session: Session, case: Case, actor: Actor, values: Mapping[str, Any]) -> None:
    """Whom a party authorises stands beside them as their agent (民法典 §165)."""
    here = parties.of_case(session, case.id)
    principal = next((one for one in here if one.role in parties.SIDES and one.name == values["principal"]), None)
    known = next((one for one in here if one.role == "agent" and one.name == values["agent"]), None)
    details = {
        "role": "agent", "name": values["agent"], "phone": values.get("agent_phone") or "",
        "powers": values["scope"], "acts_for": principal.id if principal else None,
    }  # fmt: skip
    parties.put(session, case, actor.id, details, known)
