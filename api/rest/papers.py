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
    DocumentNumberSchema,
    DrawnSchema,
    FinishedFileSchema,
    FinishingSchema,
    NewPaperSchema,
    PaperListSchema,
    PaperQuerySchema,
    PaperSignatureSchema,
    VoidSchema,
)
from api.rest.schemas.shared import KeyHeaderSchema
from engine import casework
from engine.cases.blocklist import WordsBlocked
from engine.cases.commands import CaseClosed
from engine.cases.permissions import NotForYourRole
from engine.casework import adding, filing, handing_out, rewriting, signing_code, signing_drawn
from engine.casework.adding import FileFinished, NotAdded
from engine.casework.errors import AgreementInCourt, AnswersInvalid
from engine.casework.filing import CaseFile, CaseStillOpen, PaperUnknown
from engine.casework.handing_out import RecipientMissing
from engine.casework.signing_drawn import PaperChanged
from engine.casework.signing_law import ESignatureBarred
from engine.documents.commands import AlreadyVoid, VoidReasonMissing
from engine.documents.models import Document, FinishedFile, PaperSignature
from engine.documents.queries import DocumentUnknown
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


@blueprint.route("/cases/<uuid:case_id>/numbers/<uuid:document_id>/void")
class Void(Resource):
    """Making a number void."""

    @refuses(
        *CASE,
        NotForYourRole,
        CaseClosed,
        AgreementInCourt,
        DocumentUnknown,
        VoidReasonMissing,
        AlreadyVoid,
        WordsBlocked,
    )
    @blueprint.arguments(VoidSchema)
    @blueprint.response(200, DocumentNumberSchema)
    def post(self, body: dict[str, Any], case_id: UUID, document_id: UUID) -> Document:
        """Make a number void, with a reason; an agreement can then be put on file again under a new number."""
        return rewriting.void(self.session, self.actor, case_id, document_id, body["reason"])


@blueprint.route("/cases/<uuid:case_id>/files")
class Files(Resource):
    """Finishing the file."""

    @idempotent
    @refuses(*CASE, NotForYourRole, CaseStillOpen, WordsBlocked, TemplateInvalid, *KEYED)
    @blueprint.arguments(KeyHeaderSchema, location="headers")
    @blueprint.arguments(FinishingSchema)
    @blueprint.response(201, FinishedFileSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], case_id: UUID) -> FinishedFile:
        """Finish the file of a closed case: cover, index, papers, back, as one PDF (People's Mediation Law, §27)."""
        return filing.finish(self.session, self.actor, case_id, body["reasons"])


@blueprint.route("/cases/<uuid:case_id>/files/<uuid:file_id>")
class File(Resource):
    """A finished file."""

    @refuses(*CASE, PaperUnknown)
    @blueprint.response(200, BINARY, content_type=TYPES["pdf"])
    def get(self, case_id: UUID, file_id: UUID) -> Response:
        """A finished file as it was made, as PDF; that it was taken out is recorded."""
        found = filing.finished_file(self.session, self.actor, case_id, file_id)
        return Response(found.content, content_type=TYPES["pdf"], headers={"Cache-Control": "private, no-store"})


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
