"""The registers of the villages for other systems: households, a campaign's visits to them, camera points."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext

from api.resource import Resource
from api.rest.refusals import CASE, Blueprint, refuses
from api.rest.schemas.registers import (
    CallGivenSchema,
    CallListSchema,
    CallSchema,
    CameraListSchema,
    CameraSchema,
    ChecklistSchema,
    HouseholdListSchema,
    HouseholdSchema,
    HouseholdVisitSchema,
    PartnerListSchema,
    PartnerSchema,
)
from engine.cases.blocklist import WordsBlocked
from engine.cases.commands import CaseClosed
from engine.casework import call_export
from engine.errors import Forbidden
from engine.registers import calls, cameras, households, partners, visits
from engine.registers.cameras import CameraPoint, CameraUnfit, CameraUnknown
from engine.registers.households import HouseholdUnfit, HouseholdUnknown
from engine.registers.models import Household
from engine.registers.partners import Partner, PartnerUnfit, PartnerUnknown
from engine.territory.queries import DivisionUnknown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
blueprint = Blueprint(
    "Registers", __name__, description="Registers that villages and towns keep: households, camera points, calls."
)  # fmt: skip


@blueprint.route("/households")
class Households(Resource):
    """The register of households."""

    @refuses(Forbidden)
    @blueprint.response(200, HouseholdListSchema)
    def get(self) -> dict[str, Any]:
        """The households of your divisions."""
        return {"items": households.register(self.session, self.actor)}

    @refuses(Forbidden, HouseholdUnfit)
    @blueprint.arguments(HouseholdListSchema)
    @blueprint.response(201, HouseholdListSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Enter households, all or none: nothing about the people but how many they are at most."""
        return {"items": households.put(self.session, self.actor, body["items"])}


@blueprint.route("/households.csv")
class HouseholdsExport(Resource):
    """The register as a file."""

    @refuses(Forbidden)
    @blueprint.response(200, {"type": "string"}, content_type="text/csv")
    def get(self) -> Response:
        """The register as CSV, without people to ask; every export is recorded."""
        content = households.export(self.session, self.actor)
        return Response(content, content_type="text/csv; charset=utf-8")


@blueprint.route("/households/<uuid:household_id>")
class OneHousehold(Resource):
    """A household."""

    @refuses(Forbidden, HouseholdUnknown, HouseholdUnfit)
    @blueprint.arguments(HouseholdSchema)
    @blueprint.response(200, HouseholdSchema)
    def put(self, body: dict[str, Any], household_id: UUID) -> Household:
        """Write its entry anew."""
        return households.put(self.session, self.actor, [body], change=household_id)[0]

    @refuses(HouseholdUnknown)
    @blueprint.response(204)
    def delete(self, household_id: UUID) -> None:
        """Take it off the register."""
        households.remove(self.session, self.actor, household_id)


@blueprint.route("/campaigns/<uuid:case_id>/households")
class Visits(Resource):
    """The households that a campaign visits."""

    @refuses(*CASE)
    @blueprint.response(200, ChecklistSchema)
    def get(self, case_id: UUID) -> visits.Checklist:
        """What each visit in your divisions came to, and how many of each there are; after its end the counts alone."""
        return visits.checklist(self.session, self.actor, case_id)


@blueprint.route("/campaigns/<uuid:case_id>/households/<uuid:household_id>")
class OneVisit(Resource):
    """A visit."""

    @refuses(*CASE, CaseClosed, HouseholdUnknown, visits.VisitUnfit)
    @blueprint.arguments(HouseholdVisitSchema)
    @blueprint.response(204)
    def put(self, body: dict[str, Any], case_id: UUID, household_id: UUID) -> None:
        """Say what it came to, or take that back."""
        visits.mark(self.session, self.actor, case_id, household_id, body["state"])


@blueprint.route("/calls")
class Calls(Resource):
    """Calls that became no case."""

    @refuses(Forbidden)
    @blueprint.response(200, CallListSchema)
    def get(self) -> dict[str, Any]:
        """The log of your centre, newest first. Nobody who called is in it."""
        return {"items": calls.log(self.session, self.actor)}

    @refuses(Forbidden, calls.MoneySent, calls.CallUnfit)
    @blueprint.arguments(CallGivenSchema)
    @blueprint.response(201, CallSchema)
    def post(self, body: dict[str, Any]) -> calls.Call:
        """Enter a call; one about money that was sent is refused: 110 and 96110 first, then a report of fraud."""
        return calls.enter(self.session, self.actor, {**body, "transferred": "yes" if body["transferred"] else "no"})


@blueprint.route("/calls.xlsx")
class CallsExport(Resource):
    """The log as a workbook."""

    @refuses(Forbidden)
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
    def get(self) -> Response:
        """The same as a workbook; every export is recorded."""
        headers = {"Content-Disposition": 'attachment; filename="hejie-calls.xlsx"'}
        return Response(call_export.workbook(self.session, self.actor, gettext), content_type=XLSX, headers=headers)


@blueprint.route("/cameras")
class Cameras(Resource):
    """Camera points."""

    @refuses(Forbidden)
    @blueprint.response(200, CameraListSchema)
    def get(self) -> dict[str, Any]:
        """The camera points of your divisions: where they stand and whose they are. No picture comes from them."""
        return {"items": cameras.points(self.session, self.actor)}

    @refuses(Forbidden, CameraUnfit, DivisionUnknown)
    @blueprint.arguments(CameraSchema)
    @blueprint.response(201, CameraSchema)
    def post(self, body: dict[str, Any]) -> CameraPoint:
        """Put one on the list."""
        return cameras.enter(self.session, self.actor, body)


@blueprint.route("/cameras/<uuid:camera_id>")
class OneCamera(Resource):
    """A camera point."""

    @refuses(CameraUnknown)
    @blueprint.response(204)
    def delete(self, camera_id: UUID) -> None:
        """It is there no more."""
        cameras.end(self.session, self.actor, camera_id)


@blueprint.route("/partners")
class Partners(Resource):
    """Whom grids and villages can ask for help (网格员+N)."""

    @refuses(Forbidden)
    @blueprint.response(200, PartnerListSchema)
    def get(self) -> dict[str, Any]:
        """The partners of your divisions. Standing here gives nobody sight of a case."""
        return {"items": partners.listed(self.session, self.actor)}

    @refuses(Forbidden, PartnerUnfit, WordsBlocked)
    @blueprint.arguments(PartnerSchema)
    @blueprint.response(201, PartnerSchema)
    def post(self, body: dict[str, Any]) -> Partner:
        """Put somebody on the list."""
        return partners.enter(self.session, self.actor, body)


@blueprint.route("/partners/<uuid:partner_id>")
class OnePartner(Resource):
    """A partner."""

    @refuses(PartnerUnknown)
    @blueprint.response(204)
    def delete(self, partner_id: UUID) -> None:
        """Take them off; name and telephone are deleted."""
        partners.remove(self.session, self.actor, partner_id)
