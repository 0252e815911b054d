"""A grid worker's own reports, likely duplicates, rounds."""

from typing import Any
from uuid import UUID

from api.idempotency import idempotent
from api.resource import Resource
from api.rest.refusals import CASE, KEYED, Blueprint, refuses
from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.rounds import (
    AlikeListSchema,
    JoinSchema,
    LookSchema,
    OwnReportsSchema,
    RoundListSchema,
    WentSchema,
)
from api.rest.schemas.shared import KeyHeaderSchema
from api.uploads import owner
from engine.cases import rounds
from engine.cases.commands import CaseClosed
from engine.cases.models import Case
from engine.cases.rounds import NoGridWorker
from engine.casework import duplicates
from engine.casework.errors import AnswersInvalid
from engine.ledger import queries as ledger

blueprint = Blueprint("Grid", __name__, description="What grid workers do on their rounds.")


@blueprint.route("/reports/mine")
class Mine(Resource):
    """One's own reports."""

    @blueprint.response(200, OwnReportsSchema)
    def get(self) -> dict[str, Any]:
        """What you have reported yourself, and where it stands, newest first."""
        return {"items": ledger.reported_by(self.session, self.actor)}


@blueprint.route("/reports/similar")
class Alike(Resource):
    """Likely duplicates."""

    @blueprint.arguments(LookSchema)
    @blueprint.response(200, AlikeListSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Open cases that you may see and that may be the same matter; nothing is changed."""
        return {"items": duplicates.similar(self.session, self.actor, body["what"], body["where"])}


@blueprint.route("/cases/<uuid:case_id>/joins")
class Joins(Resource):
    """Joining."""

    @idempotent
    @refuses(*CASE, *KEYED, CaseClosed, AnswersInvalid)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(JoinSchema)
    @blueprint.response(200, CaseSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], case_id: UUID) -> Case:
        """It is the same: put a report (answers of f-report) onto the file of an open case; its people are told."""
        return duplicates.join(self.session, self.actor, case_id, body["answers"], owner=owner(self.actor))


@blueprint.route("/rounds")
class Rounds(Resource):
    """Patrols on which nothing was found."""

    @blueprint.response(200, RoundListSchema)
    def get(self) -> dict[str, Any]:
        """Your own rounds of the last thirty days; nobody else sees them."""
        return {"items": rounds.mine(self.session, self.actor)}

    @refuses(NoGridWorker)
    @blueprint.arguments(WentSchema)
    @blueprint.response(204)
    def post(self, body: dict[str, Any]) -> None:
        """Note a patrol on which nothing was found, if you want it noted."""
        rounds.went(self.session, self.actor, body["key"], body["at"])
