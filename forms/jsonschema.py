"""A form's answers as JSON Schema 2020-12, for OpenAPI and for systems that send answers instead of people."""

from collections.abc import Mapping
from typing import Any

from forms.answers import NO_ANSWER
from forms.definition import (
    Answer,
    Checkbox,
    Choice,
    Component,
    DateTime,
    DynamicList,
    Expression,
    FilePicker,
    Form,
    Group,
    Number,
    TextArea,
    TextField,
)
from forms.texts import Label

DRAFT = "https://json-schema.org/draft/2020-12/schema"
CHECK_PATTERNS = {
    "identity-number": "^[0-9]{17}[0-9X]$",
    "paper-number": "^[0-9A-Z]{5,20}$",
    "credit-code": "^[0-9A-HJ-NPQRTUWXY]{18}$",
}


def json_schema(form: Form) -> dict[str, Any]:
    """The answers that a form accepts. Conditions cannot be said here: what may be hidden is optional."""
    return {
        "$schema": DRAFT,
        "title": form.titles.zh,
        **({"description": form.titles.en} if form.titles.en else {}),
        **_object(form.fields),
    }


def _object(parts: tuple[Component, ...]) -> dict[str, Any]:
    result: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
    _add(parts, result, conditional=False)
    return result


def _add(parts: tuple[Component, ...], into: dict[str, Any], *, conditional: bool) -> None:
    for part in parts:
        sometimes = conditional or part.hide is not None
        if isinstance(part, Group):
            _add(part.components, into, conditional=sometimes)
        if not isinstance(part, Answer | DynamicList | Expression) or _is_disabled(part):
            continue
        here, must = into, not sometimes and _must(part)
        for step in part.path[:-1]:
            if must:
                _require(here, step)
            here = here["properties"].setdefault(
                step, {"type": "object", "properties": {}, "additionalProperties": False}
            )
        if must:
            _require(here, part.path[-1])
        here["properties"][part.path[-1]] = _schema(part)


def _is_disabled(part: Component) -> bool:
    return isinstance(part, Answer) and part.access == "disabled"


def _must(part: Answer | DynamicList | Expression) -> bool:
    if isinstance(part, Answer):
        return part.required and part.access == "open"
    return isinstance(part, DynamicList) and part.min_items > 0


def _require(schema: dict[str, Any], name: str) -> None:
    required = schema.setdefault("required", [])
    if name not in required:
        required.append(name)


def _schema(part: Answer | DynamicList | Expression) -> dict[str, Any]:
    if isinstance(part, Expression):
        return {"readOnly": True, "description": "Computed by the server; ignored where it is sent."}
    if isinstance(part, Answer):
        return of_answer(part)
    return {
        **_titled(part.label, Label()),
        "type": "array",
        "minItems": part.min_items,
        "maxItems": part.max_items,
        "items": _object(part.components),
    }


def of_answer(answer: Answer) -> dict[str, Any]:
    """The schema of one answer, with its question as title."""
    value = _value(answer)
    if answer.may_decline:
        refusal = {"properties": {"no_answer": {"enum": list(NO_ANSWER)}}, "required": ["no_answer"]}
        nothing = [] if answer.required else [{"type": "null"}]
        value = {"oneOf": [value, {"type": "object", **refusal, "additionalProperties": False}, *nothing]}
    elif not answer.required and isinstance(value.get("type"), str) and value["type"] not in ("array", "boolean"):
        value = {**value, "type": [value["type"], "null"]}
        if "enum" in value:
            value["enum"] = [*value["enum"], None]
    fixed = {"readOnly": True} if answer.access == "readonly" else {}
    return {**_titled(answer.label, answer.hint), **value, **fixed}


def _titled(label: Label, hint: Label) -> dict[str, str]:
    description = " · ".join(text for text in (label.en, hint.zh, hint.en) if text)
    return {"title": label.zh, **({"description": description} if description else {})}


def _value(answer: Answer) -> dict[str, Any]:
    match answer:
        case TextField() | TextArea():
            return _text(answer)
        case Number():
            return _number(answer)
        case DateTime():
            return _date_time(answer)
        case Checkbox():
            return {"const": True} if answer.required else {"type": "boolean"}
        case FilePicker():
            least = {"minItems": 1} if answer.required else {}
            return {"type": "array", "items": {"type": "string"}, **least, "maxItems": answer.max_files}
        case Choice():
            return _choice(answer)
    raise TypeError(answer)


def _text(answer: TextField | TextArea) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "maxLength": answer.max_length}
    least = max(answer.min_length, 1 if answer.required else 0)
    if least:
        schema["minLength"] = least
    if isinstance(answer, TextField):
        if answer.check in CHECK_PATTERNS:
            schema["pattern"] = CHECK_PATTERNS[answer.check]
        if answer.check == "email":
            schema["format"] = "email"
        if answer.pattern:
            schema["pattern"] = f"^(?:{answer.pattern})$"
    return schema


def _number(answer: Number) -> dict[str, Any]:
    if answer.as_text:
        return {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
    limits = {"minimum": answer.min, "maximum": answer.max, "multipleOf": answer.increment}
    return {
        "type": "integer" if answer.decimal_digits == 0 else "number",
        **{name: float(limit) for name, limit in limits.items() if limit is not None},
    }


def _date_time(answer: DateTime) -> dict[str, Any]:
    if answer.subtype == "date":
        return {"type": "string", "format": "date"}
    if answer.subtype == "time":
        return {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
    return {"type": "string", "examples": [_example(answer.zone)]}


def _example(zone: str) -> str:
    return "2026-11-23T09:30" + {"utc_offset": "+08:00", "utc_normalized": "Z"}.get(zone, "")


def _choice(answer: Choice) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string"}
    if answer.options and not (answer.options_key or answer.options_expression):
        one["enum"] = [option.value for option in answer.options]
    if not answer.many:
        return one
    least: Mapping[str, int] = {"minItems": 1} if answer.required else {}
    return {"type": "array", "items": one, "uniqueItems": True, **least}
