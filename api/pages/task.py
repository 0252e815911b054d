"""One task: its form beside what is known of the case; taking it on, giving it back, handing it on."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

import forms
from api import i18n, uploads, words
from api.pages.form_page import FormPage, is_fragment, sheet
from api.phones import Phone, emergency_phones, local_phones
from api.resource import Page
from api.uploads import owner
from engine import casework
from engine.cases import permissions
from engine.casework import AnswersInvalid, StepNames, handing, laid, undoing
from engine.casework.choosing import CHOICE
from engine.casework.queries import TaskPage
from engine.errors import DomainError
from engine.people import queries as people
from engine.registers import partners
from engine.registers.partners import Partner

VERSION = "version"
blueprint = Blueprint("task", __name__)


class Task(FormPage):
    """A task's form. It is completed by sending it, kept as a draft by its second button."""

    def get(self, task_id: UUID) -> str:
        page = casework.task_page(self.session, self.actor, task_id)
        return self._show(page, page.raw)

    def post(self, task_id: UUID) -> ResponseReturnValue:
        page = casework.task_page(self.session, self.actor, task_id)
        raw = self.typed(page.form) if page.form else {}
        match self.pressed():
            case None:
                return self._complete(task_id, raw)
            case "save-draft":
                casework.save_draft(self.session, self.actor, task_id, raw)
                return self._draft_saved(task_id)
            case action if page.form:
                raw = forms.apply_action(page.form, raw, action)
                return self.fields(page.form, raw, page.context) if is_fragment("fields") else self._show(page, raw)
        return self._show(page, raw)

    def refused(self, error: DomainError, task_id: UUID) -> str:  # type: ignore[override]
        page = casework.task_page(self.session, self.actor, task_id)
        raw = self.typed(page.form) if page.form else {}
        errors = error.errors if isinstance(error, AnswersInvalid) else ()
        return self._show(page, raw, errors=errors, error=None if errors else i18n.sentence(error))

    def shown_with(self, task_id: UUID, error: str) -> str:
        """The task as it stands, with an error of something that was done beside its form."""
        page = casework.task_page(self.session, self.actor, task_id)
        return self._show(page, page.raw, error=error)

    def _complete(self, task_id: UUID, raw: Mapping[str, Any]) -> Response:
        version = request.form.get(VERSION, type=int)
        task = casework.complete_task(
            self.session, self.actor, task_id, raw, owner=owner(self.actor), version=version,
            keep_words=request.form.get("keep_words", ""),
        )  # fmt: skip
        following = casework.next_task(self.session, self.actor, task.stream)
        if following is not None:
            return redirect(url_for("task.page", task_id=following.id, notice="done"), 303)
        return redirect(where_to(self, task.stream, "done"), 303)

    def _draft_saved(self, task_id: UUID) -> ResponseReturnValue:
        if not is_fragment("draft"):
            return redirect(url_for("task.page", task_id=task_id, notice="draft"), 303)
        page = casework.task_page(self.session, self.actor, task_id)
        return render_template("parts/draft_saved.html", at=page.draft_saved_at)

    def _show(
        self, page: TaskPage, raw: Mapping[str, Any], errors: Sequence[forms.FieldError] = (), error: str | None = None
    ) -> str:
        steps = StepNames(self.session, i18n.locale())
        signers = handing.signers(self.session, self.actor, page.task.id)
        helpers = self._helpers(page)
        return render_template(
            "task.html",
            page=page,
            step=steps(page.task),
            process=steps.process(page.task.definition_id),
            fields=self.fields(page.form, raw, page.context, errors, read_only=not page.may_do) if page.form else None,
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            blocked=any(one.code == "blocked-fact" for one in errors),
            refusal=i18n.sentence(page.refusal) if page.refusal and not error else None,
            typed=bool(raw),
            phones=self._phones(page),
            sees_case=casework.sees_case(self.session, self.actor, page.case.id),
            may_locate=permissions.may(self.actor, "locate", page.case) and page.case.closed_at is None,
            undoable=undoing.can_undo(self.session, self.actor, page.task),
            helpers=helpers if page.task.form_key == CHOICE else [],
            helping={one.account_id: one.kind for one in helpers if one.account_id},
            signers=signers,
            signer_names=people.names(self.session, (one.person for one in signers)),
            can_be_asked=handing.can_be_asked(self.session, self.actor, page.task, page.case) if page.may_do else [],
            asked_to_sign=any(one.person == self.actor.id and one.state == "asked" for one in signers),
            colleagues=casework.assignable(self.session, self.actor, page.task) if page.may_do else [],
            history=words.lines(page.timeline, steps),
            laid=[(one, sheet(one, page.names)) for one in page.laid],
            sent_back=words.sent_back(page.timeline, page.task.instance_id, page.task.element_id),
        )

    def _helpers(self, page: TaskPage) -> list[Partner]:
        """Whom the grid and village can ask in."""
        return partners.for_place(self.session, self.actor, page.case.division) if page.may_do else []

    def _phones(self, page: TaskPage) -> list[Phone]:
        """Whom to call before the record is written, in a step of calling."""
        if page.element.properties.get("hejie.stage") != "call":
            return []
        return emergency_phones() + local_phones(self.session, self.actor, page.case.division)


class Paper(Page):
    """A file of a form that lies before whoever does a step."""

    def get(self, task_id: UUID, upload_id: UUID) -> Response:
        return uploads.answer(laid.upload(self.session, self.actor, task_id, upload_id))


class TaskAction(Page):
    """A button beside the form that decides who does the task."""

    notice: ClassVar[str]

    def post(self, task_id: UUID) -> Response:
        self.act(task_id)
        return redirect(url_for("task.page", task_id=task_id, notice=self.notice), 303)

    def act(self, task_id: UUID) -> None:
        """Do what the button says."""
        raise NotImplementedError

    def refused(self, error: DomainError, task_id: UUID) -> str:  # type: ignore[override]
        """The task with what is wrong; what was typed beside its form stands there again."""
        page = Task()
        page.session, page.actor = self.session, self.actor
        return page.shown_with(task_id, i18n.sentence(error))


class Claim(TaskAction):
    """Take the task on."""

    notice = "claimed"

    def act(self, task_id: UUID) -> None:
        casework.claim(self.session, self.actor, task_id)


class Release(TaskAction):
    """Give the task back to its group."""

    notice = "released"

    def act(self, task_id: UUID) -> None:
        casework.release(self.session, self.actor, task_id)


class Assign(TaskAction):
    """Hand the task to a colleague; whoever hands it on may no longer be able to do it."""

    notice = "assigned"

    def act(self, task_id: UUID) -> None:
        colleague = people.actor_by_id(self.session, request.form.get("assignee", ""))
        casework.assign(self.session, self.actor, task_id, colleague)


def where_to(page: Page, case_id: UUID, notice: str) -> str:
    """The case's page if the reader may see it, else their work."""
    if casework.sees_case(page.session, page.actor, case_id):
        return url_for("case.page", case_id=case_id, notice=notice)
    return url_for("work.page", notice=notice)


blueprint.add_url_rule("/tasks/<uuid:task_id>", view_func=Task.as_view("page"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/papers/<uuid:upload_id>", view_func=Paper.as_view("paper"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/claim", view_func=Claim.as_view("claim"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/release", view_func=Release.as_view("release"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/assign", view_func=Assign.as_view("assign"))
