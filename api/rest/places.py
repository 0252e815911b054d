"""Which towns and villages there are and where they lie, for other systems."""

from typing import Any

from api.posters import report_address
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.places import (
    DivisionPositionListSchema,
    DivisionsChangedSchema,
    GivenDivisionListSchema,
    PlacedDivisionListSchema,
    PlacesChangedSchema,
    PlacesQuerySchema,
    PosterSchema,
)
from engine import casework
from engine.casework import posters
from engine.casework.errors import AdministratorsOnly
from engine.errors import Forbidden
from engine.territory.divisions import DivisionsUnfit
from engine.territory.positions import PositionUnfit
from engine.territory.queries import DivisionUnknown

blueprint = Blueprint("Places", __name__, description="Towns and villages, and where they lie. For administrators.")


@blueprint.route("/places")
class Places(Resource):
    """Positions of divisions."""

    @refuses(AdministratorsOnly, DivisionUnknown)
    @blueprint.arguments(PlacesQuerySchema, location="query")
    @blueprint.response(200, PlacedDivisionListSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """A division and those right below it, with where they lie."""
        above, below = casework.places.placed(self.session, self.actor, query["division"])
        return {"items": [above, *below]}

    @refuses(AdministratorsOnly, PositionUnfit)
    @blueprint.arguments(DivisionPositionListSchema)
    @blueprint.response(200, PlacesChangedSchema)
    def put(self, body: dict[str, Any]) -> dict[str, int]:
        """Set where divisions lie, all or none; those not named keep theirs."""
        return {"changed": casework.places.put(self.session, self.actor, body["items"])}

    @refuses(AdministratorsOnly, DivisionsUnfit)
    @blueprint.arguments(GivenDivisionListSchema)
    @blueprint.response(200, DivisionsChangedSchema)
    def post(self, body: dict[str, Any]) -> dict[str, int]:
        """Add divisions and rename, bound or end known ones within yours, all or none; nothing is moved or deleted."""
        added, renamed = casework.places.add(self.session, self.actor, body["items"])
        return {"added": added, "renamed": renamed}


@blueprint.route("/places/<code>/poster")
class Poster(Resource):
    """What stands in the code of a place's poster."""

    @refuses(DivisionUnknown, Forbidden)
    @blueprint.response(200, PosterSchema)
    def get(self, code: str) -> dict[str, str]:
        """The address of the public report with the place filled in, for a QR code; nothing personal is in it."""
        found = posters.place(self.session, self.actor, code)
        return {"code": found.code, "address": report_address(found)}
