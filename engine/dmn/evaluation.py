"""Carrying out a requirement graph (DMN 1.5 §10.4): what is required is decided first, each thing once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.dmn.functions import closure, misfit
from engine.dmn.model import Decision, InputData, Knowledge, Model, Part, Requirement, Service
from engine.dmn.run import Run
from engine.dmn.types import ANY, FunctionType, Type, from_text, plain, typed_function
from engine.feel import Function
from engine.sentences import S_


@dataclass
class Evaluation:
    """One model under one set of given values; imported models are evaluations of their own beneath it."""

    model: Model
    given: Mapping[str, Any]
    run: Run
    path: str = ""
    known: dict[str, Any] = field(default_factory=dict)
    imported: dict[str, "Evaluation"] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)

    @cached_property
    def base(self) -> Mapping[str, Any]:
        """What was given, as logic reads it that does not require it: dates in input data are no texts there either."""
        data = [part for part in self.model.parts.values() if isinstance(part, InputData)]
        read = {
            one.variable: from_text(self.given[one.variable], one.type) for one in data if one.variable in self.given
        }
        return {**self.given, **read}

    def asked(self, part: Part) -> Any:
        """The value of a decision; of a service or knowledge model with its parameters taken from what is given."""
        match part:
            case Knowledge():
                arguments = [self.given.get(name) for name in part.parameters]
                return self.knowledge(part).call(*map(from_text, arguments, part.types))
            case Service():
                return self.service(part).call(*(self._given_to(one) for one in part.inputs))
            case Decision() if part.logic is not None:
                return self.decided(part)  # asked for: decided even if a value is given
        return self.value(part.id)

    def value(self, part_id: str) -> Any:
        """What an element of the model is worth to those who require it."""
        if part_id in self.known:
            return self.known[part_id]
        part = self.model.parts[part_id]
        found: Any
        match part:
            case Knowledge():
                found = self.knowledge(part)
            case Service():
                found = self.service(part)
            case InputData():
                found = self._given(part)
            case Decision():
                found = self._given(part) if part.logic is None or self._is_given(part) else self.decided(part)
        self.known[part_id] = found
        return found

    def decided(self, part: Decision) -> Any:
        """Decide a decision; what it requires is decided before."""
        if part.id in self.under_way or part.logic is None:
            self.run.warn("requirement-cycle", part.id, S_("The decision requires itself."))
            return None
        self.run.budget.spend()
        self.under_way.add(part.id)
        try:
            value = part.logic(self.scope(part.required, self.base), self.run)
        finally:
            self.under_way.discard(part.id)
        if part.type is not ANY:
            value = self.run.bound(value, part.type, part.id)
        self.run.values[self.path + part.name] = value
        return value

    def knowledge(self, part: Knowledge) -> Function:
        """A knowledge model as a function; what it requires is looked up when it is called, since it may be itself."""

        def called(*given: Any) -> Any:
            inner = self.scope(part.required, self.base)
            inner.setdefault(part.variable, function)
            made = closure(part.parameters, part.types, part.body, inner, self.run, part.id)
            return self.run.bound(made.call(*given), part.result, part.id)

        target = plain(part.function)
        function = Function(called, part.parameters)
        if isinstance(target, FunctionType):
            function = typed_function(function, target, self.run.budget)
        return function

    def service(self, part: Service) -> Function:
        """A decision service as a function of its inputs (§10.4)."""
        names = tuple(self._qualified(one) for one in part.inputs)

        def called(*given: Any) -> Any:
            if len(given) != len(names):
                message = S_(
                    "%(given)s arguments were given for %(names)s parameters.", given=len(given), names=len(names)
                )
                self.run.warn("wrong-arguments", part.id, message)
                return None
            kinds = [part.types.get(name) or self._type(one) for name, one in zip(names, part.inputs, strict=True)]
            bound = [self.run.bound(value, type_, part.id) for value, type_ in zip(given, kinds, strict=True)]
            if misfit(given, bound):
                return None
            values = dict(zip(names, bound, strict=True))
            inside = Evaluation(self.model, self._nested(part.inputs, values), self.run, self.path)
            results = {self._name(one): inside._required(one) for one in part.outputs}
            return self.run.bound(next(iter(results.values())) if len(results) == 1 else results, part.result, part.id)

        return Function(called, names)

    def scope(self, required: Iterable[Requirement], base: Mapping[str, Any]) -> dict[str, Any]:
        """The names in sight of an element's logic: what it requires, over what was given."""
        found = dict(base)
        nested: dict[str, dict[str, Any]] = {}
        for one in required:
            if one.origin:
                nested.setdefault(one.origin, {})[self._name(one)] = self._required(one)
            else:
                found[self._name(one)] = self._required(one)
        return {**found, **nested}

    def _required(self, one: Requirement) -> Any:
        return self._home(one).value(one.id)

    def _home(self, one: Requirement) -> "Evaluation":
        """The evaluation of the model where a required element stands; values may be given to it under its name."""
        if one.origin is None:
            return self
        if one.origin not in self.imported:
            own = self.given.get(one.origin)
            given = {**self.given, **own} if isinstance(own, Mapping) else self.given
            path = f"{self.path}{one.origin}." if one.origin else self.path
            self.imported[one.origin] = Evaluation(self.model.imports[one.origin], given, self.run, path)
        return self.imported[one.origin]

    def _part(self, one: Requirement) -> Part:
        return (self.model if one.origin is None else self.model.imports[one.origin]).parts[one.id]

    def _type(self, one: Requirement) -> Type:
        part = self._part(one)
        return part.type if isinstance(part, InputData | Decision) else ANY

    def _name(self, one: Requirement) -> str:
        return self._part(one).variable

    def _qualified(self, one: Requirement) -> str:
        return f"{one.origin}.{self._name(one)}" if one.origin else self._name(one)

    def _nested(self, inputs: Iterable[Requirement], values: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in inputs:
            value = values[self._qualified(one)]
            holder = found.setdefault(one.origin, {}) if one.origin else found
            holder[self._name(one)] = value
        return found

    def _is_given(self, part: InputData | Decision) -> bool:
        return part.variable in self.given or part.name in self.given

    def _given(self, part: InputData | Decision) -> Any:
        value = self.given.get(part.variable, self.given.get(part.name))
        return self.run.bound(from_text(value, part.type), part.type, part.id)

    def _given_to(self, one: Requirement) -> Any:
        home, part = self._home(one), self._part(one)
        return home._given(part) if isinstance(part, InputData | Decision) else None
