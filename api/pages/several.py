"""Several matters in one go (你一句我一句): each line that was said becomes a report of its own, in the very words."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

import forms
from api import i18n, security
from api.idempotency import claim_form
from api.pages.form_page import FormPage, is_fragment
from api.phones import emergency_phones, local_phones
from api.uploads import owner
from engine.casework import AnswersInvalid, formbook, reporting
from engine.errors import DomainError
from engine.idempotency import keep

KEY = "idempotency_key"
DANGER = {"danger_place", "danger_people"}
blueprint = Blueprint("several", __name__)


class Several(FormPage):
    """One form for all that was said, then the number and code of each. Sent twice, it makes no more."""

    def get(self) -> str:
        return self._show({})

    def post(self) -> ResponseReturnValue:
        form, action = self._form(), self.pressed()
        raw = self.typed(form)
        if action:
            raw = forms.apply_action(form, raw, action)
            return self.fields(form, raw, self._context()) if is_fragment("fields") else self._show(raw)
        held = claim_form(self.session, self.actor, request.form.get(KEY, ""))
        if held.answer is None:
            made = reporting.report_several(self.session, self.actor, raw, owner=owner(self.actor))
            told = [{"number": one.case.number, "code": one.tracking_code, "words": one.case.words} for one in made]
            held = keep(self.session, held, {"reports": told})
        return render_template("reported_several.html", made=dict(held.answer or {})["reports"])

    def refused(self, error: DomainError, **path: object) -> str:
        errors = error.errors if isinstance(error, AnswersInvalid) else ()
        return self._show(self.typed(self._form()), errors, None if errors else i18n.sentence(error))

    @classmethod
    def of(cls, page: FormPage) -> "Several":
        """This page within the request of another one."""
        here = cls()
        here.session, here.actor = page.session, page.actor
        return here

    def split(self, raw: dict[str, Any]) -> str:
        """The form with a matter for each line of a report that was begun as one."""
        return self._show(reporting.split(raw))

    def _form(self) -> forms.Form:
        return formbook.newest(self.session, reporting.SEVERAL_FORM).form

    def _context(self) -> dict[str, Any]:
        return formbook.offers(self.session, None, {})

    def _show(self, raw: dict[str, Any], errors: Any = (), error: str | None = None) -> str:
        reporting.require_staff(self.actor)
        security.allow_reporting()
        form = self._form()
        urgent = [one.get("urgency") for one in raw.get("matters") or () if isinstance(one, dict)]
        return render_template(
            "report_several.html",
            form=form,
            title=form.title(i18n.reader()),
            fields=self.fields(form, raw, self._context(), errors),
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            key=request.form.get(KEY) or str(uuid4()),
            danger=bool(DANGER.intersection(urgent)),
            phones=emergency_phones() + local_phones(self.session, self.actor),
        )


blueprint.add_url_rule("/report/several", view_func=Several.as_view("page"))
