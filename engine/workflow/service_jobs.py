"""The rows of service jobs: written with the instance that needs them, found by those who do them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from engine import clock
from engine.ids import new_id
from engine.workflow import jobs
from engine.workflow.execution import Execution, WaitingJob
from engine.workflow.models import Instance, ServiceJob
from engine.workflow.operations import OPERATIONS

OPEN, FAILED, COMPLETED, CANCELLED = "open", "failed", "completed", "cancelled"
OVERDUE = timedelta(minutes=1)
"""A job of this house that nobody has done for so long after it was due is given out once more."""


@dataclass(frozen=True)
class Activated:
    """A job in a worker's hands, with the process instance as it stands."""

    job: ServiceJob
    instance: Instance
    waiting: WaitingJob


def write(session: Session, instance: Instance, execution: Execution) -> None:
    """Write the jobs that a command has made or cancelled."""
    created = {fact.token_id for fact in execution.facts if fact.kind == "job.created"}
    cancelled = {fact.token_id for fact in execution.facts if fact.kind == "job.cancelled"}
    if created:
        for job in execution.jobs:
            if job.id in created:
                _write_one(session, instance, job)
    if cancelled:
        gone = update(ServiceJob).where(ServiceJob.id.in_(cancelled), ServiceJob.state.in_((OPEN, FAILED)))
        session.execute(gone.values(state=CANCELLED, closed_at=clock.now(), lock=None))


def _write_one(session: Session, instance: Instance, job: WaitingJob) -> None:
    kind = job.element.operation or ""
    internal = kind in OPERATIONS
    fresh = {
        "definition_id": UUID(job.process_ref), "element_id": job.element.id, "type": kind, "internal": internal,
        "state": OPEN, "attempts": 0, "retries": job.element.retries, "backoff": job.element.backoff,
        "due_at": clock.now(), "lock": None, "worker": None, "problem": None, "closed_at": None,
    }  # fmt: skip
    row = upsert(ServiceJob).values(id=job.id, instance_id=instance.id, created_at=clock.now(), **fresh)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_=fresh))  # an incident that is retried
    if internal:
        jobs.defer(session, "do_service_job", job=str(job.id))


def activate(
    session: Session, types: Collection[str], worker: str, *, limit: int, lock_for: timedelta
) -> list[tuple[ServiceJob, Instance]]:
    """Lock up to `limit` jobs of other systems for a worker, those due longest first; each gets a new lock."""
    available = (
        select(ServiceJob, Instance)
        .join(Instance, Instance.id == ServiceJob.instance_id)
        .where(ServiceJob.type.in_(types), ServiceJob.state == OPEN, ServiceJob.internal.is_(False))
        .where(ServiceJob.due_at <= clock.now(), Instance.status == "active")
        .order_by(ServiceJob.due_at)
        .limit(limit)
        .with_for_update(of=ServiceJob, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = [(job, instance) for job, instance in session.execute(available).all()]
    for job, _ in found:
        take(job, worker, lock_for)
    return found


def take(job: ServiceJob, worker: str, lock_for: timedelta) -> UUID:
    """Give a job to a worker for so long. Returns the lock that it answers with."""
    lock = new_id()
    job.lock, job.worker, job.due_at = lock, worker, clock.now() + lock_for
    job.attempts += 1
    return lock


def give_out_again(session: Session, instance_id: UUID) -> None:
    """Have the open jobs of an instance done that rested with it."""
    for job in session.scalars(_internal().where(ServiceJob.instance_id == instance_id)):
        jobs.defer(session, "do_service_job", not_before=job.due_at, job=str(job.id))


def remind(session: Session, *, batch: int = 100) -> int:
    """Give out once more what a worker took and never finished. Returns how many."""
    overdue = _internal().join(Instance, Instance.id == ServiceJob.instance_id).where(Instance.status == "active")
    overdue = overdue.where(ServiceJob.due_at < clock.now() - OVERDUE).limit(batch)
    found = session.scalars(overdue.with_for_update(of=ServiceJob, skip_locked=True)).all()
    for job in found:
        job.due_at = clock.now()
        jobs.defer(session, "do_service_job", job=str(job.id))
    return len(found)


def _internal() -> Select[ServiceJob]:
    return select(ServiceJob).where(ServiceJob.state == OPEN, ServiceJob.internal)
