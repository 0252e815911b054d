"""Decision tables (DMN 1.5 §8): which rules hold, and what follows under each hit policy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine import feel
from engine.dmn.cells import Region
from engine.dmn.columns import Column, bits
from engine.dmn.run import Fired, Logic, Run, Scope, shortened
from engine.dmn.types import ANY, Type
from engine.feel import Expression, equal
from engine.sentences import S_

POLICIES = ("UNIQUE", "ANY", "PRIORITY", "FIRST", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")

NO_INPUT = S_("%(value)s is none of the values of input %(label)s, so it counts as null.")
NO_OUTPUT = S_("%(value)s is none of the values of output %(label)s, so it counts as null.")


@dataclass(frozen=True)
class Input:
    """An input column: what it looks at, the type of that, and its values (as a region where that is plain)."""

    id: str | None
    label: str
    source: str
    value: Logic = field(repr=False)
    type: Type = ANY
    allowed: Expression | None = None
    domain: Region | None = None


@dataclass(frozen=True)
class Output:
    """An output column: its name and type, its values in order of priority, and what holds if no rule does."""

    id: str | None
    name: str
    type: Type = ANY
    allowed: Expression | None = None
    domain: Region | None = None
    listed: tuple[Any, ...] = ()
    default: Logic | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Rule:
    """A row: the source and the test of each input cell (None: anything), the source and value of each output cell."""

    id: str
    line: int | None
    tests: tuple[Expression | None, ...]
    sources: tuple[str, ...]
    outputs: tuple[Logic, ...] = field(repr=False)
    results: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A decision table, compiled."""

    id: str
    line: int | None
    hit_policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    cells: tuple[tuple[Region | str, ...], ...] = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)

    def decide(self, scope: Scope, run: Run) -> Any:
        """The table's value."""
        values = [self._input(one, scope, run) for one in self.inputs]
        holding = self.holding(values, scope, run)
        if self.hit_policy == "FIRST":
            holding = holding[:1]
        for index in holding:
            run.fired.append(Fired(self.id, self.rules[index].id, index + 1))
        if not holding:
            return self._default(scope, run)
        if self.hit_policy == "UNIQUE" and len(holding) > 1:
            listed = ", ".join(str(index + 1) for index in holding)
            run.warn("several-rules", self.id, S_("Rules %(listed)s hold at once, but only one may.", listed=listed))
            return None
        return self._chosen([self._result(self.rules[index], scope, run) for index in holding], holding, run)

    def holding(self, values: Sequence[Any], scope: Scope, run: Run) -> list[int]:
        """The indexes of the rules that hold for the inputs' values."""
        candidates = (1 << len(self.rules)) - 1
        open_: list[tuple[int, int]] = []
        for index, column in enumerate(self.columns):
            rules = column.rules(values[index])
            if rules == -1:
                open_.append((index, ~column.anything))
                continue
            candidates &= rules
            if not candidates:
                return []
            if column.unclear:
                open_.append((index, column.unclear))
        if not open_:
            return list(bits(candidates))
        return [
            rule
            for rule in bits(candidates)
            if all(
                not unclear >> rule & 1 or self._holds(rule, index, values[index], scope, run)
                for index, unclear in open_
            )
        ]

    def _holds(self, rule: int, index: int, value: Any, scope: Scope, run: Run) -> bool:
        test = self.rules[rule].tests[index]
        if test is None:
            run.warn(
                "broken-expression", self.rules[rule].id, S_("A cell of rule %(rule)s is not FEEL.", rule=rule + 1)
            )
            return False
        return run.value(test, scope, self.rules[rule].id, value) is True

    def _input(self, column: Input, scope: Scope, run: Run) -> Any:
        value = column.value(scope, run)
        if value is None:
            return None
        if column.type is not ANY:
            value = run.bound(value, column.type, column.id)
        return self._allowed(value, column, "input", run)

    def _allowed(self, value: Any, column: Input | Output, what: str, run: Run) -> Any:
        if value is None or column.allowed is None:
            return value
        if run.value(column.allowed, {}, column.id or self.id, value) is True:
            return value
        label = column.label if isinstance(column, Input) else column.name
        text = NO_INPUT if isinstance(column, Input) else NO_OUTPUT
        message = text.filled({"value": shortened(value), "label": label})
        run.warn(f"{what}-not-allowed", column.id or self.id, message)
        return None

    def _result(self, rule: Rule, scope: Scope, run: Run) -> Any:
        values = [
            self._output(one, cell(scope, run), run) for one, cell in zip(self.outputs, rule.outputs, strict=True)
        ]
        return self._named(values)

    def _output(self, column: Output, value: Any, run: Run) -> Any:
        if value is not None and column.type is not ANY:
            value = run.bound(value, column.type, column.id)
        return self._allowed(value, column, "output", run)

    def _named(self, values: Sequence[Any]) -> Any:
        if len(values) == 1:
            return values[0]
        return dict(zip((one.name for one in self.outputs), values, strict=True))

    def _default(self, scope: Scope, run: Run) -> Any:
        """No rule holds (§8.2.11): the defaults, else nothing."""
        if any(one.default is not None for one in self.outputs):
            return self._named([one.default(scope, run) if one.default else None for one in self.outputs])
        if self.hit_policy == "COLLECT":
            return {None: [], "COUNT": 0}.get(self.aggregation)
        return [] if self.hit_policy in ("RULE ORDER", "OUTPUT ORDER") else None

    def _chosen(self, results: list[Any], holding: list[int], run: Run) -> Any:
        match self.hit_policy:
            case "COLLECT":
                return self._aggregated(results, run) if self.aggregation else results
            case "RULE ORDER":
                return results
            case "OUTPUT ORDER":
                return sorted(results, key=self._priority)
            case "PRIORITY":
                return min(results, key=self._priority)
            case "ANY" if any(equal(one, results[0]) is not True for one in results[1:]):
                listed = ", ".join(str(index + 1) for index in holding)
                run.warn(
                    "different-results",
                    self.id,
                    S_("Rules %(listed)s hold at once, with different results.", listed=listed),
                )
                return None
        return results[0]

    def _priority(self, result: Any) -> tuple[int, ...]:
        given = [result] if len(self.outputs) == 1 else [result[one.name] for one in self.outputs]
        return tuple(_rank(one.listed, value) for one, value in zip(self.outputs, given, strict=True))

    def _aggregated(self, results: list[Any], run: Run) -> Any:
        """One value of all results (§8.2.11); of several outputs, each for itself."""
        if len(self.outputs) > 1 and self.aggregation != "COUNT":
            return {
                one.name: self._one_aggregated([result[one.name] for result in results], run) for one in self.outputs
            }
        return self._one_aggregated(results, run)

    def _one_aggregated(self, values: list[Any], run: Run) -> Any:
        if self.aggregation == "COUNT":
            return Decimal(len(values))
        function = {"SUM": SUM, "MIN": MIN, "MAX": MAX}.get(self.aggregation or "")
        found = run.value(function, {"values": values}, self.id) if function else None
        if found is None:
            run.warn(
                "not-aggregated",
                self.id,
                S_("The results have no %(aggregation)s.", aggregation=(self.aggregation or "").lower()),
            )
        return found


SUM, MIN, MAX = (feel.compile_expression(f"{name}(values)") for name in ("sum", "min", "max"))


def _rank(listed: Sequence[Any], value: Any) -> int:
    return next((place for place, one in enumerate(listed) if equal(one, value) is True), len(listed))
