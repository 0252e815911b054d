"""Sessions: the calendar, invitations, quick notes, and the clauses of the agreement room."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from api.resource import Resource
from api.rest.papers import BINARY, TYPES
from api.rest.refusals import CASE, Blueprint, Errors, refuses
from api.rest.schemas.sessions import (
    AgendaLinkSchema,
    AgendaQuerySchema,
    AnswerSchema,
    ClauseListSchema,
    InvitationListSchema,
    InvitationSchema,
    InviteSchema,
    PlannedSittingListSchema,
    ProposalSchema,
    QuickNoteListSchema,
    QuickNoteSchema,
    ServiceSchema,
    SittingMoveSchema,
    SittingPlanSchema,
    SittingSchema,
)
from engine.cases.blocklist import FactsBlocked, WordsBlocked
from engine.cases.commands import CaseClosed
from engine.cases.permissions import NotForYourRole, require
from engine.casework import convening, inviting, terms
from engine.casework.inviting import NobodyInvited, ServedAlready, ServiceUnfit
from engine.papers import TemplateInvalid
from engine.sessions import room, sittings
from engine.sessions.models import Invitation, QuickNote, Sitting
from engine.sessions.room import ClauseChanged, ClauseUnfit, ClauseUnknown, NothingToAgree, Terms
from engine.sessions.sittings import QuickNoteEmpty, SittingClash, SittingOff, SittingUnfit, SittingUnknown
from engine.supermarket.queue import MoveReasonMissing

SITS: Errors = (*CASE, NotForYourRole, CaseClosed)
SITTING: Errors = (*SITS, SittingUnknown)
CLAUSE: Errors = (*SITS, NothingToAgree, ClauseUnknown, ClauseUnfit)
blueprint = Blueprint("Sessions", __name__, description="Hearings and visits, invitations, and the agreement room.")


@blueprint.route("/agenda")
class Agenda(Resource):
    """What is planned."""

    @blueprint.arguments(AgendaQuerySchema, location="query")
    @blueprint.response(200, PlannedSittingListSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The sessions, hearings and visits from one day to another, of the cases that you may see or lead."""
        return {"items": sittings.between(self.session, self.actor, query["first"], query["last"], own=query["own"])}


@blueprint.route("/agenda/link")
class AgendaLink(Resource):
    """Your own calendar."""

    @blueprint.response(201, AgendaLinkSchema)
    def post(self) -> dict[str, str]:
        """A new signed address of what you lead, as iCalendar; the address before it is worthless from now on."""
        name = sittings.address(self.session, self.actor, anew=True)
        return {"address": url_for("sessions.feed", name=name, _external=True)}


@blueprint.route("/cases/<uuid:case_id>/sittings")
class Sittings(Resource):
    """A case's."""

    @refuses(*CASE, NotForYourRole)
    @blueprint.response(200, PlannedSittingListSchema)
    def get(self, case_id: UUID) -> dict[str, Any]:
        """What is or was planned for a case."""
        case = require(self.session, self.actor, "sit", case_id)
        return {"items": sittings.of_case(self.session, case.id)}

    @refuses(*SITS, SittingUnfit, SittingClash, WordsBlocked)
    @blueprint.arguments(SittingPlanSchema)
    @blueprint.response(201, SittingSchema)
    def post(self, body: dict[str, Any], case_id: UUID) -> Sitting:
        """Plan a session, hearing or visit that you lead."""
        return convening.plan(self.session, self.actor, case_id, **body)


@blueprint.route("/sittings/<uuid:sitting_id>/time")
class SittingTime(Resource):
    """When and where."""

    @refuses(*SITTING, SittingOff, SittingUnfit, SittingClash, MoveReasonMissing, WordsBlocked)
    @blueprint.arguments(SittingMoveSchema)
    @blueprint.response(200, SittingSchema)
    def put(self, body: dict[str, Any], sitting_id: UUID) -> Sitting:
        """Move a sitting to another time or place and say why; those invited are told once."""
        return convening.move(self.session, self.actor, sitting_id, **body)


@blueprint.route("/sittings/<uuid:sitting_id>/cancel")
class Cancel(Resource):
    """Cancelling."""

    @refuses(*SITTING)
    @blueprint.response(200, SittingSchema)
    def post(self, sitting_id: UUID) -> Sitting:
        """Cancel a sitting."""
        return convening.cancel(self.session, self.actor, sitting_id)


@blueprint.route("/sittings/<uuid:sitting_id>/notes")
class QuickNotes(Resource):
    """What is said."""

    @refuses(SittingUnknown)
    @blueprint.response(200, QuickNoteListSchema)
    def get(self, sitting_id: UUID) -> dict[str, Any]:
        """What was written down during a sitting; it fills in the record of the session."""
        planned = sittings.one(self.session, self.actor, sitting_id)
        return {"items": sittings.notes(self.session, planned.sitting.id)}

    @refuses(*SITTING, QuickNoteEmpty)
    @blueprint.arguments(QuickNoteSchema)
    @blueprint.response(201, QuickNoteSchema)
    def post(self, body: dict[str, Any], sitting_id: UUID) -> QuickNote:
        """Write down what a side says."""
        return sittings.note(self.session, self.actor, sitting_id, **body)


