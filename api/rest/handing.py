"""Working on a task together: delegating, and asking others to agree."""

from typing import Any
from uuid import UUID

from api.rest.refusals import TASK, Blueprint, Errors, refuses
from api.rest.schemas.handing import (
    AgreementAnswerSchema,
    DelegationSchema,
    SignatureListSchema,
    SignerSchema,
    SignersSchema,
)
from api.rest.schemas.operation import CommandSchema, VersionHeaderSchema
from api.rest.schemas.tasks import TaskSchema
from api.rest.tasks import TAGGED, Change, Tagged, expected
from engine.cases.blocklist import WordsBlocked
from engine.casework import handing
from engine.casework.errors import ColleagueUnfit, NobodyAsked, Outdated, ReasonMissing
from engine.casework.reasons import PersonNamed
from engine.people import queries as people
from engine.people.queries import AccountUnknown
from engine.workflow.cosigning import AlreadySigning, NotAskedToSign
from engine.workflow.errors import TaskDelegated, TaskNotDelegated, TaskUnknown

HANDED: Errors = (*TASK, Outdated, ReasonMissing, WordsBlocked, PersonNamed)
blueprint = Blueprint("Colleagues", __name__, description="Working on a task together: delegate it, ask for agreement.")


@blueprint.route("/tasks/<uuid:task_id>/delegate")
class Delegate(Change):
    """Delegating."""

    @refuses(*HANDED, AccountUnknown, ColleagueUnfit, TaskDelegated)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(DelegationSchema)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], task_id: UUID) -> Tagged:
        """Let a colleague work on a task and give it back; only you complete it then."""
        colleague = people.actor_by_id(self.session, str(body["to"]))
        return self.changed(
            handing.delegate(self.session, self.actor, task_id, colleague, body["reason"], version=expected())
        )


@blueprint.route("/tasks/<uuid:task_id>/resolve")
class Resolve(Change):
    """Giving back."""

    @refuses(*HANDED, TaskNotDelegated)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(CommandSchema)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], task_id: UUID) -> Tagged:
        """Give a delegated task back to its owner, who sees what you typed if they have typed nothing."""
        return self.changed(handing.resolve(self.session, self.actor, task_id, body["reason"], version=expected()))


@blueprint.route("/tasks/<uuid:task_id>/signatures")
class Signatures(Change):
    """Co-signers."""

    @refuses(TaskUnknown)
    @blueprint.response(200, SignatureListSchema)
    def get(self, task_id: UUID) -> dict[str, Any]:
        """Who was asked to agree before a task is completed, and what they said."""
        return {"items": handing.signers(self.session, self.actor, task_id)}

    @refuses(*HANDED, NobodyAsked, AccountUnknown, ColleagueUnfit, AlreadySigning)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(SignersSchema)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], task_id: UUID) -> Tagged:
        """Ask people to agree before a task is completed, at once or one after another. They may look at the task."""
        return self.changed(
            handing.ask_to_sign(
                self.session, self.actor, task_id, body["people"], body["reason"],
                in_order=body["in_order"], version=expected(),
            )
        )  # fmt: skip


@blueprint.route("/tasks/<uuid:task_id>/signatures/remove")
class Remove(Change):
    """Asking no more."""

    @refuses(*HANDED, NotAskedToSign)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(SignerSchema)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], task_id: UUID) -> Tagged:
        """Take somebody off the list of those who must agree."""
        return self.changed(
            handing.remove_signer(
                self.session, self.actor, task_id, body["person"], body["reason"], version=expected()
            )
        )  # fmt: skip


@blueprint.route("/tasks/<uuid:task_id>/signatures/answer")
class Answer(Change):
    """Agreeing."""

    @refuses(*HANDED, NotAskedToSign)
    @blueprint.arguments(AgreementAnswerSchema)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, body: dict[str, Any], task_id: UUID) -> Tagged:
        """Agree to a task that you are asked about, or decline and say why."""
        return self.changed(
            handing.sign(self.session, self.actor, task_id, agrees=body["agrees"], reason=body["reason"])
        )
