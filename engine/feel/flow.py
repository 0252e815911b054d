"""Filters, loops and calls: what the compiled code hands its bodies to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.feel import temporal
from engine.feel.numbers import exact, is_number
from engine.feel.runtime import Evaluation
from engine.feel.types import Type, coerced
from engine.feel.values import Function, Range, as_list, kind

Body = Callable[..., Any]


def filtered(evaluation: Evaluation, position: int, value: Any, body: Body) -> Any:
    """`value[condition]`: the items for which the condition holds, or the one at the position that it is (table 60)."""
    items = as_list(value)
    evaluation.spend()
    found = body(items[0] if items else None)
    if is_number(found):
        return at(items, found)
    if not items:
        return []
    evaluation.items(len(items))
    kept = [items[0]] if found is True else []
    for item in items[1:]:
        result = body(item)
        if result is True:
            kept.append(item)
        elif result is not False and result is not None:
            evaluation.warn(position, "failed-condition", kind(result))
    return kept


def at(value: Any, index: Any) -> Any:
    """The item at a position, from 1; negative ones count from the end."""
    items = as_list(value)
    found = exact(index)
    if found != int(found) or not 1 <= abs(found) <= len(items):
        return None
    return items[int(found) - 1 if found > 0 else int(found)]


# loops


def iterated(evaluation: Evaluation, position: int, value: Any) -> Any:
    """The items of what a loop goes through; None if it has none."""
    if isinstance(value, list | tuple):
        evaluation.spend(len(value) + 1)
        return value
    if isinstance(value, Range):
        start, end = value.start, value.end
        if value.test or start is None or end is None or kind(start) not in ("number", "date"):
            evaluation.warn(position, "not-iterable", "range")
            return None
        found = span(evaluation, position, start, end)
        if found is None:
            return None
        return found[0 if value.start_included else 1 : len(found) if value.end_included else len(found) - 1]
    if value is None:
        evaluation.warn(position, "not-iterable", "null")
        return None
    return (value,)


def span(evaluation: Evaluation, position: int, start: Any, end: Any) -> Any:
    """The whole numbers or days from one to another, both included, upwards or downwards."""
    if is_number(start) and is_number(end) and exact(start) == int(start) and exact(end) == int(end):
        low, high = int(start), int(end)
        evaluation.items(abs(high - low) + 1)
        return range(low, high + 1) if low <= high else range(low, high - 1, -1)
    if kind(start) == kind(end) == "date":
        low, high = temporal.day_number(start), temporal.day_number(end)
        evaluation.items(abs(high - low) + 1)
        return [temporal.day_of(day) for day in (range(low, high + 1) if low <= high else range(low, high - 1, -1))]
    evaluation.warn(position, "not-iterable", f"range from {kind(start)} to {kind(end)}")
    return None


def any_of(results: Iterable[Any]) -> bool | None:
    """Whether one result is true; null if none is, but one is neither true nor false."""
    found: bool | None = False
    for result in results:
        if result is True:
            return True
        if result is not False:
            found = None
    return found


def all_of(results: Iterable[Any]) -> bool | None:
    """Whether all results are true; null if none is false, but one is neither."""
    found: bool | None = True
    for result in results:
        if result is False:
            return False
        if result is not True:
            found = None
    return found


# functions


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True, eq=False)
class UserFunction(Function):
    """A function that an expression defines; `code` takes the evaluation first, `call` begins one of its own."""

    code: Body = _nothing
    types: tuple[Type | None, ...] = ()
    result: Type | None = None
    source: str = ""
    external: bool = False

    def apply(self, evaluation: Evaluation, position: int, given: tuple[Any, ...]) -> Any:
        """The value of a call."""
        if self.external:
            evaluation.warn(position, "external")
            return None
        if len(given) != len(self.parameters):
            evaluation.warn(position, "wrong-count", len(self.parameters), len(given))
            return None
        if any(self.types):
            bound = tuple(_typed(evaluation, position, *pair) for pair in zip(given, self.types, strict=True))
            if any(made is None and value is not None for made, value in zip(bound, given, strict=True)):
                return None  # it is not even called (§10.3.2.13.1)
            given = bound
        source, evaluation.source = evaluation.source, self.source
        evaluation.enter()
        try:
            return self.code(evaluation, *given)
        finally:
            evaluation.depth -= 1
            evaluation.source = source


def user_function(
    code: Body,
    parameters: tuple[str, ...],
    types: tuple[Type | None, ...],
    result: Type | None,
    source: str,
    external: bool,
) -> UserFunction:
    """The function that a definition makes."""

    def call(*given: Any) -> Any:
        return made.apply(Evaluation(source, None), -1, given)

    made = UserFunction(call, parameters, code, types, result, source, external)
    return made


def invoke(evaluation: Evaluation, position: int, function: Any, given: tuple[Any, ...]) -> Any:
    """The value of a call; null, with a warning, where it is no function."""
    if isinstance(function, Function):
        return function.apply(evaluation, position, given)
    evaluation.warn(position, "not-a-function", kind(function))
    return None


def invoke_named(evaluation: Evaluation, position: int, function: Any, given: Mapping[str, Any]) -> Any:
    """The value of a call with names; null, with a warning, where it is no function."""
    if isinstance(function, Function):
        return function.apply_named(evaluation, position, given)
    evaluation.warn(position, "not-a-function", kind(function))
    return None


def _typed(evaluation: Evaluation, position: int, value: Any, wanted: Type | None) -> Any:
    if wanted is None:
        return value
    made, fits = coerced(value, wanted)
    if not fits:
        evaluation.warn(position, "wrong-type", wanted, kind(value))
    return made
