"""How processes go."""

from typing import Any

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class Seconds(fields.Float):
    """A length of time in seconds."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return super()._serialize(value.total_seconds() if value is not None else None, attr, obj, **more)


def seconds(text: str) -> Seconds:
    """A length of time."""
    return Seconds(required=True, allow_none=True, metadata=said(text))


class InsightQuerySchema(Schema):
    """Which instances."""

    version = fields.Integer(load_default=None, metadata=said("Only of this version; none: of all"))
    since = fields.Date(load_default=None, metadata=said("Begun on this day or later; none: 90 days back"))
    until = fields.Date(load_default=None, metadata=said("Begun on this day or before; none: today"))


class StaySchema(Schema):
    """An element."""

    element_id = fields.String(required=True)
    visits = fields.Integer(required=True, metadata=said("How often a token came"))
    instances = fields.Integer(required=True, metadata=said("In how many instances"))
    again = fields.Integer(required=True, metadata=said("How often one came back: visits without the first ones"))
    left = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)
    median = seconds("Seconds from coming to leaving; of those that were not cancelled")
    p90 = seconds("Nine of ten took at most so many seconds")


class WaySchema(Schema):
    """Steps in the order in which they were left."""

    steps = fields.List(fields.String(), required=True)
    instances = fields.Integer(required=True)
    median = seconds("Seconds from begin to end")


class WalkedSchema(Schema):
    """What came of the instances."""

    begun = fields.Integer(required=True)
    ended = fields.Integer(required=True)
    median = seconds("Seconds from begin to end")
    stays = fields.List(fields.Nested(StaySchema), required=True)
    flows = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, metadata=said("How often each flow was taken")
    )
    ways = fields.List(fields.Nested(WaySchema), required=True, metadata=said("The most frequent ones, of what ended"))


class KeptSchema(Schema):
    """How often a time was kept."""

    in_time = fields.Integer(required=True)
    late = fields.Integer(required=True)
    running = fields.Integer(required=True)


class InsightSchema(Schema):
    """How a process went."""

    since = fields.Date(required=True)
    until = fields.Date(required=True)
    walked = fields.Nested(WalkedSchema, required=True)
    due = fields.Dict(
        keys=fields.String(), values=fields.Nested(KeptSchema), required=True, metadata=said("By step with a due date")
    )
    deadlines = fields.Dict(
        keys=fields.String(), values=fields.Nested(KeptSchema), required=True,
        metadata=said("By deadline of the law that the diagram names"),
    )  # fmt: skip
