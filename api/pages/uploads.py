"""Files of forms: stored as soon as they are chosen (form.js), shown to those who may see them."""

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from api import uploads
from api.resource import Page
from engine.documents import queries
from engine.errors import N_, Invalid
from engine.papers import Scan, picture

blueprint = Blueprint("uploads", __name__)


class FileMissing(Invalid):
    """The request brought no file in the field `file`."""

    code = "file-missing"
    message = N_("No file arrived. Choose it again.")


class Uploads(Page):
    """Take one file; everybody who may fill in a form may add to it."""

    public = True
    upload = True

    def post(self) -> ResponseReturnValue:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise FileMissing
        stored = uploads.store(self.session, self.actor, file)
        body = {"id": str(stored.id), "name": stored.name, "size": stored.size, "media_type": stored.media_type}
        return body, 201


class OneUpload(Page):
    """One file: one's own draft, or one on a case's file."""

    public = True

    def get(self, upload_id: UUID) -> Response:
        found = queries.upload(self.session, self.actor, uploads.owner(self.actor), upload_id)
        return uploads.answer(found)


class Copy(Page):
    """A photo without the camera's note of time and place, for others to look at."""

    public = True

    def get(self, upload_id: UUID) -> Response:
        content, media_type = queries.copy(self.session, self.actor, uploads.owner(self.actor), upload_id)
        headers = {"Content-Security-Policy": uploads.SANDBOX, "Cache-Control": "private, no-cache"}
        return Response(content, content_type=media_type, headers=headers)


class Preview(Page):
    """The first page of a PDF as a picture."""

    def get(self, upload_id: UUID) -> Response:
        found = queries.upload(self.session, self.actor, uploads.owner(self.actor), upload_id)
        content = picture(Scan(found.name, found.media_type, found.content))
        if content is None:
            raise queries.UploadUnknown(upload=upload_id)
        response = Response(content, content_type="image/png")
        response.headers["Cache-Control"] = "private, max-age=86400"
        return response


blueprint.add_url_rule("/uploads", view_func=Uploads.as_view("new"))
blueprint.add_url_rule("/uploads/<uuid:upload_id>", view_func=OneUpload.as_view("one"))
blueprint.add_url_rule("/uploads/<uuid:upload_id>/preview.png", view_func=Preview.as_view("preview"))
blueprint.add_url_rule("/uploads/<uuid:upload_id>/copy", view_func=Copy.as_view("copy"))
