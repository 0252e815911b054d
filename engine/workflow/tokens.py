"""Tokens: SpiffWorkflow's task tree holding only what is alive. A scope's tokens are the children of its own token.

SpiffWorkflow gives the tree, the states and the order of running; what an element means stands in `steps`. Its own
specs are not used: they predict, keep and walk the whole history, and deviate from BPMN in known places.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from SpiffWorkflow import Workflow
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.ids import new_id
from engine.workflow.bpmn import Element, EventDefinition, Process
from engine.workflow.marks import Marks

READY, STARTED, WAITING, FAILED = TaskState.READY, TaskState.STARTED, TaskState.WAITING, TaskState.ERROR
WAITS = {"intermediateCatchEvent", "receiveTask", "eventBasedGateway"}
ROOT = ""
"""The element id of a process's own token."""


class ElementSpec(TaskSpec):  # type: ignore[misc]
    """The spec of one element in SpiffWorkflow's sense: running and completing it is the execution's business."""

    def _run_hook(self, token: "Token") -> bool | None:
        result: bool | None = token.workflow.steps.run(token)
        return result

    def _on_complete(self, token: "Token") -> None:
        token.workflow.steps.leave(token)


class Token(Task):  # type: ignore[misc]
    """A token at an element. `data` are the variables local to it, `internal_data` its marks."""

    data: dict[str, Any]
    internal_data: Marks

    def __init__(
        self, tree: "TokenTree", process: Process, element_id: str, parent: "Token | None", state: int, id_: UUID
    ) -> None:
        self.process = process
        super().__init__(tree, spec_of(process, element_id), parent, state, id_)

    @property
    def element_id(self) -> str:
        """The element's id; "" for a process's own token."""
        return str(self.task_spec.name)

    @property
    def element(self) -> Element:
        """The element that the token is at."""
        return self.process.elements[self.element_id]

    @property
    def event(self) -> EventDefinition:
        """What the event at which the token is waits for: all of it, or the part that this token stands for."""
        event = self.element.event
        assert event is not None
        part = self.internal_data.get("part")
        return event if part is None else event.parts[part]

    @property
    def is_root(self) -> bool:
        """Whether this is a process's own token."""
        return self.element_id == ROOT

    @property
    def inside(self) -> list["Token"]:
        """The tokens directly within this one."""
        return list(self.children)

    @property
    def alive(self) -> bool:
        """Whether the token has not been consumed or cancelled."""
        return self.id in self.workflow.tasks

    def run(self) -> None:
        """Do what the element says; unlike SpiffWorkflow's, a token that is not through keeps the state it took."""
        if self.task_spec._run(self):
            self.complete()

    def _set_state(self, value: int) -> None:
        self._state = value  # without SpiffWorkflow's log records, which cost more than the step itself


class TokenTree(Workflow):  # type: ignore[misc]
    """The live tokens of one instance."""

    def __init__(self, steps: Any) -> None:
        super().__init__(WorkflowSpec(), deserializing=True)
        self.steps = steps
        self.ready: deque[Token] = deque()

    @property
    def root(self) -> Token:
        """The token of the process itself."""
        root: Token = self.task_tree
        return root

    def plant(self, process: Process) -> Token:
        """The token of the process that this tree runs."""
        self.task_tree = Token(self, process, ROOT, None, STARTED, new_id())
        return self.root

    def add(self, parent: Token, element_id: str, state: int, *, process: Process | None = None) -> Token:
        """A new token within another; a ready one is queued.

        Of tokens that are ready together those that will wait go first: what one branch throws, another hears.
        """
        token = Token(self, process or parent.process, element_id, parent, state, new_id())
        if state == READY:
            (self.ready.appendleft if token.element.type in WAITS else self.ready.append)(token)
        return token

    def queue(self, token: Token) -> None:
        """Have a token run."""
        token._set_state(READY)
        self.ready.append(token)

    def remove(self, token: Token) -> None:
        """Take a token away, with all that is within it."""
        if token.alive:
            self._remove_task(token.id)

    def all(self) -> list[Token]:
        """All live tokens, parents before children."""
        return list(self.tasks.values())

    def find(self, token_id: UUID) -> Token | None:
        """A live token by its id."""
        found: Token | None = self.tasks.get(token_id)
        return found


def spec_of(process: Process, element_id: str) -> ElementSpec:
    """The spec of an element; made once a process."""
    found = process.spec.task_specs.get(element_id)
    return found if found is not None else ElementSpec(process.spec, element_id)


def only_watches(token: Token) -> bool:
    """Whether a token stands for an event that something around may hear, and has not happened."""
    return bool(token.internal_data.get("watch")) or (
        not token.is_root
        and token.element.type == "boundaryEvent"
        and (token.state == WAITING or token.parent.element_id == token.element.attached_to)
    )


def context(token: Token) -> dict[str, Any]:
    """The variables that are in sight of a token: its own before those around it, up to its process."""
    layers: list[Mapping[str, Any]] = []
    current: Token | None = token
    while current is not None:
        if current.data:
            layers.append(current.data)
        if current.is_root:
            break
        current = current.parent
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged.update(layer)
    return merged


def assign(token: Token, name: str, value: Any) -> None:
    """Set a variable where it is known, looking outwards; in the process where nobody knows it.

    `person.name` sets one entry of the context `person` and keeps its others.
    """
    known = name.partition(".")[0]
    current = token
    while not current.is_root and known not in current.data:
        current = current.parent
    put(current.data, name, value)


def put(variables: dict[str, Any], name: str, value: Any) -> None:
    """Set a variable, or with points in the name an entry within it."""
    first, _, rest = name.partition(".")
    if rest:
        inner = variables.get(first)
        inner = dict(inner) if isinstance(inner, Mapping) else {}
        put(inner, rest, value)
        value = inner
    variables[first] = value
