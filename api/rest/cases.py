"""Cases: what is known, what happened, the file, where they stand; danger and withdrawal."""

from typing import Any
from uuid import UUID

from api import i18n
from api.idempotency import idempotent
from api.resource import Resource
from api.rest.refusals import CASE, KEYED, Blueprint, refuses
from api.rest.schemas.cases import (
    CaseDeadlinesSchema,
    CaseSchema,
    DivisionSchema,
    FiledListSchema,
    HappenedListSchema,
    StandingListSchema,
)
from api.rest.schemas.shared import AnswersSchema, KeyHeaderSchema
from api.rest.tasks import TAGGED, Tagged, tag
from engine import casework
from engine.cases import queries as cases
from engine.cases.commands import CaseClosed
from engine.cases.models import Case
from engine.cases.permissions import NotForYourRole
from engine.casework.coming import coming
from engine.casework.errors import AnswersInvalid, NotInMediation
from engine.deadlines import queries as deadlines
from engine.territory.queries import DivisionUnknown

blueprint = Blueprint("Cases", __name__, description="Cases that you may see, and what can happen to them any time.")


@blueprint.route("/cases/<uuid:case_id>")
class OneCase(Resource):
    """One case."""

    @refuses(*CASE)
    @blueprint.response(200, CaseSchema, headers=TAGGED)
    def get(self, case_id: UUID) -> Tagged:
        """A case; a look into a sealed one, or in an emergency, is recorded."""
        case, _ = cases.readable(self.session, self.actor, case_id)
        return case, 200, tag(case)


@blueprint.route("/cases/<uuid:case_id>/timeline")
class Timeline(Resource):
    """What happened."""

    @refuses(*CASE)
    @blueprint.response(200, HappenedListSchema)
    def get(self, case_id: UUID) -> dict[str, Any]:
        """Every event of a case, oldest first, with the hash that chains it to the one before."""
        case, _ = cases.readable(self.session, self.actor, case_id)
        return {"items": casework.timeline(self.session, case).events}


@blueprint.route("/cases/<uuid:case_id>/file")
class CaseFile(Resource):
    """The file."""

    @refuses(*CASE)
    @blueprint.response(200, FiledListSchema)
    def get(self, case_id: UUID) -> dict[str, Any]:
        """The completed forms of a case, oldest first, with the numbers of the documents made of them."""
        page = casework.case_page(self.session, self.actor, case_id)
        numbers = {one.submission_id: one.number for one in page.documents}
        return {
            "items": [
                {
                    "submission": filed,
                    "title": filed.form.title(i18n.reader()),
                    "document": numbers.get(filed.submission.id),
                }
                for filed in page.file
            ]
        }


@blueprint.route("/cases/<uuid:case_id>/standing")
class Standing(Resource):
    """Where it stands."""

    @refuses(*CASE)
    @blueprint.response(200, StandingListSchema)
    def get(self, case_id: UUID) -> dict[str, Any]:
        """The processes of a case, and each step that was reached: how often done, how many tokens wait there now."""
        return {"items": casework.where_it_stands(self.session, self.actor, case_id)}


@blueprint.route("/cases/<uuid:case_id>/deadlines")
class Deadlines(Resource):
    """Its deadlines."""

    @refuses(*CASE)
    @blueprint.response(200, CaseDeadlinesSchema)
    def get(self, case_id: UUID) -> dict[str, Any]:
        """What runs, stands still and ended in a case, by the day it is due, and what may still begin."""
        standing = casework.where_it_stands(self.session, self.actor, case_id)
        begun = deadlines.of_case(self.session, case_id)
        return {"items": begun, "coming": coming(self.session, standing, begun)}


@blueprint.route("/cases/<uuid:case_id>/danger")
class Danger(Resource):
    """Danger."""

    @idempotent
    @refuses(*CASE, CaseClosed, AnswersInvalid, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(AnswersSchema)
    @blueprint.response(200, CaseSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], case_id: UUID) -> Case:
        """Somebody is in danger (People's Mediation Law §25): mediation pauses, the police get the case.

        The answers are those of the form f-danger.
        """
        return casework.raise_danger(self.session, self.actor, case_id, body["answers"])


@blueprint.route("/cases/<uuid:case_id>/division")
class Place(Resource):
    """Where it happened."""

    @refuses(*CASE, NotForYourRole, CaseClosed, DivisionUnknown)
    @blueprint.arguments(DivisionSchema)
    @blueprint.response(200, CaseSchema)
    def put(self, body: dict[str, Any], case_id: UUID) -> Case:
        """Say in which town or village a case really happened; its open tasks go to the people there."""
        case = casework.locate(self.session, self.actor, case_id, body["division"])
        self.session.flush()  # the version goes up where the row is written
        return case


@blueprint.route("/cases/<uuid:case_id>/withdrawal")
class Withdrawal(Resource):
    """Leaving."""

    @idempotent
    @refuses(*CASE, NotForYourRole, NotInMediation, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.response(200, CaseSchema)
    def post(self, headers: dict[str, Any], case_id: UUID) -> Case:
        """A party leaves the mediation (People's Mediation Law §23): it ends, and the other routes are told."""
        return casework.withdraw(self.session, self.actor, case_id)
