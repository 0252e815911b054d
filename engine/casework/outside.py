"""External workers: other systems that do service tasks of ours. Their role is `worker`; administrators may as well."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import feel
from engine.casework import cockpit
from engine.errors import N_, Forbidden
from engine.people.actor import Actor
from engine.workflow import performing
from engine.workflow.execution import BpmnError
from engine.workflow.models import ServiceJob
from engine.workflow.service_jobs import Activated


class WorkersOnly(Forbidden):
    """Service jobs are for external workers."""

    code = "workers-only"
    message = N_("Service jobs are for accounts with the role of an external worker.")


def _require_worker(actor: Actor) -> None:
    if not (actor.has("worker") or actor.has("admin")):
        raise WorkersOnly


def activate(
    session: Session, actor: Actor, types: list[str], worker: str, *, limit: int, lock_for: timedelta
) -> list[Activated]:
    """Lock jobs for a worker; administrators are not told what a sealed case's job knows. Raises WorkersOnly."""
    _require_worker(actor)
    taken = performing.activate(session, types, worker, limit=limit, lock_for=lock_for)
    if actor.has("worker"):
        return taken
    sealed = cockpit.sealed(session, actor, [one.instance.stream for one in taken])
    return [_bare(one) if one.instance.stream in sealed else one for one in taken]


def _bare(one: Activated) -> Activated:
    return replace(one, waiting=replace(one.waiting, parameters={}, variables={}))


def complete(session: Session, actor: Actor, job_id: UUID, lock: UUID, variables: Mapping[str, Any]) -> ServiceJob:
    """A job is done. Raises WorkersOnly, JobUnknown, JobLockLost, InstanceNotActive."""
    _require_worker(actor)
    return performing.complete(session, job_id, lock, feel.from_json(variables), actor=actor.id)


def fail(
    session: Session,
    actor: Actor,
    job_id: UUID,
    lock: UUID,
    message: str,
    *,
    retries: int | None,
    rest: timedelta | None,
) -> ServiceJob:
    """An attempt failed. Raises as `complete`."""
    _require_worker(actor)
    return performing.fail(session, job_id, lock, message, actor=actor.id, retries=retries, rest=rest)


def throw_error(
    session: Session, actor: Actor, job_id: UUID, lock: UUID, code: str, message: str, variables: Mapping[str, Any]
) -> ServiceJob:
    """A job ends with an error of the diagram. Raises as `complete`."""
    _require_worker(actor)
    error = BpmnError(code, message, feel.from_json(variables))
    return performing.throw_error(session, job_id, lock, error, actor=actor.id)


def extend(session: Session, actor: Actor, job_id: UUID, lock: UUID, lock_for: timedelta) -> ServiceJob:
    """Keep a lock. Raises as `complete`."""
    _require_worker(actor)
    return performing.extend(session, job_id, lock, lock_for)
