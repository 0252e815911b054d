"""Boards of leaders and the centres."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said
from engine.ledger.board import NOW
from engine.ledger.movements import PAST

HIDDEN = "Null where it is too small to be told to you"


class BoardQuerySchema(Schema):
    """Which board."""

    division = fields.String(load_default="", metadata=said("A path of codes; your own where it is left out"))
    period = fields.String(load_default="week", metadata=said("What the past is told by: week or month"))


class DivisionQuerySchema(Schema):
    """Which division."""

    division = fields.String(load_default="", metadata=said("A path of codes; your own where it is left out"))


NowSchema = Schema.from_dict(
    {name: fields.Integer(required=True, allow_none=True, metadata=said(HIDDEN)) for name in NOW}, name="BoardNowSchema"
)
PastSchema = Schema.from_dict(
    {name: fields.Integer(required=True, allow_none=True, metadata=said(HIDDEN)) for name in PAST},
    name="BoardPastSchema",
)


class BoardPeriodSchema(Schema):
    """One week or month."""

    since = fields.Date(required=True)
    until = fields.Date(required=True)
    running = fields.Boolean(required=True, metadata=said("It is not over yet"))
    told = fields.Nested(PastSchema, required=True)


class BoardSchema(Schema):
    """What is open, late and at risk, by place and level, and what came and went."""

    division = fields.String(attribute="division.path", required=True)
    at = fields.DateTime(required=True, metadata=said("When it was counted"))
    now = fields.Nested(NowSchema, required=True)
    places = fields.Dict(keys=fields.String(), values=fields.Nested(NowSchema), required=True)
    levels = fields.Dict(
        keys=fields.String(), values=fields.Nested(NowSchema), required=True,
        metadata=said("village, town, county; empty where nobody has decided yet"),
    )  # fmt: skip
    past = fields.List(fields.Nested(BoardPeriodSchema), required=True, metadata=said("Oldest first"))


class BoardStepSchema(Schema):
    """One step of a process."""

    element = fields.String(attribute="element.id", required=True)
    name = fields.String(attribute="element.name", required=True)
    waiting = fields.Integer(required=True, allow_none=True, metadata=said(HIDDEN))
    since = fields.DateTime(required=True, allow_none=True, metadata=said("Since when the oldest waits"))
    done = fields.Integer(required=True, allow_none=True, metadata=said("In the last 90 days. " + HIDDEN))
    median = fields.TimeDelta(
        precision="seconds", required=True, allow_none=True, metadata=said("Seconds from open to done")
    )


class ProcessBoardSchema(Schema):
    """How many wait at each step of a process, and how long a step takes."""

    process = fields.String(attribute="definition.key", required=True)
    division = fields.String(required=True)
    at = fields.DateTime(required=True)
    steps = fields.List(fields.Nested(BoardStepSchema), required=True)
