"""Diagrams, tables and forms for administrators: deploy and read them; messages to running processes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, request

from api.resource import Resource
from api.rest.paging import Listed, page
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.processes import (
    DefinitionListSchema,
    DefinitionQuerySchema,
    DefinitionSchema,
    DeployedSchema,
    DeploymentSchema,
    MessageSchema,
    NoteSchema,
    ReceiverSchema,
    UploadedDeploymentSchema,
)
from api.rest.schemas.watching import MessageQuerySchema, StoredMessagePageSchema
from engine import casework
from engine.casework import watching
from engine.casework.errors import AdministratorsOnly, ApprovalNeeded, CursorInvalid
from engine.casework.watching import Part
from engine.errors import Forbidden, Invalid
from engine.workflow import definitions
from engine.workflow.definitions import File
from engine.workflow.errors import DefinitionUnknown, DeploymentRefused, NobodyWaits
from engine.workflow.models import Definition

CONTENT_TYPES = {"process": "application/xml", "decision": "application/xml", "form": "application/json"}
MULTIPART = "multipart/form-data"
BODIES = {"application/json": {"schema": DeploymentSchema}, MULTIPART: {"schema": UploadedDeploymentSchema}}
blueprint = Blueprint("Definitions", __name__, description="What is deployed. Deploying is for administrators.")


@blueprint.route("/definitions")
class Definitions(Resource):
    """Processes, decision tables, forms and labels."""

    upload = True

    @blueprint.arguments(DefinitionQuerySchema, location="query")
    @blueprint.response(200, DefinitionListSchema)
    def get(self, query: dict[str, str]) -> dict[str, Any]:
        """The newest version of each key of a kind, or with `key` all versions of one, the newest first."""
        if query["key"]:
            return {"items": definitions.versions(self.session, query["kind"], query["key"])}
        return {"items": definitions.all_newest(self.session, query["kind"])}

    @refuses(Forbidden, Invalid, DeploymentRefused, ApprovalNeeded)
    @blueprint.response(201, DeployedSchema)
    @blueprint.doc(requestBody={"required": True, "content": BODIES})
    def post(self) -> dict[str, Any]:
        """Deploy files, all of them or none; what equals the newest version makes no new one.

        What would not run as drawn is refused (422) with findings: file, line, element, rule, and what to do.
        """
        files, note = _uploaded() if request.mimetype == MULTIPART else _written()
        deployed = casework.deploy(self.session, self.actor, files, note=note)
        return {"items": deployed, "findings": casework.check(files)}


@blueprint.route("/definitions/<uuid:definition_id>")
class OneDefinition(Resource):
    """One version."""

    @refuses(DefinitionUnknown)
    @blueprint.response(200, DefinitionSchema)
    def get(self, definition_id: UUID) -> Definition:
        """One version, by its id."""
        return definitions.one(self.session, definition_id)


@blueprint.route("/definitions/<uuid:definition_id>/content")
class Content(Resource):
    """A deployed file."""

    @refuses(DefinitionUnknown)
    @blueprint.response(200, {"type": "string"}, content_type="*/*")
    def get(self, definition_id: UUID) -> Response:
        """The file that a version was deployed with, byte for byte; what came in another encoding is UTF-8 now."""
        found = definitions.one(self.session, definition_id)
        response = Response(found.content, content_type=CONTENT_TYPES.get(found.kind, "text/plain; charset=utf-8"))
        response.set_etag(found.digest.hex())
        return response


@blueprint.route("/messages")
class Messages(Resource):
    """Messages to processes."""

    @refuses(AdministratorsOnly, CursorInvalid)
    @blueprint.arguments(MessageQuerySchema, location="query")
    @blueprint.response(200, StoredMessagePageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """Messages that nobody has taken yet, oldest first, without what they say. For administrators."""
        part = Part(query["cursor"], query["limit"])
        found = watching.messages(self.session, self.actor, part, name=query["name"])
        return page(found.rows, found.next)

    @refuses(Forbidden, NobodyWaits)
    @blueprint.arguments(MessageSchema)
    @blueprint.response(200, ReceiverSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Give a message to the process that waits for it, or start one by it. For administrators; 409 nobody waits."""
        instance = casework.send_message(
            self.session, self.actor, body["name"], body["correlation_key"], body["variables"],
            keep=timedelta(seconds=body["keep_seconds"]),
        )  # fmt: skip
        return {"instance": instance}


def _written() -> tuple[list[File], str]:
    body = blueprint.ARGUMENTS_PARSER.parse(DeploymentSchema, location="json")
    return [File(one["name"], one["content"].encode()) for one in body["files"]], body["note"]


def _uploaded() -> tuple[list[File], str]:
    sent = blueprint.ARGUMENTS_PARSER.parse(UploadedDeploymentSchema, location="files")["files"]
    note = blueprint.ARGUMENTS_PARSER.parse(NoteSchema, location="form")["note"]
    return [File(one.filename or "", one.read()) for one in sent], note
