"""Working with colleagues."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.shared import GROUND, said
from api.rest.schemas.tasks import TaskSchema
from engine.casework.bulk_handing import MOST
from engine.errors import N_


class HandOverSchema(Schema):
    """Which tasks, and to whom."""

    tasks = fields.List(
        fields.UUID(), required=True, validate=validate.Length(1, MOST, error=N_("Name 1 to 100 tasks."))
    )
    to = fields.UUID(required=True, metadata=said("The colleague's id"))


class TaskListSchema(Schema):
    """Several tasks."""

    items = fields.List(fields.Nested(TaskSchema), required=True)


class PlannedRefusalSchema(Schema):
    """Why a task would stay."""

    code = fields.String(required=True)
    detail = fields.String(required=True)


class PlannedSchema(Schema):
    """What would become of a task."""

    task = fields.Nested(TaskSchema, required=True)
    refusal = fields.Nested(PlannedRefusalSchema, required=True, allow_none=True)


class PlanSchema(Schema):
    """What would become of several tasks."""

    items = fields.List(fields.Nested(PlannedSchema), required=True)


class NewAbsenceSchema(Schema):
    """Days away, and who covers."""

    cover_id = fields.UUID(required=True, metadata=said("The colleague's id"))
    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True, metadata=said("The last day"))


class AbsenceSchema(NewAbsenceSchema):
    """Somebody's days away."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True, metadata=said("Who is away"))
    made_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True, metadata=said("When they said that they are back"))


class AbsenceListSchema(Schema):
    """Absences that are not over."""

    items = fields.List(fields.Nested(AbsenceSchema), required=True)


class MentionSchema(Schema):
    """A remark that names you."""

    case = fields.Nested(CaseSchema, required=True)
    words = fields.String(required=True)
    by = fields.String(required=True, metadata=said("The name of who wrote it"))
    at = fields.AwareDateTime(required=True)


class MentionListSchema(Schema):
    """Remarks that name you."""

    items = fields.List(fields.Nested(MentionSchema), required=True)


class NoteSchema(Schema):
    """A remark."""

    id = fields.UUID(required=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    words = fields.String(required=True)


class NoteListSchema(Schema):
    """Remarks."""

    items = fields.List(fields.Nested(NoteSchema), required=True)


class NewNoteSchema(Schema):
    """A remark to write."""

    words = fields.String(required=True, validate=validate.Length(max=5000, error=N_("Write at most 5000 characters.")))
    keep_words = fields.String(load_default="", validate=GROUND, metadata=said("subject, law or harmless"))
