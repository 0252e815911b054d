"""Instances: start, change, cancel. Every command locks the instance's row first, then looks, decides and writes.

`Live` is an instance in a command's hands: the locked row and its execution. Leaving `changing` writes all that came
of the command: state, tasks, subscriptions, incidents, messages, the next due moment, and one event.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engine import clock, events
from engine.ids import new_id
from engine.workflow import definitions, messages, service_jobs
from engine.workflow.environment import HouseEnvironment
from engine.workflow.errors import InstanceNotActive, InstanceUnknown
from engine.workflow.execution import Execution, Fact, WaitingTask
from engine.workflow.models import Incident, Instance, Subscription, UserTask

Follower = Callable[[Session, Instance, Execution], None]
FOLLOWERS: list[Follower] = []
"""Who keeps what an instance is about in step with it; called within every command that changes one."""

ACTIVE, SUSPENDED, COMPLETED, CANCELLED = "active", "suspended", "completed", "cancelled"


@dataclass(frozen=True)
class Home:
    """Where an instance belongs: the stream of its events (None: its own), its county and its division's path."""

    stream: UUID | None = None
    county: str = ""
    division: str = ""


@dataclass
class Live:
    """An instance in a command's hands. `closed_by` says who completed which task; `facts` go into the event."""

    instance: Instance
    execution: Execution
    actor: str | None
    completed: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


def start(
    session: Session,
    key: str,
    variables: Mapping[str, Any],
    *,
    actor: str | None,
    home: Home | None = None,
    start_event: str | None = None,
    definition_id: UUID | None = None,
) -> Instance:
    """Start a process: the newest version of `key`, or the given definition. Raises DefinitionUnknown."""
    home = home or Home()
    definition_id = definition_id or definitions.newest(session, definitions.PROCESS, key).id
    process = definitions.process(session, definition_id)
    own = new_id()
    instance = Instance(
        id=own,
        definition_id=definition_id,
        stream=home.stream or own,
        county=home.county,
        division=home.division,
        status=ACTIVE,
        state=b"",
        started_at=clock.now(),
    )
    session.add(instance)
    session.flush()  # its tasks point to it
    environment = HouseEnvironment(session, instance, actor)
    execution = Execution.start(process, environment, variables, start_event=start_event)
    live = Live(instance, execution, actor, data={"process": key})
    _write(session, live, "instance.started", _Before())
    return instance


@contextmanager
def changing(session: Session, instance_id: UUID, kind: str, *, actor: str | None) -> Iterator[Live]:
    """Lock an active instance, let the block change its execution, then write what came of it.

    Raises InstanceUnknown, InstanceNotActive.
    """
    instance = locked(session, instance_id)
    if instance.status != ACTIVE:
        raise InstanceNotActive(instance=instance_id, status=instance.status)
    live = Live(instance, restore(session, instance, actor), actor)
    before = _Before.of(live.execution)
    yield live
    _write(session, live, kind, before)


def locked(session: Session, instance_id: UUID) -> Instance:
    """The row of an instance, locked until the transaction ends. Raises InstanceUnknown."""
    query = select(Instance).where(Instance.id == instance_id)
    instance = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if instance is None:
        raise InstanceUnknown(instance=instance_id)
    return instance


def restore(session: Session, instance: Instance, actor: str | None = None) -> Execution:
    """The execution of an instance as it was written last."""
    process = definitions.process(session, instance.definition_id)
    return Execution.restore(process, HouseEnvironment(session, instance, actor), instance.state)


def set_variables(session: Session, instance_id: UUID, variables: Mapping[str, Any], *, actor: str | None) -> None:
    """Change variables of an instance; waiting conditions are evaluated again."""
    with changing(session, instance_id, "instance.variables_set", actor=actor) as live:
        live.data["names"] = sorted(variables)
        live.execution.set_variables(variables)


def cancel(session: Session, instance_id: UUID, *, actor: str | None, reason: str) -> None:
    """End an instance at once: its tasks are cancelled, nothing in it runs again."""
    with changing(session, instance_id, "instance.cancelled", actor=actor) as live:
        live.data["reason"] = reason
        live.execution.cancel()
        live.instance.status = CANCELLED


def suspend(session: Session, instance_id: UUID, *, actor: str | None, reason: str) -> None:
    """Let an instance rest: its tasks stay visible, nothing in it can be done until it is resumed."""
    with changing(session, instance_id, "instance.suspended", actor=actor) as live:
        live.data["reason"] = reason
        live.instance.status = SUSPENDED


def resume(session: Session, instance_id: UUID, *, actor: str | None) -> None:
    """Wake a suspended instance; timers that fell due meanwhile fire at the next tick."""
    instance = locked(session, instance_id)
    if instance.status != SUSPENDED:
        raise InstanceNotActive(instance=instance_id, status=instance.status)
    instance.status = ACTIVE
    instance.wake_at = restore(session, instance).wake_at
    service_jobs.give_out_again(session, instance_id)
    events.record(session, "instance.resumed", instance.stream, actor=actor, instance=instance_id)


