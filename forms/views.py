"""The components of a form as views: what is visible now, in document order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from forms.conditions import Asking, fresh, names, plain, settle
from forms.definition import Answer, Component, DynamicList, Form, Group, Separator, Spacer, Table, Text
from forms.markdown import to_html
from forms.messages import word
from forms.places import Scope, Steps, get, html_id, html_name, items, pointer, walk
from forms.question_views import question
from forms.showing import printable, typed, words
from forms.texts import Locale
from forms.uploads import Upload
from forms.validation import FieldError
from forms.view import Showing, View


def showing(
    form: Form,
    raw: Mapping[str, Any],
    asking: Asking,
    errors: Iterable[FieldError],
    locale: Locale,
    uploads: Iterable[Upload],
    prefix: str,
) -> Showing:
    """Settle what a form asks for these raw answers."""
    filled = fresh(form, raw, asking)
    sentences = {error.pointer: error.sentence(locale) for error in reversed(list(errors))}
    known = {upload.id: upload for upload in uploads}
    return Showing(form, raw, filled, settle(form, filled, asking), asking, locale, sentences, known, prefix)


def views(show: Showing, parts: tuple[Component, ...], scope: Scope) -> tuple[View, ...]:
    """The components of a scope that are visible now."""
    visible = (part for part in parts if (part.id, scope.positions) not in show.state.hidden)
    return tuple(view for part in visible if (view := _view(show, part, scope)) is not None)


def kept(show: Showing) -> tuple[tuple[str, str], ...]:
    """Answers to questions that are hidden now, to travel along unseen, so that a question shown again has its answer.

    `validate` leaves them out as long as the question is hidden. Defaults are not kept: nobody has seen them.
    """
    visible = {(part.id, scope.positions) for part, scope in walk(show.form.fields, show.raw, show.state.hidden)}
    answers = (
        (html_name((*scope.steps, *part.path)), get(show.given, (*scope.steps, *part.path)))
        for part, scope in walk(show.form.fields, show.given, frozenset())
        if isinstance(part, Answer) and part.access == "open" and (part.id, scope.positions) not in visible
    )
    return tuple(pair for name, raw in answers for pair in _posted(name, raw) if pair[1])


def _posted(name: str, raw: Any) -> Iterator[tuple[str, str]]:
    """The pairs with which a browser would send a raw answer: what `parse` reads back."""
    if isinstance(raw, Mapping):
        yield f"{name}:no_answer", typed(raw.get("no_answer"))
        yield from _posted(name, raw.get("given"))
    elif isinstance(raw, list):
        yield from ((name, typed(value)) for value in raw)
    else:
        yield name, "true" if raw is True else typed(raw)


def _view(show: Showing, part: Component, scope: Scope) -> View | None:
    key = "-".join([part.id, *(str(position) for position in scope.positions)])
    match part:
        case Answer():
            return question(show, part, scope, key)
        case Group():
            return View("group", key, label=part.label.text(show.locale), parts=views(show, part.components, scope))
        case DynamicList():
            return _list(show, part, scope, key)
        case Text():
            return View("text", key, html=to_html(part.words.text(show.locale), _insert(show, scope)))
        case Table():
            return _table(show, part, scope, key)
        case Separator():
            return View("separator", key)
        case Spacer():
            return View("spacer", key)
    return None  # an expression is never shown


def _insert(show: Showing, scope: Scope) -> Callable[[str], str]:
    seen = names(show.state.values, show.asking, scope)
    return lambda expression: words(plain(show.asking.evaluate(expression, seen)), show.locale)


def _list(show: Showing, part: DynamicList, scope: Scope, key: str) -> View:
    steps: Steps = (*scope.steps, *part.path)
    count = items(show.raw, steps)
    called = part.item.text(show.locale) or part.label.text(show.locale) or word("one", show.locale)
    add = part.add.text(show.locale) or word("add", show.locale)
    shown = tuple(
        View(
            "item",
            f"{key}-{position}",
            label=word("numbered", show.locale, item=called, number=position + 1),
            name=f"remove:{html_name(steps)}:{position}",
            remove=word("remove-item", show.locale, item=called, number=position + 1)
            if part.may_change and count > part.min_items
            else "",
            parts=views(show, part.components, scope.item(part, position)),
        )
        for position in range(count)
    )
    return View(
        "dynamiclist",
        key,
        id=show.prefix + html_id(steps),
        name=html_name(steps),
        label=part.label.text(show.locale),
        error=show.errors.get(pointer(steps), ""),
        parts=shown,
        add=add if part.may_change and count < part.max_items else "",
    )


def _table(show: Showing, part: Table, scope: Scope, key: str) -> View:
    seen = names(show.state.values, show.asking, scope)
    rows = plain(show.asking.evaluate(part.source, seen)) if part.source else None
    columns = [(column.key, column.label.text(show.locale)) for column in part.columns]
    if part.columns_expression:
        found = plain(show.asking.evaluate(part.columns_expression, seen))
        listed = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
        columns = [(typed(entry.get("key")), typed(entry.get("label") or entry.get("key"))) for entry in listed]
    cells = tuple(
        tuple(typed(row.get(name)) for name, _ in columns)
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    )
    labels = tuple(printable(label) for _, label in columns)
    return View("table", key, label=part.label.text(show.locale), columns=labels, cells=cells)
