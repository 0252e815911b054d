"""Two versions of a process side by side."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.comparison import DifferenceListSchema, DifferenceQuerySchema, DraftSchema
from engine.casework import comparison
from engine.casework.comparison import NotTheSameProcess
from engine.casework.errors import AdministratorsOnly
from engine.workflow.errors import DefinitionUnknown, DeploymentRefused

blueprint = Blueprint("Comparison", __name__, description="What differs between two versions of a process.")


@blueprint.route("/definitions/<uuid:definition_id>/differences")
class Differences(Resource):
    """What differs."""

    @refuses(AdministratorsOnly, DefinitionUnknown, NotTheSameProcess)
    @blueprint.arguments(DifferenceQuerySchema, location="query")
    @blueprint.response(200, DifferenceListSchema)
    def get(self, query: dict[str, Any], definition_id: UUID) -> dict[str, Any]:
        """What was added, removed, changed and moved from one version to another. For administrators."""
        found = comparison.compare(self.session, self.actor, definition_id, query["to"])
        return {"items": found.differences}

    @refuses(AdministratorsOnly, DefinitionUnknown, NotTheSameProcess, DeploymentRefused)
    @blueprint.arguments(DraftSchema)
    @blueprint.response(200, DifferenceListSchema)
    def post(self, body: dict[str, Any], definition_id: UUID) -> dict[str, Any]:
        """The same from a version to a diagram that is not deployed. Nothing is stored. For administrators."""
        found = comparison.compare_file(self.session, self.actor, definition_id, body["content"].encode())
        return {"items": found.differences}
