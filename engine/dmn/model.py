"""A decision model in memory: its elements, and how it is asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine import feel
from engine.dmn.findings import DmnError, DmnWarning, Finding
from engine.dmn.itemdefinitions import Types
from engine.dmn.run import Fired, Logic, Run
from engine.dmn.tables import Table
from engine.dmn.types import Type
from engine.sentences import S_


@dataclass(frozen=True)
class Requirement:
    """What an element needs: the name of the import it comes from (None: the same model), and its id there."""

    origin: str | None
    id: str


@dataclass(frozen=True)
class InputData:
    """Data that whoever asks must give (DMN 1.5 §6.3.11)."""

    id: str
    name: str
    variable: str
    type: Type
    line: int | None = None


@dataclass(frozen=True)
class Decision:
    """A decision: what it needs, the type of its value, and its logic; without logic whoever asks gives the value."""

    id: str
    name: str
    variable: str
    type: Type
    required: tuple[Requirement, ...]
    logic: Logic | None = field(repr=False)
    line: int | None = None


@dataclass(frozen=True)
class Knowledge:
    """A business knowledge model: a function that decisions may call (§6.3.9)."""

    id: str
    name: str
    variable: str
    parameters: tuple[str, ...]
    types: tuple[Type, ...]
    result: Type
    function: Type
    required: tuple[Requirement, ...]
    body: Logic = field(repr=False)
    line: int | None = None


@dataclass(frozen=True)
class Service:
    """A decision service: some decisions as one function of some inputs (§6.3.10). Input data come first."""

    id: str
    name: str
    variable: str
    inputs: tuple[Requirement, ...]
    outputs: tuple[Requirement, ...]
    result: Type
    types: Mapping[str, Type] = field(hash=False)
    line: int | None = None


Part = InputData | Decision | Knowledge | Service


@dataclass(frozen=True)
class DecisionResult:
    """A decision's value; which rules of which tables held; why something became null; all values on the way."""

    value: Any
    fired: tuple[Fired, ...] = ()
    warnings: tuple[DmnWarning, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fired_rules(self) -> dict[str, list[str]]:
        """The ids of the rules that held, by table."""
        found: dict[str, list[str]] = {}
        for one in self.fired:
            found.setdefault(one.table, []).append(one.rule)
        return found


@dataclass(frozen=True)
class Model:
    """A decision model: its elements by id, the models it imports by the name it gives them, and what is wrong."""

    id: str
    name: str
    namespace: str
    parts: Mapping[str, Part]
    imports: Mapping[str, "Model"]
    types: Types = field(repr=False)
    tables: tuple[Table, ...] = field(repr=False)
    findings: tuple[Finding, ...] = ()

    @property
    def decisions(self) -> Sequence[Decision]:
        """All decisions, in their order."""
        return [part for part in self.parts.values() if isinstance(part, Decision)]

    @property
    def decided(self) -> frozenset[str]:
        """The names of what the model decides by itself."""
        return frozenset(name for one in self.decisions if one.logic is not None for name in (one.name, one.variable))

    def found(self, name: str) -> Part:
        """The decision, decision service or knowledge model of an id or name, in this order. Raises DmnError."""
        by_id = self.parts.get(name)
        if by_id is not None and not isinstance(by_id, InputData):
            return by_id
        asked = " ".join(name.split())
        for kind in (Decision, Service, Knowledge):
            for part in self.parts.values():
                if isinstance(part, kind) and part.name == asked:
                    return part
        names = ", ".join(self.names()) or "none"
        raise DmnError(
            S_("There is no decision %(name)s. There are: %(names)s.", name=name, names=names),
            hint=S_("Ask for one of these."),
        )

    def names(self) -> Iterator[str]:
        """The names of all that can be asked."""
        for part in self.parts.values():
            if not isinstance(part, InputData):
                yield part.name

    def decide(
        self, decision: str, context: Mapping[str, Any], *, runtime: feel.Runtime | None = None
    ) -> DecisionResult:
        """Ask a decision, decision service or knowledge model by id or name, with input data by name.

        What is required is decided first; a decision whose value the context gives is not decided. One budget
        holds for all of it. Raises DmnError where there is no such decision, FeelBudgetExceeded.
        """
        from engine.dmn.evaluation import Evaluation  # which is made of what stands here

        part = self.found(decision)
        run = Run(runtime or feel.Runtime())
        try:
            value = Evaluation(self, feel.from_json(context), run).asked(part)
        except RecursionError:
            raise feel.FeelBudgetExceeded(S_("the decisions require each other too deeply")) from None
        return DecisionResult(value, tuple(run.fired), tuple(run.warnings), run.values)
