"""Tokens added and taken away by hand, within the scopes of the diagram; what it gives no meaning is refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.errors import N_, FieldError, Invalid
from engine.workflow.bpmn import Element, Process
from engine.workflow.facing import Level, Other
from engine.workflow.tokens import READY, ROOT, STARTED, WAITING, Token, only_watches, put

if TYPE_CHECKING:
    from engine.workflow.steps import Steps

JOINING = ("parallelGateway", "inclusiveGateway", "complexGateway")
"""Gateways that may wait for tokens of several branches."""

UNKNOWN = N_("No diagram that runs here has a step “%(element)s”.")
NO_TARGET = N_("No token can be put at “%(element)s”: choose a step, a gateway or an event in the middle of the flow.")
JOINS = N_("“%(element)s” waits for tokens of several branches: choose a step before or after it.")
EVENT_GATEWAY = N_("“%(element)s” is one of several events of which the first one wins: choose the gateway before it.")
EVENT_SCOPE = N_("“%(element)s” belongs to an event sub-process that does not run: let its event happen instead.")
ROUNDS = N_("“%(element)s” belongs to a round of a repeated part: name the token of a round that runs.")
AD_HOC = N_("“%(element)s” belongs to an ad-hoc part that does not run: choose the part itself.")
AMBIGUOUS = N_("What is around “%(element)s” runs several times: name the token of one.")
NOT_AROUND = N_("The token that you named is not around “%(element)s”.")
GONE = N_("There is no such token now.")
PART = N_("The token at “%(element)s” cannot be taken by itself: take what is around it.")
NOTHING_LEFT = N_("Nothing would be left: cancel the instance instead.")


class ModificationRefused(Invalid):
    """Tokens cannot be put or taken as asked; nothing was changed."""

    code = "modification-refused"
    message = N_("The diagram gives this no meaning. Nothing was changed.")


@dataclass(frozen=True)
class Addition:
    """A token to add at an element, `within` a token around it or `beside` another; `variables` are local to it."""

    element_id: str
    within: UUID | None = None
    beside: UUID | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


def rearrange(steps: "Steps", take: Sequence[UUID], add: Sequence[Addition]) -> None:
    """Add tokens, then take others away; scopes are entered and left as needed. Raises ModificationRefused."""
    taken = [steps.tree.find(token_id) for token_id in take]
    add = [_placed(steps, one) for one in add]
    wrong = [
        *(found for number, one in enumerate(taken) for found in _unfit_to_take(one, number)),
        *(found for number, one in enumerate(add) for found in _unfit_to_add(steps, one, number)),
    ]
    if wrong:
        raise ModificationRefused(fields=wrong)
    for one in add:
        _add(steps, one)
    for token in taken:
        if token is not None and token.alive:
            _take(steps, token)
    for token in steps.tree.all():
        _require_all_rounds(token)


def _require_all_rounds(body: Token) -> None:
    """Raises ModificationRefused where some rounds were taken away from others, which would wait for them for ever."""
    if body.internal_data.get("total") is None or body.element.loop is None or body.element.loop.kind != "parallel":
        return
    rounds = [one for one in body.inside if "inner" in one.internal_data]
    if rounds and len(rounds) + body.internal_data["completed"] < body.internal_data["total"]:
        raise ModificationRefused(fields=[_wrong("/take", "part", PART, body.element_id)])


def _placed(steps: "Steps", addition: Addition) -> Addition:
    """With the innermost token around both the new token and the one that it is to be beside."""
    beside = steps.tree.find(addition.beside) if addition.beside else None
    if beside is None or addition.element_id not in beside.process.elements:
        return addition
    chain = [ROOT, *scopes_of(beside.process, beside.process.elements[addition.element_id])]
    around = beside.parent
    while around is not None and not (around.element_id in chain and is_scope(around)):
        around = around.parent
    return replace(addition, within=around.id if around is not None else None)


def _unfit_to_take(token: Token | None, number: int) -> Iterator[FieldError]:
    pointer = f"/take/{number}"
    if token is None:
        yield FieldError(pointer, "gone", GONE)
    elif token.is_root or not is_whole(token):
        yield _wrong(pointer, "part", PART, token.element_id)


def is_whole(token: Token) -> bool:
    """Whether a token stands for itself: no watcher, no boundary event, no part or round of something else."""
    marks = token.internal_data.keys() & {"part", "inner", "undo", "aside"}
    behind_gateway = not token.parent.is_root and token.parent.element.type == "eventBasedGateway"
    return not marks and not behind_gateway and not only_watches(token)


def levels(token: Token) -> list[Level]:
    """The scopes around a token in its own diagram, from the inside out."""
    found: list[Level] = []
    while not token.is_root:
        rounds = "inner" in token.internal_data
        whole = token.parent if rounds else token
        scope = whole.parent
        others = [
            Other(one.element_id, _came_from(one)) for one in scope.inside if one is not whole and not only_watches(one)
        ]
        several = rounds and len([one for one in whole.inside if "inner" in one.internal_data]) > 1
        found.append(Level(token.process, scope.id, scope.element_id, whole.id, whole.element_id, others, several))
        token = scope
    return found


def _came_from(token: Token) -> str | None:
    """The step before a gateway at which a token waits."""
    flow = token.process.flows.get(token.internal_data.get("flow", ""))
    waits = not token.is_root and token.state == WAITING and token.element.type in JOINING
    return flow.source if flow is not None and waits else None


def _unfit_to_add(steps: "Steps", addition: Addition, number: int) -> Iterator[FieldError]:
    pointer, name = f"/add/{number}", addition.element_id
    process, element = _element(steps, addition)
    if process is None or element is None:
        yield _wrong(f"{pointer}/element_id", "unknown", UNKNOWN, name)
        return
    if refusal := _no_target(process, element):
        yield _wrong(f"{pointer}/element_id", *refusal, name)
        return
    around = _around(steps, process, element, addition.within)
    if not isinstance(around, Token):
        yield _wrong(f"{pointer}/within", *around, name)
        return
    for scope_id in _missing(process, element, around):
        if refusal := _cannot_enter(process.elements[scope_id]):
            yield _wrong(f"{pointer}/element_id", *refusal, name)
            return


def _no_target(process: Process, element: Element) -> tuple[str, str] | None:
    """Why no token can be put at an element, wherever it comes from."""
    incoming = process.incoming.get(element.id, ())
    if element.type in ("startEvent", "boundaryEvent") or element.for_compensation:
        return "no-target", NO_TARGET
    if element.triggered_by_event:
        return "event-scope", EVENT_SCOPE
    if element.type in JOINING and len(incoming) > 1:
        return "joins", JOINS
    if any(process.elements[flow.source].type == "eventBasedGateway" for flow in incoming):
        return "event-gateway", EVENT_GATEWAY
    return None


def _cannot_enter(scope: Element) -> tuple[str, str] | None:
    """Why a scope that does not run cannot be entered by hand."""
    if scope.triggered_by_event:
        return "event-scope", EVENT_SCOPE
    if scope.loop:
        return "rounds", ROUNDS
    return ("ad-hoc", AD_HOC) if scope.type == "adHocSubProcess" else None


def _element(steps: "Steps", addition: Addition) -> tuple[Process | None, Element | None]:
    named = steps.tree.find(addition.within) if addition.within else None
    running = [named.process] if named else [one.process for one in steps.tree.all() if one.is_root]
    process = next((one for one in running if addition.element_id in one.elements), None)
    return process, process.elements[addition.element_id] if process else None


def _around(steps: "Steps", process: Process, element: Element, within: UUID | None) -> Token | tuple[str, str]:
    """The innermost token around an element that runs, or why there is none to be found."""
    chain = [ROOT, *scopes_of(process, element)]
    if within is not None:
        named = steps.tree.find(within)
        if named is None:
            return "gone", GONE
        fits = named.process.ref == process.ref and named.element_id in chain and is_scope(named)
        return named if fits else ("not-around", NOT_AROUND)
    for scope_id in reversed(chain):
        running = [one for one in steps.tree.all() if one.process.ref == process.ref and one.element_id == scope_id]
        running = [one for one in running if is_scope(one)]
        if len(running) > 1:
            return "ambiguous", AMBIGUOUS
        if running:
            return running[0]
    return "unknown", UNKNOWN


def is_scope(token: Token) -> bool:
    """Whether a token is what others stand in now: a process, a sub-process that runs, a round of one that repeats."""
    return token.is_root or (token.state == STARTED and (token.element.loop is None or "inner" in token.internal_data))


def scopes_of(process: Process, element: Element) -> list[str]:
    """The sub-processes that an element stands in, from the outside in."""
    found: list[str] = []
    current = element.scope
    while current:
        found.insert(0, current)
        current = process.elements[current].scope
    return found


def _missing(process: Process, element: Element, around: Token) -> list[str]:
    """The sub-processes that must be entered to come from a token around an element to it."""
    chain = [ROOT, *scopes_of(process, element)]
    return chain[chain.index(around.element_id) + 1 :]


def _add(steps: "Steps", addition: Addition) -> None:
    process, element = _element(steps, addition)
    assert process is not None and element is not None
    around = _around(steps, process, element, addition.within)
    assert isinstance(around, Token)
    for scope_id in _missing(process, element, around):
        around = _entered(steps, around, scope_id)
    token = steps.tree.add(around, element.id, READY)
    for name, value in addition.variables.items():
        put(token.data, name, value)
    steps.say("token.added", token)


def _entered(steps: "Steps", parent: Token, scope_id: str) -> Token:
    """A sub-process as if a token had come to it, but without its start event."""
    scope = steps.tree.add(parent, scope_id, STARTED)
    steps.say("element.entered", scope)
    steps.attach(scope)
    steps.take_inputs(scope)
    steps.watch(scope)
    return scope


def _take(steps: "Steps", token: Token) -> None:
    parent = token.parent
    steps.say("token.taken", token)
    steps.interrupt(token)
    while not parent.is_root or parent.parent is not None:
        if any(not only_watches(one) for one in parent.inside):
            return
        parent, empty = parent.parent, parent
        steps.interrupt(empty)
    if not any(not only_watches(one) for one in parent.inside):
        raise ModificationRefused(fields=[FieldError("/take", "nothing-left", NOTHING_LEFT)])


def _wrong(pointer: str, code: str, message: str, element: str) -> FieldError:
    return FieldError(pointer, code, message, (("element", element),))
