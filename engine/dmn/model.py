"""A decision model in memory, and how its decisions are made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine import feel
from engine.feel import Expression

Logic = Callable[["_Run"], Any]


class DmnError(Exception):
    """A decision model cannot be read or carried out: where, and why."""

    def __init__(self, message: str, *, element_id: str | None = None, line: int | None = None) -> None:
        super().__init__(f"{element_id}: {message}" if element_id else message)
        self.element_id = element_id
        self.line = line


@dataclass(frozen=True)
class Rule:
    """One row of a table: a test for each input (None: any value), an expression for each output."""

    id: str
    tests: tuple[Expression | None, ...]
    outputs: tuple[Expression | None, ...]


@dataclass(frozen=True)
class Output:
    """One result column: its name, its values in order of priority, and what holds if no rule does."""

    name: str
    values: tuple[Any, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True)
class Table:
    """A decision table (DMN 1.5 §8)."""

    id: str
    hit_policy: str
    aggregation: str | None
    inputs: tuple[Expression, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    def decide(self, names: Mapping[str, Any], runtime: feel.Runtime | None, fired: list[str]) -> Any:
        """The table's value; `fired` receives the ids of the rules that hold, in their order."""
        values = [one.evaluate(names, runtime=runtime) for one in self.inputs]
        holding = []
        for rule in self.rules:
            if all(_holds(test, value, names, runtime) for test, value in zip(rule.tests, values, strict=True)):
                holding.append(rule)
                if self.hit_policy == "FIRST":
                    break
        if self.hit_policy == "UNIQUE" and len(holding) > 1:
            raise DmnError(f"rules {', '.join(rule.id for rule in holding)} hold at once", element_id=self.id)
        fired.extend(rule.id for rule in holding)
        results = [self._result(rule, names, runtime) for rule in holding]
        return self._chosen(results, names, runtime)

    def _result(self, rule: Rule, names: Mapping[str, Any], runtime: feel.Runtime | None) -> Any:
        values = [one.evaluate(names, runtime=runtime) if one else None for one in rule.outputs]
        if len(values) == 1:
            return values[0]
        return {output.name: value for output, value in zip(self.outputs, values, strict=True)}

    def _chosen(self, results: list[Any], names: Mapping[str, Any], runtime: feel.Runtime | None) -> Any:
        if self.hit_policy == "COLLECT":
            return _aggregated(results, self.aggregation)
        if self.hit_policy == "RULE ORDER":
            return results
        if self.hit_policy in ("OUTPUT ORDER", "PRIORITY"):
            results = sorted(results, key=self._priority)
        if self.hit_policy == "OUTPUT ORDER":
            return results
        if results:
            if self.hit_policy == "ANY" and any(one != results[0] for one in results):
                raise DmnError("rules with different results hold at once", element_id=self.id)
            return results[0]
        if all(output.default is None for output in self.outputs):
            return None
        defaults = [one.default.evaluate(names, runtime=runtime) if one.default else None for one in self.outputs]
        return (
            defaults[0] if len(defaults) == 1 else dict(zip((one.name for one in self.outputs), defaults, strict=True))
        )

    def _priority(self, result: Any) -> tuple[int, ...]:
        given = [result] if len(self.outputs) == 1 else [result[one.name] for one in self.outputs]
        return tuple(
            one.values.index(value) if value in one.values else len(one.values)
            for one, value in zip(self.outputs, given, strict=True)
        )


@dataclass(frozen=True)
class Decision:
    """A decision: what it needs, and its logic."""

    id: str
    name: str
    variable: str
    required: tuple[str, ...]
    logic: Logic = field(repr=False)


@dataclass(frozen=True)
class DecisionResult:
    """A decision's value, and which rules of which tables held."""

    value: Any
    fired_rules: dict[str, list[str]]
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Model:
    """The decisions of one file, by id."""

    id: str
    name: str
    by_id: Mapping[str, Decision]
    knowledge: Mapping[str, Logic]
    tables: Mapping[str, Table]

    @property
    def decisions(self) -> Sequence[Decision]:
        """All decisions."""
        return list(self.by_id.values())

    def decide(
        self, decision: str, context: Mapping[str, Any], *, runtime: feel.Runtime | None = None
    ) -> DecisionResult:
        """Decide by id or name; required decisions are decided first. Raises DmnError."""
        found = self.by_id.get(decision) or next((one for one in self.decisions if one.name == decision), None)
        if found is None:
            raise DmnError(f"there is no decision {decision}")
        run = _Run(self, dict(feel.from_json(context)), runtime, {})
        return DecisionResult(run.value_of(found), run.fired)


@dataclass
class _Run:
    """One evaluation of the requirement graph."""

    model: Model
    names: dict[str, Any]
    runtime: feel.Runtime | None
    fired: dict[str, list[str]]

    def value_of(self, decision: Decision) -> Any:
        for required in decision.required:
            needed = self.model.by_id.get(required)
            if needed is not None and needed.variable not in self.names:
                self.names[needed.variable] = self.value_of(needed)
            elif needed is None and required in self.model.knowledge:
                self.names[required] = self.model.knowledge[required](self)
        return decision.logic(self)


def _holds(test: Expression | None, value: Any, names: Mapping[str, Any], runtime: feel.Runtime | None) -> bool:
    return test is None or test.evaluate({**names, "?": value}, runtime=runtime) is True


def _aggregated(results: list[Any], aggregation: str | None) -> Any:
    match aggregation:
        case "COUNT":
            return len(results)
        case "SUM":
            return sum(results, start=Decimal(0)) if results else None
        case "MIN":
            return min(results, default=None)
        case "MAX":
            return max(results, default=None)
    return results
