"""Process instances: where they are, for systems that follow or watch them; administrators start and change them."""

from typing import Any
from uuid import UUID

from flask import url_for

from api.idempotency import idempotent
from api.resource import Resource
from api.rest.refusals import CASE, KEYED, Blueprint, Errors, refuses
from api.rest.schemas.operation import (
    CommandSchema,
    ModificationSchema,
    StartSchema,
    VariablesSchema,
    VersionHeaderSchema,
)
from api.rest.schemas.processes import InstanceListSchema, InstanceQuerySchema, InstanceSchema
from api.rest.schemas.shared import KeyHeaderSchema
from api.rest.tasks import TAGGED, Tagged, expected, tag
from engine import casework
from engine.cases.blocklist import WordsBlocked
from engine.casework import administration, correcting
from engine.casework.errors import AdministratorsOnly, Outdated, ReasonMissing
from engine.workflow.errors import DefinitionUnknown, InstanceNotActive, InstanceUnknown, TokenUnknown
from engine.workflow.models import Instance
from engine.workflow.rearranging import ModificationRefused

COMMAND: Errors = (AdministratorsOnly, InstanceUnknown, InstanceNotActive, Outdated, ReasonMissing, WordsBlocked)
LOCATED = {"Location": {"description": "Where the instance is", "schema": {"type": "string"}}}
blueprint = Blueprint("Instances", __name__, description="The runs of processes: their state and their tokens.")


@blueprint.route("/instances")
class Instances(Resource):
    """The instances of a case."""

    @refuses(*CASE)
    @blueprint.arguments(InstanceQuerySchema, location="query")
    @blueprint.response(200, InstanceListSchema)
    def get(self, query: dict[str, UUID]) -> dict[str, Any]:
        """The process instances of a case, oldest first, with the tokens of each."""
        return {"items": casework.instances_of_case(self.session, self.actor, query["case"])}

    @idempotent
    @refuses(AdministratorsOnly, DefinitionUnknown, *CASE, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(StartSchema)
    @blueprint.response(201, InstanceSchema, headers={**TAGGED, **LOCATED})
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> Tagged:
        """Start a process: its newest version, or the one of a number, tag or id. For administrators."""
        made = administration.start(
            self.session, self.actor, body["process"], body["variables"],
            version=body["version"], version_tag=body["version_tag"], definition_id=body["definition"],
            case_id=body["case"],
        )  # fmt: skip
        self.session.flush()  # the version is counted where the row is written
        address = url_for("Instances.OneInstance", instance_id=made.id)
        running = casework.one_instance(self.session, self.actor, made.id)
        return running, 201, {**tag(made), "Location": address}


@blueprint.route("/instances/<uuid:instance_id>")
class OneInstance(Resource):
    """One instance."""

    @refuses(InstanceUnknown)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def get(self, instance_id: UUID) -> Tagged:
        """A process instance with its tokens and the steps that failed.

        You see those of the cases that you see; administrators see every one, and nothing of its case.
        """
        found = casework.one_instance(self.session, self.actor, instance_id)
        return found, 200, tag(found.instance)


class Command(Resource):
    """A change of an instance by an administrator."""

    def changed(self, instance: Instance) -> Tagged:
        """The instance as it is after the change."""
        self.session.flush()  # the version goes up where the row is written
        return casework.one_instance(self.session, self.actor, instance.id), 200, tag(instance)


@blueprint.route("/instances/<uuid:instance_id>/cancel")
class Cancel(Command):
    """Ending."""

    @refuses(*COMMAND)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(CommandSchema)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Tagged:
        """End an instance at once: its tasks and jobs are cancelled. For administrators."""
        return self.changed(
            administration.cancel(self.session, self.actor, instance_id, body["reason"], version=expected())
        )


@blueprint.route("/instances/<uuid:instance_id>/suspend")
class Suspend(Command):
    """Resting."""

    @refuses(*COMMAND)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(CommandSchema)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Tagged:
        """Let an instance rest: its tasks stay to be seen, nothing in it happens. For administrators."""
        return self.changed(
            administration.suspend(self.session, self.actor, instance_id, body["reason"], version=expected())
        )


@blueprint.route("/instances/<uuid:instance_id>/resume")
class Resume(Command):
    """Going on."""

    @refuses(*COMMAND)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(CommandSchema)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Tagged:
        """Wake an instance that rests; timers that fell due meanwhile fire at once. For administrators."""
        return self.changed(
            administration.resume(self.session, self.actor, instance_id, body["reason"], version=expected())
        )


@blueprint.route("/instances/<uuid:instance_id>/variables")
class Variables(Command):
    """Variables."""

    @refuses(*COMMAND, TokenUnknown)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(VariablesSchema)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Tagged:
        """Set variables of an instance, or those local to a token; the others stay. For administrators.

        Conditions that wait are looked at again. The history keeps the names, not the values.
        """
        return self.changed(
            administration.set_variables(
                self.session, self.actor, instance_id, body["variables"], body["reason"],
                scope=body["scope"], version=expected(),
            )
        )  # fmt: skip


@blueprint.route("/instances/<uuid:instance_id>/modify")
class Modify(Command):
    """Moving tokens."""

    @refuses(*COMMAND, ModificationRefused)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(ModificationSchema)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Tagged:
        """Add tokens, move them, take them away; sub-processes are entered and left as needed. For administrators.

        What the diagram gives no meaning is refused (422), every reason with its place; then nothing was changed.
        """
        return self.changed(
            correcting.modify(
                self.session, self.actor, instance_id, take=body["take"], add=body["add"], move=body["move"],
                reason=body["reason"], version=expected(),
            )
        )  # fmt: skip
