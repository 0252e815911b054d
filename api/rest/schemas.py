"""What travels through REST: the shapes of bodies and answers, one class each. Names here are the names in OpenAPI."""

from marshmallow import Schema, fields, validate

from engine.errors import N_

TO_HUNDRED = validate.Range(1, 100, error=N_("Choose a number from 1 to 100."))
OPEN = validate.OneOf(["", "0", "1"], error=N_("Write 1 for open cases, 0 for closed ones."))


def said(text: str) -> dict[str, str]:
    """What OpenAPI says about a field."""
    return {"description": text}


class ProblemErrorSchema(Schema):
    """One wrong field."""

    pointer = fields.String(metadata=said("Where in the body, as a JSON pointer"))
    parameter = fields.String(metadata=said("Which parameter of the address"))
    code = fields.String(required=True, metadata=said("A stable word for what is wrong"))
    detail = fields.String(required=True, metadata=said("What is wrong and what to do, in your language"))


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


class CasePageSchema(Schema):
    """A page of cases."""

    items = fields.List(fields.Nested(CaseSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=said("The cursor of the next page"))


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


class ProcessSchema(Schema):
    """The newest version of a process."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    deployed_at = fields.AwareDateTime(required=True)


class ProcessListSchema(Schema):
    """The processes."""

    items = fields.List(fields.Nested(ProcessSchema), required=True)
