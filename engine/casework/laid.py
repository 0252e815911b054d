"""What of a case's file lies before whoever decides a step, also where the case is not theirs to see.

The diagram says which forms: `hejie.lays` names them, by comma. A judge reads the agreement that is to be confirmed, a
reviewing organ the opinion under review, and nothing beside it; a centre that triages again reads why the police sent
the matter back. Of a sealed case nothing lies open before somebody has taken the step for themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from engine import events
from engine.cases import queries as cases
from engine.cases.models import Case, Submission
from engine.casework import access, formbook, masking
from engine.casework.vocabulary import laid_before
from engine.documents.models import Upload
from engine.documents.queries import UploadUnknown
from engine.people.actor import Actor
from engine.workflow import definitions, tasks
from engine.workflow.models import UserTask


@dataclass(frozen=True)
class Filed:
    """A completed form on a case's file, with the form it was made with; in `answers` identity numbers are masked."""

    submission: Submission
    answers: Mapping[str, Any]
    form: forms.Form
    uploads: Sequence[forms.Upload]


def filed(session: Session, submission: Submission, *, whole: bool) -> Filed:
    """A completed form; `whole`: with the telephones and addresses in it."""
    form = formbook.version(session, submission.form_id).form
    answers = formbook.masked(form, submission.answers)
    answers = answers if whole else masking.answers(answers)
    return Filed(submission, answers, form, formbook.uploads(session, submission.answers))


def before(session: Session, actor: Actor, task: UserTask, case: Case) -> list[Filed]:
    """The completed forms that lie before an actor at a step, oldest first; their files have the step's address.

    Who sees the case but need not reach its people reads them as on its page, without telephones and addresses.
    """
    whole = masking.needs_contacts(actor, case) or not access.sees_case(session, actor, case.id)
    return [
        replace(one, uploads=[replace(file, url=f"/tasks/{task.id}/papers/{file.id}") for file in one.uploads])
        for submission in _submissions(session, actor, task, case)
        for one in [filed(session, submission, whole=whole)]
    ]


def upload(session: Session, actor: Actor, task_id: UUID, upload_id: UUID) -> Upload:
    """A file of a form that lies before the actor at a step; of a sealed case it is recorded. Raises TaskUnknown,
    UploadUnknown."""
    task = tasks.find(session, task_id)
    access.require_may_see(session, actor, task)
    case = session.get_one(Case, task.stream)
    laid = _submissions(session, actor, task, case)
    found = session.get(Upload, upload_id)
    if found is None or not any(upload_id in formbook.upload_ids(one.answers) for one in laid):
        raise UploadUnknown(upload=upload_id)
    if case.sealed:
        events.record(session, "upload.viewed", case.id, actor=actor.id, upload=str(upload_id))
    return found


def _submissions(session: Session, actor: Actor, task: UserTask, case: Case) -> list[Submission]:
    if task.state != "open" or not access.may_take(session, actor, task) or (case.sealed and task.assignee != actor.id):
        return []
    keys = laid_before(definitions.process(session, task.definition_id).elements[task.element_id])
    return cases.submissions(session, case.id, keys) if keys else []
