"""What several subjects share: answers, keys, pages."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from api import i18n
from engine.cases.blocklist import GROUNDS
from engine.errors import N_

TO_HUNDRED = validate.Range(1, 100, error=N_("Choose a number from 1 to 100."))


def said(text: str) -> dict[str, str]:
    """What OpenAPI says about a field."""
    return {"description": text}


class Told(fields.String):
    """What the engine says, in the reader's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return super()._serialize(i18n.told(value), attr, obj, **kwargs)


GROUND = validate.OneOf(["", *GROUNDS], error=N_("Choose one of: subject, law, harmless."))


class AnswersSchema(Schema):
    """Answers to a form, by the keys of its fields (docs/forms.md)."""

    answers = fields.Dict(keys=fields.String(), required=True)


class GuardedAnswersSchema(AnswersSchema):
    """Answers, and why words stay in them that the block list of facts names."""

    keep_words = fields.String(load_default="", validate=GROUND, metadata=said("subject, law or harmless"))


class KeyHeaderSchema(Schema):
    """What makes a request safe to repeat."""

    class Meta:  # other headers are not ours to judge
        unknown = EXCLUDE

    key = fields.String(data_key="Idempotency-Key", metadata=said("16 to 100 characters, such as a UUID"))


class PageQuerySchema(Schema):
    """Which part of a list."""

    cursor = fields.String(load_default="", metadata=said("Where the page before ended; from its `next`"))
    limit = fields.Integer(load_default=25, validate=TO_HUNDRED, metadata=said("How many items at most"))
