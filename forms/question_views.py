"""One question as a view."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from forms.answers import NO_ANSWER
from forms.conditions import options
from forms.definition import Answer, Checkbox, Choice, DateTime, FilePicker, Number, TextArea, TextField
from forms.messages import word
from forms.places import Scope, Steps, get, html_id, html_name, pointer
from forms.showing import Seen, answer_text, local_time, printable, typed
from forms.values import is_no_answer
from forms.view import FileView, OptionView, Showing, View


def question(show: Showing, part: Answer, scope: Scope, key: str) -> View:
    """One question as it is shown, with what was typed exactly as it was typed."""
    steps: Steps = (*scope.steps, *part.path)
    raw = get(show.raw, steps)
    given = raw.get("given") if isinstance(raw, Mapping) else raw
    base = View(
        "line",
        key,
        id=show.prefix + html_id(steps),
        name=html_name(steps),
        label=part.label.text(show.locale),
        hint=part.hint.text(show.locale),
        why=part.why.text(show.locale),
        error=show.errors.get(pointer(steps), ""),
        optional=not part.required and not isinstance(part, Checkbox),
        required=part.required,
        autocomplete=part.autocomplete,
        controls=part.key in show.form.controlling,
    )
    if part.access != "open":
        shown = answer_text(part, raw, Seen(show.state.values, show.asking, scope, show.uploads), show.locale)
        return replace(base, kind="shown", value=shown, optional=False)
    if part.may_decline and not (isinstance(part, Choice) and not part.many):
        base = replace(base, refusals=_refusals(show, base, raw))
    match part:
        case TextField():
            return _text_field(show, base, part, given)
        case TextArea():
            return replace(base, kind="lines", value=typed(given), rows=part.rows)
        case Number():
            return _number(show, base, part, given)
        case DateTime():
            return _date_time(show, base, part, given)
        case Checkbox():
            return replace(base, kind="tick", value="true", options=(_ticked(base, given),))
        case FilePicker():
            return replace(
                base, kind="files", files=_files(show, given), accept=",".join(part.accept), many=part.max_files > 1
            )
        case Choice():
            return _choice(show, base, part, raw, scope)
    raise TypeError(part)


def _text_field(show: Showing, base: View, part: TextField, given: Any) -> View:
    """One line of text, with the size of its box and the keyboard that a phone shows for it."""
    view = replace(base, value=typed(given), prefix=part.prefix.text(show.locale), suffix=part.suffix.text(show.locale))
    view = replace(view, suggest=part.suggest)
    if part.check == "email":
        return replace(view, inputmode="email")
    if part.check == "phone":
        return replace(view, input_type="tel", inputmode="tel", size="short")
    return replace(view, size="short") if part.check or part.max_length <= 20 else view


def _number(show: Showing, base: View, part: Number, given: Any) -> View:
    """A text box with a number keyboard: a number box would lose what is no number."""
    whole = part.decimal_digits == 0 and part.min is not None and part.min >= 0
    view = replace(base, prefix=part.prefix.text(show.locale), suffix=part.suffix.text(show.locale), size="short")
    return replace(view, value=typed(given), inputmode="numeric" if whole else "decimal")


def _date_time(show: Showing, base: View, part: DateTime, given: Any) -> View:
    """The browser's own picker where it can hold what was typed, else a text box, so that nothing is lost."""
    value, fits = local_time(part, given)
    if part.typed or not fits:
        hint = base.hint or (word("date-hint", show.locale) if part.subtype == "date" else "")
        return replace(base, value=value, hint=hint, size="short")
    kind = {"date": "date", "time": "time", "datetime": "datetime-local"}[part.subtype]
    return replace(base, value=value, input_type=kind, size="short")


def _ticked(base: View, given: Any) -> OptionView:
    return OptionView(base.id, "true", base.label, given is True or given in ("true", "on"))


def _choice(show: Showing, base: View, part: Choice, raw: Any, scope: Scope) -> View:
    """All options, those of a refusal, and whatever was chosen before but is offered no longer: it must not vanish."""
    given = raw.get("given") if isinstance(raw, Mapping) else raw
    chosen = [typed(value) for value in given] if isinstance(given, list) else [typed(given)] if given else []
    offered = options(part, show.state.values, show.asking, scope)
    entries = [(option.value, option.label.text(show.locale), option.value in chosen) for option in offered]
    known = {option.value: option.label.text(show.locale) for option in part.options}
    gone = [value for value in chosen if value and value not in {option.value for option in offered}]
    entries += [(value, known.get(value, value), True) for value in gone]
    if part.may_decline and not part.many:
        said = raw.get("no_answer") if is_no_answer(raw) and isinstance(raw, Mapping) else None
        entries += [(f":{code}", word(code, show.locale), code == said) for code in NO_ANSWER]
    shown = tuple(
        OptionView(f"{base.id}-{place}" if place else base.id, printable(value), printable(label), ticked)
        for place, (value, label, ticked) in enumerate(entries)
    )
    return replace(base, kind="list" if part.look == "select" else "choices", options=shown, many=part.many)


def _refusals(show: Showing, base: View, raw: Any) -> tuple[OptionView, ...]:
    said = raw.get("no_answer") if isinstance(raw, Mapping) else None
    return tuple(OptionView(f"{base.id}-{code}", code, word(code, show.locale), code == said) for code in NO_ANSWER)


def _files(show: Showing, given: Any) -> tuple[FileView, ...]:
    ids = [typed(upload) for upload in given] if isinstance(given, list) else []
    found = ((upload_id, show.uploads.get(upload_id)) for upload_id in ids if upload_id)
    return tuple(
        FileView(upload_id, printable(known.name), known.url, gone=False)
        if known
        else FileView(upload_id, word("file-gone", show.locale), "", gone=True)
        for upload_id, known in found
    )
