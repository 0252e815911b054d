"""How processes go: figures by step, and the event log for process mining."""

from typing import Any

from flask import Response

from api import resource
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.insight import InsightQuerySchema, InsightSchema
from engine.casework import process_insight
from engine.casework.errors import AdministratorsOnly
from engine.workflow.errors import DefinitionUnknown

blueprint = Blueprint("Insight", __name__, description="How processes go: where cases wait and loop, and their logs.")


@blueprint.route("/processes/<key>/insight")
class Insight(Resource):
    """Figures by step."""

    @refuses(AdministratorsOnly, DefinitionUnknown)
    @blueprint.arguments(InsightQuerySchema, location="query")
    @blueprint.response(200, InsightSchema)
    def get(self, query: dict[str, Any], key: str) -> process_insight.Insight:
        """How instances went that began in a window: visits, times, loops, flows, ways, deadlines kept.

        For administrators. Sealed cases are left out.
        """
        return process_insight.insight(self.session, self.actor, key, **query)


@blueprint.route("/processes/<key>/log.csv")
class CsvLog(Resource):
    """As CSV."""

    @refuses(AdministratorsOnly, DefinitionUnknown)
    @blueprint.arguments(InsightQuerySchema, location="query")
    @blueprint.response(200, {"type": "string"}, content_type="text/csv")
    def get(self, query: dict[str, Any], key: str) -> Response:
        """The event log of the same instances as CSV (docs/cockpit.md). For administrators."""
        write = process_insight.export(self.session, self.actor, key, "csv", **query)
        return Response(resource.streamed(write), content_type="text/csv; charset=utf-8")


@blueprint.route("/processes/<key>/log.xes")
class XesLog(Resource):
    """As XES."""

    @refuses(AdministratorsOnly, DefinitionUnknown)
    @blueprint.arguments(InsightQuerySchema, location="query")
    @blueprint.response(200, {"type": "string"}, content_type="application/xml")
    def get(self, query: dict[str, Any], key: str) -> Response:
        """The same as XES (IEEE 1849), a trace an instance. For administrators."""
        write = process_insight.export(self.session, self.actor, key, "xes", **query)
        return Response(resource.streamed(write), content_type="application/xml")
