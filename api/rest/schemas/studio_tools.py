"""What the studio's editors ask beside drafts: words, values of expressions and tables, forms as people see them."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import said

EXAMPLE = said("A JSON object, as text, so that numbers keep their digits")


class WordSchema(Schema):
    """A word of this house."""

    key = fields.String(required=True)
    title = fields.String(required=True, metadata=said("In the reader's language"))
    about = fields.String(required=True, metadata=said("Of a deadline: the article and the duration"))
    parameters = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class WordsSchema(Schema):
    """What a diagram may name."""

    forms = fields.List(fields.Nested(WordSchema), required=True)
    decisions = fields.List(fields.Nested(WordSchema), required=True)
    processes = fields.List(fields.Nested(WordSchema), required=True)
    roles = fields.List(fields.Nested(WordSchema), required=True)
    deadlines = fields.List(fields.Nested(WordSchema), required=True)
    operations = fields.List(fields.Nested(WordSchema), required=True)
    answers = fields.Dict(required=True, metadata=said("The keys of each form's answers"))
    variables = fields.Dict(required=True, metadata=said("The variables of each process of the draft"))


class ExpressionsSchema(Schema):
    """FEEL expressions, and an example."""

    expressions = fields.List(
        fields.String(validate=validate.Length(0, 10_000)), required=True, validate=validate.Length(0, 50)
    )
    example = fields.String(load_default="{}", metadata=EXAMPLE)


class TriedSchema(Schema):
    """What an expression is worth."""

    expression = fields.String(required=True)
    value = fields.String(required=True, allow_none=True, metadata=said("As JSON; none: it has none"))
    problem = fields.String(required=True, allow_none=True, metadata=said("Why it has no value"))
    warnings = fields.List(fields.String(), required=True, metadata=said("Why parts of it are null"))


class TriedListSchema(Schema):
    """What expressions are worth."""

    items = fields.List(fields.Nested(TriedSchema), required=True)


class TableTrySchema(Schema):
    """A decision model, which decision, and an example."""

    content = fields.String(required=True)
    decision = fields.String(required=True)
    example = fields.String(load_default="{}", metadata=EXAMPLE)


class DecidedSchema(Schema):
    """What a decision said."""

    value = fields.String(required=True, metadata=said("As JSON"))
    fired = fields.Dict(required=True, metadata=said("The ids of the rules that held, by table"))
    values = fields.Dict(required=True, metadata=said("The values on the way, as JSON"))
    warnings = fields.List(fields.String(), required=True)


class FormTrySchema(Schema):
    """A form to look at."""

    content = fields.String(required=True)
    locale = fields.String(load_default="zh", validate=validate.OneOf(["zh", "en"]))
    answers = fields.Dict(load_default=dict)
    example = fields.String(load_default="{}", metadata=EXAMPLE)


class FormPreviewSchema(Schema):
    """A form as people would see it."""

    html = fields.String(required=True)
    problem = fields.String(required=True, metadata=said("Why it cannot be shown; empty if it can"))
