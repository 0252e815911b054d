"""The mediation supermarket for other systems: bodies and mediators, visits, the queue."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.mediators import (
    BookedSchema,
    BookingSchema,
    DirectorySchema,
    PutOffSchema,
    QueueSchema,
    VisitSchema,
    VisitStateSchema,
)
from engine import clock
from engine.casework import visits
from engine.errors import Forbidden
from engine.supermarket import directory, queue
from engine.supermarket.models import Visit

blueprint = Blueprint("Mediators", __name__, description="Who mediates in the county, and visits to them.")


@blueprint.route("/mediators")
class Directory(Resource):
    """The directory."""

    public = True

    @blueprint.response(200, DirectorySchema)
    @blueprint.doc(security=[{}])
    def get(self) -> dict[str, Any]:
        """Bodies with type, legal basis and fee; mediators with what they know, speak, and have to do."""
        return {"bodies": directory.bodies(self.session), "mediators": directory.mediators(self.session)}


@blueprint.route("/bodies/<uuid:unit_id>/visits")
class Visits(Resource):
    """Visits."""

    public = True

    @refuses(queue.BodyUnknown, queue.NameMissing, queue.SlotUnfit, queue.SlotFull)
    @blueprint.arguments(BookingSchema)
    @blueprint.response(201, BookedSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """Take a number for today, or agree a time; the code cancels it."""
        visit, code = queue.book(self.session, unit_id, **body)
        return {"visit": visit, "code": code}


@blueprint.route("/queue")
class Queue(Resource):
    """The queue of today."""

    @blueprint.response(200, QueueSchema)
    def get(self) -> dict[str, Any]:
        """Today's visits to the bodies that you work for."""
        rows = queue.of_day(self.session, self.actor, clock.today())
        return {"items": [visit for visit, _ in rows]}


@blueprint.route("/queue/<uuid:visit_id>")
class OneVisit(Resource):
    """One visit."""

    @refuses(Forbidden, queue.BodyUnknown, queue.VisitMoved)
    @blueprint.arguments(VisitStateSchema)
    @blueprint.response(200, VisitSchema)
    def post(self, body: dict[str, Any], visit_id: UUID) -> Visit:
        """Call, serve or miss a visit."""
        return queue.move(self.session, self.actor, visit_id, body["state"])


@blueprint.route("/queue/<uuid:visit_id>/time")
class VisitTime(Resource):
    """The time of a visit."""

    @refuses(Forbidden, queue.BodyUnknown, queue.VisitMoved, queue.SlotUnfit, queue.SlotFull, queue.MoveReasonMissing)
    @blueprint.arguments(PutOffSchema)
    @blueprint.response(200, VisitSchema)
    def put(self, body: dict[str, Any], visit_id: UUID) -> Visit:
        """Move a visit to another time and say why; whoever comes can read it."""
        return visits.put_off(self.session, self.actor, visit_id, **body)
