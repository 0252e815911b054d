"""Small forms for the tests, and a stand-in for FEEL: each expression is a Python function of the names it may use."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import forms
from forms import Form, Result

TODAY = date(2026, 11, 23)
Rules = Mapping[str, Callable[[Mapping[str, Any]], Any]]


def question(kind: str, key: str, **more: Any) -> dict[str, Any]:
    """A component with a label in both languages and its key as id."""
    properties = {"label.en": key.title(), **more.pop("properties", {})}
    return {"type": kind, "id": key, "key": key, "label": f"问{key}", "properties": properties, **more}


def required(kind: str, key: str, **more: Any) -> dict[str, Any]:
    """A question that must be answered, saying why."""
    properties = {"why": "法律要求", "why.en": "The law asks", **more.pop("properties", {})}
    return question(kind, key, validate={"required": True, **more.pop("validate", {})}, properties=properties, **more)


def choices(*values: str) -> dict[str, Any]:
    """The options of a choice, for ``**``; their English labels come with `question`'s properties."""
    return {
        "values": [{"label": f"选{value}", "value": value} for value in values],
        "properties": {f"option.{value}.en": value.title() for value in values},
    }


def parties(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A repeating list of parties."""
    properties = {"label.en": "Parties", "item": "当事人", "item.en": "Party", **more.pop("properties", {})}
    return {
        "type": "dynamiclist", "id": "parties", "path": "parties", "label": "各方当事人", "properties": properties,
        "components": list(components), **more,
    }  # fmt: skip


def source(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A whole form's file."""
    return {
        "type": "default", "id": "test-form", "schemaVersion": 19, "title": "测试表", "title.en": "Test form",
        "components": list(components), **more,
    }  # fmt: skip


def form(*components: dict[str, Any]) -> Form:
    """A form that has no findings at all."""
    text = source(*components)
    assert forms.check(text) == []
    return forms.load(text)


def evaluator(rules: Rules | None = None) -> forms.Evaluate:
    """Evaluates the expressions that are named, and fails for any other."""
    known = rules or {}
    return lambda expression, names: known[expression](names)


def validated(of: Form, raw: Mapping[str, Any], rules: Rules | None = None, **more: Any) -> Result:
    """The result of checking raw answers today."""
    return forms.validate(of, raw, evaluate=evaluator(rules), today=TODAY, **more)


def codes(result: Result) -> dict[str, str]:
    """Pointer and code of each error."""
    return {error.pointer: error.code for error in result.errors}


def rendered(of: Form, raw: Mapping[str, Any] | None = None, rules: Rules | None = None, **more: Any) -> str:
    """The fields as a page gets them, in English."""
    errors = more.pop("errors", ())
    return str(forms.render(of, raw or {}, errors, evaluate=evaluator(rules), **{"locale": "en", **more}))
