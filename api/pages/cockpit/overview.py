"""The processes that run, by version; one version with the tokens on its diagram."""

from uuid import UUID

from flask import Blueprint, Response, request

from api.pages.cockpit.frame import CockpitPage
from engine.casework import cockpit
from engine.casework.administration import require_admin
from engine.workflow import definitions

XML = "application/xml"


class Overview(CockpitPage):
    """Every process with what runs of each version."""

    def get(self) -> str:
        return self.show("cockpit/overview.html", running=cockpit.running(self.session, self.actor))


class Version(CockpitPage):
    """A version's diagram with how many tokens stand at each element; the same as a table."""

    def get(self, key: str) -> str:
        number = request.args.get("version", type=int)
        definition = definitions.version(self.session, definitions.PROCESS, key, number=number)
        standing = cockpit.standing(self.session, self.actor, definition.id)
        process = definitions.process(self.session, definition.id)
        known = [(element, standing[element.id]) for element in process.elements.values() if element.id in standing]
        return self.show(
            "cockpit/version.html",
            definition=definition,
            versions=definitions.versions(self.session, definitions.PROCESS, key),
            rows=known,
        )


class Diagram(CockpitPage):
    """A deployed version as BPMN 2.0 XML; it never changes."""

    def get(self, definition_id: UUID) -> Response:
        require_admin(self.actor)
        response = Response(definitions.one(self.session, definition_id).content, content_type=XML)
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/cockpit", view_func=Overview.as_view("page"))
    blueprint.add_url_rule("/cockpit/processes/<key>", view_func=Version.as_view("version"))
    blueprint.add_url_rule("/cockpit/diagrams/<uuid:definition_id>", view_func=Diagram.as_view("diagram"))
