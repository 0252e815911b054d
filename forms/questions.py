"""One reader per question type of form-js 1.23: what people answer."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypedDict, cast

import re2

from forms.definition import (
    Check,
    Checkbox,
    Choice,
    Component,
    DateTime,
    FilePicker,
    Number,
    Option,
    Path,
    TextArea,
    TextField,
)
from forms.identity import CHECKS
from forms.patterns import MAX_PATTERN, compiled
from forms.source import Source
from forms.texts import Label

VALUES = Label(
    '由 {"label": …, "value": …} 组成的列表；value 不能以 ":" 开头',
    'a list of {"label": …, "value": …}; no value begins with ":"',
)


class Common(TypedDict):
    """The arguments that every component takes."""

    id: str
    hide: str | None


class _Asked(Common):
    label: Label
    path: Path
    hint: Label
    why: Label
    required: bool
    may_decline: bool
    autocomplete: str
    default: Any
    access: Literal["open", "readonly", "disabled"]


def common(source: Source) -> Common:
    """What every component has."""
    return {"id": source.id, "hide": source.feel("conditional.hide")}


def _asked(source: Source, base: Path, *, label: str = "label", may_decline: bool = True) -> _Asked:
    """What every answer can say."""
    required = source.flag("validate.required")
    readonly, disabled = source.flag("readonly"), source.flag("disabled")
    why = source.prop_label("why")
    if required and not why and not readonly and not disabled:
        source.find("why-missing")
    key = source.path("key", needed=True)
    return {
        **common(source),
        "label": source.label(label, "label.en", needed=True),
        "path": (*base, *key) if key else (),
        "hint": source.label("description", "description.en"),
        "why": why,
        "required": required,
        "may_decline": may_decline and source.prop_flag("mayDecline"),
        "autocomplete": source.prop("autocomplete"),
        "default": source.value("defaultValue"),
        "access": "disabled" if disabled else "readonly" if readonly else "open",
    }


class _Affixes(TypedDict):
    prefix: Label
    suffix: Label


class _Lengths(TypedDict):
    min_length: int
    max_length: int


def _affixes(source: Source) -> _Affixes:
    return {
        "prefix": source.label("appearance.prefixAdorner", "prefix.en"),
        "suffix": source.label("appearance.suffixAdorner", "suffix.en"),
    }


def _lengths(source: Source, default: int) -> _Lengths:
    low = source.whole("validate.minLength") or 0
    high = source.whole("validate.maxLength", low=1) or default
    if low > high:
        source.find("limits", low="minLength", high="maxLength")
    return {"min_length": low, "max_length": high}


def _textfield(source: Source, base: Path) -> Component:
    check = source.prop("check")
    if check not in ("", *CHECKS):
        source.find("wrong-value", name="properties.check", wanted=", ".join(CHECKS))
        check = ""
    kind = source.one_of("validate.validationType", ("phone", "email", "custom", ""), "")
    if not check and kind in ("phone", "email"):
        check = kind
    pattern, message = _pattern(source)
    return TextField(
        **_asked(source, base),
        **_lengths(source, 1_000),
        **_affixes(source),
        check=cast(Check, check),
        suggest=source.prop("suggest"),
        pattern=pattern,
        pattern_message=message,
    )


def _pattern(source: Source) -> tuple[str, Label]:
    pattern, message = source.text("validate.pattern"), source.prop_label("patternMessage")
    if not pattern:
        return "", message
    if not message:
        source.find("pattern-message-missing")
    if len(pattern) > MAX_PATTERN:
        source.find("pattern", reason=f"{len(pattern)} > {MAX_PATTERN}")
        return "", message
    try:
        compiled(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        said = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        source.find("pattern", reason=Label("写法不对", said))
        return "", message
    return pattern, message


def _textarea(source: Source, base: Path) -> Component:
    return TextArea(
        **_asked(source, base), **_lengths(source, 20_000), rows=source.prop_whole("rows", 5, low=2, high=40)
    )


def _number(source: Source, base: Path) -> Component:
    low, high = source.decimal("validate.min"), source.decimal("validate.max")
    if low is not None and high is not None and low > high:
        source.find("limits", low="min", high="max")
    step = source.decimal("increment")
    if step is not None and step <= 0:
        source.find("wrong-value", name="increment", wanted="> 0")
        step = None
    return Number(
        **_asked(source, base),
        **_affixes(source),
        decimal_digits=source.whole("decimalDigits", high=12),
        increment=step,
        min=low,
        max=high,
        as_text=source.flag("serializeToString"),
    )


def _datetime(source: Source, base: Path) -> Component:
    subtype = cast(Literal["date", "time", "datetime"], source.one_of("subtype", ("date", "time", "datetime"), "date"))
    zones = {"date": (), "time": ("no_timezone",), "datetime": ("utc_offset", "no_timezone", "utc_normalized")}[subtype]
    zone = source.one_of("timeSerializingFormat", zones, zones[0]) if zones else "no_timezone"
    check = source.prop("check")
    if check not in ("", "not-future", "not-past") or (check and subtype == "time"):
        source.find(
            "wrong-value",
            name="properties.check",
            wanted=Label("not-future、not-past（日期、时间）", "not-future, not-past (date, datetime)"),
        )
    name = "label" if source.value("label") else "timeLabel" if subtype == "time" else "dateLabel"
    return DateTime(
        **_asked(source, base, label=name),
        subtype=subtype,
        zone=cast(Literal["no_timezone", "utc_offset", "utc_normalized"], zone),
        not_past=source.flag("disallowPassedDates") or check == "not-past",
        not_future=check == "not-future",
        typed=source.prop_flag("typed"),
    )


def _checkbox(source: Source, base: Path) -> Component:
    return Checkbox(**_asked(source, base, may_decline=False))


def _choice(source: Source, base: Path) -> Component:
    kind = source.text("type")
    look: Literal["radio", "select", "checklist"] = (
        "radio" if kind == "radio" else "select" if kind == "select" else "checklist"
    )
    key, expression = source.text("valuesKey"), source.feel("valuesExpression") or ""
    options = _options(source)
    if not (options or key or source.value("valuesExpression")):
        source.find("options-missing")
    return Choice(
        **_asked(source, base), look=look, options=options, options_key=key, options_expression=expression,
        withheld=_withheld(source, options),
    )  # fmt: skip


def _withheld(source: Source, options: tuple[Option, ...]) -> tuple[tuple[str, str], ...]:
    """While which expression holds an option may not be chosen, for those where the form says so."""
    said = [(one.value, f"withheld.{one.value}") for one in options]
    while_true = [(value, name, source.prop(name).removeprefix("=")) for value, name in said]
    compiled = [(value, source.compiled(name, text)) for value, name, text in while_true if text]
    return tuple((value, expression) for value, expression in compiled if expression)


def _options(source: Source) -> tuple[Option, ...]:
    raw = source.value("values")
    if raw is None:
        return ()
    options: dict[str, Option] = {}
    for entry in raw if isinstance(raw, list) else [None]:
        entry = entry if isinstance(entry, Mapping) else {}
        value = entry.get("value")
        if isinstance(value, bool) or not isinstance(value, str | int) or str(value).startswith(":") or value == "":
            source.find("wrong-value", name="values", wanted=VALUES)
            continue
        text = entry.get("label")
        label = source.pair(text if isinstance(text, str) else "", f"values.{value}", f"option.{value}.en", needed=True)
        if str(value) in options:
            source.find("option-twice", value=value)
        options[str(value)] = Option(str(value), label)
    return tuple(options.values())


def _filepicker(source: Source, base: Path) -> Component:
    many = source.flag("multiple")
    size = source.prop_whole("maxBytes", 0, low=1, high=10**9)
    accept = tuple(part.strip().lower() for part in source.text("accept").split(",") if part.strip())
    return FilePicker(
        **_asked(source, base),
        accept=accept,
        max_files=source.prop_whole("maxFiles", 20, low=1, high=100) if many else 1,
        max_bytes=size or None,
    )


QUESTIONS: Mapping[str, Callable[[Source, Path], Component]] = {
    "textfield": _textfield,
    "textarea": _textarea,
    "number": _number,
    "datetime": _datetime,
    "checkbox": _checkbox,
    "radio": _choice,
    "select": _choice,
    "checklist": _choice,
    "taglist": _choice,
    "filepicker": _filepicker,
}
