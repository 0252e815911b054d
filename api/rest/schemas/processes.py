"""Processes: what is deployed, what runs, messages to it."""

from typing import Any

from flask_smorest.fields import Upload as UploadField
from marshmallow import Schema, fields, post_dump, validate

from api.rest.schemas.problems import FindingSchema
from api.rest.schemas.shared import Told, said
from engine.casework.running import Running
from engine.errors import N_

KIND = validate.OneOf(
    ["process", "decision", "form", "labels", "bundle", "scenario"],
    error=N_("Choose one of: process, decision, form, labels, bundle, scenario."),
)


class ProcessSchema(Schema):
    """The newest version of a process."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    deployed_at = fields.AwareDateTime(required=True)


class ProcessListSchema(Schema):
    """The processes."""

    items = fields.List(fields.Nested(ProcessSchema), required=True)


class DefinitionQuerySchema(Schema):
    """What kind."""

    kind = fields.String(
        load_default="process", validate=KIND, metadata=said("process, decision, form, labels, bundle or scenario")
    )
    key = fields.String(load_default="", metadata=said("All versions of this key; none: the newest of each"))


class DefinitionSchema(Schema):
    """A version of a process, decision table or form, or of the English names of a process."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    key = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    version_tag = fields.String(required=True, allow_none=True, metadata=said("What the diagram calls this version"))
    file_name = fields.String(required=True)
    deployed_at = fields.AwareDateTime(required=True)


class DefinitionListSchema(Schema):
    """Definitions."""

    items = fields.List(fields.Nested(DefinitionSchema), required=True)


class DeployedSchema(DefinitionListSchema):
    """What was deployed, and what is worth a look."""

    findings = fields.List(
        fields.Nested(FindingSchema),
        required=True,
        metadata=said("Warnings: what runs as drawn, and perhaps not as meant, such as a step that waits for ever"),
    )


class SourceFileSchema(Schema):
    """A file to deploy; its name says what it is: .bpmn, .dmn, .form.json, labels.en.toml, bundle.toml, .yaml."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    content = fields.String(required=True)


class DeploymentSchema(Schema):
    """Files to deploy together."""

    files = fields.List(fields.Nested(SourceFileSchema), required=True, validate=validate.Length(1, 200))
    note = fields.String(load_default="", metadata=said("Why, for those who look at it later"))


class UploadedDeploymentSchema(Schema):
    """The same as multipart/form-data: each file as it is, byte for byte."""

    files = fields.List(UploadField(), required=True, validate=validate.Length(1, 200))


class NoteSchema(Schema):
    """What stands beside the files of a multipart request."""

    note = fields.String(load_default="")


class MessageSchema(Schema):
    """A message to a process."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    correlation_key = fields.String(
        required=True,
        validate=validate.Length(1, 200),
        metadata=said("Which of those who wait: of a case's processes the case's id; who names no key takes any"),
    )
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    keep_seconds = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 2_592_000, error=N_("Choose a number from 0 to 2592000.")),
        metadata=said("How long it is kept if nobody waits, up to thirty days; 0: then it is refused"),
    )


class ReceiverSchema(Schema):
    """The process instance that took a message, or was started by it; none if the message is kept."""

    instance = fields.UUID(required=True, allow_none=True)


class InstanceQuerySchema(Schema):
    """Whose instances."""

    case = fields.UUID(required=True, metadata=said("The case's id"))


class PositionSchema(Schema):
    """A token, and the step it is at."""

    token_id = fields.UUID(attribute="id", required=True)
    element_id = fields.String(attribute="element.id", required=True, metadata=said("The step's id in its diagram"))
    name = fields.String(attribute="element.name", required=True)
    type = fields.String(attribute="element.type", required=True, metadata=said("As in BPMN, such as userTask"))
    definition_id = fields.UUID(required=True, metadata=said("The diagram: its own, or one that it called"))


class IncidentSchema(Schema):
    """A step that failed by itself; it waits there until somebody tries again."""

    id = fields.Integer(required=True)
    element_id = fields.String(required=True)
    code = fields.String(required=True)
    message = Told(required=True, allow_none=True, metadata=said("Why, in your language; null: its case is sealed"))
    at = fields.AwareDateTime(required=True)


class InstanceSchema(Schema):
    """A run of a process."""

    id = fields.UUID(attribute="instance.id", required=True)
    process = fields.String(attribute="definition.key", required=True)
    version = fields.Integer(attribute="definition.version", required=True, metadata=said("Of the process"))
    definition_id = fields.UUID(attribute="definition.id", required=True)
    case_id = fields.UUID(attribute="instance.stream", required=True, metadata=said("Its own id if it has no case"))
    status = fields.String(
        attribute="instance.status", required=True, metadata=said("active, suspended, completed or cancelled")
    )
    started_at = fields.AwareDateTime(attribute="instance.started_at", required=True)
    ended_at = fields.AwareDateTime(attribute="instance.ended_at", required=True, allow_none=True)
    wake_at = fields.AwareDateTime(
        attribute="instance.wake_at", required=True, allow_none=True, metadata=said("When its next timer is due")
    )
    tokens = fields.List(fields.Nested(PositionSchema), required=True)
    incidents = fields.List(fields.Nested(IncidentSchema), required=True)

    @post_dump(pass_original=True)
    def keep_sealed(self, written: dict[str, Any], running: Running, **_: Any) -> dict[str, Any]:
        """Of what is sealed nobody is told why it failed."""
        for incident in written["incidents"] if running.sealed else ():
            incident["message"] = None
        return written


class InstanceListSchema(Schema):
    """Runs of processes."""

    items = fields.List(fields.Nested(InstanceSchema), required=True)
