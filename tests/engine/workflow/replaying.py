"""The history of an instance played as a token game (BPMN 2.0 §13): where tokens must be by what it says alone.

The engine keeps its tokens in a tree; this moves them over the flows of the diagram as a Petri net would. A step that
begins without a token before it, a gateway that passes fewer or more on than it should: the history is no run of the
diagram. What is left is where the instance must be.
"""

from collections import Counter
from collections.abc import Iterable

from engine.workflow.bpmn import Element, Flow, Process
from engine.workflow.bpmn.model import TIMED

Entry = tuple[str, str]
"""Kind of what happened, and the element, or for `flow.taken` the flow."""

CHOOSING = ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway")
EVERY_FLOW = ("parallelGateway", "inclusiveGateway")


class Impossible(AssertionError):
    """The history says what no run of the diagram could have done."""


class TokenGame:
    """Tokens on flows and in activities, moved by what the history says, in its order."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.on: Counter[str] = Counter()
        self.within: Counter[str] = Counter()
        self.owed: Counter[str] = Counter()
        """Flows that an element which is through must still put a token on."""
        self.unknown: set[str] = set()
        """Elements within a scope that several tokens are in, of which one has ended: whose was whose is not said."""

    def play(self, path: Iterable[Entry]) -> None:
        """Play a history on. Raises Impossible."""
        for kind, name in path:
            match kind:
                case "flow.taken":
                    self._take(self.process.flows[name])
                case "element.entered":
                    self._enter(self.process.elements[name])
                case "element.completed":
                    self._complete(self.process.elements[name])
                case "element.cancelled" if self.within[
                    name
                ]:  # what is in a scope is said after it, and has gone with it
                    self._end(self.process.elements[name])
        self._require(not +self.owed, f"{dict(self.owed)} were never taken")

    def at(self, element: Element) -> int:
        """How many tokens are at an element, when all that runs by itself has run."""
        flows = self.process.incoming.get(element.id, ())
        before = (self.process.elements[flow.source] for flow in flows)
        armed = sum(self.within[one.id] for one in before if one.type == "eventBasedGateway")
        come = 0 if element.loop else sum(self.on[flow.id] for flow in flows)
        return self.within[element.id] + armed + come

    def _take(self, flow: Flow) -> None:
        source = self.process.elements[flow.source]
        if source.type in CHOOSING:
            self.owed[source.id] = 0
        elif not source.loop:
            self.owed[flow.id] -= 1
            self._require(self.owed[flow.id] >= 0, f"{flow.id} is taken, and {source.id} is not through")
        self.on[flow.id] += 1

    def _enter(self, element: Element) -> None:
        if not element.loop:  # what a loop begins anew comes over no flow
            self._consume(element)
        self.within[element.id] += 1

    def _complete(self, element: Element) -> None:
        if element.type in TIMED:
            self._end(element)
        elif element.type not in ("startEvent", "boundaryEvent"):
            self._consume(element)
        if element.loop:  # the loop itself, or one of its instances: which of them is not said
            return
        flows = self.process.outgoing.get(element.id, ())
        if element.type in CHOOSING:
            self.owed[element.id] = 1
        else:
            self.owed.update(flow.id for flow in flows)

    def _consume(self, element: Element) -> None:
        waiting = [flow for flow in self.process.incoming.get(element.id, ()) if self.on[flow.id]]
        if element.type == "parallelGateway":
            missing = set(self.process.incoming[element.id]) - set(waiting)
            self._require(not missing, f"{element.id} goes on without {sorted(flow.id for flow in missing)}")
        self._require(bool(waiting) or element.id in self.unknown, f"{element.id} goes on, and no token has come")
        for flow in waiting if element.type in EVERY_FLOW else waiting[:1]:
            self.on[flow.id] -= 1

    def _end(self, element: Element) -> None:
        self.within[element.id] -= 1
        self._require(self.within[element.id] >= 0, f"{element.id} ends, and has not begun")
        inside = [one for one in self.process.elements.values() if self._is_within(one, element.id)]
        if self.within[element.id]:
            self.unknown.update(one.id for one in inside)
            return
        for one in inside:
            self.unknown.discard(one.id)
            self.within[one.id] = 0
            for flow in (*self.process.incoming.get(one.id, ()), *self.process.outgoing.get(one.id, ())):
                self.on[flow.id] = self.owed[flow.id] = 0

    def _is_within(self, one: Element, scope: str) -> bool:
        return one.scope == scope or (bool(one.scope) and self._is_within(self.process.elements[one.scope], scope))

    @staticmethod
    def _require(holds: bool, otherwise: str) -> None:
        if not holds:
            raise Impossible(otherwise)
