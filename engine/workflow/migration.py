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


class MigrationRefused(Invalid):
    """Some tokens have no place in the other version; `errors` say which and why. Nothing was changed."""

    code = "migration-refused"
    message = N_("Not every token has a place in that version. Nothing was changed.")


def plan(session: Session, instance: Instance, target_id: UUID, mapping: Mapping[str, str]) -> list[Passage]:
    """Where each token would go, or why it cannot. Raises MigrationRefused if it is no version of the same process."""
    return instances.restore(session, instance).passages(_journey(session, instance, target_id, mapping))


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
    """Let an instance go on under another version.

    Raises InstanceUnknown, InstanceNotActive, DefinitionUnknown, MigrationRefused.
    """
    with instances.changing(session, instance_id, "instance.migrated", actor=actor) as live:
        instance, execution = live.instance, live.execution
        journey = _journey(session, instance, target_id, mapping)
        passages = execution.passages(journey)
        if wrong := [one.refusal for one in passages if one.refusal]:
            raise MigrationRefused(fields=wrong)
        live.data = {
            "from": journey.source.ref, "to": journey.target.ref, "mapping": dict(mapping), "reason": reason,
            "tokens": [[one.element_id, one.to, one.becomes] for one in passages],
        }  # fmt: skip
        execution.migrate(journey, restart_timers=restart_timers)
        instance.definition_id = target_id
        _follow(session, execution, passages, target_id)


def _journey(session: Session, instance: Instance, target_id: UUID, mapping: Mapping[str, str]) -> Journey:
    source = definitions.process(session, instance.definition_id)
    definition = definitions.one(session, target_id)
    if definition.kind != definitions.PROCESS or definition.key != source.key:
        raise MigrationRefused(N_("That is no version of the same process."))
    target: Process = definitions.process(session, target_id)
    return Journey(source, target, mapping)


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
