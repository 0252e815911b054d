"""Reports from other systems, and following one with its tracking code."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from flask import url_for

from api import i18n, words
from api.guessing import Proven
from api.idempotency import idempotent
from api.resource import Resource
from api.rest.refusals import CASE, KEYED, Blueprint, refuses
from api.rest.schemas.mediators import BookedSchema
from api.rest.schemas.reports import (
    FollowedSchema,
    FollowSchema,
    MessagesSchema,
    ProvenAnswersSchema,
    ProvenTimeSchema,
    ProvenVisitSchema,
    ReportedListSchema,
    ReportedSchema,
)
from api.rest.schemas.shared import AnswersSchema, KeyHeaderSchema
from api.uploads import owner
from engine import casework
from engine.casework import reporters, reporting
from engine.casework.errors import AnswersInvalid
from engine.casework.reporters import NotNow
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.errors import Forbidden
from engine.notifications.commands import AddressUnfit, PhoneNeeded
from engine.people.attempts import TooManyAttempts
from engine.supermarket import queue
from engine.supermarket.conflicts import ConflictOfInterest

blueprint = Blueprint("Reports", __name__, description="Report a dispute, a danger or a suggestion; follow a report.")
PROVEN = (*CASE, TooManyAttempts)
LOCATED = {"Location": {"description": "The address of the case", "schema": {"type": "string"}}}


@blueprint.route("/reports")
class Reports(Resource):
    """Reports."""

    public = True

    @idempotent
    @refuses(AnswersInvalid, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(AnswersSchema)
    @blueprint.response(201, ReportedSchema, headers=LOCATED)
    @blueprint.doc(security=[{}, {"token": []}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Report something: the answers of the form f-report.

        What, where and how urgent are needed. The tracking code is given here and nowhere else; with it (and the
        reporter's phone, if one was left) anybody can follow the report.
        """
        made = casework.report(self.session, self.actor, body["answers"], owner=owner(self.actor))
        answer = {"id": made.case.id, "number": made.case.number, "tracking_code": made.tracking_code}
        return answer, 201, {"Location": url_for("Cases.OneCase", case_id=made.case.id)}


@blueprint.route("/reports/several")
class SeveralReports(Resource):
    """Several reports at once."""

    @idempotent
    @refuses(Forbidden, AnswersInvalid, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(AnswersSchema)
    @blueprint.response(201, ReportedListSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Report several matters, all or none: the answers of the form f-reports."""
        made = reporting.report_several(self.session, self.actor, body["answers"], owner=owner(self.actor))
        return {
            "items": [
                {"id": one.case.id, "number": one.case.number, "tracking_code": one.tracking_code} for one in made
            ]
        }


@blueprint.route("/reports/follow")
class Follow(Proven, Resource):
    """Following; code and phone travel in the body, so that no address or log holds them."""

    public = True

    @refuses(*PROVEN)
    @blueprint.arguments(FollowSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, str]) -> dict[str, Any]:
        """Where a report stands, and what can be done, for whoever has its tracking code and phone."""
        return _standing(self, body)


class _Act(Proven, Resource):
    """Something that whoever reported can do: the answers of its form, with code and phone."""

    public = True

    def do(self, command: Callable[..., object], body: dict[str, Any], **more: Any) -> dict[str, Any]:
        command(self.session, body["tracking_code"], body["phone"], body["answers"], **more)
        return _standing(self, body)


@blueprint.route("/reports/additions")
class Additions(_Act):
    """Adding."""

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, AnswersInvalid)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenAnswersSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Add words and photos to an open report: the answers of the form f-addition."""
        return self.do(reporters.add, body, owner=owner(self.actor))


@blueprint.route("/reports/mediator")
class Mediator(_Act):
    """Choosing."""

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, AnswersInvalid, ConflictOfInterest)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenAnswersSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Say whom you want as mediator, while that is being decided: the answers of the form f-chosen."""
        return self.do(reporters.choose, body)


@blueprint.route("/reports/rating")
class Rating(_Act):
    """Rating."""

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, AnswersInvalid)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenAnswersSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Say once, after the closing, whether it helped: the answers of the form f-rating."""
        return self.do(reporters.rate, body)


@blueprint.route("/reports/withdrawal")
class Withdrawal(_Act):
    """Withdrawing."""

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, AnswersInvalid)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenAnswersSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Withdraw a report: the answers of the form f-withdrawal. A party's word ends the mediation."""
        return self.do(reporters.withdraw, body)


@blueprint.route("/reports/visits")
class CaseVisits(Proven, Resource):
    """Visits for a case."""

    public = True

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, queue.BodyUnknown, queue.NameMissing, *queue.TIMES)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenVisitSchema)
    @blueprint.response(201, BookedSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Take a number for today, or agree a time, for a case; the code cancels it."""
        visit, code = reporters.book(
            self.session, body["tracking_code"], body["phone"], body["body_id"], name=body["name"], day=body["day"],
            slot=body["slot"],
        )  # fmt: skip
        return {"visit": visit, "code": code}


@blueprint.route("/reports/visits/<uuid:visit_id>/time")
class CaseVisitTime(Proven, Resource):
    """The time of a visit for a case."""

    public = True

    @refuses(*PROVEN, queue.BodyUnknown, queue.VisitMoved, *queue.TIMES)
    @blueprint.arguments(ProvenTimeSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, Any], visit_id: UUID) -> dict[str, Any]:
        """Come at another time."""
        reporters.move_visit(
            self.session, body["tracking_code"], body["phone"], visit_id, day=body["day"], slot=body["slot"]
        )
        return _standing(self, body)


@blueprint.route("/reports/visits/<uuid:visit_id>/cancel")
class CaseVisitCancelled(Proven, Resource):
    """Cancelling a visit for a case."""

    public = True

    @refuses(*PROVEN, queue.BodyUnknown, queue.VisitMoved)
    @blueprint.arguments(FollowSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, Any], visit_id: UUID) -> dict[str, Any]:
        """Not come."""
        reporters.cancel_visit(self.session, body["tracking_code"], body["phone"], visit_id)
        return _standing(self, body)


@blueprint.route("/reports/messages")
class Messages(Proven, Resource):
    """Messages."""

    public = True

    @refuses(*PROVEN, PhoneNeeded, AddressUnfit)
    @blueprint.arguments(MessagesSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Agree to be told by message when something changes, or take that back."""
        reporters.messages(
            self.session, body["tracking_code"], body["phone"], wanted=body["wanted"], to=body["to"],
            locale=i18n.locale(),
        )  # fmt: skip
        return _standing(self, body)


def _standing(resource: Resource, body: dict[str, str]) -> dict[str, Any]:
    found = reporters.follow(resource.session, body["tracking_code"], body["phone"])
    case = found.case
    return {
        "number": case.number, "stage": case.stage, "level": case.level, "reported_at": case.reported_at,
        "due_on": case.due_on, "closed_at": case.closed_at, "outcome": case.outcome, "may": sorted(found.may),
        "told": found.told, "now": words.stands(case), "following": words.follows(case, found.may),
        "call": found.unit.phone if found.unit else "", "visits": found.visits,
        "rights": rights(found.rights),
    }  # fmt: skip


def rights(found: Iterable[tuple[Deadline, CatalogueEntry]]) -> list[dict[str, Any]]:
    """What the parties may still do by law, and until when."""
    return [
        {"key": one.key, "name": entry.name, "name_en": entry.name_en, "law": entry.law, "until": one.displayed_on}
        for one, entry in found
    ]
