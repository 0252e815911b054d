"""A process in memory: elements and flows as the diagram has them, with every expression compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from SpiffWorkflow.specs import WorkflowSpec

from engine.feel import Expression

Value = Expression | str | None
"""What may be FEEL (with a leading =) or literal text."""

TASKS = {"task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"}
GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"}
SUB_PROCESSES = {"subProcess", "transaction", "adHocSubProcess"}
SCOPES = SUB_PROCESSES | {"callActivity"}
ACTIVITIES = TASKS | SCOPES
TIMED = ACTIVITIES | {"intermediateCatchEvent", "eventBasedGateway"}
"""The elements that a token can stay at; of all others it is said only that a token is through."""
CATCHING = {"intermediateCatchEvent", "boundaryEvent"}
THROWING = {"intermediateThrowEvent", "endEvent"}


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or throws. `name` is the message's or signal's name, the error's or escalation's code,
    or the activity to compensate; `wait` says whether a throw of compensation waits for its end.

    One with several definitions is of kind multiple: it waits for one of its `parts`, or with `parallel` for all of
    them, and throws all of them.
    """

    kind: Literal[
        "none", "message", "timer", "signal", "error", "escalation", "conditional", "link", "terminate", "multiple",
        "compensation", "cancel",
    ]  # fmt: skip
    name: str | None = None
    correlation_key: Expression | None = None
    timer: Literal["date", "duration", "cycle"] | None = None
    value: Value = None
    parts: tuple["EventDefinition", ...] = ()
    parallel: bool = False
    wait: bool = True

    @property
    def each(self) -> tuple["EventDefinition", ...]:
        """The single definitions that this one is made of."""
        return self.parts or (self,)


@dataclass(frozen=True)
class Loop:
    """How often an activity is done: a standard loop, or one instance per item, at once or one after another."""

    kind: Literal["standard", "parallel", "sequential"]
    condition: Expression | None = None
    test_before: bool = False
    maximum: int | None = None
    cardinality: Expression | None = None
    collection: Expression | None = None
    item: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    behavior: Literal["none", "one", "all", "complex"] = "all"
    throws: tuple[tuple[Expression | None, EventDefinition], ...] = ()
    """What an instance throws when it is through, each under its condition (§13.3.7)."""


@dataclass(frozen=True)
class DataFlow:
    """A data association: the variable `source` goes into `target`, as it is or as `value` makes it."""

    source: str | None
    target: str
    value: Expression | None


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: Expression | None = None
    line: int | None = None


@dataclass(frozen=True)
class Element:
    """A flow node as it was drawn. `scope` is the id of the sub-process it stands in, "" for the process itself.

    `handler` is the activity that compensates the host of this boundary event; `activation` a complex gateway's
    condition; `completion`, `active_elements`, `sequential` and `cancel_remaining` belong to ad-hoc sub-processes.
    """

    id: str
    type: str
    name: str
    scope: str
    line: int | None
    lane: str = ""
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    form_key: str | None = None
    candidate_groups: Value = None
    candidate_users: Value = None
    assignee: Value = None
    due_date: Value = None
    operation: str | None = None
    retries: int = 3
    called_decision: str | None = None
    called_process: str | None = None
    all_variables: bool = True
    all_parent_variables: bool = True
    script: Expression | None = None
    result_variable: str | None = None
    inputs: tuple[tuple[str, Expression | str], ...] = ()
    outputs: tuple[tuple[str, Expression | str], ...] = ()
    default: str | None = None
    event: EventDefinition | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered_by_event: bool = False
    instantiate: bool = False
    direction: str = ""
    parallel_start: bool = False
    for_compensation: bool = False
    handler: str | None = None
    activation: Expression | None = None
    completion: Expression | None = None
    active_elements: Expression | None = None
    sequential: bool = False
    cancel_remaining: bool = True
    data_inputs: tuple[DataFlow, ...] = ()
    data_outputs: tuple[DataFlow, ...] = ()
    start_quantity: int = 1
    completion_quantity: int = 1
    loop: Loop | None = None

    @property
    def backoff(self) -> str:
        """The rests between attempts of a service task, as written: `PT10S,PT1M`."""
        return self.properties.get("hejie.backoff", "")


@dataclass(frozen=True)
class StartEvent:
    """One way to start a process: by nobody in particular, a message, a timer, a signal or a condition.

    Of an event with several definitions there is one for each of them; `number` counts them.
    """

    element_id: str
    number: int
    event: EventDefinition


