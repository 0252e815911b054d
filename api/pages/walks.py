"""All scenarios of a process played, and the flows that none of them walks, on the diagram."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n, security
from api.resource import Page
from engine.studio import rehearsing, walking
from engine.studio.walking import Result
from engine.workflow import bpmn, definitions
from engine.workflow.bpmn import Process

blueprint = Blueprint("walks", __name__)


@dataclass(frozen=True)
class Flow:
    """A sequence flow: from which step to which, by their names, and whether a scenario walks it."""

    id: str
    source: str
    target: str
    walked: bool


class Walks(Page):
    """Have the scenarios played."""

    def get(self, key: str) -> str:
        return render_template(
            "studio/walks.html",
            key=key,
            title=rehearsing.title(self.session, self.actor, key, i18n.locale()),
            draft=request.args.get("draft", type=UUID),
            found=walking.of_process(self.session, self.actor, key),
        )

    def post(self, key: str) -> ResponseReturnValue:
        begun = walking.begin(self.session, self.actor, key, draft_id=request.form.get("draft", type=UUID))
        return redirect(url_for("walks.page", walk_id=begun.id), 303)


class OneWalk(Page):
    """What came of them so far."""

    def get(self, walk_id: UUID) -> str:
        security.allow_diagram()
        result = walking.result(self.session, self.actor, walk_id)
        key = result.walk.process_key
        return render_template(
            "studio/walk.html",
            result=result,
            title=rehearsing.title(self.session, self.actor, key, i18n.locale()),
            flows=self._flows(result),
            labels=definitions.labels(self.session).get(key, {}) if i18n.locale() == "en" else {},
        )

    def _flows(self, result: Result) -> list[Flow]:
        """The flows of the process, those that nobody walks first."""
        process = self._process(result)
        english = definitions.labels(self.session).get(process.key, {}) if i18n.locale() == "en" else {}

        def name(element: str) -> str:
            known = process.elements.get(element)
            return english.get(element) or (known.name if known else "") or element

        found = [
            Flow(flow_id, name(flow.source), name(flow.target), flow_id in result.walked)
            for flow_id, flow in process.flows.items()
            if flow_id in result.walked | result.missed
        ]
        return sorted(found, key=lambda one: one.walked)

    def _process(self, result: Result) -> Process:
        key, draft = result.walk.process_key, result.walk.draft_id
        for file in rehearsing.draft_files(self.session, draft):
            if any(found == key for found, _ in rehearsing.playable([file])):
                return bpmn.compile_model(file.content).processes[key]
        return definitions.process(self.session, definitions.newest(self.session, definitions.PROCESS, key).id)


class Diagram(Page):
    """The drawing of the process that was tried, as BPMN 2.0 XML."""

    def get(self, walk_id: UUID) -> ResponseReturnValue:
        walk = walking.result(self.session, self.actor, walk_id).walk
        content = rehearsing.drawing(self.session, walk.process_key, walk.draft_id)
        return Response(content, content_type="application/xml")


blueprint.add_url_rule("/studio/scenarios/<key>", view_func=Walks.as_view("list"))
blueprint.add_url_rule("/studio/walks/<uuid:walk_id>", view_func=OneWalk.as_view("page"))
blueprint.add_url_rule("/studio/walks/<uuid:walk_id>/diagram", view_func=Diagram.as_view("diagram"))
