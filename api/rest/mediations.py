"""A mediation as one of its parties follows it with a code of their own; making and withdrawing such codes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from api import words
from api.guessing import Proven
from api.idempotency import idempotent
from api.resource import Resource
from api.rest.refusals import CASE, KEYED, Blueprint, refuses
from api.rest.reports import PROVEN, rights
from api.rest.schemas.mediations import MediationSchema, PartyCodeSchema
from api.rest.schemas.reports import FollowSchema, ProvenAnswersSchema
from api.rest.schemas.shared import KeyHeaderSchema
from engine.cases import party_codes
from engine.cases.parties import PartyUnknown
from engine.cases.party_codes import NoPartyCode
from engine.cases.permissions import NotForYourRole
from engine.casework import sides
from engine.casework.errors import AnswersInvalid
from engine.casework.reporters import NotNow
from engine.supermarket.conflicts import ConflictOfInterest

blueprint = Blueprint("Mediations", __name__, description="What a party of a mediation sees and does with their code.")


@blueprint.route("/cases/<uuid:case_id>/parties/<uuid:party_id>/code")
class OneCode(Resource):
    """A party's code."""

    @refuses(*CASE, NotForYourRole, PartyUnknown, NoPartyCode)
    @blueprint.response(201, PartyCodeSchema)
    def post(self, case_id: UUID, party_id: UUID) -> dict[str, str]:
        """Make a party a code to follow the mediation with; it is told here alone, and the one before ends."""
        return {"tracking_code": party_codes.make(self.session, self.actor, case_id, party_id)}

    @refuses(*CASE, NotForYourRole, PartyUnknown)
    @blueprint.response(204)
    def delete(self, case_id: UUID, party_id: UUID) -> None:
        """Withdraw it."""
        party_codes.withdraw(self.session, self.actor, case_id, party_id)


@blueprint.route("/mediations/follow")
class Follow(Proven, Resource):
    """Following; code and phone travel in the body, so that no address or log holds them."""

    public = True

    @refuses(*PROVEN)
    @blueprint.arguments(FollowSchema)
    @blueprint.response(200, MediationSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, str]) -> dict[str, Any]:
        """Where a mediation stands and what can be done, for the party whose code and phone these are."""
        return _standing(self, body)


class _Act(Proven, Resource):
    """Something that a party can do: the answers of its form, with code and phone."""

    public = True

    def do(self, command: Callable[..., object], body: dict[str, Any]) -> dict[str, Any]:
        command(self.session, body["tracking_code"], body["phone"], body["answers"])
        return _standing(self, body)


@blueprint.route("/mediations/mediator")
class Mediator(_Act):
    """Choosing."""

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, AnswersInvalid, ConflictOfInterest)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenAnswersSchema)
    @blueprint.response(200, MediationSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Say whom you want as mediator, while that is being decided: the answers of the form f-chosen."""
        return self.do(sides.choose, body)


@blueprint.route("/mediations/recusal")
class Recusal(_Act):
    """Asking a mediator to stand aside."""

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, AnswersInvalid)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenAnswersSchema)
    @blueprint.response(200, MediationSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Ask that a mediator of yours stand aside, once for each: the answers of the form f-recusal."""
        return self.do(sides.recuse, body)


@blueprint.route("/mediations/rating")
class Rating(_Act):
    """Rating."""

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, AnswersInvalid)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenAnswersSchema)
    @blueprint.response(200, MediationSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Say once, after the closing, whether it helped: the answers of the form f-rating."""
        return self.do(sides.rate, body)


@blueprint.route("/mediations/ending")
class Ending(_Act):
    """Ending the mediation."""

    @idempotent
    @refuses(*PROVEN, *KEYED, NotNow, AnswersInvalid)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(ProvenAnswersSchema)
    @blueprint.response(200, MediationSchema)
    @blueprint.doc(security=[{}])
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Refuse or end the mediation, while there is one: the answers of the form f-mediation-end."""
        return self.do(sides.end, body)


def _standing(resource: Resource, body: dict[str, str]) -> dict[str, Any]:
    found = sides.follow(resource.session, body["tracking_code"], body["phone"])
    case = found.case
    return {
        "number": case.number, "role": found.party.role, "stage": case.stage, "level": case.level,
        "due_on": case.due_on, "closed_at": case.closed_at, "outcome": case.outcome, "may": sorted(found.may),
        "now": words.stands(case), "following": words.follows(case, found.may),
        "call": found.unit.phone if found.unit else "", "mediators": found.mediators, "wanted": found.wanted,
        "sittings": found.sittings, "agreed": found.agreed, "rights": rights(found.rights),
    }  # fmt: skip
