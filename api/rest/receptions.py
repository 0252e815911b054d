"""Leaders' receptions for other systems."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import CASE, Blueprint, refuses
from api.rest.schemas.receptions import (
    BookedCaseSchema,
    CaseNumberSchema,
    MovedCaseSchema,
    ReceptionListSchema,
    ReceptionSlotSchema,
)
from engine.cases.blocklist import WordsBlocked
from engine.cases.commands import CaseClosed
from engine.cases.models import ReceptionBooking, ReceptionSlot
from engine.casework import receptions
from engine.casework.reception_places import SlotTaken, SlotUnknown
from engine.errors import Forbidden
from engine.supermarket.queue import MoveReasonMissing

blueprint = Blueprint("Receptions", __name__, description="Leaders' receptions (Petition Regulation, §18).")


@blueprint.route("/receptions")
class Receptions(Resource):
    """The receptions to come."""

    @refuses(Forbidden)
    @blueprint.response(200, ReceptionListSchema)
    def get(self) -> dict[str, Any]:
        """Times with their leader, place, capacity, and the cases of them that you may see."""
        return {"items": receptions.coming(self.session, self.actor)}

    @refuses(Forbidden, receptions.SlotUnfit)
    @blueprint.arguments(ReceptionSlotSchema)
    @blueprint.response(201, ReceptionSlotSchema)
    def post(self, body: dict[str, Any]) -> ReceptionSlot:
        """Open a time of a leader."""
        return receptions.open_slot(self.session, self.actor, **body)


@blueprint.route("/receptions/<uuid:slot_id>/cases")
class Booking(Resource):
    """The cases of a reception."""

    @refuses(*CASE, Forbidden, CaseClosed, SlotUnknown, SlotTaken)
    @blueprint.arguments(CaseNumberSchema)
    @blueprint.response(201, BookedCaseSchema)
    def post(self, body: dict[str, Any], slot_id: UUID) -> ReceptionBooking:
        """Book a case into it; the leader is told."""
        return receptions.book(self.session, self.actor, slot_id, body["number"])


@blueprint.route("/receptions/bookings/<uuid:booking_id>")
class OneBooking(Resource):
    """One booking."""

    @refuses(*CASE, Forbidden, SlotUnknown, SlotTaken, MoveReasonMissing, receptions.ReceptionArranged, WordsBlocked)
    @blueprint.arguments(MovedCaseSchema)
    @blueprint.response(200, BookedCaseSchema)
    def put(self, body: dict[str, Any], booking_id: UUID) -> ReceptionBooking:
        """Move the case to another reception and say why; leaders and reporter are told."""
        return receptions.move(self.session, self.actor, booking_id, body["slot_id"], body["reason"])

    @refuses(*CASE, Forbidden, SlotUnknown)
    @blueprint.response(200, BookedCaseSchema)
    def delete(self, booking_id: UUID) -> ReceptionBooking:
        """Take the case out again."""
        return receptions.cancel(self.session, self.actor, booking_id)
