"""Rows of lists that stand on a page and in which nothing was typed: whoever leaves one empty means no row."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from forms.definition import Answer, DynamicList, Form, in_scope
from forms.places import Steps, get, put, walk

Kept = Mapping[Steps, Sequence[int]]
"""For each list, by its place, the positions from 0 at which the rows that are left were sent."""


def without_untouched(form: Form, raw: Mapping[str, Any]) -> tuple[dict[str, Any], Kept]:
    """The raw answers without the untouched rows of lists that people may shorten; `minItems` of them stay."""
    left, kept = copy.deepcopy(dict(raw)), dict[Steps, Sequence[int]]()
    for part, scope in walk(form.fields, left, frozenset()):
        steps = (*scope.steps, *part.path) if isinstance(part, DynamicList) else ()
        rows = get(left, steps) if steps else None
        if isinstance(part, DynamicList) and _is_typed(part) and isinstance(rows, list):
            kept[steps] = _kept(part, rows)
            put(left, steps, [rows[position] for position in kept[steps]])
    return left, kept


def as_sent(steps: Steps, kept: Kept) -> Steps:
    """A place among the answers that are left, with the positions of the rows as they were sent."""
    return tuple(
        kept[steps[:depth]][step] if isinstance(step, int) and steps[:depth] in kept else step
        for depth, step in enumerate(steps)
    )


def _is_typed(part: DynamicList) -> bool:
    """Whether people say how many rows there are: none is fixed, nor filled from the context by its position."""
    return part.may_change and all(one.access == "open" for one in in_scope(part.components) if isinstance(one, Answer))


def _kept(part: DynamicList, rows: Sequence[Any]) -> list[int]:
    untouched = [position for position, row in enumerate(rows) if _is_untouched(part, row)]
    spare = max(len(rows) - part.min_items, 0)
    dropped = set(untouched[::-1][:spare])
    return [position for position in range(len(rows)) if position not in dropped]


def _is_untouched(part: DynamicList, row: Any) -> bool:
    """Whether a row holds nothing but what a fresh one shows."""
    if not isinstance(row, Mapping):
        return False
    typed = copy.deepcopy(dict(row))
    for answer in in_scope(part.components):
        if isinstance(answer, Answer) and answer.default is not None and get(row, answer.path) == answer.default:
            put(typed, answer.path, None)
    return not _says_something(typed)


def _says_something(raw: Any) -> bool:
    if isinstance(raw, Mapping):
        return any(_says_something(one) for one in raw.values())
    if isinstance(raw, list):
        return any(_says_something(one) for one in raw)
    return raw is not None and raw is not False and not (isinstance(raw, str) and not raw.strip())
