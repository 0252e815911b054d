"""Sittings, invitations, clauses."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.shared import GROUND, said
from engine.errors import N_

SIDE = validate.OneOf(["applicant", "respondent"], error=N_("Choose one of: applicant, respondent."))
SPEAKER = validate.OneOf(["applicant", "respondent", ""], error=N_("Choose one of: applicant, respondent."))
PROPOSER = validate.OneOf(
    ["applicant", "respondent", "mediator"], error=N_("Choose one of: applicant, respondent, mediator.")
)
SITTING = validate.OneOf(["session", "hearing", "visit"], error=N_("Choose one of: session, hearing, visit."))
WORDS = validate.Length(max=2000, error=N_("Write at most 2000 characters."))


class AgendaQuerySchema(Schema):
    """From which day to which, both counted."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)
    own = fields.Boolean(load_default=False, metadata=said("Only what you lead"))


class AgendaLinkSchema(Schema):
    """A signed address."""

    address = fields.String(required=True)


class SittingPlanSchema(Schema):
    """What to plan."""

    kind = fields.String(required=True, validate=SITTING, metadata=said("session, hearing or visit"))
    starts_at = fields.AwareDateTime(required=True)
    minutes = fields.Integer(required=True)
    place = fields.String(required=True)


class SittingSchema(SittingPlanSchema):
    """What is planned."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    led_by = fields.UUID(required=True)
    cancelled_at = fields.AwareDateTime(required=True, allow_none=True)
    moved_at = fields.AwareDateTime(required=True, allow_none=True, metadata=said("When it was moved, last"))
    moved_because = fields.String(required=True, metadata=said("Why it was moved; empty where it was not"))


class SittingMoveSchema(Schema):
    """To when and where, and why."""

    starts_at = fields.AwareDateTime(required=True)
    place = fields.String(required=True)
    reason = fields.String(required=True)


class PlannedSittingSchema(Schema):
    """What is planned, and its case."""

    sitting = fields.Nested(SittingSchema, required=True)
    case = fields.Nested(CaseSchema, required=True)
    leader = fields.String(required=True, metadata=said("The name of whoever leads it"))


class PlannedSittingListSchema(Schema):
    """Everything that is planned."""

    items = fields.List(fields.Nested(PlannedSittingSchema), required=True)


class QuickNoteSchema(Schema):
    """What was said."""

    side = fields.String(load_default="", validate=SPEAKER, metadata=said("applicant, respondent or empty"))
    words = fields.String(required=True, validate=WORDS)
    at = fields.AwareDateTime(dump_only=True)
    by = fields.String(dump_only=True)


class QuickNoteListSchema(Schema):
    """All that was said."""

    items = fields.List(fields.Nested(QuickNoteSchema), required=True)


class InviteSchema(Schema):
    """Whom to invite."""

    parties = fields.List(fields.UUID(), required=True)


class ServiceSchema(Schema):
    """How something arrived, and when."""

    how = fields.String(required=True, metadata=said("face, phone, post, message or left"))
    on = fields.Date(required=True)


class InvitationSchema(Schema):
    """An invitation."""

    id = fields.UUID(required=True)
    sitting_id = fields.UUID(required=True)
    party_id = fields.UUID(required=True)
    submission_id = fields.UUID(required=True, metadata=said("The paper on the file"))
    document_id = fields.UUID(required=True, metadata=said("Its number"))
    served_how = fields.String(required=True, allow_none=True)
    served_on = fields.Date(required=True, allow_none=True)


class InvitationListSchema(Schema):
    """Invitations."""

    items = fields.List(fields.Nested(InvitationSchema), required=True)


class TermsSchema(Schema):
    """What a clause says."""

    words = fields.String(required=True, validate=WORDS)
    who = fields.String(load_default="", metadata=said("Who does it"))
    amount = fields.Decimal(load_default=None, allow_none=True, as_string=True, metadata=said("Yuan"))
    due_on = fields.Date(load_default=None, allow_none=True, metadata=said("By when; the first of several days"))
    instalments = fields.Integer(load_default=1, metadata=said("In how many parts"))
    every = fields.String(load_default="month", metadata=said("month or week"))


class ProposalSchema(TermsSchema):
    """What a clause should say, and who proposes it."""

    by = fields.String(load_default="mediator", validate=PROPOSER)
    keep_words = fields.String(load_default="", validate=GROUND, metadata=said("subject, law or harmless"))


class ClauseVersionSchema(TermsSchema):
    """A wording of a clause."""

    number = fields.Integer(required=True)
    proposed_by = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)


class ClauseAnswerSchema(Schema):
    """What a side says."""

    answer = fields.String(required=True, metadata=said("agreed or open"))
    at = fields.AwareDateTime(required=True)


class ClauseSchema(Schema):
    """A clause on the table."""

    id = fields.UUID(attribute="clause.id", required=True)
    state = fields.String(required=True, metadata=said("agreed, changed or open"))
    versions = fields.List(fields.Nested(ClauseVersionSchema), required=True, metadata=said("The newest first"))
    answers = fields.Dict(
        keys=fields.String(), values=fields.Nested(ClauseAnswerSchema), required=True, metadata=said("By side")
    )


class ClauseListSchema(Schema):
    """The clauses on the table."""

    items = fields.List(fields.Nested(ClauseSchema), required=True)


class AnswerSchema(Schema):
    """What a side says to a wording."""

    side = fields.String(required=True, validate=SIDE)
    number = fields.Integer(required=True, metadata=said("Of the version that was read to them"))
    says = fields.String(required=True, metadata=said("agreed or open"))
