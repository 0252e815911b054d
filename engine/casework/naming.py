"""What the steps of diagrams are called in the reader's language."""

from uuid import UUID

from sqlalchemy.orm import Session

from engine.workflow import definitions
from engine.workflow.bpmn import Process
from engine.workflow.models import UserTask


class StepNames:
    """Names of steps. The Chinese ones stand in the diagrams, the English ones beside them (labels.en.toml)."""

    def __init__(self, session: Session, locale: str) -> None:
        self._session = session
        self._english = definitions.labels(session) if locale == "en" else {}

    def __call__(self, task: UserTask) -> str:
        """The name of a task's step."""
        return self.of(task.definition_id, task.element_id)

    def of(self, definition_id: UUID, element_id: str) -> str:
        """The name of an element of a deployed process; its id where it has none."""
        return self.in_process(definitions.process(self._session, definition_id), element_id)

    def in_process(self, process: Process, element_id: str) -> str:
        """The name of an element of a process that need not be deployed."""
        element = process.elements.get(element_id)
        chinese = element.name if element else ""
        return self._english.get(process.key, {}).get(element_id) or chinese or element_id

    def all_of(self, definition_id: UUID) -> dict[str, str]:
        """Every English name that a diagram's parts have, by id; empty for a reader of Chinese."""
        known = self._english.get(definitions.process(self._session, definition_id).key, {})
        return dict(known)

    def process(self, definition_id: UUID) -> str:
        """The name of a deployed process."""
        process = definitions.process(self._session, definition_id)
        return self._english.get(process.key, {}).get(process.key) or process.name or process.key
