"""Functions on contexts (DMN 1.5 §10.3.4.9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.feel.functions.registry import Family, NoValue
from engine.feel.runtime import Evaluation
from engine.feel.values import as_list

FUNCTIONS = Family()
Context = Mapping[str, Any]


@FUNCTIONS.declare("get value(m: context, key: string) -> Any")
@FUNCTIONS.declare("get value(context: context, key: string) -> Any")
def _get_value(evaluation: Evaluation, m: Context, key: str) -> Any:
    if key not in m:
        raise NoValue("no-entry", key, "context")
    return m[key]


@FUNCTIONS.declare("get value(context: context, keys: list) -> Any")
def _get_value_by_path(evaluation: Evaluation, context: Context, keys: Sequence[Any]) -> Any:
    found: Any = context
    for key in keys:
        if not isinstance(found, Mapping) or key not in found:
            raise NoValue("no-entry", key, "context")
        found = found[key]
    return found


@FUNCTIONS.declare("get entries(m: context) -> list")
@FUNCTIONS.declare("get entries(context: context) -> list")
def _get_entries(evaluation: Evaluation, m: Context) -> list[dict[str, Any]]:
    evaluation.items(len(m))
    return [{"key": key, "value": value} for key, value in m.items()]


@FUNCTIONS.declare("context(entries: list|context) -> context")
def _context(evaluation: Evaluation, entries: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    listed = as_list(entries)
    evaluation.items(len(listed))
    for entry in listed:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("key"), str) or "value" not in entry:
            raise ValueError
        if entry["key"] in made:
            raise NoValue("same-key", entry["key"])
        made[entry["key"]] = entry["value"]
    return made


@FUNCTIONS.declare("context put(context: context, key: string, value: Any) -> context")
def _context_put(evaluation: Evaluation, context: Context, key: str, value: Any) -> dict[str, Any]:
    evaluation.items(len(context))
    return {**context, key: value}


@FUNCTIONS.declare("context put(context: context, keys: list, value: Any) -> context")
def _context_put_nested(evaluation: Evaluation, context: Context, keys: Sequence[Any], value: Any) -> dict[str, Any]:
    if not keys or not all(isinstance(key, str) for key in keys):
        raise ValueError
    evaluation.items(len(context))
    key, rest = keys[0], keys[1:]
    if rest:
        inner = context.get(key)
        if not isinstance(inner, Mapping):
            raise NoValue("no-entry", key, "context")
        value = _context_put_nested(evaluation, inner, rest, value)
    return {**context, key: value}


@FUNCTIONS.declare("context merge(contexts: list) -> context")
def _context_merge(evaluation: Evaluation, contexts: Sequence[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for one in contexts:
        if not isinstance(one, Mapping):
            raise ValueError
        evaluation.items(len(one))
        made.update(one)
    return made
