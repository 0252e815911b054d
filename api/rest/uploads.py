"""Files: sent before the form that names them."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest.fields import Upload as UploadField
from marshmallow import Schema

from api import uploads
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.cases import UploadSchema
from api.rest.schemas.shared import said
from engine.documents import queries
from engine.documents.commands import FileKindRefused, FileTooLarge
from engine.documents.models import Upload
from engine.documents.queries import UploadUnknown

blueprint = Blueprint("Files", __name__, description="Files for forms: photos, recordings and PDF.")


class FileSchema(Schema):
    """A file, as multipart/form-data."""

    file = UploadField(
        required=True, metadata=said("JPEG, PNG, GIF, WebP, HEIC; MP3, M4A, AAC, WAV, Ogg, WebM, AMR; PDF")
    )


@blueprint.route("/uploads")
class Uploads(Resource):
    """Files for forms."""

    upload = True

    @refuses(FileTooLarge, FileKindRefused)
    @blueprint.arguments(FileSchema, location="files")
    @blueprint.response(201, UploadSchema)
    def post(self, files: dict[str, Any]) -> Upload:
        """Send a file, then name its id in the answers of a form."""
        return uploads.store(self.session, self.actor, files["file"])


@blueprint.route("/uploads/<uuid:upload_id>")
class OneUpload(Resource):
    """One file."""

    @refuses(UploadUnknown)
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
    def get(self, upload_id: UUID) -> Response:
        """A file of yours, or of a case that you may see."""
        found = queries.upload(self.session, self.actor, uploads.owner(self.actor), upload_id)
        return uploads.answer(found)
