"""Migration: an instance goes on under another version of its process, whole or not at all."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.errors import N_, Invalid
from engine.workflow import definitions, instances
from engine.workflow.bpmn import Process
from engine.workflow.execution import Execution
from engine.workflow.migrating import Journey, Passage
from engine.workflow.models import Incident, Instance, ServiceJob, Subscription, UserTask

NOT_HERE = N_("No version of that process runs here.")


class MigrationRefused(Invalid):
    """Some tokens have no place in the other version; `errors` say which and why. Nothing was changed."""

    code = "migration-refused"
    message = N_("Not every token has a place in that version. Nothing was changed.")


def plan(session: Session, instance: Instance, target_id: UUID, mapping: Mapping[str, str]) -> list[Passage]:
    """Where each token would go, or why it cannot. Raises MigrationRefused if no such process runs in the instance."""
    return plan_onto(session, instance, _target(session, target_id), mapping)


def plan_onto(session: Session, instance: Instance, target: Process, mapping: Mapping[str, str]) -> list[Passage]:
    """The same onto a process that need not be deployed."""
    execution = instances.restore(session, instance)
    return [passage for journey in _journeys(execution, target, mapping) for passage in execution.passages(journey)]


def migrate(
    session: Session,
    instance_id: UUID,
    target_id: UUID,
    mapping: Mapping[str, str],
    *,
    actor: str | None,
    reason: str,
    restart_timers: bool = False,
) -> None:
    """Let an instance go on under another version: of its process, or of one that it has called and that runs.

    Raises InstanceUnknown, InstanceNotActive, DefinitionUnknown, MigrationRefused.
    """
    with instances.changing(session, instance_id, "instance.migrated", actor=actor) as live:
        instance, execution = live.instance, live.execution
        journeys = _journeys(execution, _target(session, target_id), mapping)
        passages = [passage for journey in journeys for passage in execution.passages(journey)]
        if wrong := [one.refusal for one in passages if one.refusal]:
            raise MigrationRefused(fields=wrong)
        live.data = {
            "from": ", ".join(one.source.ref for one in journeys), "to": str(target_id), "mapping": dict(mapping),
            "reason": reason, "tokens": [[one.element_id, one.to, one.becomes] for one in passages],
        }  # fmt: skip
        execution.migrate(journeys, restart_timers=restart_timers)
        instance.definition_id = UUID(execution.process.ref)
        _follow(session, execution, passages, target_id)


def _target(session: Session, target_id: UUID) -> Process:
    if definitions.one(session, target_id).kind != definitions.PROCESS:
        raise MigrationRefused(NOT_HERE)
    return definitions.process(session, target_id)


def _journeys(execution: Execution, target: Process, mapping: Mapping[str, str]) -> list[Journey]:
    """From each version of a process that runs in an instance, itself or called, to the one wanted."""
    sources = [one for one in execution.processes if one.key == target.key]
    if not sources:
        raise MigrationRefused(NOT_HERE)
    return [Journey(source, target, mapping) for source in sources]


def _follow(session: Session, execution: Execution, passages: list[Passage], target_id: UUID) -> None:
    """The rows of what waits name the step by its new id, and a person's task shows what the new version asks."""
    waiting = {one.id: one for one in execution.tasks}
    for one in passages:
        if one.token_id is None or one.to is None:
            continue
        if task := waiting.get(one.token_id):
            row = session.get_one(UserTask, task.id)
            row.definition_id, row.element_id, row.name = target_id, task.element_id, task.name
            row.form_key, row.groups = task.form_key, list(task.candidate_groups)
        job = update(ServiceJob).where(ServiceJob.id == one.token_id)
        session.execute(job.values(definition_id=target_id, element_id=one.to))
        if one.to != one.element_id:
            session.execute(update(Incident).where(Incident.token_id == one.token_id).values(element_id=one.to))
            caught = update(Subscription).where(Subscription.id == one.token_id)
            session.execute(caught.values(element_id=one.to))
