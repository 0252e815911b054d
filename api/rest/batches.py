"""Migration of one instance, and one command for many: previewed, started, paused."""

from typing import Any
from uuid import UUID

from flask import url_for

from api import i18n
from api.resource import Resource
from api.rest.instances import COMMAND, LOCATED, Command
from api.rest.refusals import Blueprint, Errors, refuses
from api.rest.schemas.batches import (
    BatchItemListSchema,
    BatchItemQuerySchema,
    BatchListSchema,
    BatchQuerySchema,
    BatchSchema,
    MigrationPlanSchema,
    MigrationSchema,
    MoveListSchema,
    PassageListSchema,
    PreviewSchema,
)
from api.rest.schemas.operation import VersionHeaderSchema
from api.rest.schemas.processes import InstanceSchema
from api.rest.tasks import TAGGED, Tagged, expected, tag
from engine.cases.blocklist import WordsBlocked
from engine.casework import bulk, comparison
from engine.casework.bulk import BatchView
from engine.casework.comparison import NotTheSameProcess
from engine.casework.errors import AdministratorsOnly, Outdated, ReasonMissing
from engine.workflow.batches import BatchEmpty, BatchState, BatchUnknown
from engine.workflow.errors import DefinitionUnknown, DeploymentRefused, InstanceUnknown
from engine.workflow.migrating import Passage
from engine.workflow.migration import MigrationRefused
from engine.workflow.selection import Selection

CHANGE: Errors = (AdministratorsOnly, BatchUnknown, BatchState, Outdated)
blueprint = Blueprint("Migration", __name__, description="Other versions for what runs; one command for many.")


@blueprint.route("/instances/<uuid:instance_id>/migration-plan")
class Plan(Resource):
    """A dry run."""

    @refuses(AdministratorsOnly, InstanceUnknown, DefinitionUnknown, MigrationRefused)
    @blueprint.arguments(MigrationPlanSchema)
    @blueprint.response(200, PassageListSchema)
    def post(self, body: dict[str, Any], instance_id: UUID) -> dict[str, Any]:
        """Where each token would go in another version, or why it cannot; nothing is changed. For administrators."""
        found = bulk.migration_plan(self.session, self.actor, instance_id, body["definition"], body["mapping"])
        return {"items": [_passage(one) for one in found]}


@blueprint.route("/instances/<uuid:instance_id>/migrate")
class Migrate(Command):
    """Another version."""

    @refuses(*COMMAND, DefinitionUnknown, MigrationRefused)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(MigrationSchema)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Tagged:
        """Let an instance go on under another version, with every token or not at all. For administrators."""
        return self.changed(
            bulk.migrate(
                self.session, self.actor, instance_id, body["definition"], body["mapping"], body["reason"],
                restart_timers=body["restart_timers"], version=expected(),
            )
        )  # fmt: skip


