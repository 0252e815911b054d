"""Households, visits to them, camera points, partners."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import said
from engine.registers.households import MOST
from engine.registers.visits import STATES


class HouseholdSchema(Schema):
    """A household: an address, and nothing about its people but how many they are."""

    id = fields.UUID(dump_only=True)
    division = fields.String(required=True, metadata=said("Code of its grid, or of its village while nobody knows"))
    village_group = fields.String(load_default="", metadata=said("The group (组)"))
    address = fields.String(required=True)
    people = fields.Integer(load_default=None, allow_none=True)
    contact = fields.String(load_default="", metadata=said("A person to ask, who agreed to stand here"))
    phone = fields.String(load_default="")
    consent_on = fields.Date(load_default=None, allow_none=True, metadata=said("The day on which they agreed"))
    source = fields.String(required=True, metadata=said("From where it is known"))
    purpose = fields.String(required=True, metadata=said("What it is kept for"))
    keep_until = fields.Date(required=True, metadata=said("After this day it is deleted; at most three years ahead"))


class HouseholdListSchema(Schema):
    """Households."""

    items = fields.List(fields.Nested(HouseholdSchema), required=True, validate=validate.Length(0, MOST))


class VisitCountsSchema(Schema):
    """How many visits came to what; `open` is left out once the campaign has ended."""

    done = fields.Integer(required=True)
    not_home = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    open = fields.Integer()


class ChecklistSchema(Schema):
    """The households that a campaign visits."""

    households = fields.List(fields.Nested(HouseholdSchema), required=True)
    states = fields.Dict(keys=fields.UUID(), values=fields.String(), required=True, metadata=said("By household"))
    counts = fields.Nested(VisitCountsSchema, required=True)


class HouseholdVisitSchema(Schema):
    """What a visit came to."""

    state = fields.String(
        required=True, validate=validate.OneOf(("", *STATES)), metadata=said("Empty takes it back")
    )  # fmt: skip


class CameraSchema(Schema):
    """A camera point."""

    id = fields.UUID(dump_only=True)
    division = fields.String(required=True, metadata=said("Code of its village or town"))
    place = fields.String(required=True)
    owner = fields.String(required=True, metadata=said("The organ or unit that runs it"))
    kept_days = fields.Integer(required=True, metadata=said("Days for which recordings are kept, at least 30"))
    source = fields.String(required=True, metadata=said("From where that is known"))


class CameraListSchema(Schema):
    """Camera points."""

    items = fields.List(fields.Nested(CameraSchema), required=True)


class PartnerSchema(Schema):
    """Somebody whom a grid or village can ask for help."""

    id = fields.UUID(dump_only=True)
    division = fields.String(required=True, metadata=said("Code of the grid or village"))
    kind = fields.String(required=True, metadata=said("What they are, of the dictionary's partner"))
    account = fields.String(load_only=True, load_default="", metadata=said("Id of their account, where they have one"))
    account_id = fields.UUID(dump_only=True)
    name = fields.String(load_default="", metadata=said("Where they have no account"))
    phone = fields.String(load_default="", metadata=said("With consent alone"))
    consent_on = fields.Date(load_default=None, allow_none=True)
    from_day = fields.Date(load_default=None, allow_none=True, metadata=said("Today where it is left out"))
    to_day = fields.Date(load_default=None, allow_none=True)


class PartnerListSchema(Schema):
    """Partners."""

    items = fields.List(fields.Nested(PartnerSchema), required=True)


class CallSchema(Schema):
    """A call that became no case."""

    id = fields.UUID(dump_only=True)
    at = fields.DateTime(dump_only=True)
    way = fields.String(required=True, metadata=said("phone, visit or message"))
    about = fields.String(required=True, metadata=said("fraud, law, office, progress or other"))
    told = fields.String(required=True, metadata=said("What was told; no name, telephone or identity number"))
    keep_until = fields.Date(dump_only=True, metadata=said("After this day it is deleted"))


class CallGivenSchema(CallSchema):
    """A call to enter."""

    transferred = fields.Boolean(required=True, metadata=said("Whether money was sent; if so, nothing is entered"))


class CallListSchema(Schema):
    """Calls."""

    items = fields.List(fields.Nested(CallSchema), required=True)
