"""Service jobs for external workers: get some, do them, say what came of it."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from api.admission import place_left
from api.idempotency import idempotent
from api.resource import Resource
from api.rest.refusals import KEYED, Blueprint, Errors, refuses
from api.rest.schemas.jobs import (
    ActivatedListSchema,
    ActivationSchema,
    ExtensionSchema,
    JobDoneSchema,
    JobErrorSchema,
    JobFailedSchema,
    JobSchema,
)
from api.rest.schemas.shared import KeyHeaderSchema
from engine import feel
from engine.casework import outside
from engine.casework.outside import WorkersOnly
from engine.workflow.errors import InstanceNotActive
from engine.workflow.models import ServiceJob
from engine.workflow.performing import JobLockLost, JobUnknown
from engine.workflow.service_jobs import Activated

HELD: Errors = (WorkersOnly, JobUnknown, JobLockLost, InstanceNotActive)
LOOK = 0.25
"""Seconds between two looks for a job while somebody waits."""

blueprint = Blueprint(
    "Jobs", __name__, description="Service tasks that other systems do. For accounts with the role worker, or admin."
)


@blueprint.route("/jobs/activate")
class Activate(Resource):
    """Getting jobs."""

    wait: float = 0
    found: int = 0

    def dispatch_request(self, **path: Any) -> ResponseReturnValue:
        """Look again and again while somebody is willing to wait, each time in a transaction of its own."""
        begun = time.monotonic()
        while True:
            answer = super().dispatch_request(**path)
            left = begun + self.wait - time.monotonic()
            if self.found or left <= 0:
                return answer
            with place_left():
                time.sleep(min(LOOK, left))

    @refuses(WorkersOnly)
    @blueprint.arguments(ActivationSchema)
    @blueprint.response(200, ActivatedListSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Jobs of some types, locked for you: nobody else gets them until their lock ends.

        Each has a `lock` that you say when you complete or fail it. With `wait_seconds` the answer comes as soon as
        there is a job, or empty after that time.
        """
        taken = outside.activate(
            self.session, self.actor, body["types"], body["worker"],
            limit=body["limit"], lock_for=timedelta(seconds=body["lock_seconds"]),
        )  # fmt: skip
        self.wait, self.found = body["wait_seconds"], len(taken)
        return {"items": [_activated(one, body["variables"]) for one in taken]}


@blueprint.route("/jobs/<uuid:job_id>/complete")
class Complete(Resource):
    """Completing."""

    @idempotent
    @refuses(*HELD, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(JobDoneSchema)
    @blueprint.response(200, JobSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], job_id: UUID) -> ServiceJob:
        """The job is done; the process goes on in the same transaction."""
        return outside.complete(self.session, self.actor, job_id, body["lock"], body["variables"])


@blueprint.route("/jobs/<uuid:job_id>/fail")
class Fail(Resource):
    """Failing."""

    @idempotent
    @refuses(*HELD, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(JobFailedSchema)
    @blueprint.response(200, JobSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], job_id: UUID) -> ServiceJob:
        """The attempt failed. The job comes again after its rest; without attempts left it becomes an incident."""
        rest = None if body["rest_seconds"] is None else timedelta(seconds=body["rest_seconds"])
        return outside.fail(
            self.session, self.actor, job_id, body["lock"], body["message"], retries=body["retries"], rest=rest
        )  # fmt: skip


@blueprint.route("/jobs/<uuid:job_id>/error")
class ThrowError(Resource):
    """Errors of the diagram."""

    @idempotent
    @refuses(*HELD, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(JobErrorSchema)
    @blueprint.response(200, JobSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], job_id: UUID) -> ServiceJob:
        """The job ends with an error of the diagram; what nobody catches becomes an incident."""
        return outside.throw_error(
            self.session, self.actor, job_id, body["lock"], body["code"], body["message"], body["variables"]
        )  # fmt: skip


@blueprint.route("/jobs/<uuid:job_id>/extend")
class Extend(Resource):
    """Keeping a lock."""

    @refuses(*HELD)
    @blueprint.arguments(ExtensionSchema)
    @blueprint.response(200, JobSchema)
    def post(self, body: dict[str, Any], job_id: UUID) -> ServiceJob:
        """Keep the lock for some seconds from now."""
        lock_for = timedelta(seconds=body["lock_seconds"])
        return outside.extend(self.session, self.actor, job_id, body["lock"], lock_for)


def _activated(one: Activated, names: list[str] | None) -> dict[str, Any]:
    seen = one.waiting.variables
    wanted = seen if names is None else {name: seen[name] for name in names if name in seen}
    return {
        "job": one.job,
        "instance": one.instance,
        "waiting": one.waiting,
        "parameters": feel.to_json(one.waiting.parameters),
        "variables": feel.to_json(wanted),
    }
