"""Why a case stands still: for whom or what it waits, since when, and until when at the latest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.people import queries as people
from engine.workflow import definitions, instances
from engine.workflow.models import Incident, Instance, Subscription, UserTask


@dataclass(frozen=True)
class Waiting:
    """One reason. `kind` is police, suspended, incident, signatures, person, group, message or timer.

    `step` is the definition and the element where it waits, `roles` who may act, `person` the name of who has it.
    """

    kind: str
    since: datetime | None = None
    until: datetime | None = None
    step: tuple[UUID, str] | None = None
    roles: Sequence[str] = ()
    person: str = ""


def waits_for(session: Session, case: Case) -> list[Waiting]:
    """The reasons, those first that keep all else from going on; empty for a closed case."""
    if case.closed_at is not None:
        return []
    running = session.scalars(
        select(Instance).where(Instance.stream == case.id, Instance.ended_at.is_(None))
    ).all()  # fmt: skip
    found = [Waiting("police", since=case.paused_at)] if case.paused_at else []
    found += [Waiting("suspended") for one in running if one.status == instances.SUSPENDED]
    ids = {one.id: one for one in running}
    stuck = session.scalars(select(Incident).where(Incident.instance_id.in_(ids), Incident.resolved_at.is_(None)))
    found += [Waiting("incident", one.at, step=(ids[one.instance_id].definition_id, one.element_id)) for one in stuck]
    tasks = session.scalars(
        select(UserTask).where(UserTask.stream == case.id, UserTask.state == "open").order_by(UserTask.created_at)
    ).all()
    names = people.names(session, (task.assignee for task in tasks))
    found += [_task(task, names.get(task.assignee or "", "")) for task in tasks]
    if not tasks:  # beside a task these are only other ways on
        waits = session.scalars(select(Subscription).where(Subscription.instance_id.in_(ids)))
        found += [
            Waiting("message", one.created_at, step=(ids[one.instance_id].definition_id, one.element_id))
            for one in waits
            if one.kind == "message" and not _other_way(session, ids[one.instance_id], one.element_id)
        ]
        wakes = [one.wake_at for one in running if one.wake_at]
        found += [Waiting("timer", until=min(wakes))] if wakes else []
    return found


def _other_way(session: Session, instance: Instance, element_id: str) -> bool:
    """Whether an element only catches what may happen meanwhile (somebody is in danger): nothing waits for it."""
    element = definitions.process(session, instance.definition_id).elements.get(element_id)
    return element is not None and element.type in ("boundaryEvent", "startEvent")


def _task(task: UserTask, person: str) -> Waiting:
    step = (task.definition_id, task.element_id)
    if task.signatures:
        return Waiting("signatures", task.created_at, task.due_at, step, person=person)
    if task.assignee:
        return Waiting("person", task.created_at, task.due_at, step, task.groups, person)
    return Waiting("group", task.created_at, task.due_at, step, task.groups)
