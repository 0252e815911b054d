"""The studio's library for other systems: versions, who and why, where used. For administrators."""

from typing import Any

from flask import Response

from api import i18n
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.studio import LibraryQuerySchema, LibrarySchema, ThingSchema
from engine.casework.errors import AdministratorsOnly
from engine.studio import bundles, exchange, library, require
from engine.workflow import definitions
from engine.workflow.errors import DefinitionUnknown

blueprint = Blueprint("Studio", __name__, description="Reading and changing what is deployed. For administrators.")


@blueprint.route("/studio/library")
class Library(Resource):
    """What is in force."""

    @refuses(AdministratorsOnly)
    @blueprint.arguments(LibraryQuerySchema, location="query")
    @blueprint.response(200, LibrarySchema)
    def get(self, query: dict[str, str]) -> dict[str, Any]:
        """The newest version of each process, decision table or form, with who deployed it and why."""
        found = library.entries(
            self.session, self.actor, query["kind"], words=query["words"], locale=i18n.locale()
        )  # fmt: skip
        return {"items": found}


@blueprint.route("/studio/library/<kind>/<key>")
class Thing(Resource):
    """One thing of the library."""

    @refuses(AdministratorsOnly, DefinitionUnknown)
    @blueprint.response(200, ThingSchema)
    def get(self, kind: str, key: str) -> dict[str, Any]:
        """All versions of a process, decision table or form, and the steps that use it."""
        return {
            "versions": library.history(self.session, self.actor, kind, key, locale=i18n.locale()),
            "uses": library.uses(self.session, self.actor, kind, key, locale=i18n.locale()),
        }


@blueprint.route("/studio/library/<kind>/<key>/archive")
class Archive(Resource):
    """What is in force, to take along."""

    @refuses(AdministratorsOnly, DefinitionUnknown)
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
    def get(self, kind: str, key: str) -> Response:
        """The files in force of the bundle that something belongs to, as a ZIP."""
        require(self.actor)
        bundle = bundles.name_of(definitions.newest(self.session, kind, key))
        files = {one.file_name: one.content for one in bundles.in_force(self.session, bundle)}
        return Response(exchange.archive(files), content_type="application/zip")
