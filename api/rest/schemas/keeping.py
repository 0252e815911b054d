"""Files whose time is up."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class FileDueSchema(Schema):
    """A closed file that need not be kept any longer."""

    case = fields.UUID(attribute="case.id", required=True)
    number = fields.String(attribute="case.number", required=True)
    since = fields.Date(required=True, metadata=said("The day from which it need not be kept"))
    rule = fields.String(attribute="rule.key", required=True, metadata=said("The line of the table of periods"))
    years = fields.Integer(attribute="rule.years", required=True)


class FileDueListSchema(Schema):
    """Those of one's county, town or village."""

    items = fields.List(fields.Nested(FileDueSchema), required=True)
