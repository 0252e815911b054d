"""What travels through REST: the shapes of bodies and answers, one class each. Names here are the names in OpenAPI."""

from flask_smorest.fields import Upload as UploadField
from marshmallow import EXCLUDE, Schema, fields, validate

from engine.errors import N_

TO_HUNDRED = validate.Range(1, 100, error=N_("Choose a number from 1 to 100."))
OPEN = validate.OneOf(["", "0", "1"], error=N_("Write 1 for open cases, 0 for closed ones."))

VIEW = validate.OneOf(
    ["all", "mine", "group", "due", "overdue"], error=N_("Choose one of: all, mine, group, due, overdue.")
)
KIND = validate.OneOf(
    ["process", "decision", "form", "labels"], error=N_("Choose one of: process, decision, form, labels.")
)


def said(text: str) -> dict[str, str]:
    """What OpenAPI says about a field."""
    return {"description": text}


class ProblemErrorSchema(Schema):
    """One wrong field."""

    pointer = fields.String(metadata=said("Where in the body, as a JSON pointer"))
    parameter = fields.String(metadata=said("Which parameter of the address"))
    code = fields.String(required=True, metadata=said("A stable word for what is wrong"))
    detail = fields.String(required=True, metadata=said("What is wrong and what to do, in your language"))


class FindingSchema(Schema):
    """What would not run as drawn, or cannot be read."""

    file = fields.String(required=True)
    line = fields.Integer(required=True, allow_none=True)
    element_id = fields.String(required=True, allow_none=True)
    rule = fields.String(required=True, metadata=said("A stable word for the rule"))
    message = fields.String(required=True)
    hint = fields.String(required=True, metadata=said("What to do"))
    severity = fields.String(required=True, metadata=said("error or warning"))


class ProblemSchema(Schema):
    """Why something was refused (RFC 9457). Facts of the refusal stand beside these members."""

    type = fields.String(required=True, metadata=said("Address of the description of this kind of problem"))
    title = fields.String(required=True, metadata=said("The kind of problem, in your language"))
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata=said("What happened and what to do, in your language"))
    instance = fields.String(required=True, metadata=said("The path that was asked"))
    code = fields.String(required=True, metadata=said("A stable word for this kind of problem"))
    request_id = fields.String(metadata=said("Name it when you ask for help"))
    errors = fields.List(fields.Nested(ProblemErrorSchema), metadata=said("Every wrong field"))
    findings = fields.List(fields.Nested(FindingSchema), metadata=said("Of a deployment: every place to mend"))


class PageQuerySchema(Schema):
    """Which part of a list."""

    cursor = fields.String(metadata=said("Where the page before ended; from its `next`"))
    limit = fields.Integer(load_default=25, validate=TO_HUNDRED, metadata=said("How many items at most"))


class CredentialsSchema(Schema):
    """A login and its password."""

    login = fields.String(required=True, validate=validate.Length(1, 100))
    password = fields.String(required=True, load_only=True, validate=validate.Length(1, 1000))


class TokenSchema(Schema):
    """A token: send it as ``Authorization: Bearer …``."""

    token = fields.String(required=True, metadata=said("Shown once; keep it secret"))


class MembershipSchema(Schema):
    """A role, and the division in which it is held."""

    role = fields.String(required=True)
    division = fields.String(required=True, metadata=said("The division's code"))


class MeSchema(Schema):
    """The person who asks."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    locale = fields.String(allow_none=True)
    memberships = fields.List(fields.Nested(MembershipSchema), required=True)


class CaseSchema(Schema):
    """One matter from report to closing. Codes are those of the dictionary; `words` are the speaker's own."""

    id = fields.UUID(required=True)
    number = fields.String(required=True, metadata=said("The number people use"))
    kind = fields.String(required=True)
    category = fields.String(allow_none=True)
    risk = fields.String(allow_none=True, metadata=said("RED, ORANGE, YELLOW, BLUE or GREEN"))
    level = fields.String(allow_none=True, metadata=said("village, town or county: who handles it"))
    stage = fields.String(required=True)
    words = fields.String(required=True)
    place = fields.String(required=True)
    division = fields.String(required=True, metadata=said("Codes from the county down, joined by slashes"))
    urgency = fields.String(required=True)
    source = fields.String(required=True)
    reported_at = fields.AwareDateTime(required=True)
    accepted_at = fields.AwareDateTime(allow_none=True)
    due_on = fields.Date(allow_none=True)
    paused_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String(allow_none=True)
    version = fields.Integer(required=True)


