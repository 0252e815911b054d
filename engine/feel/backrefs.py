"""From a pattern with back-references to the program of a backtracking machine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from engine.feel.backtracking import Machine
from engine.sentences import S_

MAX_NESTING = 40
QUANTITIES: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class Reading(Protocol):
    """What reads the pieces of a pattern: each call gives RE2's words for one."""

    text: str
    at: int
    groups: int

    def take(self) -> str:
        """The next character."""

    def piece(self) -> str:
        """The next piece."""


@dataclass(frozen=True)
class Part:
    """A part of a pattern: what it is, what it holds, and how often it stands."""

    what: str
    parts: tuple["Part", ...] = ()
    number: int = 0
    test: Callable[[str], bool] | None = None
    low: int = 1
    high: int | None = 1
    greedy: bool = True


class Refused(Exception):
    """The pattern is none."""


def program(reading: Reading, test: Callable[[str], Callable[[str], bool]], machine: Machine) -> Machine:
    """The machine with the program of a pattern; `test` makes tests of a character of RE2's words. Raises Refused."""
    tree = _Tree(reading, test).whole()
    machine.groups = reading.groups
    _write(tree, machine)
    machine.put("match")
    return machine


class _Tree:
    """Reads the parts of a pattern."""

    def __init__(self, reading: Reading, test: Callable[[str], Callable[[str], bool]]) -> None:
        self.reading = reading
        self.test = test
        self.closed: set[int] = set()

    @property
    def ahead(self) -> str:
        return self.reading.text[self.reading.at : self.reading.at + 1]

    def whole(self) -> Part:
        found = self.alternatives(0)
        if self.ahead:
            raise Refused(S_("“)” stands alone"))
        return found

    def alternatives(self, depth: int) -> Part:
        if depth > MAX_NESTING:
            raise Refused(S_("it is nested too deeply"))
        branches = [self.sequence(depth)]
        while self.ahead == "|":
            self.reading.take()
            branches.append(self.sequence(depth))
        return branches[0] if len(branches) == 1 else Part("either", tuple(branches))

    def sequence(self, depth: int) -> Part:
        parts: list[Part] = []
        while self.ahead and self.ahead not in "|)":
            parts.append(self.repeated(self.atom(depth)))
        return Part("all", tuple(parts))

    def atom(self, depth: int) -> Part:
        character = self.ahead
        if character in ("^", "$"):
            self.reading.take()
            return Part("begin" if character == "^" else "end")
        if character in QUANTITIES:
            raise Refused(S_("“%(character)s” has nothing to repeat", character=character))
        if character == "(":
            return self.group(depth)
        following = self.reading.text[self.reading.at + 1 : self.reading.at + 2]
        if character == "\\" and following.isdecimal():
            return self.again()
        return Part("char", test=self.test(self.reading.piece()))

    def group(self, depth: int) -> Part:
        number = self.reading.groups if self.reading.piece() == "(" else 0
        inner = self.alternatives(depth + 1)
        if self.ahead != ")":
            raise Refused(S_("“(” is not closed"))
        self.reading.take()
        self.closed.add(number)
        return Part("group", (inner,), number) if number else inner

    def again(self) -> Part:
        """A back-reference: as many digits as name a group that there is."""
        self.reading.take()
        number = int(self.reading.take())
        while self.ahead.isdecimal() and int(f"{number}{self.ahead}") in self.closed:
            number = int(f"{number}{self.reading.take()}")
        if number not in self.closed:
            raise Refused(S_("there is no group %(number)s before", number=number))
        return Part("again", number=number)

    def repeated(self, part: Part) -> Part:
        low: int
        high: int | None
        if self.ahead in QUANTITIES:
            low, high = QUANTITIES[self.reading.take()]
        elif self.ahead == "{":
            first, comma, last = self.reading.piece()[1:-1].partition(",")
            low = int(first)
            high = int(last) if last else None if comma else low
        else:
            return part
        greedy = self.ahead != "?"
        if not greedy:
            self.reading.take()
        return Part("repeat", (part,), low=low, high=high, greedy=greedy)


def _write(part: Part, machine: Machine) -> None:
    """Add the instructions of a part."""
    match part.what:
        case "all":
            for one in part.parts:
                _write(one, machine)
        case "char":
            machine.put("char", part.test)
        case "group":
            machine.put("save", 2 * part.number)
            _write(part.parts[0], machine)
            machine.put("save", 2 * part.number + 1)
        case "again":
            machine.put("again", part.number)
        case "either":
            _either(part, machine)
        case "repeat":
            _repeat(part, machine)
        case _:
            machine.put(part.what)


def _either(part: Part, machine: Machine) -> None:
    ends = []
    for index, branch in enumerate(part.parts):
        last = index == len(part.parts) - 1
        split = None if last else machine.put("split", 0, 0)
        _write(branch, machine)
        if split is not None:
            ends.append(machine.put("jump", 0))
            machine.program[split] = ("split", split + 1, len(machine.program))
    for end in ends:
        machine.program[end] = ("jump", len(machine.program))


def _repeat(part: Part, machine: Machine) -> None:
    (inner,) = part.parts
    for _ in range(part.low):
        _write(inner, machine)
    if part.high is None:
        loop = machine.loops
        machine.loops += 1
        split = machine.put("split", 0, 0)
        machine.put("mark", loop)
        _write(inner, machine)
        machine.put("progress", loop)
        machine.put("jump", split)
        machine.program[split] = _choice(part.greedy, split + 1, len(machine.program))
        return
    splits = []
    for _ in range(part.high - part.low):
        splits.append(machine.put("split", 0, 0))
        _write(inner, machine)
    for split in splits:
        machine.program[split] = _choice(part.greedy, split + 1, len(machine.program))


def _choice(greedy: bool, on: int, past: int) -> tuple[Any, ...]:
    return ("split", on, past) if greedy else ("split", past, on)
