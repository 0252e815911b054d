"""Two versions, or one and a draft, side by side; what differs, and what it means for what runs: a dry run over it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api.pages.cockpit import given
from api.pages.cockpit.frame import CockpitPage
from api.pages.cockpit.overview import XML
from engine.casework import comparison
from engine.casework.comparison import Comparison
from engine.studio import drafts
from engine.workflow import definitions
from engine.workflow.errors import DeploymentRefused
from engine.workflow.models import Definition


class Compare(CockpitPage):
    """The newest version against the one before it, or the two that the address names."""

    def get(self, key: str) -> str:
        versions = definitions.versions(self.session, definitions.PROCESS, key)
        newest = definitions.version(self.session, definitions.PROCESS, key)
        after = _named(versions, "to") or newest
        older = [one for one in versions if one.version < after.version]
        before = _named(versions, "from") or next(iter(older), after)
        found = comparison.compare(self.session, self.actor, before.id, after.id)
        return self.show(
            "cockpit/compare.html", versions=versions, before=before, after=after, draft=None, **_told(found)
        )


class CompareDraft(CockpitPage):
    """A draft against the version in force, or the one that the address names."""

    def get(self, draft_id: UUID, key: str) -> str:
        draft, content = drafts.diagram(self.session, self.actor, draft_id, key)
        versions = definitions.versions(self.session, definitions.PROCESS, key)
        before = _named(versions, "from") or definitions.newest(self.session, definitions.PROCESS, key)
        try:
            told = _told(comparison.compare_file(self.session, self.actor, before.id, content))
        except DeploymentRefused as refused:
            told = {"findings": refused.findings}
        return self.show("cockpit/compare.html", versions=versions, before=before, draft=draft, **told)

    def post(self, draft_id: UUID, key: str) -> ResponseReturnValue:
        """Try it on all that runs."""
        draft, content = drafts.diagram(self.session, self.actor, draft_id, key)
        mapping = given.mapping(request.form)
        made = comparison.try_file(self.session, self.actor, key, content, mapping, draft.title)
        return redirect(url_for("cockpit.batch", batch_id=made.batch.id), 303)


class DraftDiagram(CockpitPage):
    """A process of a draft as BPMN 2.0 XML."""

    def get(self, draft_id: UUID, key: str) -> Response:
        return Response(drafts.diagram(self.session, self.actor, draft_id, key)[1], content_type=XML)


def _told(found: Comparison) -> dict[str, Any]:
    return {
        "found": found,
        "running": sum(one.tokens for one in found.standing.values()),
        "elements": list(found.after.elements.values()),
    }


def _named(versions: list[Definition], name: str) -> Definition | None:
    wanted = request.args.get(name, "")
    return next((one for one in versions if str(one.version) == wanted), None)


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/cockpit/processes/<key>/compare", view_func=Compare.as_view("compare"))
    draft = "/studio/drafts/<uuid:draft_id>/compare/<key>"
    blueprint.add_url_rule(draft, view_func=CompareDraft.as_view("compare_draft"))
    blueprint.add_url_rule(f"{draft}/diagram", view_func=DraftDiagram.as_view("draft_diagram"))
