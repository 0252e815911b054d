"""Whether a process can always end: a verdict by playing the token game through, within a bound.

Sound is a scope in which from every reachable marking the end can be reached, no step is dead, and tokens do not
multiply without bound (van der Aalst 1997, with BPMN's end: no token is left). Events and conditions may all happen.
A finding warns and never refuses: the standard lets a process run that waits for ever.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from engine.sentences import S_
from engine.workflow.bpmn.findings import Finding, warning
from engine.workflow.bpmn.model import SUB_PROCESSES, Element, Process
from engine.workflow.bpmn.token_game import EXIT, Marking, Move, TokenGame

MARKINGS = 5_000
"""How many markings of a scope are looked at."""

Verdict = Literal["sound", "unsound", "undecided"]


def verdict(process: Process) -> tuple[Verdict, list[Finding]]:
    """The verdict on a process, with a finding for each reason against it."""
    findings: list[Finding] = []
    completes: dict[str, bool] = {}
    for scope in sorted(process.within, key=lambda one: -_depth(process, one)):
        if process.within[scope] and (not scope or process.elements[scope].type in SUB_PROCESSES):
            found = _Exploration(TokenGame(process, scope, completes))
            found.explore()
            reasons = list(found.findings())
            findings += reasons
            completes[scope] = bool(reasons) or found.ends or _may_be_interrupted(process, scope)
    findings += list(_complex_joins(process))
    if any(finding.rule != "soundness-undecided" for finding in findings):
        return "unsound", findings
    return ("undecided" if findings else "sound"), findings


@dataclass
class _Exploration:
    """The reachable markings of a scope, how each was come to, and what can follow it."""

    game: TokenGame
    came: dict[Marking, tuple[Marking | None, str]] = field(default_factory=dict)
    before: dict[Marking, list[Marking]] = field(default_factory=dict)
    stuck: list[Marking] = field(default_factory=list)
    growing: list[Marking] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    complete: bool = True

    def explore(self) -> None:
        """Look at every marking that can be reached, as far as the bound goes."""
        waiting: deque[Marking] = deque()
        for beginning in self.game.beginnings():
            if beginning not in self.came:
                self.came[beginning] = None, ""
                waiting.append(beginning)
        while waiting:
            marking = waiting.popleft()
            self.visited |= {token.element for token in marking}
            if marking in ((), EXIT) or self._grows(marking):
                continue
            if len(self.came) > MARKINGS:
                self.complete = False
                return
            moves = list(self.game.moves(marking))
            if not any(move.results for move in moves):
                self.stuck.append(marking)
            for move in self._enough(moves):
                self.visited.add(move.element)
                for result in move.results:
                    self.before.setdefault(result, []).append(marking)
                    if result not in self.came:
                        self.came[result] = marking, move.element
                        waiting.append(result)

    @property
    def ends(self) -> bool:
        """Whether the scope can end as usual."""
        return () in self.came

    def findings(self) -> Iterator[Finding]:
        """What speaks against the scope."""
        yield from self._stuck_findings()
        for marking in self.growing[:1]:
            element = self._last(marking)
            text = S_("Tokens can multiply here without end: %(path)s.", path=self._path(marking))
            yield warning(element, "soundness-unbounded", text, S_("Join the branches before the way leads back."))
        if not self.complete:
            inside = self.game.process.within[self.game.scope][0]
            text = S_(
                "More than %(markings)s markings: it is not decided whether this can always end.", markings=MARKINGS
            )
            yield warning(inside, "soundness-undecided", text, S_("Draw fewer things beside each other."))
            return
        if not self.stuck:
            yield from self._endless()
        if not self.growing:  # else not every way was followed to its end
            yield from self._dead()

    def _stuck_findings(self) -> Iterator[Finding]:
        if not self.stuck:
            return
        marking = self.stuck[0]
        token = marking[0]
        element = self.game.process.elements[token.element]
        ending = self._ending()
        certain = self.complete and not any(one in ending for one in self.came)
        always, may = (
            S_("A token always waits here for ever: %(path)s."),
            S_("A token can wait here for ever: %(path)s."),
        )
        text = (always if certain else may).filled({"path": self._path(marking)})
        hint = S_("Let every branch that is waited for be taken, or join with another gateway.")
        yield warning(element, "soundness-deadlock", text, hint)

    def _endless(self) -> Iterator[Finding]:
        ending = self._ending()
        lost = [marking for marking in self.came if marking not in ending and marking not in self.growing]
        if lost:
            text = S_("From here it can never end: %(path)s.", path=self._path(lost[0]))
            yield warning(self._last(lost[0]), "soundness-endless", text, S_("Draw a way out of the loop."))

    def _dead(self) -> Iterator[Finding]:
        process = self.game.process
        reached = _connected(process, self.game.scope)
        for element in process.within[self.game.scope]:
            if element.id not in self.visited and element.id in reached and element.type != "boundaryEvent":
                text = S_("No token can come here, though flows lead to it.")
                yield warning(element, "soundness-dead", text, S_("Look at the gateways before it, or remove it."))

    def _enough(self, moves: list[Move]) -> list[Move]:
        """One token's moves stand for all orders in which tokens beside each other can move, unless they lead back.

        What waits for nobody goes first, as when it runs.
        """
        for move in sorted(moves, key=lambda one: one.waits):
            if move.alone and move.results and all(result not in self.came for result in move.results):
                return [move]
        return moves

    def _grows(self, marking: Marking) -> bool:
        """Whether a marking holds all tokens of one before it and more: it can go on so for ever."""
        counts = Counter(marking)
        if max(counts.values()) < 3:
            return False
        earlier = self.came[marking][0]
        while earlier is not None:
            if len(earlier) < len(marking) and not Counter(earlier) - counts:
                self.growing.append(marking)
                return True
            earlier = self.came[earlier][0]
        return False

    def _ending(self) -> set[Marking]:
        """The markings from which the end can be reached."""
        found: set[Marking] = set()
        waiting = [one for one in ((), EXIT, *self.growing) if one in self.came]
        while waiting:
            marking = waiting.pop()
            if marking not in found:
                found.add(marking)
                waiting += self.before.get(marking, [])
        return found

    def _path(self, marking: Marking) -> str:
        steps = []
        current: Marking | None = marking
        while current is not None:
            current, element = self.came[current]
            steps.append(element)
        return " → ".join([*(step for step in reversed(steps) if step), marking[0].element])

    def _last(self, marking: Marking) -> Element:
        return self.game.process.elements[self.came[marking][1] or marking[0].element]


def _complex_joins(process: Process) -> Iterator[Finding]:
    for element in process.elements.values():
        if element.type == "complexGateway" and len(process.incoming.get(element.id, ())) > 1:
            text = S_("Whether this can always end depends on the activation condition: it is not decided.")
            yield warning(element, "soundness-undecided", text, S_("Try it with scenarios."))


def _depth(process: Process, scope: str) -> int:
    depth = 0
    while scope:
        scope, depth = process.elements[scope].scope, depth + 1
    return depth


def _may_be_interrupted(process: Process, scope: str) -> bool:
    return any(start.interrupting for start in process.event_sub_processes(scope))


def _connected(process: Process, scope: str) -> set[str]:
    """What flows lead to from the starts of a scope; the rest is found without playing."""
    found: set[str] = set()
    waiting: list[str] = [element.id for element in process.starts(scope)]
    while waiting:
        element = waiting.pop()
        if element not in found:
            found.add(element)
            following: Iterable[str] = (flow.target for flow in process.outgoing.get(element, ()))
            waiting += [*following, *(event.id for event in process.boundaries.get(element, ()))]
    return found
