"""The people of a case, sealing and unsealing, for other systems."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import CASE, Blueprint, refuses
from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.parties import (
    ConsentListSchema,
    HoldSchema,
    NumberSchema,
    OwnDataSchema,
    PartySchema,
    PeopleSchema,
    ReasonSchema,
    WishSchema,
)
from api.rest.schemas.shared import GuardedAnswersSchema
from engine import casework
from engine.cases import holds, parties, sealing
from engine.cases import queries as cases
from engine.cases.blocklist import WordsBlocked
from engine.cases.models import Case, Hold, Party
from engine.cases.parties import PartyUnknown, ReasonMissing, TooManyRepresentatives
from engine.cases.permissions import NotForYourRole
from engine.cases.sealing import NotSealed, OwnWish, UnsealingReasonMissing
from engine.casework.errors import AnswersInvalid
from engine.casework.parties import People

blueprint = Blueprint("People", __name__, description="Who is party to a case, and who may know of it.")


@blueprint.route("/cases/<uuid:case_id>/parties")
class Parties(Resource):
    """Everybody."""

    @refuses(*CASE)
    @blueprint.response(200, PeopleSchema)
    def get(self, case_id: UUID) -> People:
        """The people of a case, with masked numbers, and the minors who lack a guardian."""
        case, emergency = cases.readable(self.session, self.actor, case_id)
        return casework.people_of(self.session, self.actor, case, emergency=emergency is not None)

    @refuses(*CASE, NotForYourRole, AnswersInvalid, TooManyRepresentatives)
    @blueprint.arguments(GuardedAnswersSchema)
    @blueprint.response(201, PartySchema)
    def post(self, body: dict[str, Any], case_id: UUID) -> Party:
        """Add somebody, with the answers of the form f-party."""
        return casework.save_party(
            self.session, self.actor, case_id, None, body["answers"], keep_words=body["keep_words"]
        )


@blueprint.route("/cases/<uuid:case_id>/parties/<uuid:party_id>")
class OneParty(Resource):
    """One of them."""

    @refuses(*CASE, NotForYourRole, PartyUnknown, AnswersInvalid, TooManyRepresentatives)
    @blueprint.arguments(GuardedAnswersSchema)
    @blueprint.response(200, PartySchema)
    def put(self, body: dict[str, Any], case_id: UUID, party_id: UUID) -> Party:
        """Change somebody, with the answers of the form f-party; a number that is left out stays."""
        return casework.save_party(
            self.session, self.actor, case_id, party_id, body["answers"], keep_words=body["keep_words"]
        )


@blueprint.route("/cases/<uuid:case_id>/parties/<uuid:party_id>/number")
class WholeNumber(Resource):
    """A number in full."""

    @refuses(*CASE, NotForYourRole, PartyUnknown, ReasonMissing)
    @blueprint.arguments(ReasonSchema)
    @blueprint.response(200, NumberSchema)
    def post(self, body: dict[str, Any], case_id: UUID, party_id: UUID) -> dict[str, str]:
        """The whole identity number, for a reason; the look is recorded."""
        return {"number": parties.whole_number(self.session, self.actor, case_id, party_id, body["reason"])}


@blueprint.route("/cases/<uuid:case_id>/parties/<uuid:party_id>/own-data")
class OwnData(Resource):
    """A person's own data."""

    @refuses(*CASE, NotForYourRole, PartyUnknown)
    @blueprint.response(200, OwnDataSchema)
    def post(self, case_id: UUID, party_id: UUID) -> dict[str, Any]:
        """Everything on file about one person, to be handed to them; it is recorded."""
        return casework.own_data(self.session, self.actor, case_id, party_id)


@blueprint.route("/cases/<uuid:case_id>/parties/<uuid:party_id>/consents/<purpose>")
class OneConsent(Resource):
    """What somebody agrees to."""

    @refuses(*CASE, NotForYourRole, PartyUnknown, parties.PurposeUnknown)
    @blueprint.response(200, ConsentListSchema)
    def put(self, case_id: UUID, party_id: UUID, purpose: str) -> dict[str, Any]:
        """Record that somebody agrees to a use of their data: mediation, sensitive, minor or publication."""
        return self._set(case_id, party_id, purpose, given=True)

    @refuses(*CASE, NotForYourRole, PartyUnknown, parties.PurposeUnknown)
    @blueprint.response(200, ConsentListSchema)
    def delete(self, case_id: UUID, party_id: UUID, purpose: str) -> dict[str, Any]:
        """They take it back; without consent to the mediation no agreement is recorded."""
        return self._set(case_id, party_id, purpose, given=False)

    def _set(self, case_id: UUID, party_id: UUID, purpose: str, *, given: bool) -> dict[str, Any]:
        found = casework.set_consent(self.session, self.actor, case_id, party_id, purpose, given=given)
        return {"items": found}


@blueprint.route("/cases/<uuid:case_id>/seal")
class Seal(Resource):
    """Sealing."""

    @refuses(*CASE, NotForYourRole)
    @blueprint.response(200, CaseSchema)
    def post(self, case_id: UUID) -> Case:
        """Seal a case: it is in no list, search, figure or export from now on."""
        return casework.seal(self.session, self.actor, case_id)


@blueprint.route("/cases/<uuid:case_id>/unsealing")
class Unsealing(Resource):
    """Asking to unseal."""

    @refuses(*CASE, NotForYourRole, NotSealed, UnsealingReasonMissing, WordsBlocked)
    @blueprint.arguments(WishSchema)
    @blueprint.response(204)
    def post(self, body: dict[str, Any], case_id: UUID) -> None:
        """Ask that a case be unsealed; a second county officer must agree."""
        sealing.ask(self.session, self.actor, case_id, body["reason"])


@blueprint.route("/cases/<uuid:case_id>/unsealing/agreement")
class Agreement(Resource):
    """Agreeing to unseal."""

    @refuses(*CASE, NotForYourRole, NotSealed, OwnWish)
    @blueprint.response(200, CaseSchema)
    def post(self, case_id: UUID) -> Case:
        """Agree as the second person; the case is unsealed."""
        return sealing.agree(self.session, self.actor, case_id)


@blueprint.route("/cases/<uuid:case_id>/hold")
class OneHold(Resource):
    """A hold on the file."""

    @refuses(*CASE, NotForYourRole, holds.HoldReasonMissing, holds.HeldAlready, WordsBlocked)
    @blueprint.arguments(HoldSchema)
    @blueprint.response(201, HoldSchema)
    def post(self, body: dict[str, Any], case_id: UUID) -> Hold:
        """Hold the file: nothing of it is erased although its time is up."""
        return holds.hold(self.session, self.actor, case_id, body["reason"])

    @refuses(*CASE, NotForYourRole, holds.HoldReasonMissing, holds.NotHeld, WordsBlocked)
    @blueprint.arguments(HoldSchema)
    @blueprint.response(200, HoldSchema)
    def delete(self, body: dict[str, Any], case_id: UUID) -> Hold:
        """Let it go, with a reason."""
        return holds.let_go(self.session, self.actor, case_id, body["reason"])
