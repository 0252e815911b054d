"""What an execution asks of the house and tells it: the words between the BPMN runtime and its host."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from engine.feel import Runtime
from engine.sentences import S_, Sentence
from engine.workflow.bpmn import Element, Process


class BpmnError(Exception):
    """An operation ends with an error of the diagram: boundary events and event sub-processes may catch it."""

    def __init__(self, code: str, message: str = "", variables: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.variables = dict(variables or {})


def uncaught(error: BpmnError) -> Sentence:
    """What the incident says of an error that nobody catches."""
    return S_("Nobody catches the error %(code)s: %(message)s", code=error.code, message=error.message)


class StepFailed(Exception):
    """A step cannot be done as drawn; it becomes an incident."""

    def __init__(self, code: str, message: Sentence) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Step:
    """Which step asks for an operation."""

    element_id: str
    token_id: UUID


class Environment(Protocol):
    """What the host gives an execution."""

    @property
    def runtime(self) -> Runtime:
        """How FEEL sees time."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""

    def process(self, key: str) -> Process:
        """The process that a call activity names."""

    def process_by_ref(self, ref: str) -> Process:
        """The very version that a state refers to."""

    def decide(self, decision_id: str, context: Mapping[str, Any]) -> tuple[Any, object]:
        """A decision's value, and what explains it (JSON-able)."""

    def is_later(self, element: Element) -> bool:
        """Whether a worker does the operation of an element, and not this transaction."""

    def perform(self, operation: str, parameters: Mapping[str, Any], step: Step) -> Any:
        """Carry out an operation. May raise BpmnError; any other exception becomes an incident."""


@dataclass(frozen=True)
class WaitingTask:
    """A user task that waits. `variables` are all in its sight, its input mappings first; the id survives."""

    id: UUID
    element_id: str
    process_ref: str
    name: str
    form_key: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    assignee: str | None
    due: datetime | None
    element: Element
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class WaitingJob:
    """A service task that a worker does. `parameters` are its input mappings, `variables` all in its sight."""

    id: UUID
    process_ref: str
    element: Element
    parameters: Mapping[str, Any]
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Subscription:
    """A catching event or receive task that waits for a message or signal of a name."""

    id: UUID
    kind: str
    name: str
    correlation_key: str | None
    element_id: str


@dataclass(frozen=True)
class Place:
    """A token, and the element that it is at."""

    token_id: UUID
    process_ref: str
    element_id: str


@dataclass(frozen=True)
class Other:
    """Another token of a scope; one that waits at a joining gateway `came_from` the step before it."""

    element_id: str
    came_from: str | None


@dataclass(frozen=True)
class Level:
    """A scope around a token: its own token and element, what in it holds the token, and what else is under way.

    `rounds` says that the token belongs to one of several rounds that run.
    """

    process: Process
    scope: UUID
    scope_element: str
    at: UUID
    element_id: str
    others: Sequence[Other]
    rounds: bool


@dataclass(frozen=True)
class Incident:
    """A token whose step failed; it stays there until it is retried."""

    token_id: UUID
    element_id: str
    code: str
    message: str


@dataclass(frozen=True)
class Fact:
    """One thing that happened on the way, in the process version `ref`. Of `flow.taken` the element is the flow."""

    kind: str
    element_id: str
    token_id: UUID
    ref: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def short(token_id: UUID) -> str:
    """A token's id as it stands in the history: its random end, enough to tell the tokens of an instance apart."""
    return token_id.hex[-12:]


@dataclass(frozen=True)
class Thrown:
    """A message or signal that goes out of the instance."""

    kind: str
    name: str
    correlation_key: str | None
    variables: Mapping[str, Any]
