"""What administrators watch: incidents, service jobs, timers, who waits for what, messages that nobody has taken."""

from typing import Any

from api.idempotency import idempotent
from api.resource import Resource
from api.rest.paging import Listed, page
from api.rest.refusals import KEYED, Blueprint, Errors, refuses
from api.rest.schemas.operation import CommandSchema, FactsSchema, HeardSchema, SignalSchema, StartedSchema
from api.rest.schemas.shared import KeyHeaderSchema
from api.rest.schemas.watching import (
    IncidentPageSchema,
    IncidentQuerySchema,
    JobPageSchema,
    JobQuerySchema,
    StartEventListSchema,
    SubscriptionPageSchema,
    SubscriptionQuerySchema,
    TimerPageSchema,
    WatchQuerySchema,
)
from engine.cases.blocklist import WordsBlocked
from engine.casework import administration, watching
from engine.casework.errors import AdministratorsOnly, CursorInvalid, ReasonMissing
from engine.casework.watching import Page as Watched
from engine.casework.watching import Part
from engine.workflow.errors import InstanceNotActive
from engine.workflow.incidents import IncidentResolved, IncidentUnknown

WATCHED: Errors = (AdministratorsOnly, CursorInvalid)
blueprint = Blueprint(
    "Operation", __name__, description="What runs, waits and failed. For administrators; nothing of what cases say."
)


@blueprint.route("/incidents")
class Incidents(Resource):
    """Incidents."""

    @refuses(*WATCHED)
    @blueprint.arguments(IncidentQuerySchema, location="query")
    @blueprint.response(200, IncidentPageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """Steps that failed by themselves and wait to be tried again, oldest first. For administrators."""
        found = watching.incidents(
            self.session, self.actor, _part(query), code=query["code"], resolved=query["resolved"]
        )
        return _told(found)


@blueprint.route("/incidents/<int:incident_id>/retry")
class Retry(Resource):
    """Trying again."""

    @idempotent
    @refuses(
        AdministratorsOnly, IncidentUnknown, IncidentResolved, InstanceNotActive, ReasonMissing, WordsBlocked, *KEYED
    )
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(CommandSchema)
    @blueprint.response(204)
    def post(self, headers: dict[str, Any], body: dict[str, Any], incident_id: int) -> None:
        """Try a failed step again, once its cause is mended. For administrators.

        Mend it first: set variables, migrate to a mended version, bring the other system back. Should the step fail
        again, that is a new incident.
        """
        administration.retry(self.session, self.actor, incident_id, body["reason"])


@blueprint.route("/jobs")
class Jobs(Resource):
    """Service jobs."""

    @refuses(*WATCHED)
    @blueprint.arguments(JobQuerySchema, location="query")
    @blueprint.response(200, JobPageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """Service jobs in a state, oldest first. For administrators."""
        found = watching.service_jobs(self.session, self.actor, _part(query), state=query["state"], kind=query["type"])
        return _told(found)


@blueprint.route("/timers")
class Timers(Resource):
    """Timers."""

    @refuses(*WATCHED)
    @blueprint.arguments(WatchQuerySchema, location="query")
    @blueprint.response(200, TimerPageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """Timers that run by when they are due, the next one first. For administrators."""
        found = watching.timers(self.session, self.actor, _part(query))
        told = [
            {"Instance": one.instance, "Definition": one.definition, "timer": one.timer, "sealed": one.sealed}
            for one in found.rows
        ]
        return page(told, found.next)


@blueprint.route("/start-events")
class StartEvents(Resource):
    """What begins."""

    @refuses(AdministratorsOnly)
    @blueprint.response(200, StartEventListSchema)
    def get(self) -> dict[str, Any]:
        """Start events that begin processes by the clock, a message, a signal or a condition, the next due first.

        For administrators.
        """
        return {"items": watching.starts(self.session, self.actor, "timer", "message", "signal", "conditional")}


@blueprint.route("/subscriptions")
class Subscriptions(Resource):
    """Who waits."""

    @refuses(*WATCHED)
    @blueprint.arguments(SubscriptionQuerySchema, location="query")
    @blueprint.response(200, SubscriptionPageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """Steps that wait for a message or a signal, the longest first. For administrators."""
        found = watching.subscriptions(self.session, self.actor, _part(query), name=query["name"])
        return _told(found)


@blueprint.route("/signals")
class Signals(Resource):
    """Signals."""

    @idempotent
    @refuses(AdministratorsOnly, ReasonMissing, WordsBlocked, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(SignalSchema)
    @blueprint.response(200, HeardSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, int]:
        """Let every instance that waits for a signal hear it, and start what starts by it. For administrators."""
        heard = administration.broadcast(self.session, self.actor, body["name"], body["variables"], body["reason"])
        return {"instances": heard}


@blueprint.route("/conditions")
class Conditions(Resource):
    """Conditions."""

    @idempotent
    @refuses(AdministratorsOnly, ReasonMissing, WordsBlocked, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(FactsSchema)
    @blueprint.response(200, StartedSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Tell facts of the world: a process whose conditional start event they make true begins. For administrators.

        A condition must have become false before it can start its process again; facts that leave it unclear change
        nothing. The facts are the variables that come in by the start event.
        """
        started = administration.tell(self.session, self.actor, body["variables"], body["reason"])
        return {"instances": [one.id for one in started]}


def _told(found: Watched) -> Listed:
    return page(_rows(found), found.next)


def _rows(found: Watched) -> list[dict[str, Any]]:
    return [{**row._mapping, "sealed": row.Instance.stream in found.sealed} for row in found.rows]


def _part(query: dict[str, Any]) -> Part:
    return Part(query["cursor"], query["limit"], query["process"])
