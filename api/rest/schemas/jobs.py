"""Service jobs in the hands of external workers."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.operation import NAME, TEXT, variables
from api.rest.schemas.shared import TO_HUNDRED, Told, said
from engine.errors import N_

SECONDS = validate.Range(1, 3600, error=N_("Choose a number of seconds from 1 to 3600."))
WAIT = validate.Range(0, 20, error=N_("Choose a number of seconds from 0 to 20."))
TRIES = validate.Range(0, 1000, error=N_("Choose a number from 0 to 1000."))
REST = validate.Range(0, 30 * 24 * 3600, error=N_("Choose a number of seconds up to 30 days."))


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
