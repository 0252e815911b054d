"""Drafts of the studio."""

from flask_smorest.fields import Upload as UploadField
from marshmallow import EXCLUDE, Schema, fields, validate

from api.rest.schemas.shared import said
from api.rest.schemas.studio import THING


class DraftFileSchema(Schema):
    """A file of a draft."""

    name = fields.String(required=True)
    number = fields.Integer(required=True, metadata=said("Of its state; the ETag of its content"))
    base = fields.UUID(required=True, allow_none=True, metadata=said("The version in force that it was begun from"))
    changed_at = fields.AwareDateTime(required=True)
    changed_by = fields.String(required=True, metadata=said("The account's id"))


class StudioDraftSchema(Schema):
    """The files of one bundle while somebody changes them."""

    id = fields.UUID(required=True)
    bundle = fields.String(required=True)
    title = fields.String(required=True)
    owner = fields.String(required=True, metadata=said("The account's id"))
    created_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True, metadata=said("Deployed or discarded"))
    files = fields.List(fields.Nested(DraftFileSchema), required=True)


class StudioDraftListSchema(Schema):
    """Drafts."""

    items = fields.List(fields.Nested(StudioDraftSchema), required=True)


class BeginSchema(Schema):
    """What to change."""

    kind = fields.String(required=True, validate=THING)
    key = fields.String(required=True)
    version = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata=said("An old one to put back"),
    )
    copy_as = fields.String(load_default="", metadata=said("Not to change it, but to begin another one of this key"))


class ImportSchema(Schema):
    """A file or a ZIP of files, as multipart/form-data."""

    file = UploadField(required=True)


class StateHeaderSchema(Schema):
    """Which state of a file was changed."""

    class Meta:  # other headers are not ours to judge
        unknown = EXCLUDE

    number = fields.String(
        data_key="If-Match", required=True, metadata=said('The ETag that was read, such as "3"; "0" for a new file')
    )


class UnsavedSchema(Schema):
    """What an editor holds and has not saved."""

    name = fields.String(load_default="", metadata=said("The file; none: the draft as it is saved"))
    content = fields.String(load_default="")


class DraftFindingSchema(Schema):
    """What is wrong or would surprise."""

    severity = fields.String(required=True, validate=validate.OneOf(["error", "warning"]))
    rule = fields.String(required=True)
    message = fields.String(required=True)
    hint = fields.String(required=True)
    element_id = fields.String(required=True, allow_none=True)
    line = fields.Integer(required=True, allow_none=True)
    file = fields.String(required=True)


class DraftFindingsSchema(Schema):
    """Findings."""

    items = fields.List(fields.Nested(DraftFindingSchema), required=True)


class ElementChangeSchema(Schema):
    """What became of an element."""

    verb = fields.String(required=True, metadata=said("added, removed, changed, moved"))
    id = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)


class FileChangeSchema(Schema):
    """What became of a file."""

    name = fields.String(required=True)
    verb = fields.String(required=True)
    elements = fields.List(fields.Nested(ElementChangeSchema), required=True)
    lines = fields.List(fields.String(), required=True, metadata=said("A unified diff, where there are no elements"))


class FileChangesSchema(Schema):
    """What a draft changes of what is in force."""

    items = fields.List(fields.Nested(FileChangeSchema), required=True)
