"""Organisations and who mediates for them."""

from marshmallow import Schema, fields

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


class MediatorGivenSchema(Schema):
    """What the directory is to say of a mediator."""

    unit_id = fields.UUID(required=True)
    specialities = fields.List(fields.String(), required=True, metadata=said("Codes of categories of disputes"))
    languages = fields.List(fields.String(), required=True, metadata=said("Codes of languages"))


class ListedMediatorSchema(MediatorGivenSchema):
    """What the directory says of a mediator."""

    account_id = fields.UUID(required=True)


class UnitListSchema(Schema):
    """Organisations and mediators."""

    items = fields.List(fields.Nested(UnitSchema), required=True)
    mediators = fields.List(fields.Nested(ListedMediatorSchema), required=True)
