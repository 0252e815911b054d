"""Types: read, written, and whether a value is of one (DMN 1.5 §10.3.2.9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Any

from engine.feel import ast, temporal
from engine.feel.values import Function, Range, kind
from engine.feel.words import TYPES

Lookup = Callable[[str], "Type | None"]


@dataclass(frozen=True)
class Type:
    """A kind of value, or “Any”; with what its lists, ranges, contexts and functions hold where that is said."""

    name: str
    of: "Type | None" = None
    entries: Mapping[str, "Type"] | None = field(default=None, hash=False)
    parameters: tuple["Type", ...] | None = None
    allows: Callable[[Any], bool] | None = field(default=None, compare=False)
    """Which values of the kind are of the type, where not all are (§7.3.3)."""

    def __str__(self) -> str:
        if self.parameters is not None:
            return f"function<{', '.join(map(str, self.parameters))}>->{self.of}"
        if self.entries is not None:
            return f"context<{', '.join(f'{name}: {one}' for name, one in self.entries.items())}>"
        return f"{self.name}<{self.of}>" if self.of else self.name


ANY = Type("Any")
BUILT_IN = {name: Type(name) for name in TYPES}


def of_node(node: ast.Node, lookup: Lookup | None = None) -> Type | None:
    """The type that a tree names; None if it names one that nobody knows."""
    match node:
        case ast.NamedType(name=name):
            return BUILT_IN.get(name) or (lookup(name) if lookup else None)
        case ast.ListType(of=of) | ast.RangeType(of=of):
            inner = of_node(of, lookup)
            return inner and Type("list" if isinstance(node, ast.ListType) else "range", inner)
        case ast.ContextType(entries=entries):
            found = {name: of_node(one, lookup) for name, one in entries}
            known = {name: one for name, one in found.items() if one is not None}
            return Type("context", entries=known) if len(known) == len(found) else None
        case ast.FunctionType(parameters=parameters, result=result):
            taken = tuple(of_node(one, lookup) or ANY for one in parameters)
            return Type("function", of_node(result, lookup) or ANY, parameters=taken)
    return None


def is_kind_of(value: Any, wanted: Type) -> bool:
    """`value instance of type`: whatever values of the kind the type allows (§10.3.2.9.2 knows no allowed values)."""
    return is_instance(value, replace(wanted, allows=None))


def is_instance(value: Any, wanted: Type, seen: set[tuple[int, int]] | None = None) -> bool:
    """Whether a value is of a type; null is of no type but Null.

    `seen` are the values, and the types asked of them, that were looked at already: one misfit ends it all, so none of
    them is looked at twice, which would take for ever where values hold one value twice at every depth.
    """
    if value is None:
        return wanted.name == "Null"
    if wanted.name == "Any":
        return True
    if kind(value) != wanted.name:
        return False
    if wanted.of is not None or wanted.entries is not None:
        seen, pair = set() if seen is None else seen, (id(value), id(wanted))
        if pair in seen:
            return True
        seen.add(pair)
    return _holds(value, wanted, seen) and (wanted.allows is None or wanted.allows(value))


def _holds(value: Any, wanted: Type, seen: set[tuple[int, int]] | None) -> bool:
    """Whether what a value holds is of the types that are asked for."""
    if wanted.parameters is not None:
        return _callable(value, wanted)
    if wanted.entries is not None:
        return all(
            name in value and (value[name] is None or is_instance(value[name], one, seen))
            for name, one in wanted.entries.items()
        )
    if wanted.of is None:
        return True
    if isinstance(value, Range):
        return all(end is None or is_instance(end, wanted.of, seen) for end in (value.start, value.end))
    return all(item is None or is_instance(item, wanted.of, seen) for item in value)


def _callable(value: Function, wanted: Type) -> bool:
    """A function takes at least what is asked for: as many parameters, each of a type that is as wide."""
    assert wanted.parameters is not None
    typed: tuple[Type | None, ...] | None = getattr(value, "types", None)
    if len(value.parameters) != len(wanted.parameters):
        return False
    for declared, given in zip(typed or (), wanted.parameters, strict=False):
        if declared is not None and not conforms(given, declared):
            return False
    result: Type | None = getattr(value, "result", None)
    return result is None or wanted.of is None or conforms(result, wanted.of)


def conforms(narrow: Type, wide: Type) -> bool:
    """Whether every value of one type is one of the other (§10.3.2.9.2)."""
    if wide.name == "Any" or narrow == wide or narrow.name == "Null":
        return True
    if narrow.name != wide.name:
        return False
    if wide.parameters is not None:
        return (
            narrow.parameters is not None
            and len(narrow.parameters) == len(wide.parameters)
            and all(conforms(other, one) for one, other in zip(narrow.parameters, wide.parameters, strict=True))
            and conforms(narrow.of or ANY, wide.of or ANY)
        )
    if wide.entries is not None:
        mine = narrow.entries or {}
        return all(name in mine and conforms(mine[name], one) for name, one in wide.entries.items())
    return wide.of is None or (narrow.of is not None and conforms(narrow.of, wide.of))


def coerced(value: Any, wanted: Type) -> tuple[Any, bool]:
    """A value made to fit a type by an implicit conversion (§10.3.2.9.4), and whether it does fit.

    A list of one item becomes the item and an item a list of itself; a date becomes its midnight in UTC; null fits all.
    """
    if value is None or is_instance(value, wanted):
        return value, True
    if wanted.name == "list" and kind(value) != "list":
        item, fits = coerced(value, wanted.of or ANY)
        return ([item], True) if fits else (None, False)
    if kind(value) == "list" and len(value) == 1 and is_instance(value[0], wanted):
        return value[0], True
    if wanted.name == "date and time" and kind(value) == "date":
        return temporal.make_moment(value, temporal.clock_of(0, UTC)), True
    return None, False
