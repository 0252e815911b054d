"""From a form's file to a `Form`: the whole of it, with its limits, its keys and what its expressions depend on."""

import json
import re
from collections.abc import Mapping
from typing import Any

from forms import components
from forms.definition import Answer, Choice, Component, DynamicList, Expression, Form, Table, Text, every, in_scope
from forms.findings import Finding, FormInvalid
from forms.markdown import TEMPLATE
from forms.source import Compile, Source
from forms.texts import Label
from forms.values import judge, read
from forms.wrong import Wrong

MAX_BYTES = 1_000_000
MAX_COMPONENTS = 500
MAX_DEPTH = 8
SCHEMA_VERSION = 19  # form-js 1.23
TOP_KEYS = frozenset(
    [
        "type",
        "id",
        "components",
        "schemaVersion",
        "exporter",
        "executionPlatform",
        "executionPlatformVersion",
        "$schema",
        "versionTag",
        "title",
        "title.en",
        "law",
    ]
)
FORM_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
IDENTIFIER = re.compile(r'"(?:\\.|[^"\\])*"|([^\W\d]\w*)')


def load(source: bytes | str | Mapping[str, Any], *, compile: Compile | None = None) -> Form:  # noqa: A002
    """Read a form. `compile` is called with every FEEL expression (without ``=``) and raises where it is wrong.

    Raises FormInvalid with all findings where one of them is an error.
    """
    form, findings = _read(source, compile)
    if form is None or any(finding.severity == "error" for finding in findings):
        raise FormInvalid(findings)
    return form


def check(source: bytes | str | Mapping[str, Any], *, compile: Compile | None = None) -> list[Finding]:  # noqa: A002
    """Everything that is wrong or missing in a form's file, in document order."""
    return _read(source, compile)[1]


def _read(source: bytes | str | Mapping[str, Any], compiler: Compile | None) -> tuple[Form | None, list[Finding]]:
    findings: list[Finding] = []
    raw = _json(source, findings)
    if raw is None:
        return None, findings
    if raw.get("type") != "default" or not isinstance(raw.get("components"), list):
        return None, [Finding("not-a-form")]
    version = raw.get("schemaVersion", SCHEMA_VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= SCHEMA_VERSION:
        findings.append(Finding("schema-version", params=(("found", str(version)[:50]),)))
    if _size(raw["components"]) > MAX_COMPONENTS:
        limits = (("limit", str(MAX_COMPONENTS)), ("depth", str(MAX_DEPTH)))
        return None, [*findings, Finding("too-many", params=limits)]
    parts = components.read_all(raw["components"], (), findings, compiler)
    form = _form(raw, parts, findings)
    _check_ids(form, findings)
    _check_defaults(form, findings)
    _check_places(form.fields, findings)
    return form, findings


def _json(source: bytes | str | Mapping[str, Any], findings: list[Finding]) -> Mapping[str, Any] | None:
    if isinstance(source, Mapping):
        return source
    if len(source) > MAX_BYTES:
        findings.append(Finding("too-large", params=(("limit", str(MAX_BYTES)),)))
        return None
    try:
        raw = json.loads(source)
    except (ValueError, RecursionError) as error:
        line, column = (str(getattr(error, name, 1)) for name in ("lineno", "colno"))
        findings.append(Finding("not-json", params=(("line", line), ("column", column))))
        return None
    if not isinstance(raw, dict):
        findings.append(Finding("not-a-form"))
        return None
    return raw


def _size(parts: Any, depth: int = 1) -> int:
    """How many components there are; more than allowed where they nest too deep."""
    if not isinstance(parts, list):
        return 0
    if depth > MAX_DEPTH:
        return MAX_COMPONENTS + 1
    return sum(1 + _size(part.get("components"), depth + 1) if isinstance(part, dict) else 1 for part in parts)


def _form(raw: Mapping[str, Any], parts: tuple[Component, ...], findings: list[Finding]) -> Form:
    top = Source({**raw, "properties": {"title.en": raw.get("title.en") or ""}}, findings, None)
    if not FORM_ID.fullmatch(top.id):
        top.find("id-missing")
    top.id = ""  # findings at the form itself carry no component id
    law = raw.get("law", [])
    laws = (law,) if isinstance(law, str) else law
    if not isinstance(laws, list | tuple) or not all(isinstance(article, str) for article in laws):
        top.find(
            "wrong-value", name="law", wanted=Label("一段文字，或由文字组成的列表", "a string or a list of strings")
        )
        laws = ()
    titles: Label = top.label("title", "title.en", needed=True)
    for name in raw:
        if name not in TOP_KEYS and not name.startswith("hejie."):
            top.find("unknown-key", name=name)
    return Form(str(raw.get("id", "")), titles, tuple(laws), parts, _controlling(parts), raw)


def _check_ids(form: Form, findings: list[Finding]) -> None:
    seen: set[str] = set()
    for part in every(form.fields):
        if part.id in seen:
            findings.append(Finding("id-twice", part.id))
        seen.add(part.id)


def _check_defaults(form: Form, findings: list[Finding]) -> None:
    for part in every(form.fields):
        if isinstance(part, Answer) and part.default not in (None, "", [], False):
            try:
                judge(part, read(part, part.default))
            except Wrong:
                findings.append(Finding("default-value", part.id))


def _check_places(parts: tuple[Component, ...], findings: list[Finding]) -> None:
    """No two components of one scope may store under the same name, nor one inside another's value."""
    taken: dict[tuple[str, ...], str] = {}
    for part in in_scope(parts):
        if isinstance(part, DynamicList):
            _check_places(part.components, findings)
        if not isinstance(part, Answer | Expression | DynamicList) or not part.path:
            continue
        if any(part.path[: len(other)] == other or other[: len(part.path)] == part.path for other in taken):
            findings.append(Finding("key-twice", part.id, (("key", ".".join(part.path)),)))
        taken[part.path] = part.id


def _controlling(parts: tuple[Component, ...]) -> frozenset[str]:
    """Keys of the answers that something depends on: those that an expression names, directly or by another expression.

    Names are found lexically, since FEEL is the caller's: a name too many costs one needless update of the page.
    """
    names: set[str] = set()
    for part in every(parts):
        names |= _names(_expressions(part))
    computed = [part for part in every(parts) if isinstance(part, Expression)]
    for part in reversed(computed):  # an expression sees only expressions above it
        if part.path[-1:] and part.path[-1] in names:
            names |= _names(part.expression)
    return frozenset(
        part.key for part in every(parts) if isinstance(part, Answer) and part.path and part.path[-1] in names
    )


def _expressions(part: Component) -> str:
    """All expressions that decide how a component is shown, as one text."""
    found = [part.hide or ""]
    if isinstance(part, Choice):
        found += [part.options_expression, *(expression for _, expression in part.withheld)]
    if isinstance(part, Table):
        found += [part.source, part.columns_expression]
    if isinstance(part, Text):
        found += TEMPLATE.findall(part.words.zh) + TEMPLATE.findall(part.words.en)
    return "\n".join(found)


def _names(expression: str) -> set[str]:
    return {match[1] for match in IDENTIFIER.finditer(expression) if match[1]}
