"""The studio: the library of what is deployed."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.processes import DefinitionSchema
from api.rest.schemas.shared import said
from engine.errors import N_

THING = validate.OneOf(["process", "decision", "form"], error=N_("Choose one of: process, decision, form."))


class LibraryQuerySchema(Schema):
    """Which part of the library."""

    kind = fields.String(load_default="process", validate=THING, metadata=said("process, decision or form"))
    words = fields.String(load_default="", metadata=said("In the name or the key"))


class EntrySchema(Schema):
    """A version, and how it came."""

    definition = fields.Nested(DefinitionSchema, required=True)
    title = fields.String(required=True, metadata=said("In the reader's language"))
    by = fields.String(required=True, allow_none=True, metadata=said("Who deployed it; none: came with the product"))
    note = fields.String(required=True, metadata=said("Why"))


class LibrarySchema(Schema):
    """The library."""

    items = fields.List(fields.Nested(EntrySchema), required=True)


class UseSchema(Schema):
    """A step of a process that uses something, or a table that asks another."""

    kind = fields.String(attribute="definition.kind", required=True, metadata=said("process or decision"))
    key = fields.String(attribute="definition.key", required=True)
    title = fields.String(required=True, metadata=said("The process or table, in the reader's language"))
    element_id = fields.String(required=True)
    step = fields.String(required=True, metadata=said("The step, in the reader's language"))


class ThingSchema(Schema):
    """One process, decision table or form."""

    versions = fields.List(fields.Nested(EntrySchema), required=True, metadata=said("The newest first"))
    uses = fields.List(fields.Nested(UseSchema), required=True, metadata=said("Where it is used, of what is in force"))
