"""What administrators see of all that runs, and what an act on one instance would do."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.instances import COMMAND, Command
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.cockpit import (
    CauseListSchema,
    ForeseenSchema,
    ForeseeSchema,
    InstanceRowListSchema,
    InstanceSearchSchema,
    InstanceViewSchema,
    ReturnActSchema,
    RunningListSchema,
    TimerActSchema,
    TokensAtListSchema,
)
from api.rest.schemas.operation import VersionHeaderSchema
from api.rest.schemas.processes import InstanceSchema
from api.rest.schemas.watching import WatchQuerySchema
from api.rest.tasks import TAGGED, Tagged, expected
from engine.casework import acting, administration, cockpit, correcting, looking
from engine.casework.acting import Foreseen
from engine.casework.errors import AdministratorsOnly, Outdated
from engine.clock import now
from engine.workflow.errors import (
    DefinitionUnknown,
    InstanceNotActive,
    InstanceUnknown,
    TaskNotOpen,
    TaskUnknown,
    TimerOfLaw,
    TokenUnknown,
)
from engine.workflow.incidents import IncidentResolved, IncidentUnknown
from engine.workflow.migration import MigrationRefused
from engine.workflow.rearranging import ModificationRefused
from engine.workflow.returning import ReturnRefused
from engine.workflow.selection import Selection

blueprint = Blueprint("Cockpit", __name__, description="All that runs, for administrators; no content of cases.")


@blueprint.route("/running")
class Running(Resource):
    """What runs."""

    @refuses(AdministratorsOnly)
    @blueprint.response(200, RunningListSchema)
    def get(self) -> dict[str, Any]:
        """Every process with what runs of each version. For administrators."""
        return {"items": cockpit.running(self.session, self.actor)}


@blueprint.route("/definitions/<uuid:definition_id>/standing")
class Standing(Resource):
    """Where tokens are."""

    @refuses(AdministratorsOnly, DefinitionUnknown)
    @blueprint.response(200, TokensAtListSchema)
    def get(self, definition_id: UUID) -> dict[str, Any]:
        """How many tokens and incidents are at each element of a version. For administrators."""
        found = cockpit.standing(self.session, self.actor, definition_id)
        return {"items": [{"element_id": element, **vars(one)} for element, one in sorted(found.items())]}


@blueprint.route("/instances/search")
class Search(Resource):
    """Instances by what they are."""

    @refuses(AdministratorsOnly)
    @blueprint.arguments(InstanceSearchSchema, location="query")
    @blueprint.response(200, InstanceRowListSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Instances of all processes that fit, the newest first. For administrators."""
        if query["find"]:
            chosen = cockpit.named(self.session, self.actor, query["find"])
        else:
            chosen = Selection.of({name: query[name] for name in query.keys() - {"before", "limit", "find"}})
        found = cockpit.instances(self.session, self.actor, chosen, before=query["before"], size=query["limit"])
        return {"items": [{**vars(one), "elements": [element for _, element in one.places]} for one in found]}


@blueprint.route("/incidents/causes")
class Causes(Resource):
    """Why steps failed."""

    @refuses(AdministratorsOnly)
    @blueprint.arguments(WatchQuerySchema(only=("process",)), location="query")
    @blueprint.response(200, CauseListSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Open incidents by process, step and cause, the most frequent first. For administrators."""
        names = ("process", "element_id", "code", "incidents", "since")
        found = cockpit.incident_groups(self.session, self.actor, query["process"])
        return {"items": [dict(zip(names, row, strict=True)) for row in found]}


@blueprint.route("/instances/<uuid:instance_id>/view")
class View(Resource):
    """One instance, seen through."""

    @refuses(AdministratorsOnly, InstanceUnknown)
    @blueprint.response(200, InstanceViewSchema)
    def get(self, instance_id: UUID) -> looking.InstanceView:
        """An instance with its tokens, variables, and history with what decided it. For administrators.

        Of a sealed case only its state is shown.
        """
        return looking.one(self.session, self.actor, instance_id)


@blueprint.route("/instances/<uuid:instance_id>/foresee")
class Foresee(Resource):
    """A preview."""

    @refuses(
        AdministratorsOnly, InstanceUnknown, InstanceNotActive, Outdated, TokenUnknown, TimerOfLaw, IncidentUnknown,
        IncidentResolved, ModificationRefused, DefinitionUnknown, MigrationRefused, TaskUnknown, TaskNotOpen,
        ReturnRefused,
    )  # fmt: skip
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(ForeseeSchema)
    @blueprint.response(200, ForeseenSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Foreseen:
        """What an act would do, or the refusal with which it would end: it is tried and taken back.

        For administrators.
        """
        return acting.foresee(self.session, self.actor, instance_id, body["act"], body, expected())


@blueprint.route("/instances/<uuid:instance_id>/return")
class Return(Command):
    """Going back."""

    @refuses(*COMMAND, TaskUnknown, TaskNotOpen, ReturnRefused)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(ReturnActSchema)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Tagged:
        """Send a task of an instance back to an earlier step, whoever's it is. For administrators."""
        return self.changed(
            correcting.return_as_administrator(
                self.session, self.actor, instance_id, body["task"], body["to"], body["reason"], version=expected()
            )
        )


@blueprint.route("/instances/<uuid:instance_id>/timer")
class Timer(Command):
    """Another moment."""

    @refuses(*COMMAND, TokenUnknown, TimerOfLaw)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(TimerActSchema)
    @blueprint.response(200, InstanceSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], instance_id: UUID) -> Tagged:
        """Let a timer be due at another moment, or fire now; not one that is a deadline of the law.

        For administrators.
        """
        return self.changed(
            administration.move_timer(
                self.session, self.actor, instance_id, body["token"], body["due"] or now(), body["reason"],
                version=expected(),
            )
        )  # fmt: skip
