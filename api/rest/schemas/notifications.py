"""Notifications, how somebody wants to be told, the outbox."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import PageQuerySchema, said
from engine.notifications.kinds import CHANNELS


class ToldSchema(Schema):
    """A notification."""

    id = fields.UUID(attribute="notification.id", required=True)
    kind = fields.String(required=True)
    text = fields.String(required=True, metadata=said("In the language that was asked for"))
    case = fields.UUID(attribute="notification.case_id", allow_none=True, metadata=said("The case's id"))
    at = fields.AwareDateTime(attribute="notification.at", required=True)
    read_at = fields.AwareDateTime(attribute="notification.read_at", allow_none=True)


class ToldPageSchema(Schema):
    """Part of one's notifications, newest first, and how many are unread (up to a hundred are counted)."""

    items = fields.List(fields.Nested(ToldSchema), required=True)
    unread = fields.Integer(required=True)
    next = fields.String(allow_none=True)


class ToldQuerySchema(PageQuerySchema):
    """Which part of one's notifications."""

    unread = fields.Boolean(load_default=False, metadata=said("Only those that are unread"))


class ReadSchema(Schema):
    """What was read: these notifications, or all without a list."""

    ids = fields.List(fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=100))


class PreferenceSchema(Schema):
    """How somebody wants to be told."""

    email = fields.String(required=True, validate=validate.Length(max=254))
    phone = fields.String(required=True, validate=validate.Length(max=40))
    quiet_from = fields.Time(required=True, metadata=said("The county's time; only red matters are sent from here"))
    quiet_to = fields.Time(required=True, metadata=said("to here"))
    choices = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String(validate=validate.OneOf(CHANNELS))), required=True,
        metadata=said("By kind the channels: product, email, gateway; kinds that are left out stay as is usual"),
    )  # fmt: skip


class DeliverySchema(Schema):
    """A message that leaves the house."""

    id = fields.UUID(required=True)
    channel = fields.String(required=True, metadata=said("email or gateway"))
    account = fields.UUID(attribute="account_id", allow_none=True, metadata=said("Empty for a villager's phone"))
    kind = fields.String(required=True)
    state = fields.String(required=True, metadata=said("waiting, sent, failed or cancelled"))
    attempts = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(allow_none=True)
    problem = fields.String(allow_none=True)


class DeliveryPageSchema(Schema):
    """Part of the outbox, newest first."""

    items = fields.List(fields.Nested(DeliverySchema), required=True)
    next = fields.String(allow_none=True)


class DeliveryQuerySchema(PageQuerySchema):
    """Which part of the outbox."""

    state = fields.String(load_default="", validate=validate.OneOf(["", "waiting", "sent", "failed", "cancelled"]))
