"""Functions on lists (DMN 1.5 §10.3.4.4); an item that stands alone is a list of itself."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel import flow, numbers
from engine.feel.functions.registry import Code, Family, NoValue
from engine.feel.functions.strings import window
from engine.feel.numbers import DECIMAL128, exact, is_number
from engine.feel.runtime import Evaluation
from engine.feel.values import Function, as_list, equal, kind, measure, order

FUNCTIONS = Family()
Items = Sequence[Any]


def _both_ways(name: str, result: str) -> Callable[[Code], Code]:
    """Declare a function that takes one list or its items as arguments."""

    def register(code: Code) -> Code:
        def spread(evaluation: Evaluation, *items: Any) -> Any:
            return code(evaluation, items)

        FUNCTIONS.declare(f"{name}(list: list) -> {result}")(code)
        FUNCTIONS.declare(f"{name}(c1: Any, cN?: Any...) -> {result}")(spread)
        return code

    return register


def _numbers(evaluation: Evaluation, items: Items) -> list[Any]:
    """The items as numbers. Raises ValueError if there are none or one of them is no number."""
    evaluation.spend(len(items))
    if not items or not all(map(is_number, items)):
        raise ValueError("numbers")
    return [exact(item) for item in items]


@FUNCTIONS.declare("list contains(list: list, element: Any) -> boolean")
def _list_contains(evaluation: Evaluation, items: Items, element: Any) -> bool:
    evaluation.spend(len(items) + 1)
    return any(equal(item, element, evaluation) is True for item in items)


@FUNCTIONS.declare("count(list: list) -> number")
def _count(evaluation: Evaluation, items: Items) -> int:
    return len(items)


def _extreme(sign: int) -> Code:
    def code(evaluation: Evaluation, items: Items) -> Any:
        evaluation.spend(len(items) + 1)
        if not items:
            return None
        best = items[0]
        if order(best, best) is None:
            raise ValueError("order")
        for item in items[1:]:
            found = order(item, best)
            if found is None:
                raise ValueError("order")
            best = item if found == sign else best
        return best

    return code


_both_ways("min", "Any")(_extreme(-1))
_both_ways("max", "Any")(_extreme(1))


@_both_ways("sum", "number")
def _sum(evaluation: Evaluation, items: Items) -> Any:
    total: Any = 0
    for item in _numbers(evaluation, items):
        total = numbers.add(total, item)
    return total


@_both_ways("mean", "number")
def _mean(evaluation: Evaluation, items: Items) -> Any:
    return numbers.divide(_sum(evaluation, items), len(items))


@_both_ways("product", "number")
def _product(evaluation: Evaluation, items: Items) -> Any:
    total: Any = 1
    for item in _numbers(evaluation, items):
        total = numbers.multiply(total, item)
    return total


@_both_ways("median", "number")
def _median(evaluation: Evaluation, items: Items) -> Any:
    ordered = sorted(_numbers(evaluation, items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return numbers.divide(numbers.add(ordered[middle - 1], ordered[middle]), 2)


@_both_ways("stddev", "number")
def _stddev(evaluation: Evaluation, items: Items) -> Any:
    """The standard deviation of a sample."""
    given = _numbers(evaluation, items)
    if len(given) < 2:
        raise ValueError("one number")
    mean = numbers.divide(_sum(evaluation, given), len(given))
    squares = [numbers.power(numbers.subtract(one, mean), 2) for one in given]
    variance = numbers.divide(_sum(evaluation, squares), len(given) - 1)
    return numbers.whole(DECIMAL128.sqrt(Decimal(variance)))


@_both_ways("mode", "list")
def _mode(evaluation: Evaluation, items: Items) -> list[Any]:
    """The numbers that occur most often, in ascending order."""
    if not items:
        return []
    counts: dict[Any, int] = {}
    for item in _numbers(evaluation, items):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values())
    return sorted(item for item, count in counts.items() if count == most)


def _joined(join: Callable[[Items], bool | None]) -> Code:
    def code(evaluation: Evaluation, items: Items) -> bool | None:
        evaluation.spend(len(items) + 1)
        return join(items)

    return code


for _name in ("all", "and"):
    _both_ways(_name, "boolean")(_joined(flow.all_of))
for _name in ("any", "or"):
    _both_ways(_name, "boolean")(_joined(flow.any_of))


@FUNCTIONS.declare("sublist(list: list, start position: number, length?: number) -> list")
def _sublist(evaluation: Evaluation, items: Items, start: Any, length: Any = None) -> list[Any]:
    evaluation.items(len(items))
    return list(items[window(len(items), start, length)])


@FUNCTIONS.declare("append(list: list, item?: Any...) -> list")
def _append(evaluation: Evaluation, items: Items, *more: Any) -> list[Any]:
    evaluation.items(len(items) + len(more))
    return [*items, *more]


@FUNCTIONS.declare("concatenate(list: list, lists?: list...) -> list")
def _concatenate(evaluation: Evaluation, *lists: Any) -> list[Any]:
    evaluation.items(sum(len(as_list(one)) for one in lists))
    return [item for one in lists for item in as_list(one)]


def _index(items: Items, position: Any) -> int:
    """The index of a position (from 1, negative ones from the end). Raises ValueError if there is none."""
    number = exact(position)
    if number != int(number) or not 1 <= abs(number) <= len(items):
        raise ValueError("position")
    return int(number) - 1 if number > 0 else len(items) + int(number)


@FUNCTIONS.declare("insert before(list: list, position: number, newItem: Any) -> list")
def _insert_before(evaluation: Evaluation, items: Items, position: Any, item: Any) -> list[Any]:
    evaluation.items(len(items) + 1)
    index = _index(items, position)
    return [*items[:index], item, *items[index:]]


@FUNCTIONS.declare("remove(list: list, position: number) -> list")
def _remove(evaluation: Evaluation, items: Items, position: Any) -> list[Any]:
    evaluation.items(len(items))
    index = _index(items, position)
    return [*items[:index], *items[index + 1 :]]


@FUNCTIONS.declare("list replace(list: list, position: number, newItem: Any) -> list")
def _list_replace(evaluation: Evaluation, items: Items, position: Any, item: Any) -> list[Any]:
    evaluation.items(len(items))
    index = _index(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@FUNCTIONS.declare("list replace(list: list, match: function, newItem: Any) -> list")
def _list_replace_matching(evaluation: Evaluation, items: Items, match: Function, new: Any) -> list[Any]:
    evaluation.items(len(items))
    if match.parameters and len(match.parameters) != 2:
        raise NoValue("wrong-count", 2, len(match.parameters))
    made = []
    for item in items:
        found = flow.invoke(evaluation, -1, match, (item, new))
        if not isinstance(found, bool):
            raise ValueError("match")
        made.append(new if found else item)
    return made


@FUNCTIONS.declare("reverse(list: list) -> list")
def _reverse(evaluation: Evaluation, items: Items) -> list[Any]:
    evaluation.items(len(items))
    return list(reversed(items))


@FUNCTIONS.declare("index of(list: list, match: Any) -> list")
def _index_of(evaluation: Evaluation, items: Items, match: Any) -> list[int]:
    evaluation.items(len(items))
    return [index for index, item in enumerate(items, start=1) if equal(item, match, evaluation) is True]


@FUNCTIONS.declare("distinct values(list: list) -> list")
def _distinct_values(evaluation: Evaluation, items: Items) -> list[Any]:
    kept: list[Any] = []
    seen: set[Any] = set()
    others: list[Any] = []
    evaluation.items(len(items))
    for item in items:
        simple = item is None or type(item) in (str, bool) or is_number(item)
        mark = (type(item) if isinstance(item, bool | None) else is_number(item), item) if simple else None
        if mark in seen if simple else any(equal(item, other, evaluation) is True for other in others):
            continue
        kept.append(item)
        if simple:
            seen.add(mark)
        else:
            evaluation.spend(len(others))
            others.append(item)
    return kept


@FUNCTIONS.declare("union(list: list, lists?: list...) -> list")
def _union(evaluation: Evaluation, *lists: Any) -> list[Any]:
    found: list[Any] = _distinct_values(evaluation, _concatenate(evaluation, *lists))
    return found


@FUNCTIONS.declare("flatten(list: list) -> list")
def _flatten(evaluation: Evaluation, items: Items) -> list[Any]:
    made: list[Any] = []
    waiting = [iter(items)]
    while waiting:
        item = next(waiting[-1], waiting)
        if item is waiting:
            waiting.pop()
        elif isinstance(item, list | tuple):
            evaluation.spend(len(item) + 1)
            waiting.append(iter(item))
        else:
            made.append(item)
    evaluation.items(len(made))
    return made


@FUNCTIONS.declare("sort(list: list) -> list")
def _sort(evaluation: Evaluation, items: Items) -> list[Any]:
    evaluation.items(2 * len(items))
    if any(order(items[0], item) is None for item in items):
        raise ValueError("order")
    what = kind(items[0]) if items else ""
    return sorted(items, key=lambda item: measure(what, item))


@FUNCTIONS.declare("sort(list: list, precedes: function) -> list")
def _sort_by(evaluation: Evaluation, items: Items, precedes: Function) -> list[Any]:
    evaluation.items(len(items))

    def compare(one: Any, other: Any) -> int:
        found = flow.invoke(evaluation, -1, precedes, (one, other))
        if not isinstance(found, bool):
            raise ValueError("precedes")
        return -1 if found else 0

    return sorted(items, key=cmp_to_key(compare))
