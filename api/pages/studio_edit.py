"""The editors of a draft's files: diagrams, decision tables and forms by drawing, everything else as text."""

import json
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n, security
from api.resource import Page
from engine.errors import DomainError
from engine.feel.functions import FUNCTIONS, BuiltIn
from engine.studio import drafts, fresh
from engine.studio.models import DraftFile
from engine.workflow import definitions

blueprint = Blueprint("studio_edit", __name__)
EDITORS = {definitions.PROCESS: "diagram", definitions.DECISION: "table", definitions.FORM: "form"}


class Edit(Page):
    """One file in its editor; `as=text` shows the text of any."""

    upload = True

    def get(self, draft_id: UUID, name: str) -> str:
        file = drafts.one_file(self.session, self.actor, draft_id, name)
        return self._show(draft_id, file, file.content.decode("utf-8", "replace"))

    def post(self, draft_id: UUID, name: str) -> ResponseReturnValue:
        """Save the text, where no script does it."""
        number, text = request.form.get("number", ""), request.form.get("content", "")
        content = text.replace("\r\n", "\n").encode()
        drafts.save(self.session, self.actor, draft_id, name, content, int(number) if number.isdigit() else -1)
        return redirect(url_for("studio_drafts.draft", draft_id=draft_id, notice="saved"), 303)

    def refused(self, error: DomainError, draft_id: UUID, name: str) -> str:  # type: ignore[override]
        file = drafts.one_file(self.session, self.actor, draft_id, name)
        return self._show(draft_id, file, request.form.get("content", ""), i18n.sentence(error))

    def _show(self, draft_id: UUID, file: DraftFile, text: str, error: str | None = None) -> str:
        drawn = EDITORS.get(definitions.kind_of(file.name) or "", "text")
        editor = "text" if request.args.get("as") == "text" or error else drawn
        security.allow_editor()
        draft = drafts.one(self.session, self.actor, draft_id)
        return render_template(
            f"studio/edit_{editor}.html", draft=draft, file=file, text=text, drawn=drawn, error=error,
            setup=json.dumps(_setup(draft_id, file)),
        )  # fmt: skip


class Add(Page):
    """One more file in a draft: one that is in force, or a new one."""

    def post(self, draft_id: UUID) -> ResponseReturnValue:
        kind, key = request.form.get("kind", ""), request.form.get("key", "")
        file = drafts.include(self.session, self.actor, draft_id, kind, key)
        if file is None:
            name, content = fresh.file(drafts.one(self.session, self.actor, draft_id), kind, key)
            file = drafts.save(self.session, self.actor, draft_id, name, content, 0)
        return redirect(url_for("studio_edit.page", draft_id=draft_id, name=file.name), 303)


def _setup(draft_id: UUID, file: DraftFile) -> dict[str, object]:
    """What an editor's script must know."""
    api = url_for("Drafts.OneDraft", draft_id=draft_id)
    return {
        "locale": i18n.locale(),
        "name": file.name,
        "number": file.number,
        "draft": url_for("studio_drafts.draft", draft_id=draft_id),
        "api": api,
        "tools": url_for("Studio.Library").rpartition("/")[0],
        "functions": [_function(one) for one in FUNCTIONS.values()],
    }


def _function(one: BuiltIn) -> dict[str, object]:
    """A function of FEEL as completion offers it: with the parameters of its first form, and all its forms."""
    parameters = [parameter.name for parameter in one.overloads[0].parameters if not parameter.optional]
    return {"name": one.name, "params": parameters, "forms": [form.declared for form in one.overloads]}


blueprint.add_url_rule("/studio/drafts/<uuid:draft_id>/edit/<path:name>", view_func=Edit.as_view("page"))
blueprint.add_url_rule("/studio/drafts/<uuid:draft_id>/files", view_func=Add.as_view("add"))