@blueprint.route("/batches")
class Batches(Resource):
    """Batches."""

    @refuses(AdministratorsOnly)
    @blueprint.arguments(BatchQuerySchema, location="query")
    @blueprint.response(200, BatchListSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The batches that there were, the newest first. For administrators."""
        return {"items": bulk.newest(self.session, self.actor, before=query["before"], size=query["limit"])}

    @refuses(
        AdministratorsOnly, ReasonMissing, WordsBlocked, DefinitionUnknown, MigrationRefused, BatchEmpty,
        DeploymentRefused, NotTheSameProcess,
    )  # fmt: skip
    @blueprint.arguments(PreviewSchema)
    @blueprint.response(201, BatchSchema, headers={**TAGGED, **LOCATED})
    def post(self, body: dict[str, Any]) -> Tagged:
        """Store the list of instances (or incidents) that a command would be done to. For administrators.

        Nothing is done yet. Exactly this list will be acted on; of a migration what would be refused stands there
        with its reason and is left out. A long list is made by a worker: it is `previewing` until it is whole.
        `try` lists where every token of a process would go in a diagram that is not deployed; it is never begun.
        """
        if body["command"] == "try":
            return _located(
                comparison.try_file(
                    self.session, self.actor, body["process"], body["content"].encode(), body["mapping"],
                    body["reason"],
                )
            )  # fmt: skip
        given = {
            "definition": str(body["definition"]), "mapping": body["mapping"], "restart_timers": body["restart_timers"],
        }  # fmt: skip
        chosen = Selection.of({name: body[name] for name in (
            "instances", "process", "version", "element", "code", "since", "until",
        )})  # fmt: skip
        made = bulk.preview(
            self.session, self.actor, body["command"], given if body["command"] == "migrate" else {}, chosen,
            body["reason"],
        )  # fmt: skip
        return _located(made)


@blueprint.route("/batches/<uuid:batch_id>")
class OneBatch(Resource):
    """One batch."""

    @refuses(AdministratorsOnly, BatchUnknown)
    @blueprint.response(200, BatchSchema, headers=TAGGED)
    def get(self, batch_id: UUID) -> Tagged:
        """A batch and how far it is. For administrators."""
        return _tagged(bulk.batch(self.session, self.actor, batch_id))


@blueprint.route("/batches/<uuid:batch_id>/items")
class Items(Resource):
    """Its list."""

    @refuses(AdministratorsOnly, BatchUnknown)
    @blueprint.arguments(BatchItemQuerySchema, location="query")
    @blueprint.response(200, BatchItemListSchema)
    def get(self, query: dict[str, Any], batch_id: UUID) -> dict[str, Any]:
        """The list of a batch in its order: what is to be done, done, refused, or failed and why."""
        found = bulk.batch_items(
            self.session, self.actor, batch_id, state=query["state"], after=query["after"], size=query["limit"]
        )
        return {"items": found}


@blueprint.route("/batches/<uuid:batch_id>/moves")
class Moves(Resource):
    """Where it takes tokens."""

    @refuses(AdministratorsOnly, BatchUnknown)
    @blueprint.response(200, MoveListSchema)
    def get(self, batch_id: UUID) -> dict[str, Any]:
        """What a migration would do to all tokens of its list: from where to where, how many, which cannot and why."""
        return {"items": bulk.moves(self.session, self.actor, batch_id)}


@blueprint.route("/batches/<uuid:batch_id>/start")
class Start(Resource):
    """Beginning."""

    @refuses(*CHANGE)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.response(200, BatchSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], batch_id: UUID) -> Tagged:
        """Begin a batch, or go on with one that was paused."""
        return _tagged(bulk.change(self.session, self.actor, batch_id, "start", version=expected()))


@blueprint.route("/batches/<uuid:batch_id>/pause")
class Pause(Resource):
    """Resting."""

    @refuses(*CHANGE)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.response(200, BatchSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], batch_id: UUID) -> Tagged:
        """Let a batch rest after the piece in hand."""
        return _tagged(bulk.change(self.session, self.actor, batch_id, "pause", version=expected()))


@blueprint.route("/batches/<uuid:batch_id>/cancel")
class Cancel(Resource):
    """Ending."""

    @refuses(*CHANGE)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.response(200, BatchSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], batch_id: UUID) -> Tagged:
        """End a batch; what is done stays done."""
        return _tagged(bulk.change(self.session, self.actor, batch_id, "cancel", version=expected()))


def _tagged(found: BatchView) -> Tagged:
    return found, 200, tag(found.batch)


def _located(made: BatchView) -> Tagged:
    address = url_for("Migration.OneBatch", batch_id=made.batch.id)
    return made, 201, {**tag(made.batch), "Location": address}


def _passage(one: Passage) -> dict[str, Any]:
    refusal = one.refusal and {"code": one.refusal.code, "detail": i18n.sentence(one.refusal)}
    return {
        "token_id": one.token_id, "element_id": one.element_id, "to": one.to, "becomes": one.becomes,
        "refusal": refusal,
    }  # fmt: skip
