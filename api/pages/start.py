"""Starting a procedure: the list of those that the reader may start, and each with the three questions of a report."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

import forms
from api import i18n
from api.idempotency import claim_form
from api.pages.form_page import is_fragment
from api.pages.report import KEY, Report
from api.pages.task import where_to
from api.phones import emergency_phones, local_phones
from api.resource import Page
from api.uploads import owner
from engine import casework
from engine.cases import permissions
from engine.casework import procedures
from engine.errors import DomainError
from engine.idempotency import keep

blueprint = Blueprint("start", __name__)


class Startable(Page):
    """What the reader may start, with who owns it and by which law."""

    def get(self) -> str:
        return render_template("start.html", procedures=procedures.startable(self.session, self.actor))


class Start(Report):
    """Start a procedure with a new case; whoever works here goes on with its first step at once."""

    def get(self, key: str) -> str:  # type: ignore[override]
        self._procedure = procedures.one_startable(self.session, self.actor, key)
        return self._show(self._form(), {})

    def post(self, key: str) -> ResponseReturnValue:  # type: ignore[override]
        self._procedure = procedures.one_startable(self.session, self.actor, key)
        form, action = self._form(), self.pressed()
        raw = self.typed(form)
        if action:
            raw = forms.apply_action(form, raw, action)
            return self.fields(form, raw, self._context()) if is_fragment("fields") else self._show(form, raw)
        held = claim_form(self.session, self.actor, request.form.get(KEY, ""))
        if held.answer is None:
            made = procedures.start(self.session, self.actor, key, raw, owner=owner(self.actor))
            answer = {"number": made.case.number, "code": made.tracking_code, "case": str(made.case.id)}
            held = keep(self.session, held, answer)
        answered: dict[str, Any] = dict(held.answer or {})
        following = self.actor.id and casework.next_task(self.session, self.actor, UUID(answered["case"]))
        if following:
            return redirect(url_for("task.page", task_id=following.id, notice="started"), 303)
        return self._receipt(answered, raw)

    def refused(self, error: DomainError, **path: object) -> str:
        self._procedure = procedures.one_startable(self.session, self.actor, str(path["key"]))
        return super().refused(error, **path)

    def _show(  # type: ignore[override]
        self, form: forms.Form, raw: dict[str, Any], errors: Any = (), error: str | None = None
    ) -> str:
        return render_template(
            "start_new.html",
            one=self._procedure,
            form=form,
            fields=self.fields(form, raw, self._context(), errors),
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            key=request.form.get(KEY) or str(uuid4()),
            phones=emergency_phones(),
            local=local_phones(self.session, self.actor),
        )


class StartOnCase(Page):
    """Start a procedure on a case: what it does and by which law is shown once more before it begins."""

    def get(self, case_id: UUID, key: str) -> str:
        return self._show(case_id, key)

    def post(self, case_id: UUID, key: str) -> Response:
        case = procedures.start_on(self.session, self.actor, case_id, key)
        following = casework.next_task(self.session, self.actor, case.id)
        if following is not None:
            return redirect(url_for("task.page", task_id=following.id, notice="started"), 303)
        return redirect(where_to(self, case_id, "started"), 303)

    def refused(self, error: DomainError, case_id: UUID, key: str) -> str:  # type: ignore[override]
        return self._show(case_id, key, i18n.sentence(error))

    def _show(self, case_id: UUID, key: str, error: str | None = None) -> str:
        case = permissions.visible(self.session, self.actor, case_id)
        return render_template("start_on_case.html", case=case, one=procedures.one(self.session, key), error=error)


blueprint.add_url_rule("/start", view_func=Startable.as_view("page"))
blueprint.add_url_rule("/start/<key>", view_func=Start.as_view("one"))
blueprint.add_url_rule("/cases/<uuid:case_id>/start/<key>", view_func=StartOnCase.as_view("on_case"))
