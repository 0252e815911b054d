"""Cases that belong together, closed ones that are opened again, and call-backs, for other systems."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import CASE, Blueprint, refuses
from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.taking_up import (
    AnsweredSchema,
    CallbackSchema,
    LinkedSchema,
    LinkSchema,
    ReopeningSchema,
)
from engine.cases import callbacks, links, permissions
from engine.cases.commands import CaseClosed, NotClosed, OwnCase
from engine.cases.links import Linked, LinkUnfit, LinkUnknown, StillMerged
from engine.cases.models import Case
from engine.cases.permissions import NotForYourRole
from engine.casework import taking_up
from engine.casework.errors import MergeUnfit, NoteEmpty

blueprint = Blueprint("Taking up", __name__, description="Cases that belong together, reopening, call-backs.")


@blueprint.route("/cases/<uuid:case_id>/links")
class Links(Resource):
    """Links."""

    @refuses(*CASE)
    @blueprint.response(200, LinkedSchema(many=True))
    def get(self, case_id: UUID) -> Sequence[Linked]:
        """The cases that a case is linked with and that you see."""
        permissions.visible(self.session, self.actor, case_id)
        return links.of_case(self.session, self.actor, case_id)

    @refuses(*CASE, NotForYourRole, LinkUnfit, MergeUnfit, CaseClosed, OwnCase)
    @blueprint.arguments(LinkSchema)
    @blueprint.response(201, CaseSchema)
    def post(self, body: dict[str, Any], case_id: UUID) -> Case:
        """Link a case with another one; `merged` ends it, and it goes on there. The answer is the other one."""
        return taking_up.link(self.session, self.actor, case_id, body["number"], body["kind"])


@blueprint.route("/cases/<uuid:case_id>/links/<uuid:other_id>")
class OneLink(Resource):
    """A link."""

    @refuses(*CASE, NotForYourRole, LinkUnknown, StillMerged)
    @blueprint.response(204)
    def delete(self, case_id: UUID, other_id: UUID) -> None:
        """Take a link back; a merged case is opened again first."""
        links.unlink(self.session, self.actor, case_id, other_id)


@blueprint.route("/cases/<uuid:case_id>/reopening")
class Reopening(Resource):
    """Opening again."""

    @refuses(*CASE, NotForYourRole, NotClosed, NoteEmpty)
    @blueprint.arguments(ReopeningSchema)
    @blueprint.response(200, CaseSchema)
    def post(self, body: dict[str, Any], case_id: UUID) -> Case:
        """Open a closed case again, from triage, with a reason on its file; how often stays visible."""
        case = taking_up.reopen(self.session, self.actor, case_id, body["reason"])
        self.session.flush()  # the version goes up where the row is written
        return case


@blueprint.route("/callbacks")
class Callbacks(Resource):
    """Call-backs."""

    @refuses(NotForYourRole)
    @blueprint.response(200, CallbackSchema(many=True))
    def get(self) -> list[dict[str, Any]]:
        """The independent call-backs that you may make: never of a case that you worked on."""
        return [{"id": one.callback.id, "case": one.case} for one in callbacks.due(self.session, self.actor)]


@blueprint.route("/callbacks/<uuid:callback_id>")
class OneCallback(Resource):
    """A call-back."""

    @refuses(callbacks.CallbackUnknown, callbacks.OwnWork, callbacks.AlreadyCalled, callbacks.AnswerMissing)
    @blueprint.arguments(AnsweredSchema)
    @blueprint.response(204)
    def post(self, body: dict[str, Any], callback_id: UUID) -> None:
        """What was answered."""
        callbacks.answer(self.session, self.actor, callback_id, **body)
