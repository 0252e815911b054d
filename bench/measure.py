"""How things are measured here: several rounds, taken in turn where two are compared; the median is quoted."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure: its subject, the median of the rounds, their range, and the unit."""

    subject: str
    median: float
    low: float
    high: float
    unit: str
    note: str = ""


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def figure(subject: str, values: Sequence[float], unit: str, note: str = "") -> Figure:
    """The figure of several rounds."""
    return Figure(subject, statistics.median(values), min(values), max(values), unit, note)


def in_turn(rounds: int, *works: Callable[[], float]) -> list[list[float]]:
    """Call each work once a round, A B A B …, so that a drift of the machine meets all alike."""
    values: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for own, work in zip(values, works, strict=True):
            own.append(work())
    return values
