"""The processes that are deployed, and their diagrams."""

from typing import Any

from flask import Response

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.processes import ProcessListSchema
from engine.errors import NotFound
from engine.workflow import definitions
from engine.workflow.errors import DefinitionUnknown

XML = "application/xml"
blueprint = Blueprint("Processes", __name__, description="What runs: the processes and their diagrams.")


@blueprint.route("/processes")
class Processes(Resource):
    """The newest version of each process."""

    @blueprint.response(200, ProcessListSchema)
    def get(self) -> dict[str, Any]:
        """The newest version of each process."""
        return {"items": definitions.all_newest(self.session, definitions.PROCESS)}


@blueprint.route("/processes/<key>/diagram")
class Diagram(Resource):
    """A diagram."""

    @refuses(DefinitionUnknown, NotFound)
    @blueprint.response(200, {"type": "string"}, content_type=XML)
    def get(self, key: str) -> Response:
        """The newest diagram of a process, as BPMN 2.0 XML."""
        definition = definitions.newest(self.session, definitions.PROCESS, key)
        response = Response(definition.content, content_type=XML)
        response.set_etag(definition.digest.hex())
        response.headers["Cache-Control"] = "private, no-cache"
        return response
