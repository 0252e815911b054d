"""The types of a decision model: FEEL's own, item definitions (DMN 1.5 §7.3.3), and what values become under them.

A value that does not conform to the type of what it is bound to is converted where the standard says so, else it
is null (§10.3.2.9.4).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import zip_longest
from typing import Any

from engine import feel
from engine.feel import Expression, Function
from engine.feel.flow import invoke
from engine.feel.runtime import Evaluation

BUILT_IN = {
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "days and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "list": "list",
    "context": "context",
    "function": "function",
    "range": "range",
}
ALONE: Mapping[str, Any] = {}
PARTED = (str, list, tuple, dict)
TEMPORAL = ("date", "time", "date and time", "days and time duration", "years and months duration")


@dataclass(frozen=True)
class Type:
    """A type: its name, and whether a value (never null) is of it."""

    name: str

    def holds(self, value: Any, budget: Evaluation, around: Mapping[str, Any] = ALONE) -> bool:
        """Whether a value is of this type; `around` is the context that it is a component of. Any is everything."""
        return True


@dataclass(frozen=True)
class BuiltIn(Type):
    """One of FEEL's own types."""

    def holds(self, value: Any, budget: Evaluation, around: Mapping[str, Any] = ALONE) -> bool:
        return feel.kind(value) == self.name


@dataclass(frozen=True)
class Collection(Type):
    """A list whose items are all of one type."""

    item: Type

    def holds(self, value: Any, budget: Evaluation, around: Mapping[str, Any] = ALONE) -> bool:
        if not isinstance(value, list | tuple):
            return False
        budget.spend(len(value))  # the items may be one and the same, at every depth
        return all(one is None or self.item.holds(one, budget, around) for one in value)


@dataclass(frozen=True)
class Structure(Type):
    """A context that has these components; it may have more."""

    components: Mapping[str, Type] = field(hash=False)

    def holds(self, value: Any, budget: Evaluation, around: Mapping[str, Any] = ALONE) -> bool:
        if not isinstance(value, Mapping):
            return False
        budget.spend(len(self.components))
        return all(
            name in value and (value[name] is None or type_.holds(value[name], budget, value))
            for name, type_ in self.components.items()
        )


@dataclass(frozen=True)
class Constrained(Type):
    """A type of which only some values are allowed: unary tests, and the values in order where they are listed."""

    base: Type
    test: Expression = field(hash=False)
    values: tuple[Any, ...] = field(default=(), hash=False)

    def holds(self, value: Any, budget: Evaluation, around: Mapping[str, Any] = ALONE) -> bool:
        return self.base.holds(value, budget, around) and self.test.code(around, budget, value) is True


@dataclass(frozen=True)
class FunctionType(Type):
    """A function: the types of its parameters by name, and of its result."""

    parameters: Mapping[str, Type] = field(hash=False)
    result: Type

    def holds(self, value: Any, budget: Evaluation, around: Mapping[str, Any] = ALONE) -> bool:
        return isinstance(value, Function)


@dataclass(frozen=True)
class Named(Type):
    """A type that is defined elsewhere in the model, perhaps by itself."""

    find: Callable[[], Type] = field(hash=False, compare=False)

    def holds(self, value: Any, budget: Evaluation, around: Mapping[str, Any] = ALONE) -> bool:
        return self.find().holds(value, budget, around)


ANY = Type("Any")
NAMED_DEPTH = 6


def plain(type_: Type) -> Type:
    """The type behind a name."""
    while isinstance(type_, Named):
        found = type_.find()
        if found is type_:  # still being read
            return ANY
        type_ = found
    return type_


def as_function(type_: Type) -> FunctionType:
    """The type of a function: older models write its result's type where its own belongs."""
    found = plain(type_)
    if isinstance(found, FunctionType):
        return found
    return FunctionType("function", {}, ANY if found == BuiltIn("function") else type_)


def unconstrained(type_: Type) -> Type:
    """The type without what limits its values: an own constraint replaces that of the base."""
    type_ = plain(type_)
    while isinstance(type_, Constrained):
        type_ = plain(type_.base)
    return type_


def converted(value: Any, type_: Type, budget: Evaluation) -> Any:
    """A value as the type asks for it; null where it cannot be (§10.3.2.9.4)."""
    if value is None or type_ is ANY:
        return value
    if isinstance(type_, BuiltIn) and feel.kind(value) == type_.name:
        return value
    target = plain(type_)
    if isinstance(target, FunctionType) and isinstance(value, Function):
        return typed_function(value, target, budget)
    if target.holds(value, budget):
        return value
    inner = unconstrained(target)
    if isinstance(inner, Collection):
        return [value] if not isinstance(value, list | tuple) and target.holds([value], budget) else None
    if isinstance(value, list | tuple):
        return value[0] if len(value) == 1 and target.holds(value[0], budget) else None
    if inner.name == "date and time" and isinstance(value, date) and not isinstance(value, datetime):
        midnight = datetime.combine(value, time(), tzinfo=UTC)
        return midnight if target.holds(midnight, budget) else None
    return None


def never_fits(given: feel.Type, expected: Type) -> bool:
    """Whether no value of FEEL's type can become what is expected; a list may be one of a single item."""
    wanted = unconstrained(expected)
    if not isinstance(wanted, BuiltIn) or given.name in (wanted.name, "Any", "Null", "list"):
        return False
    return (given.name, wanted.name) != ("date", "date and time")


def typed_function(function: Function, type_: FunctionType, budget: Evaluation) -> Function:
    """The function with its arguments and its result bound to the type's."""
    kinds = [type_.parameters.get(name, ANY) for name in function.parameters]

    def called(*given: Any) -> Any:
        bound = tuple(converted(value, one, budget) for value, one in zip_longest(given, kinds, fillvalue=ANY))
        if any(made is None and value is not None for made, value in zip(bound, given, strict=False)):
            return None  # it is not even called
        return converted(invoke(budget, -1, function, bound), type_.result, budget)

    return Function(called, function.parameters)


def from_text(value: Any, type_: Type) -> Any:
    """Input data out of JSON, which has no dates: ISO text becomes what the type says, where it can."""
    if not isinstance(value, PARTED):
        return value
    type_ = unconstrained(type_)
    if isinstance(value, str) and isinstance(type_, BuiltIn) and type_.name in TEMPORAL:
        found = feel.read_temporal(value)
        return found if feel.kind(found) in (type_.name, "date") else value
    if isinstance(type_, Collection) and isinstance(value, list | tuple):
        return [from_text(one, type_.item) for one in value]
    if isinstance(type_, Structure) and isinstance(value, Mapping):
        return {key: from_text(one, type_.components.get(key, ANY)) for key, one in value.items()}
    return value


def in_feel(type_: Type, depth: int = 0) -> feel.Type:
    """A type as expressions may name it; what lies very deep in it may be anything, as in a type that holds itself."""
    found = plain(type_)
    if depth > NAMED_DEPTH:
        return feel.Type("Any")
    match found:
        case Constrained(base=base, test=test):
            return replace(in_feel(base, depth), allows=lambda value: test.evaluate({"?": value}) is True)
        case Collection(item=item):
            return feel.Type("list", in_feel(item, depth + 1))
        case Structure(components=components):
            entries = {name: in_feel(one, depth + 1) for name, one in components.items()}
            return feel.Type("context", entries=entries)
        case FunctionType(parameters=parameters, result=result):
            taken = tuple(in_feel(one, depth + 1) for one in parameters.values())
            return feel.Type("function", in_feel(result, depth + 1), parameters=taken)
        case BuiltIn(name=name):
            return feel.Type(name)
    return feel.Type("Any")
