"""Migration, and one command for many instances."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api.rest.schemas.operation import NAME, CommandSchema, VerdictSchema
from api.rest.schemas.shared import TO_HUNDRED, Told, said
from engine.errors import N_

COMMAND = validate.OneOf(
    ["migrate", "retry", "cancel", "suspend", "resume", "try"],
    error=N_("Choose one of: migrate, retry, cancel, suspend, resume, try."),
)
NEEDED = N_("Missing data for required field.")


class MigrationPlanSchema(Schema):
    """Another version."""

    definition = fields.UUID(required=True, metadata=said("The version's id"))
    mapping = fields.Dict(
        keys=fields.String(), values=fields.String(validate=NAME), load_default=dict,
        metadata=said("Elements that have another id there: from the old id to the new one"),
    )  # fmt: skip


class MigrationSchema(MigrationPlanSchema, CommandSchema):
    """Another version, and why."""

    restart_timers = fields.Boolean(load_default=False, metadata=said("Count timers anew from now; else they keep"))


class PassageSchema(Schema):
    """Where a token goes."""

    token_id = fields.UUID(required=True, allow_none=True, metadata=said("null: an event that is new there"))
    element_id = fields.String(required=True)
    to = fields.String(required=True, allow_none=True)
    becomes = fields.String(required=True, metadata=said("kept, dropped, armed, or rearmed for another message"))
    refusal = fields.Nested(VerdictSchema, required=True, allow_none=True, metadata=said("Why it cannot go"))


class PassageListSchema(Schema):
    """Where each token goes."""

    items = fields.List(fields.Nested(PassageSchema), required=True)


class PreviewSchema(CommandSchema):
    """A command for many instances: those of a list, or those that fit."""

    command = fields.String(required=True, validate=COMMAND)
    instances = fields.List(fields.UUID(), load_default=list, metadata=said("Only these"))
    process = fields.String(load_default="", metadata=said("Only of this process, by its key"))
    version = fields.Integer(load_default=None, metadata=said("Only of this version of it"))
    element = fields.String(load_default="", metadata=said("Only those with a token at this element"))
    code = fields.String(load_default="", metadata=said("Only those with an open incident of this code"))
    since = fields.Date(load_default=None, metadata=said("Only those begun on this day or later"))
    until = fields.Date(load_default=None, metadata=said("Only those begun on this day or earlier"))
    definition = fields.UUID(load_default=None, metadata=said("To migrate: the version's id"))
    mapping = fields.Dict(keys=fields.String(), values=fields.String(validate=NAME), load_default=dict)
    restart_timers = fields.Boolean(load_default=False)
    content = fields.String(load_default=None, metadata=said("To try: a diagram that is not deployed, BPMN 2.0 XML"))

    @validates_schema
    def is_whole(self, data: dict[str, object], **_: object) -> None:
        """A migration names its version, and every command says whose instances are meant."""
        if data["command"] == "migrate" and data["definition"] is None:
            raise ValidationError(NEEDED, "definition")
        if data["command"] == "try" and data["content"] is None:
            raise ValidationError(NEEDED, "content")
        if not data["process"] and (data["command"] == "try" or not data["instances"]):
            raise ValidationError(NEEDED, "process")


class BatchSchema(Schema):
    """One command for many instances."""

    id = fields.UUID(attribute="batch.id", required=True)
    command = fields.String(attribute="batch.command", required=True)
    given = fields.Function(
        lambda view: {name: value for name, value in view.batch.given.items() if name != "content"},
        metadata={"type": "object"},
    )
    reason = fields.String(attribute="batch.reason", required=True)
    state = fields.String(
        attribute="batch.state",
        required=True,
        metadata=said("previewing, previewed, running, paused, done or cancelled"),
    )
    expected = fields.Integer(
        attribute="batch.expected", required=True, metadata=said("How many there were when the preview began")
    )
    made_at = fields.AwareDateTime(attribute="batch.made_at", required=True)
    ended_at = fields.AwareDateTime(attribute="batch.ended_at", required=True, allow_none=True)
    counts = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True,
        metadata=said("How many are todo, done, refused (by the preview), failed"),
    )  # fmt: skip


class BatchListSchema(Schema):
    """Batches."""

    items = fields.List(fields.Nested(BatchSchema), required=True)


class BatchQuerySchema(Schema):
    """Which batches."""

    before = fields.UUID(load_default=None, metadata=said("Those older than this one"))
    limit = fields.Integer(load_default=25, validate=TO_HUNDRED)


class MoveSummarySchema(Schema):
    """Tokens that a migration takes from one element to another, or cannot."""

    element_id = fields.String(required=True)
    to = fields.String(required=True, allow_none=True)
    becomes = fields.String(required=True, metadata=said("kept, dropped, armed, or rearmed for another message"))
    refusal = fields.String(required=True, allow_none=True, metadata=said("Why they cannot go: a code"))
    tokens = fields.Integer(required=True)
    instances = fields.Integer(required=True)


class MoveListSchema(Schema):
    """Where a migration takes tokens."""

    items = fields.List(fields.Nested(MoveSummarySchema), required=True)


class BatchItemQuerySchema(Schema):
    """Which part of the list."""

    state = fields.String(load_default="")
    after = fields.Integer(load_default=0, metadata=said("The position before the first one"))
    limit = fields.Integer(load_default=25, validate=TO_HUNDRED)


class BatchItemSchema(Schema):
    """One of many."""

    position = fields.Integer(required=True)
    instance_id = fields.UUID(required=True)
    incident_id = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, metadata=said("todo, done, refused or failed"))
    code = fields.String(required=True, allow_none=True)
    says = Told(required=True, allow_none=True, metadata=said("Why not, in your language"))


class BatchItemListSchema(Schema):
    """Part of the list."""

    items = fields.List(fields.Nested(BatchItemSchema), required=True)
