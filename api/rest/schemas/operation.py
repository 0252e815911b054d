"""Running processes in the hands of administrators, and service jobs in those of external workers."""

from marshmallow import EXCLUDE, Schema, fields, validate

from api.rest.schemas.shared import TO_HUNDRED, PageQuerySchema, Told, said
from engine.errors import N_

NAME = validate.Length(1, 200)
TEXT = validate.Length(0, 2000)
SECONDS = validate.Range(1, 3600, error=N_("Choose a number of seconds from 1 to 3600."))
WAIT = validate.Range(0, 20, error=N_("Choose a number of seconds from 0 to 20."))
REST = validate.Range(0, 30 * 24 * 3600, error=N_("Choose a number of seconds up to 30 days."))
TRIES = validate.Range(0, 1000, error=N_("Choose a number from 0 to 1000."))
JOB_STATE = validate.OneOf(
    ["open", "failed", "completed", "cancelled"], error=N_("Choose one of: open, failed, completed, cancelled.")
)
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


class ReturnSchema(CommandSchema):
    """Where a task goes back to."""

    to = fields.String(required=True, validate=NAME, metadata=said("The earlier step's id"))


class VerdictSchema(Schema):
    """Why one cannot go back to a step."""

    code = fields.String(required=True)
    detail = fields.String(required=True)


class ReturnTargetSchema(Schema):
    """An earlier step, and whether one can go back to it."""

    element_id = fields.String(attribute="element.id", required=True)
    name = fields.String(attribute="element.name", required=True)
    done_by = fields.String(required=True, allow_none=True)
    done_at = fields.AwareDateTime(required=True)
    refusal = fields.Nested(VerdictSchema, required=True, allow_none=True, metadata=said("Why not; null: one can"))


class ReturnTargetListSchema(Schema):
    """Earlier steps, the last one first."""

    items = fields.List(fields.Nested(ReturnTargetSchema), required=True)


class DelegationSchema(CommandSchema):
    """Who works on a task for its owner."""

    to = fields.UUID(required=True, metadata=said("The colleague's id"))


class SignersSchema(CommandSchema):
    """Who must agree."""

    people = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 20))
    in_order = fields.Boolean(load_default=False, metadata=said("One after another, as listed; else all at once"))


class SignerSchema(CommandSchema):
    """Who need not agree after all."""

    person = fields.UUID(required=True)


class AgreementAnswerSchema(Schema):
    """Agree, or decline and say why."""

    agrees = fields.Boolean(required=True)
    reason = fields.String(load_default="", validate=TEXT, metadata=REASON)


class SignatureSchema(Schema):
    """Somebody who was asked to agree."""

    person = fields.String(required=True)
    turn = fields.Integer(required=True, allow_none=True, metadata=said("null: asked at once"))
    state = fields.String(required=True, metadata=said("asked, agreed, declined or removed"))
    asked_by = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)


class SignatureListSchema(Schema):
    """Who was asked to agree."""

    items = fields.List(fields.Nested(SignatureSchema), required=True)


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


class ActivationSchema(Schema):
    """What an external worker can do now."""

    types = fields.List(fields.String(validate=NAME), required=True, validate=validate.Length(1, 50))
    worker = fields.String(required=True, validate=NAME, metadata=said("The worker's name, for people"))
    limit = fields.Integer(load_default=10, validate=TO_HUNDRED, metadata=said("How many jobs at most"))
    lock_seconds = fields.Integer(load_default=300, validate=SECONDS, metadata=said("How long they are yours"))
    wait_seconds = fields.Integer(load_default=0, validate=WAIT, metadata=said("How long to wait for a first job"))
    variables = fields.List(
        fields.String(), load_default=None, metadata=said("Names of the variables that you need; none: all")
    )


class JobSchema(Schema):
    """A service task that a worker does."""

    id = fields.UUID(required=True, metadata=said("The token's id: the same at each attempt"))
    type = fields.String(required=True)
    instance_id = fields.UUID(required=True)
    definition_id = fields.UUID(required=True)
    element_id = fields.String(required=True)
    internal = fields.Boolean(required=True, metadata=said("Whether a worker of this house does it"))
    state = fields.String(required=True, metadata=said("open, failed, completed or cancelled"))
    attempts = fields.Integer(required=True, metadata=said("How often it was given out"))
    retries = fields.Integer(required=True, metadata=said("How many attempts are left"))
    due_at = fields.AwareDateTime(
        required=True, metadata=said("Not before then it is given out: its rest, or the end of its lock")
    )
    worker = fields.String(required=True, allow_none=True, metadata=said("Who had it last"))
    problem = Told(required=True, allow_none=True, metadata=said("What the last failed attempt said"))
    created_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class ActivatedSchema(Schema):
    """A job that is yours until its lock ends."""

    job = fields.Nested(JobSchema, required=True)
    lock = fields.UUID(required=True, attribute="job.lock", metadata=said("Say it when you complete or fail the job"))
    case_id = fields.UUID(attribute="instance.stream", required=True)
    parameters = fields.Dict(required=True, metadata=said("What the step's input mappings give"))
    variables = fields.Dict(required=True, metadata=said("All that is in sight of the step, or what you asked for"))
    properties = fields.Dict(attribute="waiting.element.properties", required=True)


class ActivatedListSchema(Schema):
    """Jobs that are yours now."""

    items = fields.List(fields.Nested(ActivatedSchema), required=True)


class LockSchema(Schema):
    """A job in your hands."""

    lock = fields.UUID(required=True)


class JobDoneSchema(LockSchema):
    """What a job gives; the step's output mappings decide what of it the process keeps."""

    variables = variables()


