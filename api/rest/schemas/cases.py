"""Cases: facts, history, file, where they stand; the ledger of them."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.law import CatalogueEntrySchema
from api.rest.schemas.shared import PageQuerySchema, said
from engine.errors import N_

OPEN = validate.OneOf(["", "0", "1"], error=N_("Write 1 for open cases, 0 for closed ones."))


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


class DivisionSchema(Schema):
    """Where a case really happened."""

    division = fields.String(required=True, metadata=said("The code of a town or village, such as 610927103207"))


class CaseDeadlineSchema(Schema):
    """A deadline of a case: its entry of the catalogue is that of `key` which is in force from `law_of`."""

    key = fields.String(required=True)
    law_of = fields.Date(required=True)
    state = fields.String(required=True, metadata=said("running, suspended, met or cancelled"))
    started_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    displayed_on = fields.Date(required=True, metadata=said("The last day as citizens are told it"))
    suspended_at = fields.AwareDateTime(allow_none=True)
    suspended_for = fields.String(allow_none=True, metadata=said("The ground of the article: appraisal or hearing"))
    extension = fields.String(allow_none=True, metadata=said("By how long it was extended, such as P30D or WD10"))
    extension_approved_by = fields.String(
        allow_none=True, metadata=said("The account's id, or the name of who approved in another house")
    )
    extension_reason = fields.String(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)


class CaseDeadlinesSchema(Schema):
    """The deadlines of a case."""

    items = fields.List(fields.Nested(CaseDeadlineSchema), required=True)
    coming = fields.List(fields.Nested(CatalogueEntrySchema), required=True, metadata=said("Those of the steps ahead"))


class CasePageSchema(Schema):
    """A page of cases."""

    items = fields.List(fields.Nested(CaseSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=said("The cursor of the next page"))


class LayoutSchema(Schema):
    """A ledger in the county's own layout."""

    key = fields.String(required=True)
    name = fields.String(required=True)


class LayoutListSchema(Schema):
    """The county's layouts."""

    items = fields.List(fields.Nested(LayoutSchema), required=True)


class OverdueSchema(Schema):
    """A petition past its day: who answers for it, and how late it is."""

    number = fields.String(required=True)
    division = fields.String(attribute="division.path", metadata=said("A path of codes"))
    organ = fields.String(required=True, metadata=said("Empty: not passed on yet"))
    leader = fields.String(required=True, metadata=said("Empty: the letter names nobody"))
    deadline = fields.String(required=True)
    law = fields.String(required=True)
    due_on = fields.Date(required=True)
    days = fields.Integer(required=True, metadata=said("Calendar days since its day"))
    steps = fields.List(fields.String(), required=True, metadata=said("What is open in it"))


class OverdueListSchema(Schema):
    """The overdue petitions of a joint meeting."""

    items = fields.List(fields.Nested(OverdueSchema), required=True)


class LedgerFilterSchema(Schema):
    """A search of the ledger; what is left out is not asked."""

    words = fields.String(load_default="", metadata=said("In the number, the place, or what was said"))
    kind = fields.String(load_default="", metadata=said("One or more codes, with commas between; none: without one"))
    category = fields.String(load_default="")
    risk = fields.String(load_default="", metadata=said("Such as RED,ORANGE"))
    level = fields.String(load_default="")
    stage = fields.String(load_default="")
    division = fields.String(load_default="", metadata=said("A path of codes; with everything below it"))
    since = fields.String(load_default="", metadata=said("First day of the report, such as 2026-11-23"))
    until = fields.String(load_default="", metadata=said("Last day of the report"))
    open = fields.String(load_default="", validate=OPEN, metadata=said("1 open, 0 closed"))
    overdue = fields.Boolean(load_default=False)
    closed_since = fields.String(load_default="", metadata=said("First day of the closing"))
    closed_until = fields.String(load_default="", metadata=said("Last day of the closing"))
    own_work = fields.String(load_default="", metadata=said("0: without campaigns and patrols"))
    zone = fields.String(
        load_default="", metadata=said("1: geological hazards with a danger zone in force (marked and not yet lifted)")
    )


class LedgerQuerySchema(LedgerFilterSchema, PageQuerySchema):
    """A search, and which part of its cases."""


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
    """A completed form; identity numbers are masked."""

    id = fields.UUID(attribute="submission.id", required=True)
    form_key = fields.String(attribute="submission.form_key", required=True)
    answers = fields.Dict(required=True)
    by = fields.String(attribute="submission.by", allow_none=True)
    at = fields.AwareDateTime(attribute="submission.at", required=True)


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


class UploadSchema(Schema):
    """A file that was stored."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata=said("Bytes"))
