"""What a browser sends, as raw answers: exactly what was typed, nested as the form nests, nothing judged yet.

An answer that was not on the page is absent; one that was left empty is ``""``, ``[]`` or False. Where a person may
decline, a raw answer may also be ``{"no_answer": "unknown" | "declined"}``, with ``"given"`` beside it if something was
typed as well.
"""

import copy
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

from forms.definition import Answer, Checkbox, Choice, Component, DynamicList, FilePicker, Form, in_scope
from forms.places import Steps, get, put

NO_ANSWER = ("unknown", "declined")
STEP = re.compile(r"\[([0-9]{1,3})\]|\.?([A-Za-z][A-Za-z0-9_]*)")


@runtime_checkable
class MultiDict(Protocol):
    """A browser's POST as web frameworks give it."""

    def items(self, multi: bool = False) -> Iterable[tuple[str, str]]:
        """All pairs, with repeated names where `multi`."""

    def getlist(self, key: str) -> list[str]:
        """All values of one name."""


@lru_cache(maxsize=256)
def shape(form: Form) -> Mapping[str, Component]:
    """The form's answers and lists by their field name without positions: ``parties[].name``."""
    return dict(_shape(form.fields, ""))


def _shape(parts: tuple[Component, ...], base: str) -> Iterable[tuple[str, Component]]:
    for part in in_scope(parts):
        if isinstance(part, Answer | DynamicList):
            yield base + ".".join(part.path), part
        if isinstance(part, DynamicList):
            yield from _shape(part.components, f"{base}{'.'.join(part.path)}[].")


def find(form: Form, name: str) -> tuple[Component | None, Steps]:
    """The component that a field name means, and its place; None where the form knows no such name."""
    component = shape(form).get(re.sub(r"\[[0-9]{1,3}\]", "[]", name))
    if component is None:
        return None, ()
    return component, tuple(int(index) if index else key for index, key in STEP.findall(name))


def parse(form: Form, pairs: MultiDict | Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Read a browser's POST into raw answers. Names that the form does not know are ignored."""
    posted: dict[str, list[str]] = {}
    for name, value in pairs.items(multi=True) if isinstance(pairs, MultiDict) else pairs:
        posted.setdefault(name, []).append(value)
    tree: dict[Any, Any] = {}
    for name, values in posted.items():
        component, steps = find(form, name)
        if isinstance(component, DynamicList):
            _plant(tree, steps, None)
        elif isinstance(component, Answer):
            _plant(tree, steps, _typed(component, values, posted.get(f"{name}:no_answer", [])))
    return _lists(tree, shape(form), "")


def _typed(answer: Answer, values: list[str], ticked: list[str]) -> Any:
    filled = [value for value in values if value]
    given: Any
    if isinstance(answer, Checkbox):
        return bool(filled)
    if isinstance(answer, FilePicker) or (isinstance(answer, Choice) and answer.many):
        given = filled
    else:
        given = filled[-1] if filled else ""
    chosen = [code for code in NO_ANSWER if code in ticked or given == f":{code}"]
    if not answer.may_decline or not chosen:
        return given
    if given and not (isinstance(given, str) and given.startswith(":")):
        return {"no_answer": chosen[-1], "given": given}
    return {"no_answer": chosen[-1]}


def _plant(tree: dict[Any, Any], steps: Steps, value: Any) -> None:
    """Like `put`, but lists are still dicts by position; None only makes sure that the list is there."""
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    if value is None:
        tree.setdefault(steps[-1], {})
    else:
        tree[steps[-1]] = value


def _lists(tree: dict[Any, Any], known: Mapping[str, Component], base: str) -> dict[str, Any]:
    """Turn dicts by position into lists, closing gaps."""
    result: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{base}{key}"
        if isinstance(known.get(name), DynamicList):
            result[key] = [_lists(value[position], known, f"{name}[].") for position in sorted(value)]
        elif name not in known and isinstance(value, dict):
            result[key] = _lists(value, known, f"{name}.")
        else:
            result[key] = value
    return result


def apply_action(form: Form, raw: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What a button inside the form does to the raw answers, without any script.

    ``add:parties``, ``remove:parties:1`` (positions from 0), ``remove-file:photos:<upload id>``; a nested list is
    ``add:parties[0].claims``. Anything else (``refresh``, ``upload``, ``save-draft``) changes nothing.
    """
    changed = copy.deepcopy(dict(raw))
    verb, _, rest = action.partition(":")
    name, _, detail = rest.partition(":")
    component, steps = _reach(form, changed, name)
    if isinstance(component, DynamicList) and component.may_change:
        items = _items(changed, steps)
        if verb == "add" and len(items) < component.max_items:
            put(changed, steps, [*items, {}])
        if verb == "remove" and re.fullmatch(r"[0-9]{1,3}", detail) and int(detail) < len(items):
            put(changed, steps, items[: int(detail)] + items[int(detail) + 1 :])
    if isinstance(component, FilePicker) and verb == "remove-file":
        _set_files(changed, steps, [upload for upload in _files(changed, steps) if upload != detail])
    return changed


def attach(form: Form, raw: Mapping[str, Any], name: str, upload_id: str) -> dict[str, Any]:
    """Add a file that came with the POST under ``<name>:file``, once the caller has stored it as a draft."""
    changed = copy.deepcopy(dict(raw))
    component, steps = _reach(form, changed, name.removesuffix(":file"))
    if isinstance(component, FilePicker):
        known = [] if component.max_files == 1 else _files(changed, steps)
        _set_files(changed, steps, [*known, upload_id])
    return changed


def _reach(form: Form, raw: Mapping[str, Any], name: str) -> tuple[Component | None, Steps]:
    """Like `find`, but nothing where the name points into a list item that is not there."""
    component, steps = find(form, name)
    within = (steps[: depth + 1] for depth, step in enumerate(steps) if isinstance(step, int))
    return (component, steps) if all(isinstance(get(raw, item), dict) for item in within) else (None, ())


def _items(raw: dict[str, Any], steps: Steps) -> list[Any]:
    found = get(raw, steps)
    return found if isinstance(found, list) else []


def _files(raw: dict[str, Any], steps: Steps) -> list[Any]:
    found = get(raw, steps)
    found = found.get("given") if isinstance(found, dict) else found
    return found if isinstance(found, list) else []


def _set_files(raw: dict[str, Any], steps: Steps, files: list[Any]) -> None:
    found = get(raw, steps)
    put(raw, steps, {**found, "given": files} if isinstance(found, dict) and files else files)
