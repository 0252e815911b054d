"""Days among a form's answers, and what is wrong with one that lies before its law."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms.definition import DateTime, Form
from forms.places import html_id, pointer, walk
from forms.texts import Label
from forms.validation import FieldError


def days(form: Form, values: Mapping[str, Any]) -> dict[str, date]:
    """The days that clean values hold outside of lists, by the key of their question."""
    asked = {
        str(part.path[0]): values.get(str(part.path[0]))
        for part, scope in walk(form.fields, values, frozenset())
        if isinstance(part, DateTime) and part.subtype != "time" and not scope.steps and len(part.path) == 1
    }
    return {key: date.fromisoformat(given[:10]) for key, given in asked.items() if isinstance(given, str) and given}


def before_law(form: Form, key: str, *, name: Label, law: str, since: date) -> FieldError:
    """The error at a question whose day lies before the law by which a deadline is counted from it."""
    label = next(
        part.label
        for part, _ in walk(form.fields, {}, frozenset())
        if isinstance(part, DateTime) and part.path == (key,)
    )
    params = (("label", label), ("name", name), ("law", law), ("since", since.isoformat()))
    return FieldError(pointer((key,)), html_id((key,)), "before-law", params)
