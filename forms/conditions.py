"""What a form asks, given what has been answered: conditions, computed values, choices offered.

Expressions are FEEL without the leading ``=``, evaluated by the function that the caller gives. They see the caller's
context, then all answers by key, and in a list item `this`, `parent` and `i` (1-based positions), as in form-js.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from forms.definition import Answer, Choice, Component, DynamicList, Expression, Form, Group, Option
from forms.places import ROOT, Instance, Scope, get, has, items, put, walk
from forms.texts import Label
from forms.values import read
from forms.wrong import Wrong

Evaluate = Callable[[str, Mapping[str, Any]], Any]
ROUNDS = 10  # a chain of conditions this long is settled; conditions that contradict each other stop here
MAX_OPTIONS = 5_000


@dataclass(frozen=True)
class Asking:
    """The circumstances of one showing or checking of a form."""

    evaluate: Evaluate
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """What a form asks now: clean values of everything visible (unreadable ones are None), and what is hidden."""

    values: Mapping[str, Any]
    hidden: frozenset[Instance]


def fresh(form: Form, raw: Mapping[str, Any], asking: Asking) -> dict[str, Any]:
    """The raw answers as a page shows them: defaults where nothing was asked yet, the context's values where fixed."""
    filled = copy.deepcopy(dict(raw))
    _fill(form.fields, filled, asking, ROOT)
    return fixed(form, filled, asking)


def _fill(parts: tuple[Component, ...], filled: dict[str, Any], asking: Asking, scope: Scope) -> None:
    for part in parts:
        if isinstance(part, Group):
            _fill(part.components, filled, asking, scope)
        elif isinstance(part, DynamicList):
            place = (*scope.steps, *part.path)
            if not has(filled, place):
                put(filled, place, [{} for _ in range(max(part.repetitions, part.min_items))])
            found = get(filled, place)
            if isinstance(found, list):
                found[:] = [item if isinstance(item, dict) else {} for item in found[: part.max_items]]
                for position in range(len(found)):
                    _fill(part.components, filled, asking, scope.item(part, position))
        elif isinstance(part, Answer) and part.default is not None and not has(filled, (*scope.steps, *part.path)):
            put(filled, (*scope.steps, *part.path), part.default)


def fixed(form: Form, raw: Mapping[str, Any], asking: Asking) -> dict[str, Any]:
    """The raw answers with what nobody may type taken from the context instead."""
    result = copy.deepcopy(dict(raw))
    for part, scope in walk(form.fields, result, frozenset()):
        if isinstance(part, Answer) and part.access != "open":
            steps = (*scope.steps, *part.path)
            if isinstance(get(result, steps[:-1]), dict | None):
                put(result, steps, get(asking.context, steps))
    return result


def settle(form: Form, raw: Mapping[str, Any], asking: Asking) -> State:
    """Find out what is visible. A hidden answer counts as not given, so one condition may depend on another."""
    hidden: frozenset[Instance] = frozenset()
    values: dict[str, Any] = {}
    for _ in range(ROUNDS):
        values = _values(form, raw, hidden, asking)
        found: set[Instance] = set()
        _hide(form.fields, values, asking, ROOT, found)
        if found == hidden:
            break
        hidden = frozenset(found)
    return State(values, hidden)


def _values(form: Form, raw: Mapping[str, Any], hidden: frozenset[Instance], asking: Asking) -> dict[str, Any]:
    values: dict[str, Any] = {}
    _empty(form.fields, raw, values, hidden, ROOT)
    for part, scope in walk(form.fields, values, hidden):
        if isinstance(part, Answer):
            put(values, (*scope.steps, *part.path), _readable(part, get(raw, (*scope.steps, *part.path))))
    for part, scope in walk(form.fields, values, hidden):
        if isinstance(part, Expression):
            result = asking.evaluate(part.expression, names(values, asking, scope))
            put(values, (*scope.steps, *part.path), plain(result))
    return values


def _empty(
    parts: tuple[Component, ...], raw: Any, values: dict[str, Any], hidden: frozenset[Instance], scope: Scope
) -> None:
    """The skeleton of all answers, all None, so that expressions find every name; a hidden list has no items."""
    for part in parts:
        gone = (part.id, scope.positions) in hidden
        if isinstance(part, Group):
            _empty(part.components, None if gone else raw, values, hidden, scope)
        elif isinstance(part, DynamicList):
            place = (*scope.steps, *part.path)
            count = 0 if gone else min(items(raw, place), part.max_items)
            put(values, place, [{} for _ in range(count)])
            for position in range(count):
                _empty(part.components, raw, values, hidden, scope.item(part, position))
        elif isinstance(part, Answer | Expression):
            put(values, (*scope.steps, *part.path), None)


def _readable(answer: Answer, raw: Any) -> Any:
    try:
        return read(answer, raw)
    except Wrong:
        return None


def _hide(
    parts: tuple[Component, ...], values: Mapping[str, Any], asking: Asking, scope: Scope, found: set[Instance]
) -> None:
    for part in parts:
        if part.hide is not None and asking.evaluate(part.hide, names(values, asking, scope)) is True:
            found.add((part.id, scope.positions))
        elif isinstance(part, Group):
            _hide(part.components, values, asking, scope, found)
        elif isinstance(part, DynamicList):
            for position in range(items(values, (*scope.steps, *part.path))):
                _hide(part.components, values, asking, scope.item(part, position), found)


def names(values: Mapping[str, Any], asking: Asking, scope: Scope) -> dict[str, Any]:
    """All names that an expression in a scope may use."""
    around = get(values, scope.around.steps) if scope.around else None
    return {
        **asking.context,
        **values,
        "this": get(values, scope.steps),
        "parent": around,
        "i": [position + 1 for position in scope.positions],
    }


def options(choice: Choice, values: Mapping[str, Any], asking: Asking, scope: Scope) -> tuple[Option, ...]:
    """What may be chosen now: the form's own options, the context's, or computed ones."""
    if choice.options_expression:
        raw = asking.evaluate(choice.options_expression, names(values, asking, scope))
    elif choice.options_key:
        raw = get(asking.context, tuple(choice.options_key.split(".")))
    elif choice.withheld:
        known = names(values, asking, scope)
        gone = {value for value, expression in choice.withheld if asking.evaluate(expression, known) is True}
        return tuple(option for option in choice.options if option.value not in gone)
    else:
        return choice.options
    found = (_option(entry) for entry in (raw[:MAX_OPTIONS] if isinstance(raw, list | tuple) else ()))
    return tuple({option.value: option for option in found if option}.values())


def _option(entry: Any) -> Option | None:
    if isinstance(entry, Mapping):
        value, label, english = entry.get("value"), entry.get("label"), entry.get("label.en")
    else:
        value, label, english = entry, None, None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or value == "":
        return None
    return Option(str(value), Label(str(label or value), str(english or "")))


def plain(value: Any) -> Any:
    """The JSON form of what an expression yields."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float | Decimal) and not isfinite(value):
        return None
    if isinstance(value, float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return str(value)
