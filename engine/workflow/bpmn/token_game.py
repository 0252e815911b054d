"""The token game of one scope with the data left out: each condition may hold or not, each event may happen.

A marking is a sorted tuple of tokens. A sub-process is one step here; it has a game of its own.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations
from typing import NamedTuple

from engine.workflow.bpmn.graph import may_come
from engine.workflow.bpmn.model import ACTIVITIES, SCOPES, Element, Flow, Process

MANY = 5
"""Of more conditions than this at one place not every combination is tried: each alone, and all."""


class Token(NamedTuple):
    """A token at an element: over which flow it came, and which non-interrupting events have happened beside it."""

    element: str
    flow: str = ""
    fired: tuple[str, ...] = ()


WAITING = SCOPES | {"userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"}

Marking = tuple[Token, ...]
EXIT: Marking = (Token("", "exit"),)
"""The scope was left by an error or a cancel event: no token is in it any more."""


class Move(NamedTuple):
    """What can happen next: at which element, to which markings.

    `alone` if no other token has to do with it, `waits` if somebody or something outside must act first.
    """

    element: str
    results: tuple[Marking, ...]
    alone: bool
    waits: bool


class TokenGame:
    """The moves of one scope. `completes` says of its sub-processes whether they can end as usual."""

    def __init__(self, process: Process, scope: str, completes: dict[str, bool]) -> None:
        self.process, self.scope, self.completes = process, scope, completes

    def beginnings(self) -> list[Marking]:
        """The markings that the scope can begin with: a token at each start event alone, or at all implicit starts."""
        starts = self.process.starts(self.scope)
        if starts and all(one.type == "startEvent" for one in starts) and not self.scope:
            return [(Token(one.id),) for one in starts]
        instantiating = [one for one in starts if one.instantiate]
        return [(Token(one.id),) for one in instantiating] or [_sorted(Token(one.id) for one in starts)]

    def moves(self, marking: Marking) -> Iterator[Move]:
        """What can happen next. Nothing, where tokens are left and wait for ever."""
        for token in dict.fromkeys(marking):
            element = self.process.elements[token.element]
            needed = self._needed(marking, token, element)
            if needed is None:
                continue
            rest = Counter(marking)
            rest.subtract(needed)
            before = tuple(rest.elements())
            results = tuple(dict.fromkeys(self._results(before, token, element)))
            ends_all = EXIT in results or (element.type == "endEvent" and _kinds(element) & {"terminate"})
            alone = len(needed) == 1 and not ends_all and not self._joins(element)
            yield Move(token.element, results, alone, element.type in WAITING)

    def _needed(self, marking: Marking, token: Token, element: Element) -> list[Token] | None:
        """The tokens that a move takes; None if some are missing, or another token of the gateway leads the move."""
        if element.start_quantity > 1:
            here = [one for one in marking if one.element == element.id]
            return here[: element.start_quantity] if len(here) >= element.start_quantity else None
        if not self._joins(element):
            return [token]
        first: dict[str, Token] = {}
        for one in marking:
            if one.element == element.id:
                first.setdefault(one.flow, one)
        if token is not first[min(first)]:
            return None
        incoming = self.process.incoming[element.id]
        if element.type == "parallelGateway":
            return list(first.values()) if len(first) == len(incoming) else None
        elsewhere = [one.element for one in marking if one.element != element.id]
        return None if may_come(self.process, element.id, set(first), elsewhere) else list(first.values())

    def _joins(self, element: Element) -> bool:
        several = len(self.process.incoming.get(element.id, ())) > 1
        return element.type in ("parallelGateway", "inclusiveGateway") and several

    def _results(self, rest: Marking, token: Token, element: Element) -> Iterator[Marking]:
        kinds = _kinds(element)
        if element.type == "endEvent" and kinds & {"error", "cancel"}:
            yield EXIT
        elif element.type == "endEvent" and "terminate" in kinds:
            yield ()
        elif element.type in ACTIVITIES:
            yield from self._activity(rest, token, element)
        else:
            yield from self._after(rest, element)

    def _activity(self, rest: Marking, token: Token, element: Element) -> Iterator[Marking]:
        if self.completes.get(element.id, True):
            yield from self._after(rest, element)
        for event in self.process.boundaries.get(element.id, ()):
            if _kinds(event) & {"compensation"} or event.id in token.fired:
                continue
            stays = () if event.interrupting else (token._replace(fired=(*token.fired, event.id)),)
            yield from self._after((*rest, *stays), event)
        if not self.completes.get(element.id, True):
            yield from self._leaves(rest, element)

    def _leaves(self, rest: Marking, element: Element) -> Iterator[Marking]:
        """A sub-process that only an error or a cancel event ends, and nothing at its border catches it."""
        caught = {kind for event in self.process.boundaries.get(element.id, ()) for kind in _kinds(event)}
        if "error" not in caught:
            yield EXIT
        if element.type == "transaction" and "cancel" not in caught:
            yield rest

    def _after(self, rest: Marking, element: Element) -> Iterator[Marking]:
        for flows in self._ways(element):
            sent = [Token(flow.target, flow.id) for flow in flows for _ in range(element.completion_quantity)]
            yield _sorted((*rest, *sent))

    def _ways(self, element: Element) -> Iterator[tuple[Flow, ...]]:
        """The sets of flows that a token can leave over."""
        flows = self.process.outgoing.get(element.id, ())
        if element.type in ("exclusiveGateway", "eventBasedGateway") and flows:
            yield from ((flow,) for flow in flows)
            return
        default = tuple(flow for flow in flows if flow.id == element.default)
        bare = tuple(flow for flow in flows if flow.condition is None and flow not in default)
        conditional = tuple(flow for flow in flows if flow.condition is not None and flow not in default)
        if not conditional or element.type == "parallelGateway":
            yield flows
            return
        if bare or default:
            yield (*bare, *default)
        sizes = range(1, len(conditional) + 1) if len(conditional) <= MANY else (1, len(conditional))
        for chosen in chain.from_iterable(combinations(conditional, size) for size in sizes):
            yield (*bare, *chosen)


def _kinds(element: Element) -> set[str]:
    return {part.kind for part in element.event.each} if element.event else set()


def _sorted(tokens: object) -> Marking:
    return tuple(sorted(tokens))  # type: ignore[call-overload]
