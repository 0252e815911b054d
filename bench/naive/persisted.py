"""An instance of SpiffWorkflow's own, kept as its serializer's dict in a JSON column of one row."""

import io
from typing import Any
from uuid import UUID, uuid4

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench.diagrams import SIX_TASKS

SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())


class Base(DeclarativeBase):
    """The naive version's tables."""


class NaiveInstance(Base):
    """All that is kept."""

    __tablename__ = "naive_instance"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)


def _spec() -> Any:
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(SIX_TASKS))
    return parser.get_spec("six-tasks")


SPEC = _spec()


def start(session: Session) -> tuple[UUID, list[UUID]]:
    """Start an instance; its id and those of its ready tasks."""
    workflow = BpmnWorkflow(SPEC)
    workflow.do_engine_steps()
    instance = NaiveInstance(id=uuid4(), state=SERIALIZER.to_dict(workflow))
    session.add(instance)
    return instance.id, _ready(workflow)


def complete(session: Session, instance_id: UUID, task_id: UUID, data: dict[str, Any]) -> list[UUID]:
    """Complete a task; the tasks that are ready now. Raises LookupError for one that is not ready."""
    instance = session.get(NaiveInstance, instance_id, with_for_update=True)
    if instance is None:
        raise LookupError(instance_id)
    workflow = SERIALIZER.from_dict(instance.state)
    if task_id not in _ready(workflow):
        raise LookupError(task_id)
    task = workflow.get_task_from_id(task_id)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()
    instance.state = SERIALIZER.to_dict(workflow)
    return _ready(workflow)


def ready(session: Session, instance_id: UUID) -> list[UUID]:
    """The tasks of an instance that are ready."""
    return _ready(SERIALIZER.from_dict(session.get_one(NaiveInstance, instance_id).state))


def _ready(workflow: Any) -> list[UUID]:
    return [task.id for task in workflow.get_tasks(state=TaskState.READY, manual=True)]
