"""Signing a paper with a code from a message: read it, then sign. The code travels in the body of forms alone."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from api import i18n
from api.resource import Page
from engine.casework import signing_code
from engine.errors import DomainError
from engine.notifications import codes

blueprint = Blueprint("signing", __name__)


class Signing(Page):
    """Whoever has the code reads the paper and signs it; without the code the page says nothing of any case."""

    public = True
    secret = True

    def get(self, code_id: UUID) -> str:
        return self._show(code_id)

    def post(self, code_id: UUID) -> ResponseReturnValue:
        typed, do = request.form.get("code", ""), request.form.get("do")
        if do == "sign":
            agreed = request.form.get("agreed") == "yes"
            return self._show(code_id, signed=signing_code.sign(self.session, code_id, typed, agreed=agreed))
        waiting = signing_code.opened(self.session, code_id, typed)
        if do == "paper":
            headers = {"Content-Disposition": 'inline; filename="paper.pdf"', "Cache-Control": "no-store"}
            return Response(waiting.code.content, content_type="application/pdf", headers=headers)
        return self._show(code_id, waiting=waiting)

    def refused(self, error: DomainError, code_id: UUID) -> str:  # type: ignore[override]
        typed, told = request.form.get("code", ""), i18n.sentence(error)
        if isinstance(error, signing_code.NotAgreed):
            return self._show(code_id, waiting=signing_code.opened(self.session, code_id, typed), error=told)
        return self._show(code_id, error=told)

    def _show(self, code_id: UUID, **more: object) -> str:
        live = codes.is_live(codes.one(self.session, code_id))
        return render_template("signing.html", live=live, typed=request.form.get("code", ""), **more)


blueprint.add_url_rule("/sign/<uuid:code_id>", view_func=Signing.as_view("page"))
