"""One evaluation: what it may ask the house, what it may use up, and what it warns of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any, Protocol

from engine.feel.errors import FeelBudgetExceeded, place
from engine.feel.warnings import FACTS, MESSAGES
from engine.sentences import S_, Sentence

MAX_WARNINGS = 100


@dataclass(frozen=True)
class Budget:
    """How much one evaluation may use: steps (items looked at, calls), seconds, and the size of one list or text."""

    steps: int = 1_000_000
    seconds: float = 5.0
    items: int = 100_000
    characters: int = 1_000_000
    depth: int = 120
    """How deep functions may call each other."""


@dataclass(frozen=True)
class FeelWarning:
    """Why something became null: a code, a sentence, and where (line and column from 1; 0 outside of the source)."""

    code: str
    message: Sentence
    line: int = 0
    column: int = 0


class WorkingDays(Protocol):
    """A calendar of working days."""

    def is_working_day(self, day: date, /) -> bool:
        """Whether people work on a day."""


@dataclass
class Runtime:
    """What an expression may learn of the house; `warnings` collects what evaluations complained about."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    budget: Budget = field(default_factory=Budget)
    calendar: WorkingDays | None = None
    deadline: Callable[[str, date | datetime], date | datetime | None] | None = None
    """When a deadline of the catalogue that begins at a day or instant is due, by its key."""
    warnings: list[FeelWarning] = field(default_factory=list)

    def take_warnings(self) -> list[FeelWarning]:
        """The warnings so far, which are forgotten."""
        taken = list(self.warnings)
        self.warnings.clear()
        return taken


DEFAULT = Budget()


class Evaluation:
    """The state of one evaluation."""

    __slots__ = ("depth", "ends", "left", "runtime", "source")

    def __init__(self, source: str, runtime: Runtime | None) -> None:
        self.source = source
        self.runtime = runtime
        self.left = DEFAULT.steps if runtime is None else runtime.budget.steps
        self.ends = 0.0
        self.depth = 0

    @property
    def budget(self) -> Budget:
        """What may be used."""
        return DEFAULT if self.runtime is None else self.runtime.budget

    def warn(self, position: int, code: str, *facts: object) -> None:
        """Keep the reason why something is null."""
        if self.runtime is None or len(self.runtime.warnings) >= MAX_WARNINGS:
            return
        line, column = place(self.source, position) if 0 <= position <= len(self.source) else (0, 0)
        self.runtime.warnings.append(
            FeelWarning(code, MESSAGES[code].filled(dict(zip(FACTS, facts, strict=False))), line, column)
        )

    def spend(self, steps: int = 1) -> None:
        """Use up some steps. Raises FeelBudgetExceeded."""
        self.left -= steps
        if self.left < 0:
            raise FeelBudgetExceeded(S_("the expression takes too many steps"))
        now = monotonic()
        if self.ends == 0.0:
            self.ends = now + self.budget.seconds
        elif now > self.ends:
            raise FeelBudgetExceeded(S_("the expression takes too long"))

    def items(self, count: int) -> None:
        """Use up the steps for a list of so many items. Raises FeelBudgetExceeded."""
        if count > self.budget.items:
            raise FeelBudgetExceeded(S_("a list of more than %(items)s items", items=self.budget.items))
        self.spend(count + 1)

    def text(self, made: str) -> str:
        """Use up the steps for a text. Raises FeelBudgetExceeded."""
        self.characters(len(made))
        return made

    def characters(self, count: int) -> None:
        """Use up the steps for a text of so many characters. Raises FeelBudgetExceeded."""
        if count > self.budget.characters:
            raise FeelBudgetExceeded(
                S_("a text of more than %(characters)s characters", characters=self.budget.characters)
            )
        if count > 64:
            self.spend(count >> 6)

    def enter(self) -> None:
        """Go into a function. Raises FeelBudgetExceeded."""
        self.depth += 1
        if self.depth > self.budget.depth:
            raise FeelBudgetExceeded(S_("the functions of the expression call each other too deeply"))
        self.spend()


def plain(context: Mapping[str, Any]) -> Any:
    """A context as the compiled code likes it best."""
    return context if isinstance(context, dict) else dict(context)
