"""Reports, and following one."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import said


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
