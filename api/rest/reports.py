"""Reports from other systems, and following one with its tracking code."""

from typing import Any

from flask import url_for

from api.idempotency import idempotent
from api.resource import Resource
from api.rest.refusals import CASE, KEYED, Blueprint, refuses
from api.rest.schemas.reports import FollowedSchema, FollowSchema, ReportedSchema
from api.rest.schemas.shared import AnswersSchema, KeyHeaderSchema
from api.uploads import owner
from engine import casework
from engine.cases.models import Case
from engine.casework.errors import AnswersInvalid

blueprint = Blueprint("Reports", __name__, description="Report a dispute, a danger or a suggestion; follow a report.")
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


@blueprint.route("/reports/follow")
class Follow(Resource):
    """Following; code and phone travel in the body, so that no address or log holds them."""

    public = True

    @refuses(*CASE)
    @blueprint.arguments(FollowSchema)
    @blueprint.response(200, FollowedSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, str]) -> Case:
        """Where a report stands, for whoever has its tracking code and phone."""
        return casework.follow(self.session, body["tracking_code"], body["phone"]).case
