"""How things are measured here: several rounds, taken in turn where two are compared; the median is quoted."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure: its subject, the median of the rounds, their range, and the unit.

    `must` and `aim` bound the median, from above where `at_most`, else from below.
    """

    subject: str
    median: float
    low: float
    high: float
    unit: str
    note: str = ""
    must: float | None = None
    aim: float | None = None
    at_most: bool = False

    @property
    def verdict(self) -> str:
        """Whether the aim is reached, or at least what must be; MISSED if not even that, empty without a bound."""
        if self.must is None:
            return ""
        if self.aim is not None and self._reaches(self.aim):
            return "aim reached"
        return "ok" if self._reaches(self.must) else "MISSED"

    def _reaches(self, bound: float) -> bool:
        return self.median <= bound if self.at_most else self.median >= bound


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def figure(
    subject: str,
    values: Sequence[float],
    unit: str,
    note: str = "",
    *,
    must: float | None = None,
    aim: float | None = None,
    at_most: bool = False,
) -> Figure:
    """The figure of several rounds."""
    found = statistics.median(values), min(values), max(values)
    return Figure(subject, *found, unit, note, must, aim, at_most)


def share(values: Sequence[float], others: Sequence[float]) -> list[float]:
    """Round by round, one rate as a share of another."""
    return [value / other for value, other in zip(values, others, strict=True)]


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * len(ordered)))]


def in_turn(rounds: int, *works: Callable[[], float]) -> list[list[float]]:
    """Call each work once a round, A B A B …, so that a drift of the machine meets all alike."""
    values: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for own, work in zip(values, works, strict=True):
            own.append(work())
    return values