def retry(session: Session, instance_id: UUID, token_id: UUID, *, actor: str | None) -> None:
    """Try a failed step again, after its cause is mended."""
    with changing(session, instance_id, "incident.retried", actor=actor) as live:
        live.data["token"] = str(token_id)
        live.execution.retry(token_id)


@dataclass(frozen=True)
class _Before:
    """What waited before a command, so that only differences are written and nothing need be read again."""

    tasks: frozenset[UUID] = frozenset()
    subscriptions: frozenset[UUID] = frozenset()
    incidents: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, execution: Execution) -> "_Before":
        return cls(
            frozenset(task.id for task in execution.tasks),
            frozenset(subscription.id for subscription in execution.subscriptions),
            frozenset(incident.token_id for incident in execution.incidents),
        )


def _write(session: Session, live: Live, kind: str, before: _Before) -> None:
    instance, execution = live.instance, live.execution
    if execution.ended and instance.status == ACTIVE:
        instance.status, instance.outcome = COMPLETED, execution.outcome
    if instance.status in (COMPLETED, CANCELLED):
        instance.ended_at = clock.now()
    instance.wake_at = execution.wake_at if instance.status == ACTIVE else None
    instance.state = execution.dump()
    _write_tasks(session, live, before.tasks)
    _write_subscriptions(session, live, before.subscriptions)
    _write_incidents(session, live, before.incidents)
    service_jobs.write(session, instance, execution)
    messages.send_all(session, instance, execution.outbox)
    facts: dict[str, Any] = {**live.data, "path": [path_entry(fact) for fact in execution.facts]}
    if instance.ended_at:
        facts["ended"] = instance.status
    events.record(session, kind, instance.stream, actor=live.actor, instance=instance.id, **facts)
    for follower in FOLLOWERS:
        follower(session, instance, execution)


def path_entry(fact: Fact) -> list[Any]:
    """A fact as it stands in an event: kind, element, and what more there is to know of it."""
    return [fact.kind, fact.element_id, *([fact.data] if fact.data else [])]


def _write_tasks(session: Session, live: Live, before: frozenset[UUID]) -> None:
    waiting = {task.id: task for task in live.execution.tasks}
    if gone := before - waiting.keys():
        cancelled = gone - {live.completed}
        if live.completed:
            _close(session, {live.completed}, "completed", live.actor)
        if cancelled:
            _close(session, cancelled, "cancelled", None)
    if new := [_task_row(live, task) for task in waiting.values() if task.id not in before]:
        session.execute(insert(UserTask), new)


def _close(session: Session, tasks: set[UUID] | frozenset[UUID], state: str, by: str | None) -> None:
    values = {"state": state, "closed_at": clock.now(), "completed_by": by, "version": UserTask.version + 1}
    session.execute(update(UserTask).where(UserTask.id.in_(tasks)).values(values))


def _task_row(live: Live, task: WaitingTask) -> dict[str, Any]:
    instance = live.instance
    return {
        "id": task.id,
        "instance_id": instance.id,
        "definition_id": UUID(task.process_ref),
        "element_id": task.element_id,
        "name": task.name,
        "form_key": task.form_key,
        "groups": list(task.candidate_groups),
        "assignee": task.assignee,
        "stream": instance.stream,
        "county": instance.county,
        "division": instance.division,
        "state": "open",
        "created_at": clock.now(),
        "due_at": task.due,
        "version": 1,
    }


def _write_subscriptions(session: Session, live: Live, before: frozenset[UUID]) -> None:
    waiting = {subscription.id: subscription for subscription in live.execution.subscriptions}
    if gone := before - waiting.keys():
        session.execute(delete(Subscription).where(Subscription.id.in_(gone)))
    new = [found for key, found in waiting.items() if key not in before]
    if new:
        rows = [
            {
                "id": found.id,
                "instance_id": live.instance.id,
                "element_id": found.element_id,
                "kind": found.kind,
                "name": found.name,
                "correlation_key": found.correlation_key,
                "created_at": clock.now(),
            }
            for found in new
        ]
        session.execute(insert(Subscription), rows)
        messages.offer_waiting(session, new)


def _write_incidents(session: Session, live: Live, before: frozenset[UUID]) -> None:
    failing = {incident.token_id: incident for incident in live.execution.incidents}
    if gone := before - failing.keys():
        resolved = update(Incident).where(Incident.instance_id == live.instance.id, Incident.token_id.in_(gone))
        session.execute(resolved.where(Incident.resolved_at.is_(None)).values(resolved_at=clock.now()))
    for token_id, incident in failing.items():
        if token_id not in before:
            session.add(
                Incident(
                    instance_id=live.instance.id,
                    token_id=token_id,
                    element_id=incident.element_id,
                    code=incident.code,
                    message=incident.message,
                    at=clock.now(),
                )
            )
