"""One act on one instance: what it is about and why, then what it would do, then doing it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from api import i18n
from api.pages.cockpit import given, instances
from api.pages.cockpit.frame import CockpitPage
from engine.casework import acting, looking
from engine.casework.acting import Foreseen
from engine.casework.errors import ReasonMissing
from engine.casework.looking import InstanceView
from engine.errors import DomainError
from engine.workflow import definitions, returning, tasks

FRAME = ("csrf_token", "step", "version", "reason")
"""Fields that are not what the act is about."""


class Act(CockpitPage):
    """The form of an act, its preview, and the act itself; what was typed is never lost."""

    def get(self, instance_id: UUID, act: str) -> str:
        return self._form(instance_id, act, request.args)

    def post(self, instance_id: UUID, act: str) -> ResponseReturnValue:
        typed, reason = request.form, request.form.get("reason", "")
        if typed.get("step") == "change":
            return self._form(instance_id, act, typed)
        wanted, version = given.of(_known(act), typed), request.form.get("version", type=int)
        if not reason.strip():
            raise ReasonMissing
        if typed.get("step") != "do":
            foreseen = acting.foresee(self.session, self.actor, instance_id, act, wanted, version)
            return self._preview(instance_id, act, foreseen)
        acting.do(self.session, self.actor, instance_id, act, wanted, reason, version)
        return redirect(url_for("cockpit.instance", instance_id=instance_id, notice="acted"), 303)

    def refused(self, error: DomainError, instance_id: UUID, act: str) -> str:  # type: ignore[override]
        sentences = [i18n.sentence(error), *(i18n.sentence(one) for one in error.fields)]
        return self._form(instance_id, act, request.form, errors=sentences)

    def _preview(self, instance_id: UUID, act: str, foreseen: Foreseen) -> str:
        view = looking.one(self.session, self.actor, instance_id)
        typed = [(name, value) for name, value in request.form.items(multi=True) if name not in FRAME]
        return self.show("cockpit/preview.html", view=view, act=act, foreseen=foreseen, typed=typed)

    def _form(self, instance_id: UUID, act: str, typed: MultiDict[str, str], errors: list[str] | None = None) -> str:
        view = looking.one(self.session, self.actor, instance_id)
        more = {**instances.parts(view), **self._about(view, _known(act), typed)}
        return self.show("cockpit/act.html", view=view, act=act, typed=typed, errors=errors or [], **more)

    def _about(self, view: InstanceView, act: str, typed: MultiDict[str, str]) -> dict[str, Any]:
        """What the form of an act offers to choose from."""
        own = definitions.process(self.session, view.definition.id)
        if act == "modify":
            return {"elements": list(own.elements.values())}
        if act == "migrate":
            versions = definitions.versions(self.session, definitions.PROCESS, view.definition.key)
            others = [one for one in versions if one.id != view.definition.id]
            wanted = typed.get("definition", "")
            target = next((one for one in others if str(one.id) == wanted), others[0] if others else None)
            there = list(definitions.process(self.session, target.id).elements.values()) if target else []
            return {"others": others, "target": target, "elements": there}
        if act == "return" and (task := self._task(view, typed)):
            return {"task": task, "targets": returning.targets(self.session, task)}
        if act == "variables":
            wanted = typed.get("scope", "")
            scope = next((one for one in view.tokens if str(one.id) == wanted), view.tokens[0] if view.tokens else None)
            known = {name: given.shown(value) for name, value in scope.variables.items()} if scope else {}
            return {"scope": scope, "known": known}
        if act == "timer":
            return {"timer": next((one for one in view.tokens if str(one.id) == typed.get("token")), None)}
        if act == "retry":
            return {"incident": next((one for one in view.incidents if str(one.id) == typed.get("incident")), None)}
        return {}

    def _task(self, view: InstanceView, typed: MultiDict[str, str]) -> Any:
        wanted = next((one for one in view.tasks.values() if str(one.id) == typed.get("task")), None)
        found = wanted or next(iter(view.tasks.values()), None)
        return tasks.locked(self.session, found.id) if found else None


def _known(act: str) -> str:
    if act not in acting.ACTS:
        raise NotFound
    return act


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/cockpit/instances/<uuid:instance_id>/<act>", view_func=Act.as_view("act"))
