"""Papers of a case for other systems: the list, each as PDF or DOCX, the signed bundle."""

from typing import Any
from uuid import UUID

from flask import Response

from api import i18n
from api.idempotency import idempotent
from api.resource import Resource
from api.rest.refusals import CASE, KEYED, Blueprint, refuses
from api.rest.schemas.papers import (
    BundleSchema,
    CodeAnswerSchema,
    CodeOnlySchema,
    CodeRequestSchema,
    CodeSchema,
    DrawnSchema,
    NewPaperSchema,
    PaperListSchema,
    PaperQuerySchema,
    PaperSignatureSchema,
)
from api.rest.schemas.shared import KeyHeaderSchema
from engine import casework
from engine.cases.permissions import NotForYourRole
from engine.casework import adding, filing, handing_out, signing_code, signing_drawn
from engine.casework.adding import FileFinished, NotAdded
from engine.casework.errors import AnswersInvalid
from engine.casework.filing import CaseFile, PaperUnknown
from engine.casework.handing_out import RecipientMissing
from engine.casework.signing_drawn import PaperChanged
from engine.casework.signing_law import ESignatureBarred
from engine.documents.models import PaperSignature
from engine.notifications import codes
from engine.notifications.models import PhoneCode
from engine.papers import TemplateInvalid

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SIGNING = (
    codes.CodeUnknown, codes.CodeOver, codes.CodeWrong, signing_code.SealedCase, ESignatureBarred,
)  # fmt: skip
BINARY = {"type": "string", "format": "binary"}
blueprint = Blueprint("Papers", __name__, description="The file of a case as papers, and as a bundle to hand out.")


@blueprint.route("/cases/<uuid:case_id>/papers")
class Papers(Resource):
    """All papers."""

    @refuses(*CASE)
    @blueprint.response(200, PaperListSchema)
    def get(self, case_id: UUID) -> CaseFile:
        """The papers of a case in the order of the index, and what is missing."""
        return casework.filing.case_file(self.session, self.actor, case_id)

    @idempotent
    @refuses(*CASE, NotForYourRole, NotAdded, FileFinished, AnswersInvalid, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(NewPaperSchema)
    @blueprint.response(201, PaperListSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], case_id: UUID) -> CaseFile:
        """Put a paper on file that no step asks for, with the answers of its form; answers with the file."""
        adding.add(
            self.session, self.actor, case_id, body["kind"], body["answers"], keep_words=body["keep_words"]
        )  # fmt: skip
        return casework.filing.case_file(self.session, self.actor, case_id)


@blueprint.route("/cases/<uuid:case_id>/papers/<uuid:submission_id>")
class Paper(Resource):
    """One paper."""

    @refuses(*CASE, PaperUnknown, TemplateInvalid)
    @blueprint.arguments(PaperQuerySchema, location="query")
    @blueprint.response(200, BINARY, content_type=TYPES["pdf"])
    def get(self, query: dict[str, Any], case_id: UUID, submission_id: UUID) -> Response:
        """One paper as PDF or DOCX."""
        kind = query["format"]
        content = filing.take_out(self.session, self.actor, case_id, submission_id, kind, i18n.locale())
        return Response(content, content_type=TYPES[kind], headers={"Cache-Control": "private, no-store"})


@blueprint.route("/cases/<uuid:case_id>/papers/<uuid:submission_id>/signatures")
class Signatures(Resource):
    """What parties sign on a device."""

    @refuses(*CASE, NotForYourRole, PaperUnknown, ESignatureBarred, signing_drawn.DrawingUnfit, PaperChanged)
    @blueprint.arguments(DrawnSchema)
    @blueprint.response(201, PaperSignatureSchema)
    def post(self, body: dict[str, Any], case_id: UUID, submission_id: UUID) -> PaperSignature:
        """Keep what a party drew on the paper of this digest; you are the witness (Electronic Signature Law, §13)."""
        return signing_drawn.sign(self.session, self.actor, case_id, submission_id, **body)


@blueprint.route("/cases/<uuid:case_id>/papers/<uuid:submission_id>/codes")
class Codes(Resource):
    """Codes by which parties sign from their phones."""

    @refuses(
        *CASE, NotForYourRole, PaperUnknown, ESignatureBarred, signing_code.SealedCase, signing_code.PhoneMissing,
        codes.NoGateway, codes.CodesTooMany,
    )  # fmt: skip
    @blueprint.arguments(CodeRequestSchema)
    @blueprint.response(201, CodeSchema)
    def post(self, body: dict[str, Any], case_id: UUID, submission_id: UUID) -> PhoneCode:
        """Send a party a code to sign this paper with; what the answer brings is where it is used, never the code."""
        return signing_code.send(self.session, self.actor, case_id, submission_id, **body)


@blueprint.route("/signing/<uuid:code_id>")
class Signing(Resource):
    """Signing with a code; it travels in the body, so that no address or log holds it."""

    public = True

    @refuses(*SIGNING, signing_code.NotAgreed)
    @blueprint.arguments(CodeAnswerSchema)
    @blueprint.response(201, PaperSignatureSchema)
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, Any], code_id: UUID) -> PaperSignature:
        """Sign the paper that the code was sent for (Electronic Signature Law, §13)."""
        return signing_code.sign(self.session, code_id, body["code"], agreed=body["agreed"])


@blueprint.route("/signing/<uuid:code_id>/paper")
class SignedPaper(Resource):
    """What is signed."""

    public = True

    @refuses(*SIGNING)
    @blueprint.arguments(CodeOnlySchema)
    @blueprint.response(200, BINARY, content_type=TYPES["pdf"])
    @blueprint.doc(security=[{}])
    def post(self, body: dict[str, Any], code_id: UUID) -> Response:
        """The paper that the code was sent for, as PDF, to be read before it is signed."""
        content = signing_code.opened(self.session, code_id, body["code"]).code.content
        return Response(content, content_type=TYPES["pdf"], headers={"Cache-Control": "no-store"})


@blueprint.route("/cases/<uuid:case_id>/bundle")
class Bundle(Resource):
    """Handing out."""

    @refuses(*CASE, NotForYourRole, RecipientMissing, TemplateInvalid)
    @blueprint.arguments(BundleSchema)
    @blueprint.response(200, BINARY, content_type="application/zip")
    def post(self, body: dict[str, Any], case_id: UUID) -> Response:
        """The file as a signed ZIP, for a recipient; making it is recorded."""
        content = handing_out.make_bundle(self.session, self.actor, case_id, body["recipient"])
        return Response(content, content_type="application/zip", headers={"Cache-Control": "no-store"})
