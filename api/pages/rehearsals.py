"""Playing a process in the studio: fill its real forms, move the clock, see where the tokens go; nothing stays."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import yaml
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

import forms
from api import i18n, security
from api.pages.form_page import FormPage, is_fragment
from api.resource import Page
from engine.casework import AnswersInvalid
from engine.errors import DomainError
from engine.people.roles import ROLES
from engine.studio import rehearsing
from engine.studio.errors import VariablesInvalid
from engine.studio.models import Rehearsal
from engine.studio.rehearsing import OpenTask, Scene
from engine.workflow import rehearsal as played

blueprint = Blueprint("rehearsals", __name__)
SPANS = ("PT1H", "P1D", "P7D", "P30D")
"""How far the buttons move the clock."""
PEOPLE = ("A", "B", "C")
"""Who may do a step: enough to see that one person may not check their own work."""


@dataclass(frozen=True)
class Spot:
    """An element of a diagram, and what became of it so far: failed, active or done, and how often."""

    element: str
    name: str
    state: str
    count: int


class Rehearsals(Page):
    """The rehearsals of a process, and a way to begin one."""

    def get(self, key: str) -> str:
        draft = request.args.get("draft", type=UUID)
        return render_template(
            "studio/rehearsals.html",
            key=key,
            title=rehearsing.title(self.session, self.actor, key, i18n.locale()),
            draft=draft,
            examples=rehearsing.examples(rehearsing.bundle(self.session, self.actor, key, draft), key),
            found=rehearsing.of_process(self.session, self.actor, key),
        )

    def post(self, key: str) -> ResponseReturnValue:
        draft = request.form.get("draft", type=UUID)
        begun = rehearsing.begin(self.session, self.actor, key, draft_id=draft)
        example = request.form.get("example", type=int)
        if example is not None:
            known = rehearsing.examples(rehearsing.bundle(self.session, self.actor, key, draft), key)
            for step in known[example].steps if example < len(known) else ():
                rehearsing.add(self.session, self.actor, begun.id, step)
        return redirect(url_for("rehearsals.page", rehearsal_id=begun.id), 303)


class Stage(Page):
    """One rehearsal: what is on the stage, and what can be done there."""

    def get(self, rehearsal_id: UUID) -> str:
        return self.show(rehearsal_id)

    def post(self, rehearsal_id: UUID) -> ResponseReturnValue:
        rehearsing.add(self.session, self.actor, rehearsal_id, _step(), version=request.form.get("version", type=int))
        return redirect(url_for("rehearsals.page", rehearsal_id=rehearsal_id, _anchor="now"), 303)

    def refused(self, error: DomainError, rehearsal_id: UUID) -> str:  # type: ignore[override]
        return self.show(rehearsal_id, error=i18n.sentence(error))

    def show(self, rehearsal_id: UUID, error: str | None = None) -> str:
        """The page, with what was refused."""
        security.allow_diagram()
        found = rehearsing.find(self.session, self.actor, rehearsal_id)
        scene = rehearsing.scene(self.session, found)
        return render_template(
            "studio/rehearsal.html",
            rehearsal=found,
            scene=scene,
            error=error,
            title=rehearsing.title(self.session, self.actor, found.process_key, i18n.locale()),
            spots={run.name: _spots(scene, run) for run in (scene.seen.runs if scene.seen else ())},
            trouble=_says(scene),
            spans=SPANS,
            roles=ROLES,
            typed=request.form,
            says=lambda step: _said(scene, step),
            labels=lambda key: _english(scene, key),
        )


class Back(Page):
    """Take steps back."""

    def post(self, rehearsal_id: UUID) -> ResponseReturnValue:
        keep = request.form.get("keep", 0, type=int)
        version = request.form.get("version", type=int)
        rehearsing.take_back(self.session, self.actor, rehearsal_id, keep, version=version)
        return redirect(url_for("rehearsals.page", rehearsal_id=rehearsal_id, _anchor="now"), 303)


class Task(FormPage):
    """The form of a task that waits on the stage."""

    def get(self, rehearsal_id: UUID, run: str, element: str) -> str:
        found, scene = self._scene(rehearsal_id)
        task = scene.task(run, element)
        return self._show(found, scene, task, task.raw)

    def post(self, rehearsal_id: UUID, run: str, element: str) -> ResponseReturnValue:
        found, scene = self._scene(rehearsal_id)
        task = scene.task(run, element)
        raw = self.typed(task.form) if task.form else {}
        action = self.pressed()
        if action and task.form:
            raw = forms.apply_action(task.form, raw, action)
            if is_fragment("fields"):
                return self.fields(task.form, raw, task.context)
            return self._show(found, scene, task, raw)
        step = rehearsing.answered(self.session, task, raw, by=request.form.get("by") or None)
        rehearsing.add(self.session, self.actor, found.id, step, version=request.form.get("version", type=int))
        return redirect(url_for("rehearsals.page", rehearsal_id=found.id, _anchor="now"), 303)

    def refused(self, error: DomainError, rehearsal_id: UUID, run: str, element: str) -> str:  # type: ignore[override]
        found, scene = self._scene(rehearsal_id)
        task = scene.task(run, element)
        raw = self.typed(task.form) if task.form else {}
        errors = error.errors if isinstance(error, AnswersInvalid) else ()
        return self._show(found, scene, task, raw, errors, None if errors else i18n.sentence(error))

    def _scene(self, rehearsal_id: UUID) -> tuple[Rehearsal, Scene]:
        found = rehearsing.find(self.session, self.actor, rehearsal_id)
        return found, rehearsing.scene(self.session, found)

    def _show(
        self,
        found: Rehearsal,
        scene: Scene,
        task: OpenTask,
        raw: Mapping[str, Any],
        errors: Any = (),
        error: str | None = None,
    ) -> str:
        diagram = scene.diagrams[UUID(task.waiting.process_ref)]
        return render_template(
            "studio/rehearsal_task.html",
            rehearsal=found,
            task=task,
            step=diagram.step(task.waiting.element_id, i18n.locale()),
            process=diagram.title(i18n.locale()),
            fields=self.fields(task.form, raw, task.context, errors) if task.form else None,
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            people=PEOPLE,
            by=request.form.get("by", ""),
        )


class Diagram(Page):
    """The drawing of a process on the stage, as BPMN 2.0 XML."""

    def get(self, rehearsal_id: UUID, key: str) -> ResponseReturnValue:
        found = rehearsing.find(self.session, self.actor, rehearsal_id)
        return Response(rehearsing.drawing(self.session, key, found.draft_id), content_type="application/xml")


class Scenario(Page):
    """What was played, as a scenario file."""

    def get(self, rehearsal_id: UUID) -> ResponseReturnValue:
        found, content = self._content(rehearsal_id, request.args.get("name", ""))
        headers = {"Content-Disposition": f'attachment; filename="{found.process_key}-played.yaml"'}
        return Response(content, content_type="application/yaml; charset=utf-8", headers=headers)

    def post(self, rehearsal_id: UUID) -> ResponseReturnValue:
        found = rehearsing.find(self.session, self.actor, rehearsal_id)
        rehearsing.keep(self.session, self.actor, found, request.form.get("name", "").strip() or found.process_key)
        return redirect(url_for("rehearsals.page", rehearsal_id=rehearsal_id, notice="scenario-kept"), 303)

    def _content(self, rehearsal_id: UUID, name: str) -> tuple[Rehearsal, str]:
        found = rehearsing.find(self.session, self.actor, rehearsal_id)
        scene = rehearsing.scene(self.session, found)
        return found, rehearsing.as_file(scene, name.strip() or found.process_key)


def _step() -> dict[str, Any]:
    """The step that a button of the page does. Raises VariablesInvalid."""
    word = request.form.get("word", "")
    given = {
        name: value
        for name in ("name", "key", "instance", "process", "as", "task")
        if (value := request.form.get(name))
    }
    match word:
        case "advance":
            return {"advance": request.form.get("span", "").strip()}
        case "start" | "message" | "signal" | "set":
            return {word: {**given, "variables": _variables()}}
        case "job":
            return {word: {**given, **_of_job()}}
    raise VariablesInvalid


def _of_job() -> dict[str, Any]:
    """What another system does with a job: done, failed, or ended with an error that the diagram knows."""
    error = request.form.get("error", "").strip()
    match request.form.get("ends", ""):
        case "fails":
            return {"fails": error or gettext("failed")}
        case "error" if error:
            return {"error": error, "variables": _variables()}
    return {"variables": _variables()}


def _variables() -> dict[str, Any]:
    """What was typed as variables: a line for each, or JSON. Raises VariablesInvalid."""
    text = request.form.get("variables", "").strip()
    try:
        found = yaml.safe_load(text) if text else {}
        json.dumps(found, default=str)
    except (yaml.YAMLError, ValueError) as error:
        raise VariablesInvalid from error
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise VariablesInvalid
    return json.loads(json.dumps(found, default=str))  # type: ignore[no-any-return]  # dates as text, as answers are


def _spots(scene: Scene, run: played.Run) -> list[tuple[str, str, list[Spot]]]:
    """For each diagram that a run is in: its process's key and title, and the elements that were reached."""
    assert scene.seen is not None
    done = scene.seen.completed()
    failed = {incident.element_id for incident in run.incidents}
    shown = []
    for definition, diagram in scene.diagrams.items():
        active = [element for at, element in run.places if at == definition]
        if definition != run.definition_id and not active:
            continue
        reached = [element for element in diagram.elements if element in active or done[str(definition), element]]
        spots = [
            Spot(
                element,
                diagram.step(element, i18n.locale()),
                "failed" if element in failed else "active" if element in active else "done",
                active.count(element) or done[str(definition), element],
            )
            for element in reached
        ]
        shown.append((diagram.key, diagram.title(i18n.locale()), spots))
    return shown