@blueprint.route("/sittings/<uuid:sitting_id>/invitations")
class Invitations(Resource):
    """Who is invited."""

    @refuses(SittingUnknown)
    @blueprint.response(200, InvitationListSchema)
    def get(self, sitting_id: UUID) -> dict[str, Any]:
        """The numbered invitations to a sitting, and whether they arrived."""
        planned = sittings.one(self.session, self.actor, sitting_id)
        return {"items": [one for one, _ in inviting.of_sitting(self.session, planned.sitting.id)]}

    @refuses(*SITTING, NobodyInvited)
    @blueprint.arguments(InviteSchema)
    @blueprint.response(201, InvitationListSchema)
    def post(self, body: dict[str, Any], sitting_id: UUID) -> dict[str, Any]:
        """Give people of the case numbered invitations, each with its proof of service to sign."""
        return {"items": inviting.invite(self.session, self.actor, sitting_id, body["parties"])}


@blueprint.route("/invitations/<uuid:invitation_id>/service")
class Service(Resource):
    """That it arrived."""

    @refuses(*SITTING, ServiceUnfit, ServedAlready)
    @blueprint.arguments(ServiceSchema)
    @blueprint.response(200, InvitationSchema)
    def post(self, body: dict[str, Any], invitation_id: UUID) -> Invitation:
        """Record how and when an invitation reached its party."""
        return inviting.serve(self.session, self.actor, invitation_id, how=body["how"], on=body["on"])


@blueprint.route("/cases/<uuid:case_id>/clauses")
class Clauses(Resource):
    """The agreement room."""

    @refuses(*CASE, NotForYourRole)
    @blueprint.response(200, ClauseListSchema)
    def get(self, case_id: UUID) -> dict[str, Any]:
        """The clauses on the table: every wording, what each side says to the newest, and whether it is agreed."""
        case = require(self.session, self.actor, "sit", case_id)
        return {"items": room.rows(self.session, case.id)}

    @refuses(*SITS, NothingToAgree, ClauseUnfit, FactsBlocked)
    @blueprint.arguments(ProposalSchema)
    @blueprint.response(201, ClauseListSchema)
    def post(self, body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
        """Put a clause on the table."""
        by = body.pop("by")
        keep = body.pop("keep_words")
        room.propose(self.session, self.actor, case_id, Terms(**body), by=by, keep_words=keep)
        return {"items": room.rows(self.session, case_id)}


@blueprint.route("/cases/<uuid:case_id>/clauses/<any(draft, package):what>.pdf")
class ClausesInPrint(Resource):
    """On paper."""

    @refuses(*CASE, NotForYourRole, NothingToAgree, TemplateInvalid)
    @blueprint.response(200, BINARY, content_type=TYPES["pdf"])
    def get(self, case_id: UUID, what: str) -> Response:
        """The agreement as it stands (draft), or all that is needed to sign it on the spot (package)."""
        make = terms.draft if what == "draft" else terms.signing_package
        content = make(self.session, self.actor, case_id)
        return Response(content, content_type=TYPES["pdf"], headers={"Cache-Control": "private, no-store"})


@blueprint.route("/clauses/<uuid:clause_id>")
class Clause(Resource):
    """One clause."""

    @refuses(*CLAUSE, FactsBlocked)
    @blueprint.arguments(ProposalSchema)
    @blueprint.response(200, ClauseListSchema)
    def put(self, body: dict[str, Any], clause_id: UUID) -> dict[str, Any]:
        """Word a clause anew; whoever agreed is asked again."""
        by = body.pop("by")
        keep = body.pop("keep_words")
        changed = room.change(self.session, self.actor, clause_id, Terms(**body), by=by, keep_words=keep)
        return {"items": room.rows(self.session, changed.case_id)}

    @refuses(*CLAUSE)
    @blueprint.response(204)
    def delete(self, clause_id: UUID) -> None:
        """Take a clause off the table; its history stays."""
        room.remove(self.session, self.actor, clause_id)


@blueprint.route("/clauses/<uuid:clause_id>/answers")
class Answers(Resource):
    """What the sides say."""

    @refuses(*CLAUSE, ClauseChanged)
    @blueprint.arguments(AnswerSchema)
    @blueprint.response(200, ClauseListSchema)
    def post(self, body: dict[str, Any], clause_id: UUID) -> dict[str, Any]:
        """Write down what a side says to the newest wording, which the number names."""
        answered = room.answer(
            self.session, self.actor, clause_id, side=body["side"], number=body["number"], says=body["says"]
        )
        return {"items": room.rows(self.session, answered.case_id)}
