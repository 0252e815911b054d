"""Doing service jobs: complete, fail, throw, keep the lock; and the jobs that this house does itself.

Every command locks the instance first, then looks at the job. Whoever's lock has gone to somebody else is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, db, events
from engine.errors import N_, Conflict, NotFound, code_of, said_by
from engine.ids import new_id
from engine.sentences import S_
from engine.workflow import instances, jobs, service_jobs
from engine.workflow.bpmn.retrying import after
from engine.workflow.errors import InstanceNotActive
from engine.workflow.execution import BpmnError
from engine.workflow.models import Instance, ServiceJob
from engine.workflow.operations import OPERATIONS, Call, Errand
from engine.workflow.service_jobs import COMPLETED, FAILED, OPEN, Activated

LOCKED_FOR = timedelta(minutes=2)
"""How long an operation that reaches out of the house may take before it is tried again."""


class JobUnknown(NotFound):
    """No service job has that id."""

    code = "job-unknown"
    message = N_("This service job does not exist.")


class JobLockLost(Conflict):
    """The job is done, cancelled, or locked by another worker since."""

    code = "job-lock-lost"
    message = N_("This job is no longer yours: its lock ran out and another worker has it, or it is done.")


@dataclass(frozen=True)
class Done:
    """An attempt that succeeded."""

    result: Any


@dataclass(frozen=True)
class Failed:
    """An attempt that failed."""

    code: str
    message: str


Outcome = Done | Failed | BpmnError


@dataclass(frozen=True)
class Order:
    """An attempt that is made outside of any transaction, under a lock."""

    job_id: UUID
    lock: UUID
    run: Callable[[], Any]

    def carry_out(self) -> Outcome:
        """Make the attempt."""
        return _outcome(self.run)


def activate(session: Session, types: list[str], worker: str, *, limit: int, lock_for: timedelta) -> list[Activated]:
    """Lock jobs of other systems for a worker, with what they need to know."""
    taken = service_jobs.activate(session, types, worker, limit=limit, lock_for=lock_for)
    executions = {instance.id: instances.restore(session, instance) for _, instance in taken}
    known = {job.id: job for execution in executions.values() for job in execution.jobs}
    return [Activated(job, instance, known[job.id]) for job, instance in taken if job.id in known]


def complete(
    session: Session, job_id: UUID, lock: UUID, variables: Mapping[str, Any], *, actor: str | None
) -> ServiceJob:
    """A worker has done a job. Raises JobUnknown, JobLockLost, InstanceNotActive."""
    return _end(session, _held(session, job_id, lock), Done(variables), actor)


def throw_error(session: Session, job_id: UUID, lock: UUID, error: BpmnError, *, actor: str | None) -> ServiceJob:
    """A job ends with an error of the diagram. Raises as `complete`."""
    return _end(session, _held(session, job_id, lock), error, actor)


def fail(
    session: Session,
    job_id: UUID,
    lock: UUID,
    message: str,
    *,
    actor: str | None,
    retries: int | None = None,
    rest: timedelta | None = None,
) -> ServiceJob:
    """An attempt failed; `retries` are left (else one less) after a rest (else the diagram's). Raises as `complete`."""
    job = _held(session, job_id, lock)
    return _failed(session, job, Failed("job-failed", message), actor, retries=retries, rest=rest)


def extend(session: Session, job_id: UUID, lock: UUID, lock_for: timedelta) -> ServiceJob:
    """Keep a job's lock for so long from now. Raises as `complete`."""
    job = _held(session, job_id, lock)
    job.due_at = clock.now() + lock_for
    return job


@jobs.job
def do_service_job(session: Session, job: str) -> None:
    """Do a job of this house within one transaction, as scenarios do; the worker does the parts one by one."""
    order = take(session, UUID(job))
    if order is not None:
        report(session, order, order.carry_out())


def take(session: Session, job_id: UUID) -> Order | None:
    """Do a job of this house here and now; one that reaches out is locked and returned, to be done outside.

    Nothing happens where it is done, cancelled, in other hands, or rests.
    """
    try:
        job = _locked(session, job_id)
    except (JobUnknown, InstanceNotActive):
        return None
    if job.state != OPEN or job.due_at > clock.now():
        return None
    instance = session.get_one(Instance, job.instance_id)
    waiting = next(one for one in instances.restore(session, instance).jobs if one.id == job_id)
    job.attempts += 1
    operation = OPERATIONS.get(job.type)
    if operation is None:
        _failed(
            session,
            job,
            Failed("operation-unknown", S_("There is no operation %(operation)s.", operation=job.type)),
            None,
            retries=0,
        )
    elif operation.outside:
        errand = Errand(job_id, instance.id, instance.stream, job.element_id, clock.now())
        job.lock, job.worker, job.due_at = new_id(), "hejie", clock.now() + LOCKED_FOR
        return Order(job_id, job.lock, lambda: operation.run(errand, **waiting.parameters))
    else:
        call = Call(session, instance.id, instance.stream, job.element_id, clock.now(), None)
        _end(session, job, _outcome(lambda: _in_savepoint(call, operation.run, waiting.parameters)), None)
    return None


def report(session: Session, order: Order, outcome: Outcome) -> None:
    """What came of an attempt outside; one that took too long and was given to another does not count."""
    try:
        job = _held(session, order.job_id, order.lock)
    except (JobUnknown, JobLockLost):
        return
    except InstanceNotActive:  # it rests: what was done is asked again under the same key when it goes on
        return
    _end(session, job, outcome, None)


def _in_savepoint(call: Call, run: Callable[..., Any], parameters: Mapping[str, Any]) -> Any:
    with call.session.begin_nested():
        return run(call, **parameters)


def _outcome(run: Callable[[], Any]) -> Outcome:
    try:
        return Done(run())
    except BpmnError as error:
        return error
    except Exception as error:
        if db.is_deadlock(error):
            raise  # the whole transaction is done again
        return Failed(code_of(error), said_by(error))


def _locked(session: Session, job_id: UUID) -> ServiceJob:
    owner = session.scalar(select(ServiceJob.instance_id).where(ServiceJob.id == job_id))
    if owner is None:
        raise JobUnknown(job=job_id)
    instance = instances.locked(session, owner)
    job = session.get_one(ServiceJob, job_id, with_for_update=True, populate_existing=True)
    if job.state == OPEN and instance.status != instances.ACTIVE:
        raise InstanceNotActive(instance=instance.id, status=instance.status)
    return job


def _held(session: Session, job_id: UUID, lock: UUID) -> ServiceJob:
    job = _locked(session, job_id)
    if job.state != OPEN or job.lock != lock:
        raise JobLockLost(job=job_id, state=job.state, worker=job.worker)
    return job


def _end(session: Session, job: ServiceJob, outcome: Outcome, actor: str | None) -> ServiceJob:
    if isinstance(outcome, Failed):
        return _failed(session, job, outcome, actor)
    kind = "job.completed" if isinstance(outcome, Done) else "job.error_thrown"
    job.state, job.lock, job.closed_at = COMPLETED, None, clock.now()
    with instances.changing(session, job.instance_id, kind, actor=actor, goes_on=job.internal) as live:
        live.data = _facts(job)
        if isinstance(outcome, Done):
            live.execution.finish_job(job.id, outcome.result)
        else:
            live.data["code"] = outcome.code
            job.state = COMPLETED if live.execution.throw_error(job.id, outcome) else FAILED
    return job


def _failed(
    session: Session,
    job: ServiceJob,
    failure: Failed,
    actor: str | None,
    *,
    retries: int | None = None,
    rest: timedelta | None = None,
) -> ServiceJob:
    job.retries = max(job.retries - 1 if retries is None else retries, 0)
    job.lock, job.problem = None, failure.message
    if job.retries:
        job.due_at = clock.now() + (after(job.backoff, job.attempts) if rest is None else rest)
        stream = session.get_one(Instance, job.instance_id).stream
        events.record(
            session, "job.failed", stream, actor=actor, instance=job.instance_id,
            **_facts(job), code=failure.code, retries=job.retries,
        )  # fmt: skip
        if job.internal:
            jobs.defer(session, "do_service_job", not_before=job.due_at, job=str(job.id))
        return job
    job.state = FAILED
    with instances.changing(session, job.instance_id, "job.failed", actor=actor) as live:
        live.data = {**_facts(job), "code": failure.code, "retries": 0}
        live.execution.fail_job(job.id, failure.code, failure.message)
    return job


def _facts(job: ServiceJob) -> dict[str, Any]:
    return {"element": job.element_id, "job": str(job.id), "type": job.type, "worker": job.worker}
