"""How a process goes, drawn on its diagram: where cases wait and loop, which ways they take, what keeps its time."""

from datetime import timedelta

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from api import resource
from api.pages.cockpit.frame import CockpitPage, day
from engine.casework import process_insight
from engine.casework.process_insight import Insight, Kept
from engine.workflow import definitions
from engine.workflow.bpmn import Element
from engine.workflow.visits import Stay

HEATS = 5
TYPES = {"csv": "text/csv; charset=utf-8", "xes": "application/xml"}


class InsightPage(CockpitPage):
    """The instances of a window, by step."""

    def get(self, key: str) -> str:
        asked = asked_for()
        found = process_insight.insight(self.session, self.actor, key, **asked)
        shown = found.versions[0]
        process = definitions.process(self.session, shown.id)
        return self.show(
            "cockpit/insight.html",
            key=key,
            found=found,
            shown=shown,
            asked={name: value for name, value in asked.items() if value},
            all_versions=definitions.versions(self.session, definitions.PROCESS, key),
            rows=[(one, process.elements.get(one.element_id), _heat(found, one)) for one in _slowest(found)],
            flows=[
                (process.flows[one], times) for one, times in sorted(found.walked.flows.items()) if one in process.flows
            ],
            law=_by_deadline(list(process.elements.values()), found),
        )


class Export(CockpitPage):
    """The event log of the same instances, written as it is read."""

    def get(self, key: str, form: str) -> ResponseReturnValue:
        kind: process_insight.Form = "csv" if form == "csv" else "xes"
        write = process_insight.export(self.session, self.actor, key, kind, **asked_for())
        name = f"{key}.{kind}"
        return Response(
            resource.streamed(write),
            content_type=TYPES[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def asked_for() -> process_insight.Asked:
    """Version and window, as the address names them; what cannot be read is not asked."""
    version = request.args.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
    return {"version": number, "since": day(request.args.get("since", "")), "until": day(request.args.get("until", ""))}


def _slowest(found: Insight) -> list[Stay]:
    """The steps, those where cases wait longest first."""
    none = timedelta(0)
    return sorted(found.walked.stays, key=lambda one: (-(one.median or none), one.element_id))


def _heat(found: Insight, stay: Stay) -> int:
    """How hot a step is drawn, from 1 to 5: its median as part of the longest."""
    longest = max((one.median for one in found.walked.stays if one.median), default=None)
    if not longest or not stay.median:
        return 1
    return min(HEATS, 1 + int(HEATS * (stay.median / longest)))


def _by_deadline(elements: list[Element], found: Insight) -> list[tuple[str, list[Element], Kept]]:
    """Each deadline of the law with the elements that stand for it."""
    return [
        (key, [one for one in elements if one.properties.get("hejie.deadline") == key], kept)
        for key, kept in sorted(found.deadlines.items())
    ]


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/cockpit/processes/<key>/insight", view_func=InsightPage.as_view("insight"))
    blueprint.add_url_rule("/cockpit/processes/<key>/log.<any(csv, xes):form>", view_func=Export.as_view("event_log"))
