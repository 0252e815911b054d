"""The use cases: claim, complete, danger, withdrawal. Each joins people, cases, forms and processes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from engine import notifications
from engine.cases import blocklist, parties, permissions, sealing
from engine.cases import commands as cases
from engine.cases import queries as case_queries
from engine.cases.models import Case, Submission
from engine.casework import (
    access,
    before_law,
    choosing,
    convening,
    formbook,
    mentions,
    police_mediation,
    reasons,
    reception_places,
    rewriting,
    telling,
)
from engine.casework.errors import AnswersInvalid, ColleagueUnfit, NoteEmpty, NotInMediation, Outdated
from engine.casework.reporting import home_of, mark_blocked
from engine.documents import commands as documents
from engine.errors import Forbidden
from engine.people.actor import Actor
from engine.territory import queries as territory
from engine.territory.endings import living
from engine.workflow import correlation, instances, messages, tasks
from engine.workflow.errors import NobodyWaits, TaskNotOpen
from engine.workflow.instances import Home
from engine.workflow.models import UserTask

DANGER_FORM = "f-danger"


_TASK_AND_CASE = tasks.Hold(Case, joined=Case.id == UserTask.stream)


def claim(session: Session, actor: Actor, task_id: UUID, *, version: int | None = None) -> UserTask:
    """Take a task for oneself, also from somebody whom one covers.

    Raises TaskUnknown, TaskNotYours, TaskNotOpen, TaskAlreadyAssigned; Outdated if it is not the `version` given.
    """
    task = tasks.find(session, task_id)
    access.require_may_do(session, actor, task)
    access.require_as_read(session, task_id, version)
    if task.assignee in actor.covers:
        return tasks.assign(session, task_id, actor.id, actor=actor.id)
    return tasks.claim(session, task_id, actor=actor.id)


def release(session: Session, actor: Actor, task_id: UUID, *, reason: str = "", version: int | None = None) -> UserTask:
    """Give a task back to its group. Raises WordsBlocked, PersonNamed, and as `claim`."""
    task = tasks.find(session, task_id)
    access.require_may_do(session, actor, task)
    access.require_as_read(session, task_id, version)
    said = reasons.naming_nobody(session, task.stream, reason)
    return tasks.release(session, task_id, actor=actor.id, reason=said)


def assign(
    session: Session, actor: Actor, task_id: UUID, assignee: Actor, *, reason: str = "", version: int | None = None
) -> UserTask:
    """Give a task to somebody whose role lets them take it. Raises ColleagueUnfit, and as `release`."""
    task = tasks.find(session, task_id)
    access.require_may_do(session, actor, task)
    if not access.fits(session, assignee, task):
        raise ColleagueUnfit(task=task_id)
    access.require_as_read(session, task_id, version)
    said = reasons.naming_nobody(session, task.stream, reason)
    given = tasks.assign(session, task_id, assignee.id, actor=actor.id, reason=said)
    telling.handed(session, given, actor)
    return given


def save_draft(session: Session, actor: Actor, task_id: UUID, answers: Mapping[str, Any]) -> None:
    """Keep what was typed so far. Raises as `claim`."""
    task = tasks.find(session, task_id)
    access.require_may_do(session, actor, task)
    if task.state != "open":
        raise TaskNotOpen(task=task.id)
    if task.form_key:
        answers = formbook.sealed(formbook.newest(session, task.form_key).form, answers)
    tasks.save_draft(session, task_id, answers, actor=actor.id)


def complete_task(
    session: Session,
    actor: Actor,
    task_id: UUID,
    answers: Mapping[str, Any],
    *,
    owner: str = "",
    version: int | None = None,
    keep_words: str = "",
) -> UserTask:
    """Complete a task with the answers of its form; the process goes on in the same transaction.

    `keep_words` is the ground (blocklist.GROUNDS) on which words stay that the block list names. Raises TaskUnknown,
    TaskNotOpen, TaskNotYours, TaskAlreadyAssigned, SeparationOfDuties, CasePaused, Outdated, AnswersInvalid,
    GuardianMissing, ChosenTwice, ConflictOfInterest, GuardianAbsent, SuspectByProxy, SlotUnknown, SlotTaken,
    CaseClosed.
    """
    instance, task, case = tasks.held(session, task_id, _TASK_AND_CASE)
    access.require_may_see(session, actor, task)
    with tasks.completing_held(session, instance, task, actor=actor.id) as completion:
        access.require_may_do(session, actor, task)
        if version is not None and version != task.version:
            raise Outdated(task=task_id)
        access.require_not_paused(case, task)
        if task.form_key:
            form = formbook.newest(session, task.form_key)
            offered = formbook.offers(session, case, completion.waiting.variables, registers=form.registers)
            values = formbook.checked(session, form.form, answers, offered)
            require_clean(session, case, actor, form.form, values, keep_words)
            before_law.require(session, instance, completion.waiting.element, form.form, values)
            values = reception_places.arranged(session, actor.id, case, task.form_key, values)
            submission = cases.submit(
                session, case, actor.id, form_key=task.form_key, form_id=form.id,
                answers=formbook.sealed(form.form, values), task=(task.instance_id, task.id, task.element_id),
            )  # fmt: skip
            parties.take_over(session, case, actor.id, values)
            choosing.require_fit(session, case, task.form_key, values)
            police_mediation.require_lawful(session, case, task.form_key, values)
            rewriting.require_standing(session, case, task.form_key)
            documents.link_uploads(session, case.id, owner or actor.id, formbook.upload_ids(values))
            completion.data["submission"] = str(submission)
            completion.variables = values if completion.waiting.element.outputs else {}
    return task


def locate(session: Session, actor: Actor, case_id: UUID, code: str) -> Case:
    """Say in which town or village a case happened; its open steps go to the people there.

    Raises CaseUnknown, NotForYourRole, CaseClosed, DivisionUnknown.
    """
    permissions.require(session, actor, "locate", case_id)
    division = living(session, territory.division(session, code))
    instances.move(session, case_id, division.path)
    case = case_queries.locked(session, case_id)
    cases.locate(session, case, actor.id, division.path)
    return case


def raise_danger(session: Session, actor: Actor, case_id: UUID, answers: Mapping[str, Any], *, owner: str = "") -> Case:
    """Somebody is in danger in a case (人民调解法 §25): mediation rests and the police are told.

    Raises CaseUnknown, CaseClosed, AnswersInvalid.
    """
    permissions.require(session, actor, "danger", case_id)
    case = case_queries.locked(session, case_id)
    cases.require_open(case)
    form = formbook.newest(session, DANGER_FORM)
    values = formbook.checked(session, form.form, answers, formbook.offers(session, case, {}, registers=form.registers))
    stored = formbook.sealed(form.form, values)
    cases.submit(session, case, actor.id, form_key=DANGER_FORM, form_id=form.id, answers=stored)
    mark_blocked(session, case, actor, form.form, values)
    documents.link_uploads(session, case.id, owner or actor.id, formbook.upload_ids(values))
    session.flush()
    key, home = str(case.id), home_of(case)
    variables = {"case_id": key, "urgent": True, "called_police": values.get("called_police")}
    try:
        correlation.correlate(session, "danger", key, {}, actor=actor.id, home=home)
    except NobodyWaits:
        correlation.correlate(session, "police-handover", key, variables, actor=actor.id, home=home)
    return case


def seal(session: Session, actor: Actor, case_id: UUID) -> Case:
    """Seal a case (封存); what was told of it says no more from now on. Raises CaseUnknown, NotForYourRole."""
    case = sealing.seal(session, actor, case_id)
    notifications.hush(session, case)
    return case


def withdraw(session: Session, actor: Actor, case_id: UUID) -> Case:
    """A party leaves the mediation (人民调解法 §23): it ends, and the other routes are told.

    Raises CaseUnknown, NotForYourRole, NotInMediation.
    """
    case = permissions.require(session, actor, "withdraw", case_id)
    try:
        correlation.correlate(session, "withdraw", str(case.id), {}, actor=actor.id, home=home_of(case))
    except NobodyWaits:
        raise NotInMediation(case=case_id) from None
    convening.call_off(session, case, actor.id, kinds=("session",))
    return case


def add_note(session: Session, actor: Actor, case_id: UUID, words: str, *, keep_words: str = "") -> Case:
    """Put a remark on a case's file. Raises CaseUnknown, NoteEmpty, FactsBlocked."""
    case = permissions.require(session, actor, "note", case_id)
    if not words.strip():
        raise NoteEmpty
    blocklist.judge(session, case.id, actor, words, keep_words)
    note = cases.add_note(session, case, actor.id, words.strip())
    mentions.name_in(session, actor, case, note)
    return case


