"""The file of a case: papers as PDF, DOCX and picture, signatures, the finished file, bundles; templates; numbers."""

import hashlib
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine import bundle, papers
from engine.cases import permissions
from engine.casework import adding, filing, handing_out, masking, rewriting, signing_code, signing_drawn, signing_law
from engine.documents import papers as templates
from engine.documents import queries
from engine.documents.models import PaperSignature
from engine.errors import DomainError, Forbidden
from engine.notifications.channels import gateway_is_set

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
}
blueprint = Blueprint("papers", __name__)


class File(Page):
    """The papers of a case, what is missing, finishing the file, handing it out."""

    upload = True

    def get(self, case_id: UUID) -> str:
        return self._show(case_id)

    def post(self, case_id: UUID) -> ResponseReturnValue:
        match request.form.get("do"):
            case "finish":
                reasons = {name.removeprefix("why-"): text for name, text in request.form.items()}
                filing.finish(self.session, self.actor, case_id, reasons)
            case "void":
                given = request.form.get("reason", "")
                rewriting.void(self.session, self.actor, case_id, posted_id("document"), given)
            case "scan":
                scan = request.files["scan"]
                paper = posted_id("paper")
                handing_out.sign_by_hand(self.session, self.actor, case_id, paper, scan.filename or "scan", scan.read())
            case "sign":
                paper, password = posted_id("paper"), request.form.get("password", "")
                handing_out.sign_electronically(self.session, self.actor, case_id, paper, password)
        return redirect(url_for("papers.file", case_id=case_id, notice="filed"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, i18n.sentence(error))

    def _takes_more(self, file: filing.CaseFile) -> bool:
        finished = file.case.closed_at is not None and bool(file.finished)
        return not finished

    def _show(self, case_id: UUID, error: str | None = None) -> str:
        file = filing.case_file(self.session, self.actor, case_id)
        case = file.case
        signed: dict[UUID, list[PaperSignature]] = {}
        for one in handing_out.signatures(self.session, case_id):
            signed.setdefault(one.submission_id, []).append(one)
        return render_template(
            "file.html",
            file=file,
            case=case,
            signed=signed,
            electronic=signing_law.may_sign_electronically(self.session, case),
            recipients=handing_out.RECIPIENTS,
            addable=adding.offered(self.session, self.actor, case) if self._takes_more(file) else [],
            may={action: permissions.may(self.actor, action, case) for action in ("file", "bundle", "void")},
            error=error,
        )


class Paper(Page):
    """One paper."""

    def get(self, case_id: UUID, submission_id: UUID, kind: str) -> Response:
        make = filing.paper if kind == "png" else filing.take_out
        content = make(self.session, self.actor, case_id, submission_id, kind, i18n.locale())
        return answer(content, kind, f"{submission_id}.{kind}", inline=kind != "docx")


class Sign(Page):
    """A party signs a paper on this device: it is shown, then they draw their name."""

    def get(self, case_id: UUID, submission_id: UUID) -> str:
        return self._show(case_id, submission_id)

    def post(self, case_id: UUID, submission_id: UUID) -> ResponseReturnValue:
        given = request.form
        if given.get("do") == "code":
            party = posted_id("signer") if given.get("signer") else None
            sent = signing_code.send(
                self.session, self.actor, case_id, submission_id, party_id=party, locale=given.get("locale", "zh")
            )
            return redirect(url_for("signing.page", code_id=sent.id, notice="code-sent"), 303)
        if not given.get("party"):
            raise signing_drawn.DrawingUnfit
        signing_drawn.sign(
            self.session, self.actor, case_id, submission_id, party_id=posted_id("party"),
            drawing=given.get("drawing", ""), digest=given.get("digest", ""),
        )  # fmt: skip
        return redirect(url_for("papers.file", case_id=case_id, notice="filed"), 303)

    def refused(self, error: DomainError, case_id: UUID, submission_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, submission_id, i18n.sentence(error))

    def _show(self, case_id: UUID, submission_id: UUID, error: str | None = None) -> str:
        case, signers, pdf = signing_drawn.shown(self.session, self.actor, case_id, submission_id)
        return render_template(
            "sign_drawn.html",
            case=case,
            submission=submission_id,
            signers=signers,
            digest=hashlib.sha256(pdf).hexdigest(),
            chosen=request.form.get("party") or request.form.get("signer", ""),
            phones=[(one, masking.phone(one.phone)) for one in signers if one.phone],
            gateway=gateway_is_set() and not case.sealed,
            error=error,
        )


class Finished(Page):
    """A finished file, as it was made."""

    def get(self, case_id: UUID, file_id: UUID) -> Response:
        found = filing.finished_file(self.session, self.actor, case_id, file_id)
        return answer(found.content, "pdf", f"{file_id}.pdf", inline=True)


class Bundle(Page):
    """The file as a signed ZIP."""

    def post(self, case_id: UUID) -> Response:
        content = handing_out.make_bundle(self.session, self.actor, case_id, request.form.get("recipient", ""))
        headers = {"Content-Disposition": 'attachment; filename="hejie-bundle.zip"', "Cache-Control": "no-store"}
        return Response(content, content_type="application/zip", headers=headers)


class BundleKey(Page):
    """The public key that bundles are signed with, for whoever got one: hex digits, or PEM for openssl."""

    public = True

    def get(self, *, pem: bool = False) -> Response:
        text = bundle.public_pem() if pem else bundle.public_key() + "\n"
        return Response(text, content_type="text/plain; charset=utf-8")


class Numbers(Page):
    """Every number of every series that one's cases used, void ones too."""

    def get(self) -> str:
        return render_template("numbers.html", rows=queries.numbers(self.session, self.actor))


class Templates(Page):
    """The papers and where their templates come from."""

    def get(self) -> str:
        _require_admin(self)
        found = [
            (one, next(iter(templates.versions(self.session, one.key)), None)) for one in papers.catalogue().values()
        ]
        return render_template("paper_templates.html", papers=found)


class Template(Page):
    """One template: read it, try it, put a new one in force."""

    def get(self, key: str) -> ResponseReturnValue:
        _require_admin(self)
        return self._show(key, templates.template(self.session, self._known(key)))

    def post(self, key: str) -> ResponseReturnValue:
        _require_admin(self)
        content = request.form.get("content", "")
        if request.form.get("do") == "try":
            blocks = papers.fill(content, templates.SAMPLE)
            return answer(papers.pdf(key, [papers.Part(key, blocks)]), "pdf", f"{key}.pdf", inline=True)
        if request.form.get("do") == "shipped":
            content = papers.shipped_template(key)
        templates.replace_template(self.session, self.actor, self._known(key), content)
        return redirect(url_for("papers.templates", notice="template"), 303)

    def refused(self, error: DomainError, key: str) -> str:  # type: ignore[override]
        return self._show(key, request.form.get("content", ""), i18n.sentence(error))

    def _known(self, key: str) -> str:
        if key not in papers.catalogue():
            raise filing.PaperUnknown(paper=key)
        return key

    def _show(self, key: str, content: str, error: str | None = None) -> str:
        versions = templates.versions(self.session, key)
        return render_template(
            "paper_template.html", paper=papers.catalogue()[key], content=content, versions=versions, error=error
        )


def answer(content: bytes, kind: str, name: str, *, inline: bool) -> Response:
    """A file to be shown or kept; nothing of it may stay in a shared cache."""
    shown = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f'{shown}; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, content_type=TYPES[kind], headers=headers)


def _require_admin(page: Page) -> None:
    if not page.actor.has("admin"):
        raise Forbidden


blueprint.add_url_rule("/cases/<uuid:case_id>/file", view_func=File.as_view("file"))
blueprint.add_url_rule(
    "/cases/<uuid:case_id>/papers/<uuid:submission_id>.<any(pdf, docx, png):kind>", view_func=Paper.as_view("paper")
)
blueprint.add_url_rule("/cases/<uuid:case_id>/papers/<uuid:submission_id>/sign", view_func=Sign.as_view("sign"))
blueprint.add_url_rule("/cases/<uuid:case_id>/file/<uuid:file_id>.pdf", view_func=Finished.as_view("finished"))
blueprint.add_url_rule("/cases/<uuid:case_id>/bundle", view_func=Bundle.as_view("bundle"))
blueprint.add_url_rule("/bundle-key", view_func=BundleKey.as_view("bundle_key"))
blueprint.add_url_rule("/bundle-key.pem", view_func=BundleKey.as_view("bundle_key_pem"), defaults={"pem": True})
blueprint.add_url_rule("/numbers", view_func=Numbers.as_view("numbers"))
blueprint.add_url_rule("/papers", view_func=Templates.as_view("templates"))
blueprint.add_url_rule("/papers/<key>", view_func=Template.as_view("template"))
