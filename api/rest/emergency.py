"""Cases opened in an emergency, for other systems; what is opened is read at the addresses of cases."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.emergency import EmergencyLookListSchema, EmergencyLookSchema, OpeningSchema
from engine.cases.models import EmergencyLook
from engine.casework import emergency

blueprint = Blueprint("Emergency", __name__, description="Cases that are not yours, opened in an emergency for a day.")


@blueprint.route("/emergency-looks")
class EmergencyLooks(Resource):
    """Who opened what."""

    @refuses(emergency.EmergencyForOthers)
    @blueprint.response(200, EmergencyLookListSchema)
    def get(self) -> dict[str, Any]:
        """Your emergency looks, and for county officers everybody's, newest first."""
        found, names = emergency.looks(self.session, self.actor)
        return {"items": found, "names": names}

    @refuses(
        emergency.EmergencyForOthers, emergency.EmergencyReasonMissing, emergency.NotToBeOpened, emergency.SeenAnyway
    )
    @blueprint.arguments(OpeningSchema)
    @blueprint.response(201, EmergencyLookSchema)
    def post(self, body: dict[str, Any]) -> EmergencyLook:
        """Open a case by its number for 24 hours, to be read; its people and the county centre are told at once."""
        return emergency.open_case(self.session, self.actor, body["number"], body["reason"])


@blueprint.route("/emergency-looks/<uuid:look_id>")
class OneEmergencyLook(Resource):
    """One of them."""

    @refuses(emergency.LookUnknown)
    @blueprint.response(200, EmergencyLookSchema)
    def delete(self, look_id: UUID) -> EmergencyLook:
        """End it now; the record of it stays."""
        return emergency.end(self.session, self.actor, look_id)
