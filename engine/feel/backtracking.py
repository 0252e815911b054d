"""Regular expressions with back-references, which no engine finds in linear time: a backtracking machine that counts.

Every step is paid for from the evaluation's budget, so a pattern that would run away ends with a clear error.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.feel.runtime import Evaluation

MAX_INSTRUCTIONS = 5_000
STEPS_AT_ONCE = 256
Test = Callable[[str], bool]


class TooLong(Exception):
    """A pattern becomes too many instructions."""


@dataclass(frozen=True)
class Match:
    """Where a pattern matches, and its groups."""

    text: str
    bounds: tuple[int | None, ...]

    def start(self) -> int:
        """Where it begins."""
        return self.bounds[0] or 0

    def end(self) -> int:
        """Where it ends."""
        return self.bounds[1] or 0

    def group(self, number: int) -> str | None:
        """The text of a group."""
        begin, end = self.bounds[2 * number : 2 * number + 2]
        return None if begin is None or end is None else self.text[begin:end]


class Machine:
    """A program: `put` adds instructions (what, and its operands), `search` runs it."""

    def __init__(self, *, multiline: bool, ignore_case: bool) -> None:
        self.program: list[tuple[Any, ...]] = []
        self.multiline = multiline
        self.ignore_case = ignore_case
        self.groups = 0
        self.loops = 0

    def put(self, *instruction: Any) -> int:
        """Add an instruction; its index. Raises TooLong."""
        if len(self.program) >= MAX_INSTRUCTIONS:
            raise TooLong
        self.program.append(instruction)
        return len(self.program) - 1

    def search(self, evaluation: Evaluation, text: str, begin: int = 0) -> Match | None:
        """The first match from a position on. Raises FeelBudgetExceeded."""
        for start in range(begin, len(text) + 1):
            evaluation.spend()
            found = self._match(evaluation, text, start)
            if found is not None:
                return found
        return None

    def finditer(self, evaluation: Evaluation, text: str) -> Iterator[Match]:
        """All matches that do not overlap."""
        at = 0
        while at <= len(text):
            found = self.search(evaluation, text, at)
            if found is None:
                return
            yield found
            at = found.end() + (found.end() == found.start())

    def _match(self, evaluation: Evaluation, text: str, start: int) -> Match | None:
        slots: tuple[int | None, ...] = (None,) * (2 * self.groups + 2 + self.loops)
        waiting: list[tuple[int, int, tuple[int | None, ...]]] = [(0, start, slots)]
        steps = 0
        while waiting:
            at, position, slots = waiting.pop()
            while True:
                steps += 1
                if steps % STEPS_AT_ONCE == 0:
                    evaluation.spend(STEPS_AT_ONCE)
                step = self._step(text, at, position, slots)
                if step is None:
                    break
                if isinstance(step, Match):
                    return Match(text, (start, step.bounds[1], *step.bounds[2 : 2 * self.groups + 2]))
                at, position, slots, other = step
                if other is not None:
                    waiting.append((other, position, slots))
        return None

    def _step(
        self, text: str, at: int, position: int, slots: tuple[int | None, ...]
    ) -> tuple[int, int, tuple[int | None, ...], int | None] | Match | None:
        """What one instruction leads to: the next state, with another way to try later; a match; or nothing."""
        what, *operands = self.program[at] if at < len(self.program) else ("match",)
        match what:
            case "match":
                return Match(text, (None, position, *slots[2 : 2 * self.groups + 2]))
            case "char":
                holds = position < len(text) and operands[0](text[position])
                return (at + 1, position + 1, slots, None) if holds else None
            case "split":
                return (operands[0], position, slots, operands[1])
            case "jump":
                return (operands[0], position, slots, None)
            case "save":
                return (at + 1, position, _with(slots, operands[0], position), None)
            case "mark":
                return (at + 1, position, _with(slots, 2 * self.groups + 2 + operands[0], position), None)
            case "progress":
                return (at + 1, position, slots, None) if slots[2 * self.groups + 2 + operands[0]] != position else None
            case "again":
                return self._again(text, at, position, slots, operands[0])
            case "begin":
                holds = position == 0 or (self.multiline and text[position - 1] == "\n")
            case _:
                holds = position == len(text) or (self.multiline and text[position] == "\n")
        return (at + 1, position, slots, None) if holds else None

    def _again(
        self, text: str, at: int, position: int, slots: tuple[int | None, ...], number: int
    ) -> tuple[int, int, tuple[int | None, ...], int | None] | None:
        """A back-reference; to a group that has not matched it is the empty text."""
        begin, end = slots[2 * number : 2 * number + 2]
        wanted = "" if begin is None or end is None else text[begin:end]
        found = text[position : position + len(wanted)]
        same = found.casefold() == wanted.casefold() if self.ignore_case else found == wanted
        return (at + 1, position + len(found), slots, None) if same and len(found) == len(wanted) else None


def _with(slots: tuple[int | None, ...], index: int, value: int) -> tuple[int | None, ...]:
    return (*slots[:index], value, *slots[index + 1 :])
