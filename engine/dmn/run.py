"""One evaluation of a decision model: its clock and budget, and what it reports besides the value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine import feel
from engine.dmn.findings import DmnWarning
from engine.dmn.types import Type, converted
from engine.feel import Expression
from engine.feel.conversion import literal
from engine.feel.runtime import Evaluation
from engine.sentences import S_, Sentence

Scope = Mapping[str, Any]


@dataclass(frozen=True)
class Fired:
    """A rule that held: the table's id, the rule's id, and its place in the table, from 1."""

    table: str
    rule: str
    position: int


class Run:
    """What one evaluation shares and collects; one budget holds for all its expressions and calls."""

    def __init__(self, runtime: feel.Runtime) -> None:
        self.runtime = replace(runtime, warnings=[])
        self.budget = Evaluation("", self.runtime)
        self.warnings: list[DmnWarning] = []
        self.fired: list[Fired] = []
        self.values: dict[str, Any] = {}

    def value(self, compiled: Expression, scope: Scope, element_id: str | None, tested: Any = None) -> Any:
        """An expression's value; what FEEL warns of is kept with the element. Raises FeelBudgetExceeded."""
        budget, before = self.budget, self.budget.source
        budget.source = compiled.source
        try:
            value = compiled.code(scope, budget, tested)
        finally:
            budget.source = before
        if self.runtime.warnings:
            for found in self.runtime.take_warnings():
                self.warn(found.code, element_id, found.message)
        return value

    def warn(self, code: str, element_id: str | None, message: Sentence) -> None:
        """Keep why something became null."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(DmnWarning(code, element_id, message))

    def bound(self, value: Any, type_: Type, element_id: str | None) -> Any:
        """A value bound to something of a type: converted, or null with a warning."""
        result = converted(value, type_, self.budget)
        if result is None and value is not None:
            message = S_(
                "%(value)s (%(kind)s) is not of type %(type)s, so it counts as null.",
                value=shortened(value),
                kind=feel.kind(value),
                type=type_.name,
            )
            self.warn("wrong-type", element_id, message)
        return result


MAX_WARNINGS = 200
Logic = Callable[[Scope, Run], Any]
"""Compiled decision logic: the names in sight and the evaluation, to the value."""


def nothing(scope: Scope, run: Run) -> None:
    """The logic of what cannot be carried out."""


def shortened(value: Any) -> str:
    """A value as FEEL writes it, short enough for a sentence."""
    if isinstance(value, list | tuple | Mapping):
        return f"A {feel.kind(value)} of {len(value)}"
    text = literal(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
