"""Sending a task back to an earlier step."""

from typing import Any
from uuid import UUID

from api import i18n
from api.resource import Resource
from api.rest.refusals import TASK, Blueprint, refuses
from api.rest.schemas.handing import ReturnSchema, ReturnTargetListSchema
from api.rest.schemas.operation import VersionHeaderSchema
from api.rest.schemas.tasks import TaskSchema
from api.rest.tasks import TAGGED, Tagged, expected, tag
from engine.cases.blocklist import WordsBlocked
from engine.casework import correcting
from engine.casework.errors import CasePaused, Outdated, ReasonMissing
from engine.casework.reasons import PersonNamed
from engine.workflow.errors import InstanceNotActive, TaskNotOpen, TaskUnknown
from engine.workflow.returning import ReturnRefused, Target

blueprint = Blueprint("Corrections", __name__, description="Sending tasks back to an earlier step.")


@blueprint.route("/tasks/<uuid:task_id>/return-targets")
class Targets(Resource):
    """Where a task can go back to."""

    @refuses(TaskUnknown, TaskNotOpen, InstanceNotActive)
    @blueprint.response(200, ReturnTargetListSchema)
    def get(self, task_id: UUID) -> dict[str, Any]:
        """The steps that were done before a task, the last one first, and of each whether one can go back to it."""
        found = correcting.return_targets(self.session, self.actor, task_id)
        return {"items": [_target(one) for one in found]}


@blueprint.route("/tasks/<uuid:task_id>/return")
class Return(Resource):
    """Going back."""

    @refuses(*TASK, CasePaused, Outdated, ReasonMissing, WordsBlocked, PersonNamed, ReturnRefused)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(ReturnSchema)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], task_id: UUID) -> Tagged:
        """Send a task back to an earlier step: it ends as cancelled, and the earlier step is open again.

        Nothing is undone: variables, documents and messages stay, and what lies between is done again.
        """
        ended = correcting.send_back(
            self.session, self.actor, task_id, body["to"], body["reason"], version=expected()
        )  # fmt: skip
        return ended, 200, tag(ended)


def _target(one: Target) -> dict[str, Any]:
    refusal = one.refusal and {"code": one.refusal.code, "detail": i18n.sentence(one.refusal)}
    return {"element": one.element, "done_by": one.done_by, "done_at": one.done_at, "refusal": refusal}
