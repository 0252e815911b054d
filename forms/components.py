"""One reader per component type of form-js 1.23: what is supported, and what is refused with a finding."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypedDict, cast

import re2

from forms.definition import (
    Checkbox,
    Choice,
    Column,
    Component,
    DateTime,
    DynamicList,
    Expression,
    FilePicker,
    Group,
    Number,
    Option,
    Path,
    Separator,
    Spacer,
    Table,
    Text,
    TextArea,
    TextField,
)
from forms.findings import Finding
from forms.source import Compile, Source
from forms.texts import Label

REFUSED = ("html", "iframe", "image", "documentPreview")
MAX_PATTERN = 200
TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def read_all(raw: Any, base: Path, findings: list[Finding], compiler: Compile | None) -> tuple[Component, ...]:
    """Read a list of components whose keys are relative to `base` (the path of the groups around them)."""
    if not isinstance(raw, list):
        return ()
    found = (_read(part, base, findings, compiler) for part in raw)
    return tuple(part for part in found if part is not None)


def _read(raw: Any, base: Path, findings: list[Finding], compiler: Compile | None) -> Component | None:
    if not isinstance(raw, Mapping):
        findings.append(Finding("wrong-value", params=(("name", "components"), ("wanted", "a list of objects"))))
        return None
    source = Source(raw, findings, compiler)
    kind = source.text("type")
    if not source.id:
        source.find("id-missing")
    if kind == "button":  # the page around the form has the buttons
        return None
    if kind in REFUSED:
        source.find("refused-type", type=kind)
        return None
    part: Component
    if kind in CONTAINERS:
        part = CONTAINERS[kind](source, base, findings, compiler)
    elif kind in TYPES:
        part = TYPES[kind](source, base)
    else:
        source.find("unknown-type", type=kind or "—")
        return None
    source.unread()
    return part


class _Common(TypedDict):
    id: str
    hide: str | None


class _Asked(_Common):
    label: Label
    path: Path
    hint: Label
    why: Label
    required: bool
    may_decline: bool
    autocomplete: str
    default: Any
    access: Literal["open", "readonly", "disabled"]


def _common(source: Source) -> _Common:
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
        **_common(source),
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
    if check not in ("", "identity-number", "credit-code", "phone"):
        source.find("wrong-value", name="properties.check", wanted="identity-number, credit-code, phone")
        check = ""
    kind = source.one_of("validate.validationType", ("phone", "email", "custom", ""), "")
    if not check and kind in ("phone", "email"):
        check = kind
    pattern, message = _pattern(source)
    return TextField(
        **_asked(source, base),
        **_lengths(source, 1_000),
        **_affixes(source),
        check=cast(Literal["", "identity-number", "credit-code", "phone", "email"], check),
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
        source.find("pattern", reason=reason.decode(errors="replace") if isinstance(reason, bytes) else reason)
        return "", message
    return pattern, message


def compiled(pattern: str) -> Any:
    """A form's pattern as an RE2 program: its time is linear in the answer's length, whatever the pattern."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


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
        source.find("wrong-value", name="properties.check", wanted="not-future, not-past (date, datetime)")
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
    return Choice(**_asked(source, base), look=look, options=options, options_key=key, options_expression=expression)


def _options(source: Source) -> tuple[Option, ...]:
    raw = source.value("values")
    if raw is None:
        return ()
    options: dict[str, Option] = {}
    for entry in raw if isinstance(raw, list) else [None]:
        entry = entry if isinstance(entry, Mapping) else {}
        value = entry.get("value")
        if isinstance(value, bool) or not isinstance(value, str | int) or str(value).startswith(":") or value == "":
            source.find(
                "wrong-value", name="values", wanted='a list of {"label": …, "value": …}; no value begins with ":"'
            )
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


def _expression(source: Source, base: Path) -> Component:
    key = source.path("key", needed=True)
    expression = source.feel("expression")
    if expression is None and not source.value("expression"):
        source.find("expression", name="expression", reason="it is empty")
    return Expression(**_common(source), path=(*base, *key) if key else (), expression=expression or "null")


def _text(source: Source, base: Path) -> Component:
    words = source.label("text", "text.en", needed=True)
    if any(re.search(r"</?[a-zA-Z][^>]*>", text) for text in (words.zh, words.en)):
        source.find("html-in-text")
    for expression in TEMPLATE.findall(words.zh) + TEMPLATE.findall(words.en):
        if expression.strip().startswith(("#", "/")):
            source.find("expression", name="text", reason="loops and conditions of templates are not supported")
        else:
            source.compiled("text", expression.strip())
    return Text(**_common(source), words=words)


def _table(source: Source, base: Path) -> Component:
    columns = []
    for entry in source.value("columns") or []:
        key = entry.get("key") if isinstance(entry, Mapping) else None
        if not isinstance(key, str) or not isinstance(entry.get("label"), str):
            source.find("wrong-value", name="columns", wanted='a list of {"key": …, "label": …}')
            continue
        columns.append(
            Column(key=key, label=source.pair(entry["label"], f"columns.{key}", f"column.{key}.en", needed=True))
        )
    return Table(
        **_common(source),
        label=source.label("label", "label.en", needed=True),
        source=source.feel("dataSource") or "",
        columns=tuple(columns),
        columns_expression=source.feel("columnsExpression") or "",
    )


def _separator(source: Source, base: Path) -> Component:
    return Separator(**_common(source))


def _spacer(source: Source, base: Path) -> Component:
    return Spacer(**_common(source))


def _group(source: Source, base: Path, findings: list[Finding], compiler: Compile | None) -> Component:
    path = source.path("path", needed=False)
    return Group(
        **_common(source),
        label=source.label("label", "label.en"),
        components=read_all(source.value("components"), (*base, *path), findings, compiler),
    )


def _dynamiclist(source: Source, base: Path, findings: list[Finding], compiler: Compile | None) -> Component:
    path = source.path("path", needed=True)
    low, high = source.prop_whole("minItems", 0, high=100), source.prop_whole("maxItems", 50, low=1, high=100)
    if low > high:
        source.find("limits", low="minItems", high="maxItems")
    return DynamicList(
        **_common(source),
        label=source.label("label", "label.en", needed=True),
        path=(*base, *path) if path else (),
        components=read_all(source.value("components"), (), findings, compiler),
        repetitions=source.whole("defaultRepetitions", high=20) or 0,
        may_change=source.flag("allowAddRemove", default=True),
        min_items=low,
        max_items=high,
        item=source.prop_label("item"),
        add=source.prop_label("add"),
    )


TYPES: dict[str, Callable[[Source, Path], Component]] = {
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
    "expression": _expression,
    "text": _text,
    "table": _table,
    "separator": _separator,
    "spacer": _spacer,
}
CONTAINERS: dict[str, Callable[[Source, Path, list[Finding], Compile | None], Component]] = {
    "group": _group,
    "dynamiclist": _dynamiclist,
}
