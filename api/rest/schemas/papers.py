"""Papers of a case."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.shared import GuardedAnswersSchema, said
from engine.casework import masking
from engine.errors import N_

LOCALE = validate.OneOf(["zh", "en"], error=N_("Choose zh or en."))
FORMAT = validate.OneOf(["pdf", "docx"], error=N_("Choose pdf or docx."))


class PaperSchema(Schema):
    """One paper on the file."""

    submission_id = fields.UUID(attribute="submission.id", required=True)
    kind = fields.String(attribute="paper.key", required=True)
    code = fields.String(attribute="paper.code", required=True, metadata=said("F1 to F18, where it is one of them"))
    title = fields.String(attribute="paper.zh", required=True)
    round = fields.Integer(
        required=True, metadata=said("Which of several papers of this kind; 0 where it is the only one")
    )
    number = fields.Function(lambda one: one.document.number if one.document else None)
    void = fields.Function(lambda one: bool(one.document and one.document.voided_at))


class DocumentNumberSchema(Schema):
    """A number that a paper of the case, or its file, was given."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True, metadata=said("Kind of paper; file for the file itself"))
    void = fields.Function(lambda one: one.voided_at is not None)
    void_reason = fields.String(required=True, allow_none=True)


class VoidSchema(Schema):
    """Why a number becomes void."""

    reason = fields.String(required=True, metadata=said("It stays visible beside the number"))


class FinishedFileSchema(Schema):
    """A finished file."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    size = fields.Integer(required=True, metadata=said("Bytes"))
    digest = fields.Function(lambda one: one.digest.hex(), metadata=said("SHA-256 (hex) of the PDF"))
    at = fields.DateTime(required=True)


class FinishingSchema(Schema):
    """Finishing a file."""

    reasons = fields.Dict(
        keys=fields.String(), values=fields.String(), load_default=dict,
        metadata=said("Kinds of paper that are missing, each with why (F16)"),
    )  # fmt: skip


class PaperListSchema(Schema):
    """The file of a case."""

    number = fields.String(required=True, metadata=said("The number of the file; empty as long as it has none"))
    items = fields.List(fields.Nested(PaperSchema), attribute="papers", required=True)
    missing = fields.Function(lambda file: [one.key for one in file.missing], metadata=said("Kinds of paper"))
    numbers = fields.List(fields.Nested(DocumentNumberSchema), required=True, metadata=said("Void ones among them"))
    finished = fields.List(fields.Nested(FinishedFileSchema), required=True, metadata=said("Newest first"))


class NewPaperSchema(GuardedAnswersSchema):
    """A paper to be put on file."""

    kind = fields.String(required=True, metadata=said("f3-application, f6-identity, f7-authorisation …"))


class PaperQuerySchema(Schema):
    """As what."""

    format = fields.String(load_default="pdf", validate=FORMAT, metadata=said("pdf or docx"))


class BundleSchema(Schema):
    """For whom a bundle is made."""

    recipient = fields.String(required=True, metadata=said("court, police, justice or other"))


class DrawnSchema(Schema):
    """What a party drew."""

    party_id = fields.UUID(required=True)
    drawing = fields.String(required=True, metadata=said("A PNG as a data address"))
    digest = fields.String(required=True, metadata=said("SHA-256 (hex) of the PDF that was shown"))


class CodeRequestSchema(Schema):
    """Who is to sign with a code."""

    party_id = fields.UUID(required=True)
    locale = fields.String(load_default="zh", validate=LOCALE, metadata=said("Language of the message: zh or en"))


class CodeSchema(Schema):
    """A code that was sent: where it is used, to which phone it went, how long it lasts."""

    id = fields.UUID(required=True)
    phone = fields.Function(lambda one: masking.phone(one.phone), metadata=said("Masked"))
    expires_at = fields.DateTime(required=True)


class CodeOnlySchema(Schema):
    """The code of the message."""

    code = fields.String(required=True, metadata=said("Six digits"))


class CodeAnswerSchema(CodeOnlySchema):
    """The code of the message, and that one wants to sign."""

    agreed = fields.Boolean(required=True, metadata=said("I have read the paper and want to sign it electronically"))


class PaperSignatureSchema(Schema):
    """A signature on a paper."""

    id = fields.UUID(required=True)
    how = fields.String(required=True, metadata=said("wet, electronic, drawn or code"))
    signer = fields.String(required=True)
    at = fields.DateTime(required=True)
