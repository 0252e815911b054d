"""Organisations and who mediates for them."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import said
from engine.casework.units import FEES, KINDS


class UnitGivenSchema(Schema):
    """An organisation to add or change."""

    kind = fields.String(required=True, metadata=said(f"{', '.join(KINDS)}"))
    name = fields.String(required=True)
    name_en = fields.String(load_default="", metadata=said("The Chinese name where it is left out"))
    division = fields.String(required=True, metadata=said("Code of its county, town or village"))
    abbreviation = fields.String(required=True, metadata=said("As it stands in numbers of papers; its own alone"))
    legal_basis = fields.String(load_default="")
    fee = fields.String(load_default="free", metadata=said(f"{', '.join(FEES)}"))
    phone = fields.String(load_default="")


class UnitSchema(UnitGivenSchema):
    """An organisation."""

    id = fields.UUID(required=True)
    level = fields.String(required=True)
    last_day = fields.Date(allow_none=True, metadata=said("It was closed; papers up to this day keep its name"))
    successor_id = fields.UUID(allow_none=True, metadata=said("Who took over"))


class ClosingSchema(Schema):
    """How an organisation ends."""

    last_day = fields.Date(required=True, metadata=said("Today or before, not before the day of its last number"))
    successor = fields.UUID(load_default=None, allow_none=True, metadata=said("Needed where something is open"))
    reason = fields.String(required=True, metadata=said("Told to whoever has agreed a visit"))


class SeriesSchema(Schema):
    """A series of numbers."""

    series = fields.String(required=True)
    year = fields.Integer(required=True)
    last = fields.Integer(required=True, metadata=said("The last number given"))


class AccountNamedSchema(Schema):
    """An account."""

    id = fields.UUID(required=True)


class LeftSchema(Schema):
    """What an organisation has open."""

    mediators = fields.List(fields.Pluck(AccountNamedSchema, "id"), required=True, metadata=said("Accounts"))
    open_cases = fields.Integer(required=True, metadata=said("Open cases of these mediators"))
    visits = fields.Integer(required=True, metadata=said("Visits agreed for days to come"))
    series = fields.List(fields.Nested(SeriesSchema), required=True)
    last_numbered = fields.Date(allow_none=True)
    successors = fields.List(fields.Nested(UnitSchema), required=True, metadata=said("Who could take over"))


class PieceSchema(Schema):
    """Which organisations and mediators to list."""

    words = fields.String(load_default="", metadata=said("In their name or that of their place"))
    start = fields.Integer(load_default=0, validate=validate.Range(0, 1_000_000), metadata=said("How many to skip"))


class MediatorGivenSchema(Schema):
    """What the directory is to say of a mediator."""

    unit_id = fields.UUID(required=True)
    specialities = fields.List(fields.String(), required=True, metadata=said("Codes of categories of disputes"))
    languages = fields.List(fields.String(), required=True, metadata=said("Codes of languages"))
    skills = fields.String(load_default="", metadata=said("What else they bring, in a few words"))


class ListedMediatorSchema(MediatorGivenSchema):
    """What the directory says of a mediator."""

    account_id = fields.UUID(required=True)


class UnitListSchema(Schema):
    """Organisations and mediators, at most 100 of each."""

    items = fields.List(fields.Nested(UnitSchema), required=True)
    mediators = fields.List(fields.Nested(ListedMediatorSchema), required=True)
    next = fields.Integer(allow_none=True, metadata=said("The `start` of what comes after these; null: nothing does"))
