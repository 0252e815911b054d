"""How built-in functions are declared, and how a call finds the overload that its arguments fit."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.feel import temporal
from engine.feel.runtime import Evaluation
from engine.feel.values import KINDS, Function, kind

Code = Callable[..., Any]
DECLARATION = re.compile(r"(?P<name>[a-z ]+)\((?P<parameters>.*)\)(?: -> (?P<result>.+))?")
MISSING = object()


@dataclass(frozen=True)
class Parameter:
    """A parameter of a built-in: its name and the kinds that it takes (none: any)."""

    name: str
    kinds: frozenset[str]
    optional: bool = False
    nullable: bool = False
    """Whether null stands for leaving it out."""

    def take(self, value: Any) -> Any:
        """The argument, converted implicitly where that makes it fit (§10.3.2.9.4); MISSING if it does not fit."""
        if not self.kinds:
            return value
        what = kind(value)
        if what in self.kinds:
            return value
        if value is None:
            return None if self.nullable else MISSING
        if "list" in self.kinds:
            return [value]
        if what == "list" and len(value) == 1 and kind(value[0]) in self.kinds:
            return value[0]
        if what == "date" and "date and time" in self.kinds:
            from datetime import UTC

            return temporal.make_moment(value, temporal.clock_of(0, UTC))
        return MISSING


@dataclass(frozen=True)
class Overload:
    """One way to call a built-in; a variadic one takes any number of its last parameter."""

    parameters: tuple[Parameter, ...]
    variadic: bool
    code: Code
    result: str
    declared: str
    """How it was declared: `substring(string: string, length?: number) -> string`."""

    @cached_property
    def least(self) -> int:
        """How many arguments it needs."""
        return sum(not one.optional for one in self.parameters)

    def bind(self, given: tuple[Any, ...]) -> list[Any] | None:
        """The arguments as the code takes them; None if they do not fit."""
        parameters = self.parameters
        if len(given) < self.least:
            return None
        if len(given) > len(parameters):
            if not self.variadic:
                return None
            parameters = (*parameters, *[parameters[-1]] * (len(given) - len(parameters)))
        taken = []
        for parameter, value in zip(parameters, given, strict=False):
            if parameter.kinds and KINDS.get(value.__class__) not in parameter.kinds:
                value = parameter.take(value)
                if value is MISSING:
                    return None
            taken.append(value)
        return taken

    def bind_named(self, given: Mapping[str, Any]) -> list[Any] | None:
        """The arguments in their order; None if the names or values do not fit."""
        names = [one.name for one in self.parameters]
        if not given.keys() <= set(names):
            return None
        last = max((names.index(name) for name in given), default=-1)
        if any(one.name not in given and not one.optional for one in self.parameters):
            return None
        return self.bind(tuple(given.get(name) for name in names[: last + 1]))


@dataclass(frozen=True, eq=False)
class BuiltIn(Function):
    """A built-in function with its overloads."""

    name: str = ""
    overloads: list[Overload] = field(default_factory=list)

    def apply(self, evaluation: Evaluation, position: int, given: tuple[Any, ...]) -> Any:
        """The value of a call; null, with a warning, where the arguments do not fit."""
        for overload in self.overloads:
            taken = overload.bind(given)
            if taken is not None:
                return self._run(evaluation, position, overload, taken)
        evaluation.warn(position, "wrong-arguments", self.name, ", ".join(map(kind, given)) or "none")
        return None

    def apply_named(self, evaluation: Evaluation, position: int, given: Mapping[str, Any]) -> Any:
        """The value of a call with names."""
        for overload in self.overloads:
            taken = overload.bind_named(given)
            if taken is not None:
                return self._run(evaluation, position, overload, taken)
        known = {one.name for overload in self.overloads for one in overload.parameters}
        wrong = next((name for name in given if name not in known), None)
        if wrong is not None:
            evaluation.warn(position, "wrong-name", self.name, wrong)
        else:
            listed = ", ".join(f"{name}: {kind(value)}" for name, value in given.items())
            evaluation.warn(position, "wrong-arguments", self.name, listed)
        return None

    def _run(self, evaluation: Evaluation, position: int, overload: Overload, taken: list[Any]) -> Any:
        evaluation.left -= 1
        try:
            return overload.code(evaluation, *taken)
        except NoValue as reason:
            evaluation.warn(position, reason.code, *reason.facts)
        except (ValueError, ArithmeticError):
            evaluation.warn(position, "no-value", self.name)
        return None


class NoValue(Exception):
    """A function has no value for its arguments: a warning's code and facts."""

    def __init__(self, code: str, *facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Family(dict[str, BuiltIn]):
    """The functions of one family, by name."""

    def declare(self, declaration: str) -> Callable[[Code], Code]:
        """Make a Python function one overload of a built-in, such as `substring(string: string, length?: number)`.

        `|` stands between kinds, `?` after a name makes it optional, `...` after the last kind takes any number.
        """
        found = DECLARATION.fullmatch(declaration)
        assert found is not None, declaration
        name, listed, result = found["name"], found["parameters"], found["result"] or "Any"
        parameters = tuple(_parameter(one) for one in listed.split(", ")) if listed else ()
        variadic = listed.endswith("...")

        def register(code: Code) -> Code:
            if name not in self:
                names = tuple(one.name for one in parameters)
                self[name] = BuiltIn(_on_its_own(self, name), names, name)
            self[name].overloads.append(Overload(parameters, variadic, code, result, declaration))
            return code

        return register


def _on_its_own(family: Family, name: str) -> Code:
    def call(*given: Any) -> Any:
        return family[name].apply(Evaluation("", None), -1, given)

    return call


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(": ")
    listed = frozenset(kinds.removesuffix("...").split("|")) - {"Any"}
    optional = name.endswith("?")
    return Parameter(name.removesuffix("?"), listed, optional, optional and not kinds.endswith("..."))