class KeyHeaderSchema(Schema):
    """What makes a request safe to repeat."""

    class Meta:  # other headers are not ours to judge
        unknown = EXCLUDE

    key = fields.String(data_key="Idempotency-Key", metadata=said("16 to 100 characters, such as a UUID"))


class CompletionHeaderSchema(KeyHeaderSchema):
    """What makes completing safe: once only, and only what was read."""

    version = fields.String(data_key="If-Match", metadata=said("The ETag of the task as you read it"))


class AnswersSchema(Schema):
    """Answers to a form, by the keys of its fields (docs/forms.md)."""

    answers = fields.Dict(keys=fields.String(), required=True)


class ReportedSchema(Schema):
    """A report on the ledger."""

    id = fields.UUID(required=True, metadata=said("The case's id"))
    number = fields.String(required=True, metadata=said("The number people use"))
    tracking_code = fields.String(required=True, metadata=said("Shown once; to follow the report with"))


class FollowSchema(Schema):
    """What somebody who reported has in hand."""

    tracking_code = fields.String(required=True, validate=validate.Length(1, 40))
    phone = fields.String(load_default="", validate=validate.Length(0, 40))


class FollowedSchema(Schema):
    """Where a report stands: codes of the dictionary, nothing about anybody else."""

    number = fields.String(required=True)
    stage = fields.String(required=True)
    level = fields.String(allow_none=True)
    reported_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String(allow_none=True)


class TaskSchema(Schema):
    """A step that waits for a person, or did."""

    id = fields.UUID(required=True)
    instance_id = fields.UUID(required=True)
    case_id = fields.UUID(attribute="stream", required=True)
    element_id = fields.String(required=True, metadata=said("The step's id in its diagram"))
    name = fields.String(required=True)
    form_key = fields.String(allow_none=True)
    groups = fields.List(fields.String(), required=True, metadata=said("Roles that may take it"))
    division = fields.String(required=True)
    assignee = fields.String(allow_none=True)
    state = fields.String(required=True, metadata=said("open, completed or cancelled"))
    created_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    completed_by = fields.String(allow_none=True)
    version = fields.Integer(required=True)


class TaskQuerySchema(Schema):
    """Which tasks, and which part of them."""

    view = fields.String(load_default="all", validate=VIEW, metadata=said("all, mine, group, due or overdue"))
    cursor = fields.String(load_default="", metadata=said("Where the page before ended; from its `next`"))
    limit = fields.Integer(load_default=25, validate=TO_HUNDRED, metadata=said("How many items at most"))


class AssigneeSchema(Schema):
    """To whom a task is handed."""

    assignee = fields.UUID(required=True, metadata=said("The colleague's id"))


class RefusalSchema(Schema):
    """Why a task cannot be completed by you now."""

    code = fields.String(required=True, metadata=said("The code of the problem that completing would give"))


class HappenedSchema(Schema):
    """One event of the history."""

    position = fields.Integer(required=True, metadata=said("Its number in the case"))
    kind = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    actor = fields.String(allow_none=True, metadata=said("The account's id"))
    instance = fields.UUID(allow_none=True)
    data = fields.Dict(required=True)
    hash = fields.Function(lambda event: event.hash.hex(), metadata=said("SHA-256, chained to the event before"))


class HappenedListSchema(Schema):
    """What happened in a case."""

    items = fields.List(fields.Nested(HappenedSchema), required=True)


class SubmissionSchema(Schema):
    """A completed form."""

    id = fields.UUID(required=True)
    form_key = fields.String(required=True)
    answers = fields.Dict(required=True)
    by = fields.String(allow_none=True)
    at = fields.AwareDateTime(required=True)


class FiledSchema(Schema):
    """A completed form on a case's file."""

    submission = fields.Nested(SubmissionSchema, required=True)
    title = fields.String(required=True)
    document = fields.String(allow_none=True, metadata=said("The number of the document made of it"))


class FiledListSchema(Schema):
    """A case's file."""

    items = fields.List(fields.Nested(FiledSchema), required=True)


class StepSchema(Schema):
    """A step of a diagram that was reached."""

    element_id = fields.String(attribute="element.id", required=True)
    name = fields.String(attribute="element.name", required=True)
    type = fields.String(attribute="element.type", required=True)
    done = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class StandingSchema(Schema):
    """A process of a case."""

    process = fields.String(attribute="definition.key", required=True)
    version = fields.Integer(attribute="definition.version", required=True)
    definition_id = fields.UUID(attribute="definition.id", required=True)
    steps = fields.List(fields.Nested(StepSchema), required=True)


