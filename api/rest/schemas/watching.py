"""What administrators watch: incidents, jobs, timers, who waits for what; of sealed cases nothing but the state."""

from typing import Any

from marshmallow import Schema, fields, post_dump, validate

from api.rest.schemas.jobs import JobSchema
from api.rest.schemas.shared import PageQuerySchema, Told, said
from engine.errors import N_

JOB_STATE = validate.OneOf(
    ["open", "failed", "completed", "cancelled"], error=N_("Choose one of: open, failed, completed, cancelled.")
)


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
    sealed = fields.Boolean(required=True, metadata=said("Its case is sealed: then only the state is shown"))

    def keep_back(self, written: dict[str, Any]) -> None:
        """Take out what says something of a sealed case."""

    @post_dump
    def keep_sealed(self, written: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Of sealed cases only the state is shown."""
        if written["sealed"]:
            self.keep_back(written)
        return written


class WatchedIncidentSchema(WatchedSchema):
    """A step that failed."""

    id = fields.Integer(attribute="Incident.id", required=True)
    element_id = fields.String(attribute="Incident.element_id", required=True)
    token_id = fields.UUID(attribute="Incident.token_id", required=True)
    code = fields.String(attribute="Incident.code", required=True)
    message = Told(
        attribute="Incident.message", required=True, allow_none=True, metadata=said("What failed, in your language")
    )
    at = fields.AwareDateTime(attribute="Incident.at", required=True)
    resolved_at = fields.AwareDateTime(attribute="Incident.resolved_at", required=True, allow_none=True)

    def keep_back(self, written: dict[str, Any]) -> None:
        """Why it failed."""
        written["message"] = None


class WatchedJobSchema(WatchedSchema):
    """A service job."""

    job = fields.Nested(JobSchema, attribute="ServiceJob", required=True)

    def keep_back(self, written: dict[str, Any]) -> None:
        """Why it failed."""
        written["job"]["problem"] = None


class RunningTimerSchema(Schema):
    """A timer that runs."""

    token_id = fields.UUID(attribute="id", required=True)
    definition_id = fields.UUID(attribute="process_ref", required=True)
    element_id = fields.String(required=True)
    due = fields.AwareDateTime(required=True)


class TimerSchema(WatchedSchema):
    """A timer and the instance that it runs in."""

    timer = fields.Nested(RunningTimerSchema, required=True)


class StartEventSchema(Schema):
    """A start event that begins a process by itself."""

    process = fields.String(attribute="Definition.key", required=True)
    version = fields.Integer(attribute="Definition.version", required=True)
    element_id = fields.String(attribute="StartSubscription.element_id", required=True)
    kind = fields.String(
        attribute="StartSubscription.kind", required=True, metadata=said("timer, message, signal or conditional")
    )
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

    def keep_back(self, written: dict[str, Any]) -> None:
        """What the message must name."""
        written["correlation_key"] = None


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
