"""Putting a paper on a file that no step asks for: an application, a proof of identity, an agent, evidence."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import forms
from api import i18n
from api.pages.form_page import FormPage, is_fragment
from api.uploads import owner
from engine.casework import AnswersInvalid, adding
from engine.casework.adding import Wanted
from engine.errors import DomainError

blueprint = Blueprint("adding", __name__)


class Adding(FormPage):
    """The form of one paper."""

    def get(self, case_id: UUID, key: str) -> str:
        found = self._wanted(case_id, key)
        return self._show(found, found.known())

    def post(self, case_id: UUID, key: str) -> ResponseReturnValue:
        found = self._wanted(case_id, key)
        raw = self.typed(found.form)
        if action := self.pressed():
            raw = forms.apply_action(found.form, raw, action)
            return self.fields(found.form, raw, found.context) if is_fragment("fields") else self._show(found, raw)
        keep = request.form.get("keep_words", "")
        adding.add(self.session, self.actor, case_id, key, raw, owner=owner(self.actor), keep_words=keep)
        return redirect(url_for("papers.file", case_id=case_id, notice="paper-added"), 303)

    def refused(self, error: DomainError, case_id: UUID, key: str) -> str:  # type: ignore[override]
        found = self._wanted(case_id, key)
        errors = error.errors if isinstance(error, AnswersInvalid) else ()
        return self._show(found, self.typed(found.form), errors, None if errors else i18n.sentence(error))

    def _wanted(self, case_id: UUID, key: str) -> Wanted:
        return adding.wanted(self.session, self.actor, case_id, key)

    def _show(
        self,
        found: Wanted,
        raw: Mapping[str, Any],
        errors: Sequence[forms.FieldError] = (),
        error: str | None = None,
    ) -> str:
        return render_template(
            "add_paper.html",
            case=found.case,
            title=found.paper.title(i18n.locale()),
            form=found.form,
            fields=self.fields(found.form, raw, found.context, errors),
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            blocked=any(one.code == "blocked-fact" for one in errors),
        )


blueprint.add_url_rule("/cases/<uuid:case_id>/file/add/<key>", view_func=Adding.as_view("page"))
