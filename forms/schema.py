"""The marshmallow schema of a form: the shape of its answers and the limits that stand in the form itself.

What depends on circumstances (conditions, choices offered, today, uploads) is checked around it by `forms.validation`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from forms.definition import Answer, Component, DynamicList, Expression, Form, Group
from forms.jsonschema import of_answer
from forms.messages import ERRORS
from forms.texts import Label
from forms.values import is_empty, judge, read
from forms.wrong import Fact, Wrong


class Problem(str):
    """A marshmallow message that is an English sentence and knows its code and facts."""

    code: str
    params: Mapping[str, Fact]

    def __new__(cls, code: str, **params: Fact) -> "Problem":
        """Fill in the sentence of a code."""
        problem = super().__new__(cls, ERRORS[code].filled("en", params))
        problem.code, problem.params = code, params
        return problem


class AnswerSchema(Schema):
    """Base of all forms' schemas: an unknown field is an error, since dropping it in silence would lose an answer."""

    error_messages = {"unknown": Problem("unknown-field", name="")}  # noqa: RUF012 - marshmallow's own way

    class Meta:
        unknown = RAISE


class AnswerField(fields.Field[Any]):
    """One question. Missing, null and empty mean the same: not answered."""

    def __init__(self, answer: Answer, *, conditional: bool) -> None:
        super().__init__(
            required=answer.required and not conditional,
            data_key=answer.path[-1],
            attribute=answer.path[-1],
            metadata=of_answer(answer),
        )
        self.answer = answer
        self.conditional = conditional

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The clean value, or a ValidationError with one Problem."""
        try:
            clean = read(self.answer, None if value is missing else value)
            if value is missing and self.conditional and self.answer.required and is_empty(clean):
                raise Wrong("newly-asked")
            judge(self.answer, clean)
        except Wrong as wrong:
            raise ValidationError([Problem(wrong.code, label=self.answer.label, **wrong.params)]) from None
        return clean


class Part(fields.Nested):
    """Answers under a common name; missing means that none of them is given."""

    def __init__(self, schema: type[Schema], name: str) -> None:
        super().__init__(schema, data_key=name, attribute=name)
        self.label = Label(name, name)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Clean values by name."""
        if value is missing or value is None:
            value = {}
        if not isinstance(value, Mapping):
            raise ValidationError([Problem("wrong-type", label=self.label)], valid_data={})
        return super().deserialize(value, attr, data, **kwargs)


class Items(fields.List[Any]):
    """A repeating list of answers; missing means no items."""

    def __init__(self, part: DynamicList, schema: type[Schema]) -> None:
        super().__init__(Part(schema, part.path[-1]), data_key=part.path[-1], attribute=part.path[-1])
        self.part = part

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """A list of clean items; errors of items and of their number stand beside each other."""
        label, value = self.part.label, [] if value is missing or value is None or value == "" else value
        if not isinstance(value, list):
            raise ValidationError([Problem("wrong-type", label=label)])
        if len(value) > self.part.max_items:
            raise ValidationError([Problem("too-many-items", label=label, limit=self.part.max_items)])
        errors: dict[Any, Any] = {}
        clean: list[Any] = value
        try:
            clean = super().deserialize(value, attr, data, **kwargs)
        except ValidationError as error:
            errors = dict(error.messages_dict)
            clean = list(error.valid_data or [])
        if len(value) < self.part.min_items:
            errors["_schema"] = [Problem("too-few-items", label=label, limit=self.part.min_items)]
        if errors:
            raise ValidationError(errors, valid_data=clean)
        return clean


@lru_cache(maxsize=256)
def schema(form: Form) -> Schema:
    """The marshmallow schema of a form's answers; one instance for all, since making it costs more than using it."""
    return _schema(form.fields, form.key)()


def _schema(parts: tuple[Component, ...], name: str) -> type[Schema]:
    return _class(_tree(parts, {}, conditional=False), name)


def _tree(parts: tuple[Component, ...], tree: dict[str, Any], *, conditional: bool) -> dict[str, Any]:
    """Fields by name; a dotted key or a group's path becomes a dict of its own."""
    for part in parts:
        sometimes = conditional or part.hide is not None
        if isinstance(part, Group):
            _tree(part.components, tree, conditional=sometimes)
        if not isinstance(part, Answer | DynamicList | Expression):
            continue
        here = tree
        for step in part.path[:-1]:
            here = here.setdefault(step, {})
        here[part.path[-1]] = _field(part, conditional=sometimes)
    return tree


def _field(part: Answer | DynamicList | Expression, *, conditional: bool) -> fields.Field[Any]:
    if isinstance(part, Answer):
        return AnswerField(part, conditional=conditional)
    if isinstance(part, DynamicList):
        return Items(part, _schema(part.components, part.id))
    return fields.Raw(dump_only=True, data_key=part.path[-1], attribute=part.path[-1])


def _class(tree: Mapping[str, Any], name: str) -> type[Schema]:
    """A schema class. Its attributes carry a prefix, so that no key can collide with marshmallow's own names."""
    attributes = {
        f"answer_{key}": Part(_class(entry, f"{name}_{key}"), key) if isinstance(entry, dict) else entry
        for key, entry in tree.items()
    }
    return AnswerSchema.from_dict(attributes, name=name)
