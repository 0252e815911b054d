"""The page that explains the REST interface, written from its OpenAPI description: operations, schemas, problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, current_app, render_template
from flask_babel import gettext

from api import problems
from api.resource import Page

blueprint = Blueprint("api_docs", __name__)
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Named:
    """A parameter or a schema's member: its name, type and meaning."""

    name: str
    type: str
    meaning: str
    required: bool = False
    place: str = ""
    schema: str | None = None


@dataclass(frozen=True)
class Answer:
    """One possible answer of an operation."""

    status: str
    meaning: str
    schema: str | None = None


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    description: str
    subject: str
    public: bool
    body: str | None
    parameters: list[Named] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


class ApiDocs(Page):
    """Operations by subject, then the schemas they name, then every problem that can be answered."""

    public = True

    def get(self) -> str:
        spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
        subjects: dict[str, list[Operation]] = {}
        for operation in operations(spec):
            subjects.setdefault(operation.subject, []).append(operation)
        kinds = sorted({(status, kind.code, gettext(kind.message)) for kind, status in problems.known()})
        return render_template(
            "api_docs.html", info=spec["info"], subjects=subjects, schemas=dict(schemas(spec)), kinds=kinds
        )


def operations(spec: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation of an OpenAPI description, in its order."""
    for path, item in spec["paths"].items():
        shared = item.get("parameters", [])
        for method in METHODS:
            if method in item:
                yield _operation(spec, path, method, item[method], shared)


def schemas(spec: Mapping[str, Any]) -> Iterator[tuple[str, list[Named]]]:
    """Every schema with its members."""
    for name, schema in sorted(spec["components"].get("schemas", {}).items()):
        needed = schema.get("required", [])
        members = schema.get("properties", {}).items()
        yield name, [_named(spec, member, inner, member in needed) for member, inner in members]


def _operation(
    spec: Mapping[str, Any], path: str, method: str, found: Mapping[str, Any], shared: list[Any]
) -> Operation:
    parameters = [_resolved(spec, parameter) for parameter in [*shared, *found.get("parameters", [])]]
    return Operation(
        method=method.upper(),
        path=path,
        summary=found.get("summary", ""),
        description=found.get("description", ""),
        subject=(found.get("tags") or [""])[0],
        public=found.get("security") == [],
        body=_content(found.get("requestBody", {})),
        parameters=[
            _named(
                spec, one["name"], one.get("schema", {}), one.get("required", False), one["in"], one.get("description")
            )
            for one in parameters
        ],
        answers=[_answer(spec, status, answer) for status, answer in found["responses"].items()],
    )


def _answer(spec: Mapping[str, Any], status: str, answer: Mapping[str, Any]) -> Answer:
    resolved = _resolved(spec, answer)
    return Answer(str(status), resolved.get("description", ""), _content(resolved))


def _named(
    spec: Mapping[str, Any],
    name: str,
    schema: Mapping[str, Any],
    required: bool,
    place: str = "",
    meaning: str | None = None,
) -> Named:
    described = meaning or schema.get("description", "")
    return Named(name, _type(schema), described, required, place, _reference(schema))


def _type(schema: Mapping[str, Any]) -> str:
    if "items" in schema:
        return f"[{_type(schema['items'])}]"
    if reference := _reference(schema):
        return reference
    kinds = schema.get("type", "any")
    kind = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    values = [str(value) for value in schema.get("enum", [])]
    return " | ".join(values) if values else " ".join(part for part in (kind, schema.get("format")) if part)


def _reference(schema: Mapping[str, Any]) -> str | None:
    for part in (schema, schema.get("items", {}), *schema.get("anyOf", []), *schema.get("allOf", [])):
        if "$ref" in part:
            return str(part["$ref"]).rsplit("/", 1)[-1]
    return None


def _content(part: Mapping[str, Any]) -> str | None:
    for media_type, content in part.get("content", {}).items():
        schema = content.get("schema", {})
        return _reference(schema) or (media_type if not schema.get("properties") else _type(schema))
    return None


def _resolved(spec: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = spec
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


blueprint.add_url_rule("/api/docs", view_func=ApiDocs.as_view("page"))
