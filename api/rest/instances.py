"""Process instances: where a case's processes are, for systems that follow or watch them."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import CASE, Blueprint, refuses
from api.rest.schemas.processes import InstanceListSchema, InstanceQuerySchema, InstanceSchema
from api.rest.tasks import TAGGED, Tagged, tag
from engine import casework
from engine.workflow.errors import InstanceUnknown

blueprint = Blueprint("Instances", __name__, description="The runs of processes: their state and their tokens.")


@blueprint.route("/instances")
class Instances(Resource):
    """The instances of a case."""

    @refuses(*CASE)
    @blueprint.arguments(InstanceQuerySchema, location="query")
    @blueprint.response(200, InstanceListSchema)
    def get(self, query: dict[str, UUID]) -> dict[str, Any]:
        """The process instances of a case, oldest first, with the tokens of each."""
        return {"items": casework.instances_of_case(self.session, self.actor, query["case"])}


@blueprint.route("/instances/<uuid:instance_id>")
class OneInstance(Resource):
    """One instance."""

    @refuses(InstanceUnknown)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def get(self, instance_id: UUID) -> Tagged:
        """A process instance with its tokens and the steps that failed.

        You see those of the cases that you see; one that belongs to no case is for administrators.
        """
        found = casework.one_instance(self.session, self.actor, instance_id)
        return found, 200, tag(found.instance)
