"""What administrators see of all that runs, and what an act would do."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api.rest.schemas.operation import NAME, AdditionSchema, CommandSchema, MoveSchema
from api.rest.schemas.shared import TO_HUNDRED, Told, said
from engine.errors import N_

NEEDED = N_("Missing data for required field.")
NEEDS = {
    "cancel": (), "suspend": (), "resume": (), "modify": (), "retry": ("incident",), "variables": ("variables",),
    "migrate": ("definition",), "return": ("task", "to"), "timer": ("token",),
}  # fmt: skip
"""What each act must be told."""
ACT = validate.OneOf(
    list(NEEDS),
    error=N_("Choose one of: cancel, suspend, resume, modify, retry, variables, migrate, return, timer."),
)


class RunningSchema(Schema):
    """A version of a process, and what runs of it."""

    process = fields.String(attribute="definition.key", required=True)
    version = fields.Integer(attribute="definition.version", required=True)
    definition_id = fields.UUID(attribute="definition.id", required=True)
    newest = fields.Boolean(required=True)
    active = fields.Integer(required=True)
    suspended = fields.Integer(required=True)
    incidents = fields.Integer(required=True)


class RunningListSchema(Schema):
    """Every process."""

    items = fields.List(fields.Nested(RunningSchema), required=True)


class TokensAtSchema(Schema):
    """An element at which tokens stand."""

    element_id = fields.String(required=True)
    tokens = fields.Integer(required=True)
    since = fields.AwareDateTime(required=True, metadata=said("The oldest"))
    incidents = fields.Integer(required=True)


class TokensAtListSchema(Schema):
    """Where tokens are."""

    items = fields.List(fields.Nested(TokensAtSchema), required=True)


class InstanceSearchSchema(Schema):
    """Which instances."""

    find = fields.String(
        load_default="",
        metadata=said("A case's number or the beginning of an instance's id; what else is asked does not count then"),
    )
    process = fields.String(load_default="")
    version = fields.Integer(load_default=None)
    status = fields.String(load_default="", metadata=said("active, suspended, completed or cancelled"))
    element = fields.String(load_default="", metadata=said("With a token at this element"))
    code = fields.String(load_default="", metadata=said("With an open incident of this code"))
    failed = fields.Boolean(load_default=False, metadata=said("With any open incident"))
    since = fields.Date(load_default=None, metadata=said("Begun on this day or later"))
    until = fields.Date(load_default=None, metadata=said("Begun on this day or earlier"))
    before = fields.UUID(load_default=None, metadata=said("Older than this one"))
    limit = fields.Integer(load_default=25, validate=TO_HUNDRED)


class InstanceRowSchema(Schema):
    """An instance in a list."""

    id = fields.UUID(attribute="instance.id", required=True)
    process = fields.String(attribute="definition.key", required=True)
    version = fields.Integer(attribute="definition.version", required=True)
    status = fields.String(attribute="instance.status", required=True)
    started_at = fields.AwareDateTime(attribute="instance.started_at", required=True)
    ended_at = fields.AwareDateTime(attribute="instance.ended_at", required=True, allow_none=True)
    elements = fields.List(fields.String(), required=True, metadata=said("Where its tokens are"))
    incidents = fields.Integer(required=True)
    sealed = fields.Boolean(required=True)
    number = fields.String(required=True, allow_none=True, metadata=said("The case's, for whoever may see it"))


class InstanceRowListSchema(Schema):
    """Instances, the newest first."""

    items = fields.List(fields.Nested(InstanceRowSchema), required=True)


class CauseSchema(Schema):
    """Open incidents of one cause at one step."""

    process = fields.String(required=True)
    element_id = fields.String(required=True)
    code = fields.String(required=True)
    incidents = fields.Integer(required=True)
    since = fields.AwareDateTime(required=True, metadata=said("The oldest"))


class CauseListSchema(Schema):
    """Causes, the most frequent first."""

    items = fields.List(fields.Nested(CauseSchema), required=True)


class LiveTokenSchema(Schema):
    """A token and what it waits for."""

    id = fields.UUID(required=True)
    around = fields.UUID(required=True, allow_none=True, metadata=said("The token of the scope that it is in"))
    definition_id = fields.UUID(attribute="process_ref", required=True)
    element_id = fields.String(required=True, metadata=said("Empty: the process itself"))
    waits_for = fields.String(
        required=True,
        metadata=said("person, worker, timer, message, signal, condition, others, inside or repair"),
    )
    due = fields.AwareDateTime(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    armed = fields.Boolean(required=True, metadata=said("It only watches: a boundary event or the like"))
    variables = fields.Dict(required=True, metadata=said("Local to it"))


class TakenFlowSchema(Schema):
    """A flow that a gateway took."""

    flow_id = fields.String(required=True)
    to = fields.String(required=True)
    condition = fields.String(required=True, allow_none=True, metadata=said("What held; null: none was needed"))
    default = fields.Boolean(required=True)


class FiredRuleSchema(Schema):
    """A rule of a table that fired."""

    decision = fields.String(required=True)
    rule = fields.String(required=True)
    cells = fields.List(fields.String(), required=True)


class HistoryStageSchema(Schema):
    """Something on the way, and what decided it."""

    kind = fields.String(required=True)
    element_id = fields.String(required=True)
    definition_id = fields.UUID(required=True)
    choices = fields.List(fields.Nested(TakenFlowSchema), required=True)
    decision = fields.String(required=True)
    version = fields.Integer(required=True, allow_none=True)
    rules = fields.List(fields.Nested(FiredRuleSchema), required=True)


class HistoryEventSchema(Schema):
    """An event of an instance."""

    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    by = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    stages = fields.List(fields.Nested(HistoryStageSchema), required=True)


class InstanceViewSchema(Schema):
    """All that an administrator may see of an instance."""

    id = fields.UUID(attribute="instance.id", required=True)
    status = fields.String(attribute="instance.status", required=True)
    sealed = fields.Boolean(required=True, metadata=said("Of a sealed case only the state is shown"))
    number = fields.String(required=True, allow_none=True)
    tokens = fields.List(fields.Nested(LiveTokenSchema), required=True)
    history = fields.List(
        fields.Nested(HistoryEventSchema), required=True, metadata=said("The newest first, 200 at most")
    )


class ReturnActSchema(CommandSchema):
    """A task to send back."""

    task = fields.UUID(required=True)
    to = fields.String(required=True, validate=NAME, metadata=said("The earlier step's id"))


class TimerActSchema(CommandSchema):
    """A timer to move."""

    token = fields.UUID(required=True)
    due = fields.AwareDateTime(load_default=None, metadata=said("When; none: it fires now"))


class ForeseeSchema(Schema):
    """An act and what it is told, as the act itself takes it."""

    act = fields.String(required=True, validate=ACT)
    incident = fields.Integer()
    variables = fields.Dict(keys=fields.String())
    scope = fields.UUID()
    take = fields.List(fields.UUID())
    add = fields.List(fields.Nested(AdditionSchema))
    move = fields.List(fields.Nested(MoveSchema))
    definition = fields.UUID()
    mapping = fields.Dict(keys=fields.String(), values=fields.String(validate=NAME))
    restart_timers = fields.Boolean()
    task = fields.UUID()
    to = fields.String(validate=NAME)
    token = fields.UUID()
    due = fields.AwareDateTime()

    @validates_schema
    def is_whole(self, data: dict[str, object], **_: object) -> None:
        """Each act is told what it needs."""
        for name in NEEDS.get(str(data.get("act")), ()):
            if name not in data:
                raise ValidationError(NEEDED, name)


class ForeseenSchema(Schema):
    """What an act would do; nothing was changed."""

    status = fields.String(required=True, metadata=said("The instance's afterwards"))
    gone = fields.List(fields.Nested(LiveTokenSchema), required=True, metadata=said("Tokens that go"))
    come = fields.List(fields.Nested(LiveTokenSchema), required=True, metadata=said("Tokens that come"))
    stay = fields.List(fields.Nested(LiveTokenSchema), required=True, metadata=said("Tokens that stay"))
    steps = fields.List(fields.String(), required=True, metadata=said("Elements that would be left on the way"))
    failed = fields.Dict(
        keys=fields.String(), values=Told(allow_none=True), required=True,
        metadata=said("Elements that would fail, and why; null: its case is sealed"),
    )  # fmt: skip