class JobFailedSchema(LockSchema):
    """An attempt that failed."""

    message = fields.String(required=True, validate=TEXT, metadata=said("What went wrong; nothing about people"))
    retries = fields.Integer(load_default=None, validate=TRIES, metadata=said("Attempts left; none: one less"))
    rest_seconds = fields.Integer(load_default=None, validate=REST, metadata=said("Not before; none: the diagram's"))


class JobErrorSchema(LockSchema):
    """An error of the diagram."""

    code = fields.String(required=True, validate=NAME)
    message = fields.String(load_default="", validate=TEXT)
    variables = variables()


class ExtensionSchema(LockSchema):
    """A lock to keep."""

    lock_seconds = fields.Integer(required=True, validate=SECONDS, metadata=said("From now"))


class WatchQuerySchema(PageQuerySchema):
    """Which part of a list."""

    process = fields.String(load_default="", metadata=said("Only instances of this process, by its key"))


class IncidentQuerySchema(WatchQuerySchema):
    """Which incidents."""

    code = fields.String(load_default="")
    resolved = fields.Boolean(load_default=False)


class JobQuerySchema(WatchQuerySchema):
    """Which jobs."""

    state = fields.String(load_default="open", validate=JOB_STATE)
    type = fields.String(load_default="")


class MessageQuerySchema(PageQuerySchema):
    """Which messages."""

    name = fields.String(load_default="")


class SubscriptionQuerySchema(WatchQuerySchema):
    """Who waits for what."""

    name = fields.String(load_default="")


class WatchedSchema(Schema):
    """Whose it is."""

    process = fields.String(attribute="Definition.key", required=True)
    version = fields.Integer(attribute="Definition.version", required=True)
    instance_id = fields.UUID(attribute="Instance.id", required=True)
    case_id = fields.UUID(attribute="Instance.stream", required=True, metadata=said("Its own id if it has no case"))


class WatchedIncidentSchema(WatchedSchema):
    """A step that failed."""

    id = fields.Integer(attribute="Incident.id", required=True)
    element_id = fields.String(attribute="Incident.element_id", required=True)
    token_id = fields.UUID(attribute="Incident.token_id", required=True)
    code = fields.String(attribute="Incident.code", required=True)
    message = Told(attribute="Incident.message", required=True, metadata=said("What failed, in your language"))
    at = fields.AwareDateTime(attribute="Incident.at", required=True)
    resolved_at = fields.AwareDateTime(attribute="Incident.resolved_at", required=True, allow_none=True)


class WatchedJobSchema(WatchedSchema):
    """A service job."""

    job = fields.Nested(JobSchema, attribute="ServiceJob", required=True)


class RunningTimerSchema(Schema):
    """A timer that runs."""

    token_id = fields.UUID(attribute="id", required=True)
    definition_id = fields.UUID(attribute="process_ref", required=True)
    element_id = fields.String(required=True)
    due = fields.AwareDateTime(required=True)


class TimerSchema(WatchedSchema):
    """An instance whose next timer is due then, and all its timers, the next one first."""

    wake_at = fields.AwareDateTime(attribute="Instance.wake_at", required=True)
    timers = fields.List(fields.Nested(RunningTimerSchema), required=True)


class StartEventSchema(Schema):
    """A start event that begins a process by itself."""

    process = fields.String(attribute="Definition.key", required=True)
    version = fields.Integer(attribute="Definition.version", required=True)
    element_id = fields.String(attribute="StartSubscription.element_id", required=True)
    kind = fields.String(attribute="StartSubscription.kind", required=True, metadata=said("timer, message or signal"))
    name = fields.String(attribute="StartSubscription.name", required=True)
    due = fields.AwareDateTime(attribute="StartSubscription.due_at", required=True, allow_none=True)


class StartEventListSchema(Schema):
    """What begins processes by itself."""

    items = fields.List(fields.Nested(StartEventSchema), required=True)


class SubscriptionSchema(WatchedSchema):
    """Somebody who waits for a message or a signal."""

    kind = fields.String(attribute="Subscription.kind", required=True, metadata=said("message or signal"))
    name = fields.String(attribute="Subscription.name", required=True)
    correlation_key = fields.String(attribute="Subscription.correlation_key", required=True, allow_none=True)
    element_id = fields.String(attribute="Subscription.element_id", required=True)
    since = fields.AwareDateTime(attribute="Subscription.created_at", required=True)


class StoredMessageSchema(Schema):
    """A message or signal that nobody has taken yet; what it says is not shown."""

    id = fields.UUID(attribute="Message.id", required=True)
    kind = fields.String(attribute="Message.kind", required=True)
    name = fields.String(attribute="Message.name", required=True)
    correlation_key = fields.String(attribute="Message.correlation_key", required=True, allow_none=True)
    sender = fields.UUID(attribute="Message.sender", required=True, allow_none=True)
    sent_at = fields.AwareDateTime(attribute="Message.sent_at", required=True)
    expires_at = fields.AwareDateTime(attribute="Message.expires_at", required=True)


class IncidentPageSchema(Schema):
    """Part of the incidents."""

    items = fields.List(fields.Nested(WatchedIncidentSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class JobPageSchema(Schema):
    """Part of the service jobs."""

    items = fields.List(fields.Nested(WatchedJobSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class TimerPageSchema(Schema):
    """Part of the timers."""

    items = fields.List(fields.Nested(TimerSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class SubscriptionPageSchema(Schema):
    """Part of those who wait."""

    items = fields.List(fields.Nested(SubscriptionSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class StoredMessagePageSchema(Schema):
    """Part of the messages."""

    items = fields.List(fields.Nested(StoredMessageSchema), required=True)
    next = fields.String(required=True, allow_none=True)
