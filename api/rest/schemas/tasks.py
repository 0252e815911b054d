"""Tasks, with what is needed to do them."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.cases import CaseSchema, FiledSchema
from api.rest.schemas.operation import REASON, TEXT
from api.rest.schemas.shared import KeyHeaderSchema, PageQuerySchema, said
from engine.casework.work import ORDERS
from engine.errors import N_

VIEW = validate.OneOf(
    ["all", "mine", "group", "due", "overdue", "sign", "delegated"],
    error=N_("Choose one of: all, mine, group, due, overdue, sign, delegated."),
)
SORT = validate.OneOf(list(ORDERS), error=N_("Choose one of: urgent, due, oldest, newest."))


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
    owner = fields.String(allow_none=True, metadata=said("Who has delegated it to the assignee"))
    signatures = fields.Integer(metadata=said("How many people must still agree"))
    state = fields.String(required=True, metadata=said("open, completed or cancelled"))
    created_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    completed_by = fields.String(allow_none=True)
    version = fields.Integer(required=True)


class WorkQuerySchema(Schema):
    """Which tasks."""

    view = fields.String(
        load_default="all", validate=VIEW, metadata=said("all, mine, group, due, overdue, sign or delegated")
    )
    words = fields.String(load_default="", metadata=said("In the case's number, words or place"))
    place = fields.String(load_default="", metadata=said("The path of a division: there and below"))
    kind = fields.String(load_default="", metadata=said("The case's kind"))
    due = fields.String(load_default="", metadata=said("today, week or none"))
    waiting = fields.String(load_default="", metadata=said("Days waited at least: 1, 3, 7 or 30"))


class TaskQuerySchema(WorkQuerySchema, PageQuerySchema):
    """Which tasks, in which order, and which part of them."""

    sort = fields.String(load_default="urgent", validate=SORT, metadata=said("urgent, due, oldest or newest"))


class ChangesSchema(Schema):
    """What can change in a list of tasks."""

    versions = fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=said("By task"))


class DueSchema(Schema):
    """Until when something should be done: its own time, else the next deadline of its case."""

    at = fields.AwareDateTime(required=True)
    law = fields.String(required=True, metadata=said("The article that says so; empty where none does"))
    name = fields.String(metadata=said("The deadline's name in the catalogue"))


class GivenBackSchema(Schema):
    """Why a task is given back; it may be left out."""

    reason = fields.String(load_default="", validate=TEXT, metadata=REASON)


class AssigneeSchema(GivenBackSchema):
    """To whom a task is handed."""

    assignee = fields.UUID(required=True, metadata=said("The colleague's id"))


class CompletionHeaderSchema(KeyHeaderSchema):
    """What makes completing safe: once only, and only what was read."""

    version = fields.String(data_key="If-Match", metadata=said("The ETag of the task as you read it"))


class RefusalSchema(Schema):
    """Why a task cannot be completed by you now."""

    code = fields.String(required=True, metadata=said("The code of the problem that completing would give"))


class WorkSchema(Schema):
    """A task and its case."""

    task = fields.Nested(TaskSchema, required=True)
    case = fields.Nested(CaseSchema, required=True)
    due = fields.Nested(DueSchema, allow_none=True)


class TaskPageSchema(Schema):
    """A page of tasks."""

    items = fields.List(fields.Nested(WorkSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=said("The cursor of the next page"))


class OneTaskSchema(WorkSchema):
    """A task with what is needed to do it."""

    form = fields.Dict(allow_none=True, metadata=said("The form, as form-js defines it; null: nothing is asked"))
    answers = fields.Dict(required=True, metadata=said("Your draft, or what is known already"))
    proposal = fields.Dict(
        allow_none=True,
        metadata=said("What the rules propose: gate, route, risk, level, category, deadlines, reasons and articles"),
    )
    draft_saved_at = fields.AwareDateTime(allow_none=True)
    laid = fields.List(
        fields.Nested(FiledSchema), required=True, metadata=said("What of the file lies before whoever does the step")
    )
    refusal = fields.Nested(RefusalSchema, allow_none=True)
