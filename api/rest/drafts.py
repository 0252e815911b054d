"""Drafts for the studio's editors and other systems: begin, read, save, check, compare. For administrators."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.http import unquote_etag

from api.i18n import told
from api.resource import Resource
from api.rest.refusals import Blueprint, Errors, refuses
from api.rest.schemas.drafts import (
    BeginSchema,
    DraftFileSchema,
    DraftFindingsSchema,
    FileChangesSchema,
    ImportSchema,
    StateHeaderSchema,
    StudioDraftListSchema,
    StudioDraftSchema,
    UnsavedSchema,
)
from engine.casework.errors import AdministratorsOnly
from engine.studio import changes, drafts, exchange, judging
from engine.studio.errors import (
    ArchiveInvalid,
    DraftChanged,
    DraftClosed,
    DraftDeployed,
    DraftUnknown,
    FileUnfit,
    KeyTaken,
)
from engine.studio.models import Draft, DraftFile
from engine.workflow.encodings import FileUnreadable
from engine.workflow.errors import DefinitionUnknown

DRAFT: Errors = (AdministratorsOnly, DraftUnknown)
BYTES = {"type": "string", "format": "binary"}
TEXT = "application/octet-stream"
BODY = {"required": True, "content": {TEXT: {"schema": BYTES}}}
TAGGED = {"ETag": {"description": "The number of this state; for If-Match", "schema": {"type": "string"}}}
blueprint = Blueprint("Drafts", __name__, description="What administrators change before it is deployed.")


@blueprint.route("/studio/drafts")
class Drafts(Resource):
    """Drafts that are being worked on."""

    @refuses(AdministratorsOnly)
    @blueprint.response(200, StudioDraftListSchema)
    def get(self) -> dict[str, Any]:
        """The open drafts, the newest first."""
        return {"items": drafts.open_drafts(self.session, self.actor)}

    @refuses(AdministratorsOnly, DefinitionUnknown, KeyTaken)
    @blueprint.arguments(BeginSchema)
    @blueprint.response(201, StudioDraftSchema)
    def post(self, body: dict[str, Any]) -> Draft:
        """Begin a draft of what is in force, of an old version, or a copy under another key."""
        if body["copy_as"]:
            return exchange.duplicate(self.session, self.actor, body["kind"], body["key"], body["copy_as"])
        return drafts.begin(self.session, self.actor, body["kind"], body["key"], number=body["version"])


@blueprint.route("/studio/imports")
class Imports(Resource):
    """Files from elsewhere."""

    upload = True

    @refuses(AdministratorsOnly, ArchiveInvalid, FileUnfit, FileUnreadable)
    @blueprint.arguments(ImportSchema, location="files")
    @blueprint.response(201, StudioDraftSchema)
    def post(self, files: dict[str, Any]) -> Draft:
        """Make a draft of a file, or of a ZIP of files, byte for byte."""
        sent = files["file"]
        return exchange.bring_in(self.session, self.actor, sent.filename or "", sent.read())


@blueprint.route("/studio/drafts/<uuid:draft_id>")
class OneDraft(Resource):
    """One draft."""

    @refuses(*DRAFT)
    @blueprint.response(200, StudioDraftSchema)
    def get(self, draft_id: UUID) -> Draft:
        """A draft, open or closed."""
        return drafts.one(self.session, self.actor, draft_id)

    @refuses(*DRAFT, DraftClosed)
    @blueprint.response(204)
    def delete(self, draft_id: UUID) -> None:
        """Give a draft up."""
        drafts.discard(self.session, self.actor, draft_id)


@blueprint.route("/studio/drafts/<uuid:draft_id>/archive")
class Archive(Resource):
    """A draft as a ZIP."""

    @refuses(*DRAFT)
    @blueprint.response(200, BYTES, content_type="application/zip")
    def get(self, draft_id: UUID) -> Response:
        """All files of a draft as a ZIP."""
        draft = drafts.one(self.session, self.actor, draft_id)
        content = exchange.archive({one.name: one.content for one in draft.files})
        return Response(content, content_type="application/zip")


@blueprint.route("/studio/drafts/<uuid:draft_id>/files/<path:name>")
class File(Resource):
    """A file of a draft."""

    upload = True

    @refuses(*DRAFT)
    @blueprint.response(200, BYTES, content_type=TEXT, headers=TAGGED)
    def get(self, draft_id: UUID, name: str) -> Response:
        """A file as it was saved last, byte for byte."""
        file = drafts.one_file(self.session, self.actor, draft_id, name)
        response = Response(file.content, content_type=TEXT)
        response.set_etag(str(file.number))
        return response

    @refuses(*DRAFT, DraftClosed, DraftChanged, FileUnfit, FileUnreadable)
    @blueprint.arguments(StateHeaderSchema, location="headers")
    @blueprint.response(200, DraftFileSchema)
    @blueprint.doc(requestBody=BODY)
    def put(self, headers: dict[str, Any], draft_id: UUID, name: str) -> DraftFile:
        """Save a file; 412 with who and when if somebody has saved it since, and nothing is overwritten."""
        number = _state(headers["number"])
        return drafts.save(self.session, self.actor, draft_id, name, request.get_data(), number)

    @refuses(*DRAFT, DraftClosed, DraftChanged)
    @blueprint.arguments(StateHeaderSchema, location="headers")
    @blueprint.response(204)
    def delete(self, headers: dict[str, Any], draft_id: UUID, name: str) -> None:
        """Take a file out of a draft; what is in force stays."""
        drafts.remove(self.session, self.actor, draft_id, name, _state(headers["number"]))


@blueprint.route("/studio/drafts/<uuid:draft_id>/bases")
class Bases(Resource):
    """What a draft is based on."""

    @refuses(*DRAFT, DraftClosed)
    @blueprint.response(200, StudioDraftSchema)
    def post(self, draft_id: UUID) -> Draft:
        """Take on what others have deployed since the draft was begun: it is based on that from now on."""
        return drafts.take_on(self.session, self.actor, draft_id)


@blueprint.route("/studio/drafts/<uuid:draft_id>/taken-up")
class TakenUp(Resource):
    """Going on."""

    @refuses(*DRAFT, DraftDeployed)
    @blueprint.response(200, StudioDraftSchema)
    def post(self, draft_id: UUID) -> Draft:
        """Go on with a draft that was discarded."""
        return drafts.take_up(self.session, self.actor, draft_id)


@blueprint.route("/studio/drafts/<uuid:draft_id>/own/<path:name>")
class Own(Resource):
    """What could not be saved."""

    upload = True

    @refuses(*DRAFT, FileUnfit, FileUnreadable)
    @blueprint.response(201, StudioDraftSchema)
    @blueprint.doc(requestBody=BODY)
    def post(self, draft_id: UUID, name: str) -> Draft:
        """Keep a file that somebody else was faster to save as a draft of one's own."""
        return drafts.keep_own(self.session, self.actor, draft_id, name, request.get_data())


