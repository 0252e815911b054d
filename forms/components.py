"""Reads the components of a form-js 1.23 file: what is supported, and what is refused with a finding."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from forms.definition import Column, Component, DynamicList, Expression, Group, Path, Separator, Spacer, Table, Text
from forms.findings import Finding
from forms.markdown import TEMPLATE
from forms.questions import QUESTIONS, common
from forms.source import Compile, Source
from forms.texts import Label

REFUSED = ("html", "iframe", "image", "documentPreview")
NO_LOOPS = Label("不支持模板里的循环和条件", "loops and conditions of templates are not supported")


def read_all(raw: list[Any], base: Path, findings: list[Finding], compiler: Compile | None) -> tuple[Component, ...]:
    """Read a list of components whose keys are relative to `base` (the path of the groups around them)."""
    found = (_read(part, base, findings, compiler) for part in raw)
    return tuple(part for part in found if part is not None)


def _read(raw: Any, base: Path, findings: list[Finding], compiler: Compile | None) -> Component | None:
    if not isinstance(raw, Mapping):
        findings.append(
            Finding(
                "wrong-value",
                params=(("name", "components"), ("wanted", Label("由对象组成的列表", "a list of objects"))),
            )
        )
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


def _expression(source: Source, base: Path) -> Component:
    key = source.path("key", needed=True)
    expression = source.feel("expression")
    if expression is None and not source.value("expression"):
        source.find("expression", name="expression", reason=Label("没有填写", "it is empty"))
    return Expression(**common(source), path=(*base, *key) if key else (), expression=expression or "null")


def _text(source: Source, base: Path) -> Component:
    words = source.label("text", "text.en", needed=True)
    if any(re.search(r"</?[a-zA-Z][^>]*>", text) for text in (words.zh, words.en)):
        source.find("html-in-text")
    for expression in TEMPLATE.findall(words.zh) + TEMPLATE.findall(words.en):
        if expression.strip().startswith(("#", "/")):
            source.find("expression", name="text", reason=NO_LOOPS)
        else:
            source.compiled("text", expression.strip())
    return Text(**common(source), words=words)


def _table(source: Source, base: Path) -> Component:
    columns = []
    for entry in source.entries("columns"):
        key = entry.get("key") if isinstance(entry, Mapping) else None
        if not isinstance(key, str) or not isinstance(entry.get("label"), str):
            source.find(
                "wrong-value",
                name="columns",
                wanted=Label('由 {"key": …, "label": …} 组成的列表', 'a list of {"key": …, "label": …}'),
            )
            continue
        columns.append(
            Column(key=key, label=source.pair(entry["label"], f"columns.{key}", f"column.{key}.en", needed=True))
        )
    return Table(
        **common(source),
        label=source.label("label", "label.en", needed=True),
        source=source.feel("dataSource") or "",
        columns=tuple(columns),
        columns_expression=source.feel("columnsExpression") or "",
    )


def _separator(source: Source, base: Path) -> Component:
    return Separator(**common(source))


def _spacer(source: Source, base: Path) -> Component:
    return Spacer(**common(source))


def _group(source: Source, base: Path, findings: list[Finding], compiler: Compile | None) -> Component:
    path = source.path("path", needed=False)
    return Group(
        **common(source),
        label=source.label("label", "label.en"),
        components=read_all(source.entries("components"), (*base, *path), findings, compiler),
    )


def _dynamiclist(source: Source, base: Path, findings: list[Finding], compiler: Compile | None) -> Component:
    path = source.path("path", needed=True)
    low, high = source.prop_whole("minItems", 0, high=100), source.prop_whole("maxItems", 50, low=1, high=100)
    if low > high:
        source.find("limits", low="minItems", high="maxItems")
    return DynamicList(
        **common(source),
        label=source.label("label", "label.en", needed=True),
        path=(*base, *path) if path else (),
        components=read_all(source.entries("components"), (), findings, compiler),
        repetitions=source.whole("defaultRepetitions", high=20) or 0,
        may_change=source.flag("allowAddRemove", default=True),
        min_items=low,
        max_items=high,
        item=source.prop_label("item"),
        add=source.prop_label("add"),
    )


TYPES: dict[str, Callable[[Source, Path], Component]] = {
    **QUESTIONS,
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
