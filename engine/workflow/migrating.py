"""Live tokens under another version of their diagram: where each goes, or why it cannot; then all of them at once.

What waits keeps waiting as it did: a person's task stays theirs, a timer keeps its due time unless told otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.errors import N_, FieldError
from engine.workflow import activities, catching, moments
from engine.workflow.bpmn import Element, Process
from engine.workflow.rearranging import is_scope
from engine.workflow.tokens import ROOT, WAITING, Token, context, only_watches, spec_of

if TYPE_CHECKING:
    from engine.workflow.steps import Steps

GONE = N_("The new version has no “%(to)s”: say in the mapping where this token goes.")
TYPE = N_(
    "“%(to)s” is of another type in the new version: name another element in the "
    "mapping, or let this token go on first."
)
LOOP = N_("“%(to)s” is repeated in another way in the new version: let its rounds end first.")
SCOPE = N_(
    "“%(to)s” stands in another part of the new version: move this token out to a "
    "step that both have in the same part, migrate, and move it back."
)
EVENT = N_(
    "“%(to)s” waits for another kind of event in the new version: name another "
    "element in the mapping, or let the event happen first."
)
HOST = N_(
    "“%(to)s” does not follow its gateway in the new version: name another element "
    "in the mapping, or let the event happen first."
)
FLOW = N_("The flow over which this token came to “%(to)s” is not in the new version: let the gateway go on first.")
MEMORY = N_(
    "What was done before is being undone, or cannot be named in the new version: "
    "wait until it is undone, or name its elements in the mapping."
)

KEPT, DROPPED, ARMED, REARMED = "kept", "dropped", "armed", "rearmed"


@dataclass(frozen=True)
class Passage:
    """Where a token goes. `becomes` is kept, dropped, armed (new in this version) or rearmed; or there is a refusal."""

    token_id: UUID | None
    element_id: str
    to: str | None
    becomes: str
    refusal: FieldError | None = None


@dataclass(frozen=True)
class Journey:
    """From one version to another; `mapping` names the elements that have another id there."""

    source: Process
    target: Process
    mapping: Mapping[str, str]

    def to(self, element_id: str) -> str:
        """The id of an element in the new version."""
        return self.mapping.get(element_id, element_id)

    def flow(self, flow_id: str) -> str | None:
        """The id of a flow in the new version: the same, or the one between the same ends."""
        known = self.source.flows.get(flow_id)
        if known is None:
            return None
        ends = (self.to(known.source), self.to(known.target))
        same = self.target.flows.get(flow_id)
        if same is not None and (same.source, same.target) == ends:
            return flow_id
        found = [one.id for one in self.target.flows.values() if (one.source, one.target) == ends]
        return found[0] if len(found) == 1 else None


def plan(steps: "Steps", journey: Journey) -> list[Passage]:
    """Where each live token of the old version goes, and what is armed that is new; nothing is changed."""
    found = [_passage(token, journey) for token in _tokens(steps, journey)]
    return [*(one for one in found if one.element_id != ROOT), *_new(steps, journey)]


def migrate(steps: "Steps", journey: Journey, *, restart_timers: bool) -> None:
    """Let every token go on under the new version; the plan must be free of refusals."""
    new = list(_new_tokens(steps, journey))
    for token in _tokens(steps, journey):
        if token.alive:
            _move(steps, token, journey, _passage(token, journey), restart_timers=restart_timers)
    for host, start, watches in new:
        _arm(steps, host, start, watches=watches)


def _tokens(steps: "Steps", journey: Journey) -> list[Token]:
    return [token for token in steps.tree.all() if token.process.ref == journey.source.ref]


def _passage(token: Token, journey: Journey) -> Passage:
    if token.is_root:
        return Passage(token.id, ROOT, ROOT, KEPT)
    to = journey.to(token.element_id)
    element = journey.target.elements.get(to)
    wrong = _why_not(token, element, journey)
    if only_watches(token) and (wrong or element is None):
        return Passage(token.id, token.element_id, None, DROPPED)
    if wrong is not None:
        return Passage(token.id, token.element_id, None, KEPT, FieldError("/mapping", *wrong, (("to", to),)))
    assert element is not None
    return Passage(token.id, token.element_id, to, REARMED if _listens_anew(token, element) else KEPT)


def _why_not(token: Token, to: Element | None, journey: Journey) -> tuple[str, str] | None:
    """Why a token cannot go to an element; a code and a sentence."""
    here = token.element
    if to is None:
        return "gone", GONE
    if (to.type, to.triggered_by_event, to.for_compensation) != (
        here.type, here.triggered_by_event, here.for_compensation,
    ):  # fmt: skip
        return "type", TYPE
    if (to.loop and to.loop.kind) != (here.loop and here.loop.kind):
        return "loop", LOOP
    if to.scope != journey.to(here.scope):
        return "scope", SCOPE
    if not _is_same_event(here, to, journey):
        return "event", EVENT
    parent = token.parent
    if not parent.is_root and parent.element.type == "eventBasedGateway":
        gateway = journey.to(parent.element_id)
        if all(flow.target != to.id for flow in journey.target.outgoing.get(gateway, ())):
            return "host", HOST
    flow = token.internal_data.get("flow")
    if flow is not None and token.state == WAITING and journey.flow(flow) is None:
        return "flow", FLOW
    return _memory(token, journey)


def _memory(token: Token, journey: Journey) -> tuple[str, str] | None:
    if token.internal_data.keys() & {"undo", "undoing", "aside"}:
        return "memory", MEMORY
    remembered = [*_named(token.internal_data.get("done", [])), *token.internal_data.get("rest", [])]
    known = all(journey.to(one) in journey.target.elements for one in remembered)
    return None if known else ("memory", MEMORY)


def _named(records: list[dict[str, Any]]) -> Iterator[str]:
    for record in records:
        yield record["element"]
        yield from _named(record.get("done", []))


def _kinds(element: Element) -> list[str]:
    return [one.kind for one in element.event.each] if element.event else []


def _is_same_event(here: Element, to: Element, journey: Journey) -> bool:
    """Whether what waits for one event can go on waiting for the other; interrupting or not shows when it happens."""
    parallel = [one.event is not None and one.event.parallel for one in (here, to)]
    host = journey.to(here.attached_to) if here.attached_to else None
    return _kinds(to) == _kinds(here) and parallel[0] == parallel[1] and to.attached_to == host


def _listens_anew(token: Token, to: Element) -> bool:
    """Whether what is waited for has another name or key, so that the old waiting would hear the wrong thing."""
    if token.element.event is None or to.event is None or token.state != WAITING:
        return False
    here, there = token.event, to.event
    if "part" in token.internal_data:
        there = to.event.parts[token.internal_data["part"]]
    return (here.name, here.correlation_key and here.correlation_key.source) != (
        there.name, there.correlation_key and there.correlation_key.source,
    )  # fmt: skip


def _new(steps: "Steps", journey: Journey) -> list[Passage]:
    return [Passage(None, start.id, start.id, ARMED) for _, start, _ in _new_tokens(steps, journey)]


def _new_tokens(steps: "Steps", journey: Journey) -> Iterator[tuple[Token, Element, bool]]:
    """The events that only the new version has, around what is live: host, event, and whether it watches a scope."""
    old = {journey.to(one.id): one for one in journey.source.elements.values()}

    def is_new(event: Element) -> bool:
        was = old.get(event.id)  # one of the same id that waits for something else is as good as new
        return _kinds(event) != ["compensation"] and (was is None or not _is_same_event(was, event, journey))

    for token in _tokens(steps, journey):
        here = ROOT if token.is_root else journey.to(token.element_id)
        if "attached" in token.internal_data:
            yield from ((token, event, False) for event in journey.target.boundaries.get(here, ()) if is_new(event))
        if here in journey.target.within and is_scope(token) and _goes_on(token):
            yield from ((token, one, True) for one in journey.target.event_sub_processes(here) if is_new(one))


def _goes_on(scope: Token) -> bool:
    """Whether more than event sub-processes run in a scope: else no others begin (§13.5.4)."""
    return any(one.is_root or not (only_watches(one) or one.element.triggered_by_event) for one in scope.inside)


def _arm(steps: "Steps", host: Token, event: Element, *, watches: bool) -> None:
    token = steps.tree.add(host, event.id, WAITING)
    if watches:
        token.internal_data["watch"] = True
    _listen(steps, token)


def _move(steps: "Steps", token: Token, journey: Journey, passage: Passage, *, restart_timers: bool) -> None:
    if passage.to is None:
        steps.tree.remove(token)
        return
    if passage.to != token.element_id and not token.is_root:
        steps.say("token.moved", token, passage.to, **{"from": token.element_id})
    token.process = journey.target
    token.task_spec = spec_of(journey.target, passage.to)
    data = token.internal_data
    if "flow" in data:
        data["flow"] = journey.flow(data["flow"]) or data["flow"]
    if "done" in data:
        data["done"] = _renamed(data["done"], journey)
    if "rest" in data:
        data["rest"] = [journey.to(one) for one in data["rest"]]
    if "activated" in data:
        data["activated"] = {
            journey.to(gateway): [journey.flow(one) or one for one in flows]
            for gateway, flows in data["activated"].items()
        }
    if "task" in data:
        data["task"] |= activities.offered_to(steps, token)
    if "timer" in data and restart_timers:
        runtime, now = steps.environment.runtime, steps.environment.now()
        data["timer"] = moments.first(token.event, context(token), runtime, now)
    if passage.becomes == REARMED:
        _listen(steps, token)


def _listen(steps: "Steps", token: Token) -> None:
    """Let an event wait for what it is about now; one that cannot is an incident and holds up nothing else."""
    try:
        catching.arm(steps, token)
    except Exception as error:
        steps.fail(catching.without_parts(steps, token), error)


def _renamed(records: list[dict[str, Any]], journey: Journey) -> list[dict[str, Any]]:
    return [
        {**one, "element": journey.to(one["element"]), "done": _renamed(one.get("done", []), journey)}
        for one in records
    ]
