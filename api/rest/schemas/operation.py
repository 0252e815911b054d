"""Running processes in the hands of administrators."""

from marshmallow import EXCLUDE, Schema, fields, validate

from api.rest.schemas.shared import said

NAME = validate.Length(1, 200)
TEXT = validate.Length(0, 2000)
REASON = said("Why; it stays in the history")


def variables() -> fields.Dict:
    """Process variables: codes, dates, answers to gateways; nothing about people."""
    return fields.Dict(keys=fields.String(), load_default=dict)


class VersionHeaderSchema(Schema):
    """Only what was read is changed."""

    class Meta:  # other headers are not ours to judge
        unknown = EXCLUDE

    version = fields.String(data_key="If-Match", metadata=said("The ETag of what you read"))


class StartSchema(Schema):
    """A process to start: its newest version, or the one of a number, tag or id."""

    process = fields.String(required=True, validate=NAME, metadata=said("Its key"))
    version = fields.Integer(load_default=None)
    version_tag = fields.String(load_default=None, validate=NAME)
    definition = fields.UUID(load_default=None, metadata=said("The version's id"))
    case = fields.UUID(load_default=None, metadata=said("The case that it belongs to; none: it stands by itself"))
    variables = variables()


class CommandSchema(Schema):
    """Why something is done."""

    reason = fields.String(required=True, validate=TEXT, metadata=REASON)


class VariablesSchema(CommandSchema):
    """Variables to set."""

    variables = fields.Dict(keys=fields.String(), required=True)
    scope = fields.UUID(load_default=None, metadata=said("A token to which they are local; none: the whole process"))


class AdditionSchema(Schema):
    """A token to add."""

    element_id = fields.String(required=True, validate=NAME)
    within = fields.UUID(load_default=None, metadata=said("A token around it; none: the one that there is, or entered"))
    variables = variables()


class MoveSchema(Schema):
    """A token to move."""

    token = fields.UUID(required=True)
    to = fields.String(required=True, validate=NAME, metadata=said("The element's id"))


class ModificationSchema(CommandSchema):
    """Tokens to add, move and take away."""

    take = fields.List(fields.UUID(), load_default=list)
    add = fields.List(fields.Nested(AdditionSchema), load_default=list)
    move = fields.List(fields.Nested(MoveSchema), load_default=list)


class VerdictSchema(Schema):
    """Why one cannot go back to a step."""

    code = fields.String(required=True)
    detail = fields.String(required=True)


class SignalSchema(CommandSchema):
    """A signal for all who wait for it."""

    name = fields.String(required=True, validate=NAME)
    variables = variables()


class HeardSchema(Schema):
    """How many heard a signal."""

    instances = fields.Integer(required=True, metadata=said("Instances that heard it or were started by it"))


class FactsSchema(CommandSchema):
    """Facts of the world."""

    variables = variables()


class StartedSchema(Schema):
    """What was started."""

    instances = fields.List(fields.UUID(), required=True)