@blueprint.route("/studio/drafts/<uuid:draft_id>/findings")
class Findings(Resource):
    """What is wrong with a draft."""

    upload = True

    @refuses(*DRAFT)
    @blueprint.arguments(UnsavedSchema)
    @blueprint.response(200, DraftFindingsSchema)
    def post(self, body: dict[str, str], draft_id: UUID) -> dict[str, Any]:
        """What the checker says of a draft, with a file that is not saved yet."""
        draft = drafts.one(self.session, self.actor, draft_id)
        unsaved = {body["name"]: body["content"].encode()} if body["name"] else {}
        found = judging.findings(self.session, draft, unsaved)
        return {"items": [vars(one) | {"message": told(one.message), "hint": told(one.hint)} for one in found]}


@blueprint.route("/studio/drafts/<uuid:draft_id>/changes")
class Changes(Resource):
    """What a draft changes."""

    upload = True

    @refuses(*DRAFT)
    @blueprint.response(200, FileChangesSchema)
    def get(self, draft_id: UUID) -> dict[str, Any]:
        """What a draft would change of what is in force, element by element or line by line."""
        return {"items": changes.against_force(self.session, drafts.one(self.session, self.actor, draft_id))}

    @refuses(*DRAFT)
    @blueprint.arguments(UnsavedSchema)
    @blueprint.response(200, FileChangesSchema)
    def post(self, body: dict[str, str], draft_id: UUID) -> dict[str, Any]:
        """In what an unsaved file differs from the saved one."""
        file = drafts.one_file(self.session, self.actor, draft_id, body["name"])
        saved, mine = {file.name: file.content}, {file.name: body["content"].encode()}
        return {"items": changes.compared(saved, mine)}


def _state(tag: str) -> int:
    given, _ = unquote_etag(tag)
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else -1
