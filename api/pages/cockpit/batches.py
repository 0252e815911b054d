"""One act on many instances: which, and why; then the list, kept as it is; then its progress and what came of each."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from api import i18n
from api.pages.cockpit import given
from api.pages.cockpit.frame import CockpitPage, cursor, in_address, selection
from api.pages.cockpit.instances import BULK
from engine.casework import bulk, cockpit
from engine.errors import DomainError
from engine.workflow import batches, definitions
from engine.workflow.selection import Selection

SIZE = 25
STATES = ("failed", "refused", "todo", "done")
STEPS = ("start", "pause", "cancel")


class Batches(CockpitPage):
    """What was done to many, the newest first."""

    def get(self) -> str:
        found = bulk.newest(self.session, self.actor, before=cursor(), size=SIZE + 1)
        following = found[SIZE - 1].batch.id if len(found) > SIZE else None
        return self.show("cockpit/batches.html", rows=found[:SIZE], next=following)


class New(CockpitPage):
    """Which instances and why; sending it makes the list."""

    def get(self) -> str:
        return self._form(request.args)

    def post(self) -> ResponseReturnValue:
        typed = request.form
        command = _command(typed)
        about = given.of(command, typed) if command == "migrate" else {}
        if about:
            about = {**about, "definition": str(about["definition"])}
        made = bulk.preview(self.session, self.actor, command, about, _selection(typed), request.form.get("reason", ""))
        return redirect(url_for("cockpit.batch", batch_id=made.batch.id), 303)

    def refused(self, error: DomainError, **_: Any) -> str:
        return self._form(request.form, error=i18n.sentence(error))

    def _form(self, typed: MultiDict[str, str], error: str | None = None) -> str:
        chosen, command = _selection(typed), _command(typed)
        more: dict[str, Any] = {}
        if command == "migrate" and chosen.process:
            versions = definitions.versions(self.session, definitions.PROCESS, chosen.process)
            target = next((one for one in versions if str(one.id) == typed.get("definition")), versions[0])
            more = {"versions": versions, "target": target}
        return self.show(
            "cockpit/bulk.html", command=command, chosen=chosen, used=in_address(chosen), typed=typed, error=error,
            total=cockpit.count(self.session, self.actor, chosen), **more,
        )  # fmt: skip


class OneBatch(CockpitPage):
    """The list of a batch, how far it is, and what came of each."""

    def get(self, batch_id: UUID) -> str:
        return self._show(batch_id)

    def _show(self, batch_id: UUID, error: str | None = None) -> str:
        view = bulk.batch(self.session, self.actor, batch_id)
        state = request.args.get("state", "")
        state = state if state in STATES else ""
        after = request.args.get("after", default=0, type=int)
        items = bulk.batch_items(self.session, self.actor, batch_id, state=state, after=after, size=SIZE + 1)
        command, about = view.batch.command, view.batch.given
        target = definitions.one(self.session, UUID(about["definition"])) if command == "migrate" else None
        drawn = definitions.process(self.session, target.id) if target else None
        if command == "try":
            drawn = batches.drawn(about["content"], about["process"])
        chosen = Selection.of(view.batch.chosen)
        return self.show(
            "cockpit/batch.html", view=view, items=items[:SIZE], state=state, states=STATES, chosen=chosen,
            next=items[SIZE - 1].position if len(items) > SIZE else None, error=error, target=target,
            moves=bulk.moves(self.session, self.actor, batch_id) if drawn else [], drawn=drawn,
            source=_source(self, chosen) if drawn else None,
        )  # fmt: skip


class Step(OneBatch):
    """Start, pause, go on, or leave the rest."""

    def post(self, batch_id: UUID, step: str) -> ResponseReturnValue:
        if step not in STEPS:
            raise NotFound
        bulk.change(self.session, self.actor, batch_id, step, version=request.form.get("version", type=int))
        return redirect(url_for("cockpit.batch", batch_id=batch_id), 303)

    def refused(self, error: DomainError, batch_id: UUID, step: str) -> str:  # type: ignore[override]
        return self._show(batch_id, error=i18n.sentence(error))


def _source(page: CockpitPage, chosen: Selection) -> UUID | None:
    """The version that names the steps that a batch migrates from: the one that was chosen, else the newest."""
    if not chosen.process:
        return None
    return definitions.version(page.session, definitions.PROCESS, chosen.process, number=chosen.version).id


def _command(typed: MultiDict[str, str]) -> str:
    command = typed.get("command", "")
    if command not in BULK:
        raise NotFound
    return command


def _selection(typed: MultiDict[str, str]) -> Selection:
    """Those that were ticked; without a tick all that the filter finds."""
    ticked = tuple(given.identity(one) for one in typed.getlist("instance"))
    filtered = selection(typed)
    if not ticked:
        return filtered
    return Selection(instances=ticked, process=filtered.process, version=filtered.version, code=filtered.code)


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/cockpit/batches", view_func=Batches.as_view("batches"))
    blueprint.add_url_rule("/cockpit/batches/new", view_func=New.as_view("bulk"))
    blueprint.add_url_rule("/cockpit/batches/<uuid:batch_id>", view_func=OneBatch.as_view("batch"))
    blueprint.add_url_rule("/cockpit/batches/<uuid:batch_id>/<step>", view_func=Step.as_view("batch_step"))
