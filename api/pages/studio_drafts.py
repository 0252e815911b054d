"""Drafts: the list, one with its files, beginning one, bringing files in and out."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.pages import studio_frame as frame
from api.resource import Page
from engine.errors import DomainError
from engine.studio import bundles, changes, drafts, exchange, judging, rehearsing, releases, require
from engine.studio.models import Draft
from engine.workflow import definitions

blueprint = Blueprint("studio_drafts", __name__)
ZIP = "application/zip"


class Drafts(Page):
    """All open drafts; a file from elsewhere becomes one."""

    upload = True

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        sent = request.files["file"]
        draft = exchange.bring_in(self.session, self.actor, sent.filename or "", sent.read())
        return _to(draft)

    def refused(self, error: DomainError) -> str:  # type: ignore[override]
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        found = drafts.open_drafts(self.session, self.actor)
        names = drafts.names(self.session, found)
        return render_template("studio/drafts.html", drafts=found, names=names, error=error)


class Begin(Page):
    """A draft of something in force, of an old version of it, or a copy under another key."""

    def post(self, kind: str, key: str) -> ResponseReturnValue:
        number = request.form.get("version", "")
        if new_key := request.form.get("copy_as", "").strip():
            return _to(exchange.duplicate(self.session, self.actor, kind, key, new_key))
        return _to(drafts.begin(self.session, self.actor, kind, key, number=int(number) if number.isdigit() else None))


class Bundle(Page):
    """What is in force, as a ZIP."""

    def get(self, kind: str, key: str) -> Response:
        require(self.actor)
        bundle = bundles.name_of(definitions.newest(self.session, kind, key))
        return _zip(bundle, {one.file_name: one.content for one in bundles.in_force(self.session, bundle)})


class OneDraft(Page):
    """A draft: its files, what is wrong, what it changes."""

    def get(self, draft_id: UUID) -> str:
        return shown(self, draft_id)

    def post(self, draft_id: UUID) -> ResponseReturnValue:
        if request.form.get("do") == "discard":
            drafts.discard(self.session, self.actor, draft_id)
            return redirect(url_for("studio_drafts.draft", draft_id=draft_id, notice="discarded"), 303)
        if request.form.get("do") == "take-up":
            drafts.take_up(self.session, self.actor, draft_id)
        if request.form.get("do") == "remove":
            name, number = request.form.get("name", ""), request.form.get("number", "0")
            drafts.remove(self.session, self.actor, draft_id, name, int(number) if number.isdigit() else 0)
        return redirect(url_for("studio_drafts.draft", draft_id=draft_id), 303)

    def refused(self, error: DomainError, draft_id: UUID) -> str:  # type: ignore[override]
        return shown(self, draft_id, i18n.sentence(error))


def shown(page: Page, draft_id: UUID, error: str | None = None) -> str:
    """The page of a draft; asking for it to be deployed may be refused there, too."""
    session = page.session
    draft = drafts.one(session, page.actor, draft_id)
    is_open = draft.closed_at is None
    return render_template(
        "studio/draft.html",
        draft=draft,
        names=drafts.names(session, [draft]),
        findings=judging.findings(session, draft) if is_open else [],
        in_force={one.key for one in definitions.all_newest(session, definitions.PROCESS)},
        changes=changes.against_force(session, draft) if is_open else [],
        releases=releases.of_draft(session, draft),
        playable=rehearsing.playable(rehearsing.draft_files(session, draft_id)) if is_open else [],
        states=frame.STATES,
        error=error,
        typed=request.form,
    )


class Archive(Page):
    """A draft as a ZIP."""

    def get(self, draft_id: UUID) -> Response:
        draft = drafts.one(self.session, self.actor, draft_id)
        return _zip(draft.bundle, {one.name: one.content for one in draft.files})


def _to(draft: Draft) -> ResponseReturnValue:
    return redirect(url_for("studio_drafts.draft", draft_id=draft.id, notice="begun"), 303)


def _zip(name: str, files: dict[str, bytes]) -> Response:
    response = Response(exchange.archive(files), content_type=ZIP)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.zip")
    return response


blueprint.add_url_rule("/studio/drafts", view_func=Drafts.as_view("page"))
blueprint.add_url_rule("/studio/library/<kind>/<key>/drafts", view_func=Begin.as_view("begin"))
blueprint.add_url_rule("/studio/library/<kind>/<key>/bundle.zip", view_func=Bundle.as_view("bundle"))
blueprint.add_url_rule("/studio/drafts/<uuid:draft_id>", view_func=OneDraft.as_view("draft"))
blueprint.add_url_rule("/studio/drafts/<uuid:draft_id>/bundle.zip", view_func=Archive.as_view("archive"))
