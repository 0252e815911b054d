"""Releases of the studio."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.drafts import DraftFindingSchema, FileChangeSchema
from api.rest.schemas.shared import said
from engine.errors import N_

STEP = validate.OneOf(
    ["approve", "refuse", "withdraw", "roll-back"],
    error=N_("Choose one of: approve, refuse, withdraw, roll-back."),
)


class AskSchema(Schema):
    """Why, and from when."""

    reason = fields.String(required=True)
    effective_at = fields.AwareDateTime(load_default=None, allow_none=True, metadata=said("None: as soon as it may"))


class DecideSchema(Schema):
    """What to do with a release."""

    step = fields.String(required=True, validate=STEP)
    reason = fields.String(load_default="", metadata=said("Needed to refuse and to roll back"))


class PlayedSchema(Schema):
    """What became of a scenario."""

    file = fields.String(required=True)
    name = fields.String(required=True)
    passed = fields.Boolean(required=True)
    step = fields.Integer(required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)


class ReleaseSchema(Schema):
    """A draft on its way to be deployed."""

    id = fields.UUID(required=True)
    draft_id = fields.UUID(required=True)
    bundle = fields.String(required=True)
    title = fields.String(required=True)
    reason = fields.String(required=True)
    asked_by = fields.String(required=True, metadata=said("The account's id"))
    asked_at = fields.AwareDateTime(required=True)
    effective_at = fields.AwareDateTime(required=True)
    state = fields.String(
        required=True, metadata=said("checking, refused, waiting, approved, deployed, failed, withdrawn")
    )
    statutory = fields.List(fields.String(), required=True, metadata=said("Deadlines and timers of the law in it"))
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    deployment_id = fields.UUID(required=True, allow_none=True)
    done_at = fields.AwareDateTime(required=True, allow_none=True)


class ReleaseListSchema(Schema):
    """Releases."""

    items = fields.List(fields.Nested(ReleaseSchema), required=True)


class ReleaseReportSchema(Schema):
    """What is known of a release."""

    release = fields.Nested(ReleaseSchema, required=True)
    findings = fields.List(fields.Nested(DraftFindingSchema), required=True)
    scenarios = fields.List(fields.Nested(PlayedSchema), required=True)
    problem = fields.String(required=True, metadata=said("Why it was refused or failed; empty if neither"))
    changes = fields.List(fields.Nested(FileChangeSchema), required=True)
