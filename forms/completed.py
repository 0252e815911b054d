"""A completed form as rows to show: what was asked and answered, in the form's order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.conditions import Asking, Evaluate
from forms.definition import Answer, Component, DynamicList, Expression, FilePicker, Form, Group
from forms.messages import word
from forms.places import ROOT, Scope, get, has, items, put, walk
from forms.showing import Seen, answer_text, printable
from forms.texts import Locale
from forms.uploads import Upload


@dataclass(frozen=True)
class Row:
    """One answer, or a titled part of the form with rows of its own."""

    label: str
    text: str = ""
    empty: bool = False
    files: tuple[Upload, ...] = ()
    parts: "tuple[Row, ...] | None" = None


@dataclass(frozen=True)
class _Reader:
    values: Mapping[str, Any]
    asking: Asking
    locale: Locale
    uploads: Mapping[str, Upload]
    mask: bool


def completed(
    form: Form, values: Mapping[str, Any], asking: Asking, locale: Locale, uploads: Iterable[Upload], *, mask: bool
) -> tuple[Row, ...]:
    """The rows of a completed form."""
    known = {upload.id: upload for upload in uploads}
    return _rows(form.fields, _Reader(values, asking, locale, known, mask), ROOT)


def answer_rows(
    form: Form,
    values: Mapping[str, Any],
    *,
    locale: Locale,
    evaluate: Evaluate,
    context: Mapping[str, Any] | None = None,
    uploads: Iterable[Upload] = (),
    mask: bool = True,
) -> tuple[Row, ...]:
    """A completed form as rows: what was asked and answered, in the form's order."""
    return completed(form, values, Asking(evaluate, context or {}), locale, uploads, mask=mask)


def answer_words(
    form: Form,
    values: Mapping[str, Any],
    *,
    locale: Locale,
    evaluate: Evaluate,
    context: Mapping[str, Any] | None = None,
    uploads: Iterable[Upload] = (),
    mask: bool = True,
) -> dict[str, Any]:
    """The answers by their keys, each in the reader's words; lists stay lists. For templates of papers."""
    asking = Asking(evaluate, context or {})
    known = {upload.id: upload for upload in uploads}
    found: dict[str, Any] = {}
    for part, scope in walk(form.fields, values, frozenset()):
        steps = (*scope.steps, *part.path) if isinstance(part, Answer | DynamicList) else ()
        if isinstance(part, DynamicList):
            put(found, steps, [{} for _ in range(items(values, steps))])
        elif isinstance(part, Answer):
            value = get(values, steps)
            text = answer_text(part, value, Seen(values, asking, scope, known), locale, mask=mask)
            put(found, steps, "" if value is None or text == word("empty", locale) else printable(text))
        elif isinstance(part, Expression):
            steps = (*scope.steps, *part.path)
            put(found, steps, printable(str(value)) if (value := get(values, steps)) is not None else "")
    return found


def _rows(parts: tuple[Component, ...], reader: _Reader, scope: Scope) -> tuple[Row, ...]:
    rows: list[Row] = []
    for part in parts:
        if isinstance(part, Group):
            inner = _rows(part.components, reader, scope)
            rows += [Row(part.label.text(reader.locale), parts=inner)] if inner else []
        elif isinstance(part, DynamicList):
            rows += _items(part, reader, scope)
        elif isinstance(part, Answer) and has(reader.values, (*scope.steps, *part.path)):
            rows.append(_row(part, reader, scope))
    return tuple(rows)


def _items(part: DynamicList, reader: _Reader, scope: Scope) -> list[Row]:
    called = part.item.text(reader.locale) or part.label.text(reader.locale)
    return [
        Row(
            word("numbered", reader.locale, item=called, number=position + 1),
            parts=_rows(part.components, reader, scope.item(part, position)),
        )
        for position in range(items(reader.values, (*scope.steps, *part.path)))
    ]


def _row(part: Answer, reader: _Reader, scope: Scope) -> Row:
    value = get(reader.values, (*scope.steps, *part.path))
    seen = Seen(reader.values, reader.asking, scope, reader.uploads)
    text = answer_text(part, value, seen, reader.locale, mask=reader.mask)
    files: tuple[Upload, ...] = ()
    if isinstance(part, FilePicker) and isinstance(value, list):
        files = tuple(reader.uploads[one] for one in value if isinstance(one, str) and one in reader.uploads)
    empty = text == word("empty", reader.locale)
    return Row(part.label.text(reader.locale), printable(text), empty, files)