def _english(scene: Scene, key: str) -> Mapping[str, str]:
    """The English names of a diagram's parts, for readers of English."""
    if i18n.locale() != "en":
        return {}
    return next((one.english for one in scene.diagrams.values() if one.key == key), {})


def _says(scene: Scene) -> str | None:
    """Why the rehearsal stopped at a step."""
    if scene.seen is None or scene.seen.trouble is None:
        return None
    return str(i18n.told(played.why(scene.seen.trouble.error)))


@dataclass(frozen=True)
class Said:
    """A step in words, and the variables that came with it."""

    words: str
    more: str


def _said(scene: Scene, step: Mapping[str, Any]) -> Said:
    [(word, given)] = step.items()
    if word == "advance":
        return Said(gettext("Time passes: %(span)s", span=given), "")
    variables = given.get("variables") or {}
    more = ", ".join(f"{name}: {value}" for name, value in variables.items())
    name = given.get("task") or given.get("name") or given.get("process") or given.get("instance") or ""
    match word:
        case "start":
            return Said(gettext("Started"), more)
        case "complete":
            by = f" ({given['by']})" if given.get("by") else ""
            known = (one.step(name, i18n.locale()) for one in scene.diagrams.values() if name in one.elements)
            return Said(gettext("Done: %(step)s", step=next(known, name)) + by, more)
        case "job":
            known = (one.step(name, i18n.locale()) for one in scene.diagrams.values() if name in one.elements)
            ended = given.get("fails") or given.get("error")
            return Said(gettext("Another system: %(step)s", step=next(known, name)), str(ended) if ended else more)
        case "message":
            return Said(gettext("Message: %(name)s", name=name), more)
        case "signal":
            return Said(gettext("Signal: %(name)s", name=name), more)
        case "tell":
            return Said(gettext("Facts told"), more)
    return Said(gettext("Variables changed"), more)


blueprint.add_url_rule("/studio/play/<key>", view_func=Rehearsals.as_view("list"))
blueprint.add_url_rule("/studio/rehearsals/<uuid:rehearsal_id>", view_func=Stage.as_view("page"))
blueprint.add_url_rule("/studio/rehearsals/<uuid:rehearsal_id>/back", view_func=Back.as_view("back"))
blueprint.add_url_rule("/studio/rehearsals/<uuid:rehearsal_id>/tasks/<run>/<element>", view_func=Task.as_view("task"))
blueprint.add_url_rule("/studio/rehearsals/<uuid:rehearsal_id>/diagrams/<key>", view_func=Diagram.as_view("diagram"))
blueprint.add_url_rule("/studio/rehearsals/<uuid:rehearsal_id>/scenario.yaml", view_func=Scenario.as_view("scenario"))
