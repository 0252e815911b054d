"""Working with colleagues: delegate and give back, agree, send back, undo; hand several steps over; be covered."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from api import i18n
from api.pages.task import TaskAction, where_to
from api.posted import posted_id
from api.resource import Page
from engine import casework
from engine.casework import bulk_handing, correcting, handing, undoing
from engine.casework.bulk_handing import NothingToHandOn, Planned
from engine.errors import DomainError
from engine.people import absences
from engine.people import queries as people
from engine.people.absences import AbsenceUnfit

blueprint = Blueprint("colleagues", __name__)


class Delegate(TaskAction):
    """Let a colleague work on the task, who gives it back."""

    notice = "delegated"

    def act(self, task_id: UUID) -> None:
        colleague = people.actor_by_id(self.session, request.form.get("to", ""))
        handing.delegate(self.session, self.actor, task_id, colleague, request.form.get("reason", ""))


class Resolve(TaskAction):
    """Give a delegated task back to its owner."""

    notice = "resolved"

    def act(self, task_id: UUID) -> None:
        handing.resolve(self.session, self.actor, task_id, request.form.get("reason", ""))


class Sign(TaskAction):
    """Agree to a task that one is asked about, or decline."""

    notice = "answered"

    def act(self, task_id: UUID) -> None:
        agrees = request.form.get("agrees") == "1"
        handing.sign(self.session, self.actor, task_id, agrees=agrees, reason=request.form.get("reason", ""))


class Ask(TaskAction):
    """Ask colleagues to agree before the task is completed."""

    notice = "asked"

    def act(self, task_id: UUID) -> None:
        given = request.form
        handing.ask_to_sign(
            self.session, self.actor, task_id, _ids(given.getlist("person")), given.get("reason", ""),
            in_order=given.get("in_order") == "1",
        )  # fmt: skip


class Unask(TaskAction):
    """Take a colleague off the list of those who must agree."""

    notice = "unasked"

    def act(self, task_id: UUID) -> None:
        for person in _ids(request.form.getlist("person")):
            handing.remove_signer(self.session, self.actor, task_id, person, request.form.get("reason", ""))


class Undo(TaskAction):
    """Take back the last change of who does the task."""

    notice = "undone"

    def act(self, task_id: UUID) -> None:
        undoing.undo(self.session, self.actor, task_id)


class Return(Page):
    """Send a task back to an earlier step, with a reason; the steps that are no legal target say why."""

    def get(self, task_id: UUID) -> str:
        return self._show(task_id)

    def post(self, task_id: UUID) -> ResponseReturnValue:
        given = request.form
        ended = correcting.send_back(
            self.session, self.actor, task_id, given.get("to", ""), given.get("reason", ""),
            version=given.get("version", type=int),
        )  # fmt: skip
        return redirect(where_to(self, ended.stream, "returned"), 303)

    def refused(self, error: DomainError, task_id: UUID) -> str:  # type: ignore[override]
        return self._show(task_id, i18n.sentence(error))

    def _show(self, task_id: UUID, error: str | None = None) -> str:
        page = casework.task_page(self.session, self.actor, task_id)
        targets = correcting.return_targets(self.session, self.actor, task_id) if page.may_do else []
        steps = casework.StepNames(self.session, i18n.locale())
        return render_template(
            "return.html",
            task=page.task,
            case=page.case,
            step=steps(page.task),
            targets=[(one, steps.of(page.task.definition_id, one.element.id)) for one in targets],
            names=people.names(self.session, (one.done_by for one in targets)),
            says=i18n.sentence,
            refusal=i18n.sentence(page.refusal) if page.refusal else None,
            chosen=request.form.get("to", ""),
            reason=request.form.get("reason", ""),
            error=error,
        )


class HandOver(Page):
    """Hand several tasks to one colleague: tick them in my work, choose who, look at what would be, do it."""

    def get(self) -> str:
        return self._show(request.args.getlist("task"), request.args.get("to", ""))

    def post(self) -> ResponseReturnValue:
        to = people.actor_by_id(self.session, request.form.get("to", ""))
        bulk_handing.hand_over(self.session, self.actor, _ids(request.form.getlist("task")), to)
        return redirect(url_for("work.page", notice="handed-over"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(request.form.getlist("task"), request.form.get("to", ""), i18n.sentence(error))

    def _show(self, listed: Sequence[str], to: str, error: str | None = None) -> str:
        chosen = bulk_handing.chosen(self.session, self.actor, _ids(listed))
        planned: list[Planned] = [Planned(task, case, None) for task, case in chosen]
        if to:
            planned = bulk_handing.plan(
                self.session, self.actor, _ids(listed), people.actor_by_id(self.session, to)
            )  # fmt: skip
        if not planned:
            error = error or i18n.sentence(NothingToHandOn())
        return render_template(
            "hand_over.html",
            planned=planned,
            fit=sum(one.refusal is None for one in planned),
            to=to,
            colleagues=bulk_handing.colleagues(self.session, self.actor, chosen),
            step=casework.StepNames(self.session, i18n.locale()),
            says=i18n.sentence,
            error=error,
        )


class Away(Page):
    """Being away: from when to when, who covers; and for whom one covers oneself."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given = request.form
        if given.get("end"):
            absences.end(self.session, self.actor, posted_id("end"))
            return redirect(url_for("colleagues.away", notice="back"), 303)
        try:
            cover = UUID(given.get("cover", ""))
            first, last = (date.fromisoformat(given.get(name, "")) for name in ("from_day", "to_day"))
        except ValueError:
            raise AbsenceUnfit from None
        absences.announce(self.session, self.actor, cover, first, last)
        return redirect(url_for("colleagues.away", notice="away"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        return render_template(
            "away.html",
            listed=absences.of(self.session, self.actor),
            covers=absences.possible_covers(self.session, self.actor),
            given=request.form,
            error=error,
        )


class WithdrawNote(Page):
    """Take one's own remark back."""

    def post(self, case_id: UUID, note_id: UUID) -> Response:
        undoing.withdraw_note(self.session, self.actor, case_id, note_id)
        return redirect(url_for("case.page", case_id=case_id, notice="note-withdrawn", _anchor="notes"), 303)


def _ids(listed: Sequence[str]) -> list[UUID]:
    """What can be an id; anything else was not chosen on our pages."""
    found = []
    for one in listed:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


blueprint.add_url_rule("/tasks/<uuid:task_id>/delegate", view_func=Delegate.as_view("delegate"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/resolve", view_func=Resolve.as_view("resolve"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/sign", view_func=Sign.as_view("sign"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/ask", view_func=Ask.as_view("ask"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/unask", view_func=Unask.as_view("unask"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/undo", view_func=Undo.as_view("undo"))
blueprint.add_url_rule("/tasks/<uuid:task_id>/return", view_func=Return.as_view("send_back"))
blueprint.add_url_rule("/hand-over", view_func=HandOver.as_view("hand_over"))
blueprint.add_url_rule("/account/away", view_func=Away.as_view("away"))
blueprint.add_url_rule(
    "/cases/<uuid:case_id>/notes/<uuid:note_id>/withdraw", view_func=WithdrawNote.as_view("withdraw_note")
)