def send_message(
    session: Session,
    actor: Actor,
    name: str,
    correlation_key: str | None,
    variables: Mapping[str, Any],
    *,
    keep: timedelta | None = None,
) -> UUID | None:
    """Give a message to the process that waits for it, or start one by it; returns the instance's id.

    If nobody waits it is kept for so long (`keep`) for whoever comes; then None is returned.

    For administrators, whose hand repairs what another system should have sent. What starts by a message whose key is
    a case's id belongs to that case. Raises Forbidden, NobodyWaits.
    """
    if not actor.has("admin"):
        raise Forbidden
    home = _home_named(session, correlation_key)
    try:
        return correlation.correlate(session, name, correlation_key, variables, actor=actor.id, home=home)
    except NobodyWaits:
        if not keep:
            raise
    messages.send(session, messages.MESSAGE, name, correlation_key, variables, home=home, time_to_live=keep)
    return None


def _home_named(session: Session, correlation_key: str | None) -> Home | None:
    try:
        case = session.get(Case, UUID(correlation_key or ""))
    except ValueError:
        return None
    return home_of(case) if case else None


def require_clean(
    session: Session, case: Case, actor: Actor, form: forms.Form, values: Mapping[str, Any], keep_words: str
) -> None:
    """Raises AnswersInvalid at words that must not be on file, until they are reworded or a ground is given."""
    found = formbook.blocked(form, values)
    if found and keep_words not in blocklist.GROUNDS:
        raise AnswersInvalid([error for _, error in found])
    if found:
        blocklist.kept(session, case.id, actor, {kind for kind, _ in found}, keep_words)


__all__ = ["Submission", "add_note", "assign", "claim", "complete_task", "locate", "raise_danger", "release",
           "save_draft", "seal", "send_message", "withdraw"]  # fmt: skip
