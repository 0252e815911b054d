"""The page around a form of the library: what its buttons do, with script and without (docs/forms.md)."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from markupsafe import Markup

import forms
from api import i18n, uploads
from api.resource import Page
from engine.casework import formbook
from engine.casework.laid import Filed

FRAGMENT = "X-Fragment"


def sheet(filed: Filed, names: Mapping[str, str]) -> Markup:
    """A completed form of a file as it is read; `names`: the people who may be named in it, by account id."""
    return forms.render_answers(
        filed.form, filed.answers, locale=i18n.reader(), evaluate=formbook.evaluate,
        context=formbook.offers_of_file(names), uploads=filed.uploads,
    )  # fmt: skip


class FormPage(Page):
    """A page with a form. Nothing typed is lost: whatever is refused is shown again with what was sent."""

    upload = True

    def typed(self, form: forms.Form) -> dict[str, Any]:
        """The raw answers that were sent, with the files that came along stored as drafts."""
        raw = forms.parse(form, request.form)
        for name, files in request.files.lists():
            for file in files:
                if file.filename:
                    stored = uploads.store(self.session, self.actor, file)
                    raw = forms.attach(form, raw, name, str(stored.id))
        return raw

    def pressed(self) -> str | None:
        """The button inside the form that was pressed; None where the answers are meant to be final."""
        return request.form.get("_action") or None

    def fields(
        self,
        form: forms.Form,
        raw: Mapping[str, Any],
        context: Mapping[str, Any],
        errors: Iterable[forms.FieldError] = (),
        *,
        read_only: bool = False,
    ) -> Markup:
        """The form's fields, or its answers where they are to be read only."""
        return forms.render(
            form,
            raw,
            errors,
            locale=i18n.reader(),
            evaluate=formbook.evaluate,
            context=context,
            uploads=formbook.uploads(self.session, raw),
            read_only=read_only,
        )


def is_fragment(kind: str) -> bool:
    """Whether form.js asks for a part of the page only."""
    return request.headers.get(FRAGMENT) == kind