class StandingListSchema(Schema):
    """Where a case stands."""

    items = fields.List(fields.Nested(StandingSchema), required=True)


class SourceFileSchema(Schema):
    """A file to deploy; its ending says what it is: .bpmn, .dmn, .form.json, labels.en.toml."""

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


class DefinitionQuerySchema(Schema):
    """What kind."""

    kind = fields.String(load_default="process", validate=KIND, metadata=said("process, decision, form or labels"))


class MessageSchema(Schema):
    """A message to a process."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    correlation_key = fields.String(
        required=True,
        validate=validate.Length(1, 200),
        metadata=said("Which of those who wait: of a case's processes the case's id; who names no key takes any"),
    )
    variables = fields.Dict(keys=fields.String(), load_default=dict)


class ReceiverSchema(Schema):
    """The process instance that took a message, or was started by it."""

    instance = fields.UUID(required=True)


class InstanceQuerySchema(Schema):
    """Whose instances."""

    case = fields.UUID(required=True, metadata=said("The case's id"))


class PositionSchema(Schema):
    """A token, and the step it is at."""

    element_id = fields.String(attribute="element.id", required=True, metadata=said("The step's id in its diagram"))
    name = fields.String(attribute="element.name", required=True)
    type = fields.String(attribute="element.type", required=True, metadata=said("As in BPMN, such as userTask"))
    definition_id = fields.UUID(required=True, metadata=said("The diagram: its own, or one that it called"))


class IncidentSchema(Schema):
    """A step that failed by itself; it waits there until somebody tries again."""

    element_id = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)
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


class InstanceListSchema(Schema):
    """Runs of processes."""

    items = fields.List(fields.Nested(InstanceSchema), required=True)


class CasePageSchema(Schema):
    """A page of cases."""

    items = fields.List(fields.Nested(CaseSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=said("The cursor of the next page"))


class WorkSchema(Schema):
    """A task and its case."""

    task = fields.Nested(TaskSchema, required=True)
    case = fields.Nested(CaseSchema, required=True)


class TaskPageSchema(Schema):
    """A page of tasks."""

    items = fields.List(fields.Nested(WorkSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=said("The cursor of the next page"))


class OneTaskSchema(WorkSchema):
    """A task with what is needed to do it."""

    form = fields.Dict(allow_none=True, metadata=said("The form, as form-js defines it; null: nothing is asked"))
    answers = fields.Dict(required=True, metadata=said("Your draft, or what is known already"))
    draft_saved_at = fields.AwareDateTime(allow_none=True)
    refusal = fields.Nested(RefusalSchema, allow_none=True)


class LedgerFilterSchema(Schema):
    """A search of the ledger; what is left out is not asked."""

    words = fields.String(load_default="", metadata=said("In the number, the place, or what was said"))
    kind = fields.String(load_default="")
    category = fields.String(load_default="")
    risk = fields.String(load_default="")
    level = fields.String(load_default="")
    stage = fields.String(load_default="")
    division = fields.String(load_default="", metadata=said("A path of codes; with everything below it"))
    since = fields.String(load_default="", metadata=said("First day of the report, such as 2026-11-23"))
    until = fields.String(load_default="", metadata=said("Last day of the report"))
    open = fields.String(load_default="", validate=OPEN, metadata=said("1 open, 0 closed"))
    overdue = fields.Boolean(load_default=False)


class LedgerQuerySchema(LedgerFilterSchema):
    """A search, and which part of its cases."""

    cursor = fields.String(load_default="", metadata=said("Where the page before ended; from its `next`"))
    limit = fields.Integer(load_default=25, validate=TO_HUNDRED, metadata=said("How many items at most"))


class UploadSchema(Schema):
    """A file that was stored."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata=said("Bytes"))


class DefinitionSchema(Schema):
    """A version of a process, decision table or form, or of the English names of a process."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    key = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    file_name = fields.String(required=True)
    deployed_at = fields.AwareDateTime(required=True)


class DefinitionListSchema(Schema):
    """Definitions."""

    items = fields.List(fields.Nested(DefinitionSchema), required=True)


class ProcessSchema(Schema):
    """The newest version of a process."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    deployed_at = fields.AwareDateTime(required=True)


class ProcessListSchema(Schema):
    """The processes."""

    items = fields.List(fields.Nested(ProcessSchema), required=True)
