"""Working with colleagues: undo, several tasks at once, being away, remarks that name somebody."""

from typing import Any
from uuid import UUID

from api import i18n
from api.resource import Resource
from api.rest.refusals import CASE, Blueprint, refuses
from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.colleagues import (
    AbsenceListSchema,
    AbsenceSchema,
    HandOverSchema,
    MentionListSchema,
    NewAbsenceSchema,
    NewNoteSchema,
    NoteListSchema,
    PlanSchema,
    TaskListSchema,
)
from api.rest.schemas.tasks import TaskSchema
from api.rest.tasks import TAGGED, Change, Tagged
from engine import casework
from engine.cases import queries as cases
from engine.cases.blocklist import FactsBlocked
from engine.cases.models import Case
from engine.casework import bulk_handing, mentions, undoing
from engine.casework.bulk_handing import NothingToHandOn
from engine.casework.errors import NoteEmpty
from engine.casework.undoing import TooLateToUndo
from engine.people import absences
from engine.people import queries as people
from engine.people.absences import AbsenceUnfit, AbsenceUnknown, CoverUnfit
from engine.people.models import Absence
from engine.people.queries import AccountUnknown
from engine.workflow.errors import InstanceNotActive, TaskNotOpen, TaskUnknown

blueprint = Blueprint("Together", __name__, description="Undo, hand several tasks over, be covered, name a colleague.")


@blueprint.route("/tasks/<uuid:task_id>/undo")
class Undo(Change):
    """Taking back."""

    @refuses(TaskUnknown, TaskNotOpen, InstanceNotActive, TooLateToUndo)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, task_id: UUID) -> Tagged:
        """Take back your last change of who does a task, within ten minutes and before anybody has built on it."""
        return self.changed(undoing.undo(self.session, self.actor, task_id))


@blueprint.route("/tasks/hand-over")
class HandOver(Resource):
    """Several at once."""

    @refuses(AccountUnknown, NothingToHandOn)
    @blueprint.arguments(HandOverSchema)
    @blueprint.response(200, TaskListSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Hand those of some tasks that can be to a colleague; the answer lists them."""
        to = people.actor_by_id(self.session, str(body["to"]))
        done = bulk_handing.hand_over(self.session, self.actor, body["tasks"], to)
        self.session.flush()  # the versions go up where the rows are written
        return {"items": done}


@blueprint.route("/tasks/hand-over/plan")
class Plan(Resource):
    """What would be."""

    @refuses(AccountUnknown)
    @blueprint.arguments(HandOverSchema)
    @blueprint.response(200, PlanSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """What would become of each of some tasks; nothing is changed."""
        to = people.actor_by_id(self.session, str(body["to"]))
        found = bulk_handing.plan(self.session, self.actor, body["tasks"], to)
        return {"items": [{"task": one.task, "refusal": _said(one.refusal)} for one in found]}


@blueprint.route("/absences")
class Absences(Resource):
    """Being away."""

    @blueprint.response(200, AbsenceListSchema)
    def get(self) -> dict[str, Any]:
        """When you are away and who covers, and for whom you cover; what is over is left out."""
        return {"items": [one.absence for one in absences.of(self.session, self.actor)]}

    @refuses(AbsenceUnfit, CoverUnfit)
    @blueprint.arguments(NewAbsenceSchema)
    @blueprint.response(201, AbsenceSchema)
    def post(self, body: dict[str, Any]) -> Absence:
        """Be away from one day to another, both counted; the cover sees and does what you have taken on."""
        return absences.announce(self.session, self.actor, body["cover_id"], body["from_day"], body["to_day"])


@blueprint.route("/absences/<uuid:absence_id>/end")
class End(Resource):
    """Being back."""

    @refuses(AbsenceUnknown)
    @blueprint.response(200, AbsenceSchema)
    def post(self, absence_id: UUID) -> Absence:
        """Be back, or do not go."""
        return absences.end(self.session, self.actor, absence_id)


@blueprint.route("/mentions")
class Mentions(Resource):
    """Being named."""

    @blueprint.response(200, MentionListSchema)
    def get(self) -> dict[str, Any]:
        """The remarks that name you and that you have not looked at."""
        return {"items": mentions.unseen(self.session, self.actor)}


@blueprint.route("/cases/<uuid:case_id>/notes")
class Notes(Resource):
    """Remarks."""

    @refuses(*CASE)
    @blueprint.response(200, NoteListSchema)
    def get(self, case_id: UUID) -> dict[str, Any]:
        """The remarks on a case, oldest first."""
        case = cases.case(self.session, self.actor, case_id)
        return {"items": cases.notes(self.session, case.id)}

    @refuses(*CASE, NoteEmpty, FactsBlocked)
    @blueprint.arguments(NewNoteSchema)
    @blueprint.response(201, CaseSchema)
    def post(self, body: dict[str, Any], case_id: UUID) -> Case:
        """Put a remark on a case's file; @ and a name call whoever may see the case."""
        return casework.add_note(
            self.session, self.actor, case_id, body["words"], keep_words=body["keep_words"]
        )  # fmt: skip


@blueprint.route("/cases/<uuid:case_id>/notes/<uuid:note_id>")
class Note(Resource):
    """One remark."""

    @refuses(*CASE, TooLateToUndo)
    @blueprint.response(204)
    def delete(self, case_id: UUID, note_id: UUID) -> None:
        """Take your own remark back, within ten minutes; that there was one stays in the history."""
        undoing.withdraw_note(self.session, self.actor, case_id, note_id)


def _said(refusal: Any) -> dict[str, str] | None:
    return refusal and {"code": refusal.code, "detail": i18n.sentence(refusal)}