@dataclass(frozen=True)
class Process:
    """An executable process. `ref` says which deployed version it is; it stands in the state of its instances."""

    key: str
    name: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: tuple[str, ...] = ()
    ref: str = ""
    version_tag: str | None = None
    spec: WorkflowSpec = field(default_factory=WorkflowSpec, repr=False, compare=False)

    def bound_to(self, ref: str) -> "Process":
        """The same process as the deployed version `ref`."""
        return replace(self, ref=ref)

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows out of each element, in the order of the file."""
        return self._grouped("source")

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows into each element."""
        return self._grouped("target")

    @cached_property
    def within(self) -> Mapping[str, tuple[Element, ...]]:
        """The elements that stand directly in each sub-process ("" for the process)."""
        found: dict[str, list[Element]] = {"": []}
        for element in self.elements.values():
            found.setdefault(element.scope, []).append(element)
            if element.type in SCOPES:
                found.setdefault(element.id, [])
        return {scope: tuple(elements) for scope, elements in found.items()}

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[Element, ...]]:
        """The boundary events of each activity."""
        found: dict[str, list[Element]] = {}
        for element in self.elements.values():
            if element.attached_to:
                found.setdefault(element.attached_to, []).append(element)
        return {host: tuple(events) for host, events in found.items()}

    @cached_property
    def user_tasks(self) -> tuple[Element, ...]:
        """All user tasks."""
        return tuple(element for element in self.elements.values() if element.type == "userTask")

    @cached_property
    def start_events(self) -> tuple[StartEvent, ...]:
        """What the process can be started by: its own start events, and what else instantiates it."""
        return tuple(
            StartEvent(element.id, number, part)
            for element in self._instantiating()
            for number, part in enumerate(element.event.each if element.event else ())
        )

    def untriggered_starts(self) -> list[Element]:
        """Where a process begins that is started by hand or called: where no trigger is needed."""
        starts = self.starts("")
        return [one for one in starts if one.type != "startEvent" or one.event is None or one.event.kind == "none"]

    def _instantiating(self) -> list[Element]:
        found = []
        for element in self.starts(""):
            if element.type == "eventBasedGateway" and element.instantiate:  # each of its events starts the process
                following = (self.elements.get(flow.target) for flow in self.outgoing.get(element.id, ()))
                found += [one for one in following if one is not None]
            elif element.type == "startEvent" or element.instantiate:
                found.append(element)
        return found

    def started_with(self, element_id: str) -> list[str]:
        """The other events that must happen as well where one of them starts the process."""
        gateways = [self.elements[flow.source] for flow in self.incoming.get(element_id, ())]
        return [
            flow.target
            for gateway in gateways
            if gateway.instantiate and gateway.parallel_start
            for flow in self.outgoing[gateway.id]
            if flow.target != element_id
        ]

    def starts(self, scope: str) -> list[Element]:
        """The start events directly in a scope; without any, the nodes that nothing leads to (implicit start)."""
        inside = self.within[scope]
        explicit = [element for element in inside if element.type == "startEvent"]
        return explicit or [element for element in inside if self._starts_by_itself(element)]

    def _starts_by_itself(self, element: Element) -> bool:
        return not (
            self.incoming.get(element.id)
            or element.attached_to
            or element.triggered_by_event
            or element.for_compensation
            or (element.event is not None and element.event.kind == "link" and element.type in CATCHING)
        )

    def event_sub_processes(self, scope: str) -> list[Element]:
        """The start events of the event sub-processes directly in a scope."""
        return [
            start for element in self.within[scope] if element.triggered_by_event for start in self.starts(element.id)
        ]

    def compensation_start(self, scope: str) -> Element | None:
        """The start event of the event sub-process that compensates a scope."""
        starts = self.event_sub_processes(scope)
        return next((one for one in starts if one.event and one.event.kind == "compensation"), None)

    def compensation_handler(self, element_id: str) -> str | None:
        """The activity that compensates another one: what its compensation boundary event leads to."""
        return next((event.handler for event in self.boundaries.get(element_id, ()) if event.handler), None)

    def _grouped(self, end: str) -> Mapping[str, tuple[Flow, ...]]:
        found: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            found.setdefault(getattr(flow, end), []).append(flow)
        return {element: tuple(flows) for element, flows in found.items()}


@dataclass(frozen=True)
class Model:
    """What a file holds: its executable processes by id."""

    processes: Mapping[str, Process]
    facts: Mapping[str, Any] = field(default_factory=dict)
