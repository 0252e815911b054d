"""The mediation supermarket for other systems: bodies and mediators, visits, the queue."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.mediators import (
    BookedSchema,
    BookingSchema,
    CalledSchema,
    DayQuerySchema,
    DeclaredSchema,
    DirectoryQuerySchema,
    DirectorySchema,
    PutOffSchema,
    QueueSchema,
    TimesSchema,
    VisitCodeSchema,
    VisitSchema,
    VisitStateSchema,
)
from engine import clock
from engine.cases.blocklist import WordsBlocked
from engine.casework import visits
from engine.errors import Forbidden
from engine.supermarket import conflicts, directory, queue
from engine.supermarket.models import DeclaredRelation, Visit

blueprint = Blueprint("Mediators", __name__, description="Who mediates in the county, and visits to them.")


@blueprint.route("/mediators")
class Directory(Resource):
    """The directory."""

    public = True

    @blueprint.arguments(DirectoryQuerySchema, location="query")
    @blueprint.response(200, DirectorySchema)
    @blueprint.doc(security=[{}])
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Bodies with type, legal basis and fee; mediators with what they know, speak, and have to do."""
        words, start = query["words"], query["start"]
        return {
            "bodies": directory.bodies(self.session, words=words, start=start),
            "mediators": directory.mediators(self.session, **query),
        }


@blueprint.route("/bodies/<uuid:unit_id>/visits")
class Visits(Resource):
    """Visits."""

    public = True

    @refuses(queue.BodyUnknown, queue.NameMissing, queue.MediatorAway, *queue.TIMES)
    @blueprint.arguments(BookingSchema)
    @blueprint.response(201, BookedSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """Take a number for today, or agree a time; the code cancels it."""
        visit, code = queue.book(self.session, unit_id, **body)
        return {"visit": visit, "code": code}


@blueprint.route("/bodies/<uuid:unit_id>/times")
class Times(Resource):
    """Times."""

    public = True

    @refuses(queue.BodyUnknown)
    @blueprint.arguments(DayQuerySchema, location="query")
    @blueprint.response(200, TimesSchema)
    @blueprint.doc(security=[{}])
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """The times of a day that can still be agreed (none on a day off), and the mediators who are there."""
        if directory.body(self.session, unit_id) is None:
            raise queue.BodyUnknown(unit=unit_id)
        day = query["day"] or clock.today()
        mediators = directory.at_work(self.session, unit_id, day)
        return {"day": day, "times": queue.free_slots(self.session, unit_id, day), "mediators": mediators}


@blueprint.route("/bodies/<uuid:unit_id>/called")
class Called(Resource):
    """The screen of a hall."""

    public = True

    @refuses(queue.BodyUnknown)
    @blueprint.response(200, CalledSchema)
    @blueprint.doc(security=[{}])
    def get(self, unit_id: UUID) -> dict[str, Any]:
        """The numbers of today that are called, and those that wait; no names."""
        if directory.body(self.session, unit_id) is None:
            raise queue.BodyUnknown(unit=unit_id)
        called, waiting = queue.called(self.session, unit_id, clock.today())
        return {"called": called, "waiting": waiting}


@blueprint.route("/visits/cancel")
class Cancelling(Resource):
    """Cancelling."""

    public = True

    @refuses(queue.BodyUnknown, queue.VisitMoved)
    @blueprint.arguments(VisitCodeSchema)
    @blueprint.response(200, VisitSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, Any]) -> Visit:
        """Cancel a visit with the code that was given with it."""
        return queue.cancel(self.session, body["code"])


@blueprint.route("/mediators/declared")
class Declared(Resource):
    """Whom a mediator is close to."""

    @blueprint.response(200, DeclaredSchema(many=True))
    def get(self) -> list[DeclaredRelation]:
        """Whom you have declared to be close to; nobody else sees it."""
        return conflicts.declared(self.session, self.actor)

    @refuses(conflicts.DeclarationUnfit, WordsBlocked)
    @blueprint.arguments(DeclaredSchema)
    @blueprint.response(201, DeclaredSchema)
    def post(self, body: dict[str, Any]) -> DeclaredRelation:
        """Declare somebody whom you are close to; it is held against every case of theirs."""
        return conflicts.declare(self.session, self.actor, body["kind"], body["name"], body["phone"])


@blueprint.route("/mediators/declared/<uuid:declared_id>")
class OneDeclared(Resource):
    """A declaration."""

    @refuses(conflicts.DeclarationUnknown)
    @blueprint.response(204)
    def delete(self, declared_id: UUID) -> None:
        """Take back what you have declared."""
        conflicts.undeclare(self.session, self.actor, declared_id)


@blueprint.route("/queue")
class Queue(Resource):
    """The queue of today."""

    @blueprint.arguments(DayQuerySchema, location="query")
    @blueprint.response(200, QueueSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The visits of a day (today) to the bodies that you work for."""
        rows = queue.of_day(self.session, self.actor, query["day"] or clock.today())
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

    @refuses(
        Forbidden,
        queue.BodyUnknown,
        queue.VisitMoved,
        queue.SlotUnfit,
        queue.DayOff,
        queue.SlotFull,
        queue.MoveReasonMissing,
        WordsBlocked,
    )
    @blueprint.arguments(PutOffSchema)
    @blueprint.response(200, VisitSchema)
    def put(self, body: dict[str, Any], visit_id: UUID) -> Visit:
        """Move a visit to another time and say why; whoever comes can read it."""
        return visits.put_off(self.session, self.actor, visit_id, **body)
