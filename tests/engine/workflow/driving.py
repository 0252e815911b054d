"""What the tests of the engine do with an instance, in one line each."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.workflow import bpmn, definitions, instances, tasks
from engine.workflow.definitions import File
from engine.workflow.models import Instance, UserTask


def start(session: Session, content: bytes, key: str = "p", **variables: object) -> Instance:
    """Deploy a diagram and start a process of it."""
    definitions.deploy(session, [File("p.bpmn", content)], actor="admin")
    return instances.start(session, key, variables, actor="starter")


def open_task(session: Session, instance: Instance, element: str | None = None) -> UserTask:
    """The one open task of an instance, or of an element of it."""
    waiting = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.state == "open")
    return session.scalars(waiting.where(UserTask.element_id == element) if element else waiting).one()


def open_elements(session: Session, instance: Instance) -> list[str]:
    """Where the instance waits for people."""
    waiting = select(UserTask.element_id).where(UserTask.instance_id == instance.id, UserTask.state == "open")
    return sorted(session.scalars(waiting))


def complete(session: Session, instance: Instance, element: str, **variables: object) -> None:
    """Complete the one open task of an element."""
    tasks.complete(session, open_task(session, instance, element).id, variables, actor="somebody")


def variables(session: Session, instance: Instance) -> dict[str, Any]:
    """The variables of an instance's process."""
    return instances.restore(session, instance).variables


def rules(content: bytes, severity: str = "error") -> set[str]:
    """The rules of a diagram's findings."""
    return {finding.rule for finding in bpmn.check_model(content) if finding.severity == severity}
