"""Handing a file out: a signed bundle for a court or the police, and signing single papers."""

import hashlib
import json
from datetime import UTC
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import bundle, clock, events, papers
from engine.cases import permissions
from engine.cases.models import Case
from engine.casework import filing, paper_facts, signing_drawn
from engine.casework.signing_law import ESignatureBarred, may_sign_electronically
from engine.documents import commands as documents
from engine.documents import papers as numbered
from engine.documents.models import PaperSignature
from engine.errors import N_, Invalid
from engine.ids import new_id
from engine.people import commands as people
from engine.people.actor import Actor

RECIPIENTS = ("court", "police", "justice", "other")
KEPT_HERE = ("image/heic", "image/gif")
"""Pictures whose notes nobody here can take out: they leave the house for a court or the police alone."""


class RecipientMissing(Invalid):
    """A bundle is made for somebody."""

    code = "recipient-missing"
    message = N_("Choose for whom the bundle is.")


def make_bundle(session: Session, actor: Actor, case_id: UUID, recipient: str) -> bytes:
    """The file of a case as a signed ZIP: one PDF, each paper as PDF, scans, facts, the chain of what happened.

    A court and the police get identity numbers unmasked (民诉法解释 §354) and photos as they were taken; others get
    copies without the camera's time and place, and no picture of which none can be made. It is recorded.
    Raises CaseUnknown, NotForYourRole, RecipientMissing.
    """
    case = permissions.require(session, actor, "bundle", case_id)
    if recipient not in RECIPIENTS:
        raise RecipientMissing
    whole = recipient in ("court", "police")
    number = numbered.number_of(session, case) or case.number
    parts = filing.parts(session, case, actor, number, {}, whole=whole)
    files = {"file.pdf": papers.pdf(number, parts), "history.json": _history(session, case)}
    counted = [one for one in parts if one.counted]
    for place, part in enumerate(counted, 1):
        files[f"papers/{place:02d} {part.name}.pdf"] = papers.pdf(part.name, [part])
        for number_of_scan, scan in enumerate(part.scans, 1):
            if whole or scan.media_type not in KEPT_HERE:
                content = (whole and scan.original) or scan.content
                files[f"scans/{place:02d}-{number_of_scan} {scan.name}"] = content
    files |= signing_drawn.for_bundle(session, case.id)
    for kept in numbered.finished(session, case.id)[:1]:
        if kept.content:  # nothing is left of one that was erased
            files["finished file.pdf"] = kept.content
    facts = {
        "case": case.number, "number": number, "made_at": clock.now().isoformat(timespec="seconds"),
        "made_for": recipient, "unit": paper_facts.of_case(session, case)["unit"],
    }  # fmt: skip
    events.record(session, "bundle.made", case_id, actor=actor.id, recipient=recipient, files=len(files), whole=whole)
    return bundle.make(files, facts)


def sign_by_hand(session: Session, actor: Actor, case_id: UUID, submission_id: UUID, name: str, content: bytes) -> None:
    """Put the scan of a paper signed by hand on the file. Raises PaperUnknown, FileTooLarge, FileKindRefused."""
    case = permissions.require(session, actor, "file", case_id)
    digest = hashlib.sha256(filing.paper(session, actor, case_id, submission_id, "pdf", "zh")).digest()
    upload = documents.store_upload(session, actor.id, name, content)
    upload.case_id = case.id
    session.flush()  # the signature points to it
    _keep(session, case, actor, submission_id, "wet", digest, upload_id=upload.id)


def sign_electronically(session: Session, actor: Actor, case_id: UUID, submission_id: UUID, password: str) -> None:
    """Sign a paper as oneself, with one's password once more (电子签名法 §13).

    Raises ESignatureBarred, SignInRefused, PaperUnknown.
    """
    case = permissions.require(session, actor, "file", case_id)
    if not may_sign_electronically(session, case):
        raise ESignatureBarred(case=case_id)
    people.require_password(session, actor, password)
    digest = hashlib.sha256(filing.paper(session, actor, case_id, submission_id, "pdf", "zh")).digest()
    _keep(session, case, actor, submission_id, "electronic", digest)


def signatures(session: Session, case_id: UUID) -> list[PaperSignature]:
    """The signatures on papers of a case, oldest first."""
    found = select(PaperSignature).where(PaperSignature.case_id == case_id).order_by(PaperSignature.at)
    return list(session.scalars(found))


def _keep(
    session: Session,
    case: Case,
    actor: Actor,
    submission_id: UUID,
    how: str,
    digest: bytes,
    *,
    upload_id: UUID | None = None,
) -> None:
    made = PaperSignature(
        id=new_id(), case_id=case.id, submission_id=submission_id, how=how, upload_id=upload_id, by=actor.id,
        at=clock.now(), digest=digest,
    )  # fmt: skip
    if how == "electronic":
        made.seal = bundle.sign(statement(made))
    session.add(made)
    events.record(session, "paper.signed", case.id, actor=actor.id, paper=str(submission_id), how=how)


def statement(signature: PaperSignature) -> bytes:
    """What the seal of an electronic signature says: which paper, with which bytes, by whom, when."""
    at = signature.at.astimezone(UTC).isoformat()
    return json.dumps([str(signature.submission_id), signature.digest.hex(), signature.by, at]).encode()


def _history(session: Session, case: Case) -> bytes:
    """The events of a case with their hashes: ids and codes, no names."""
    rows = [
        {
            "position": one.position, "kind": one.kind, "at": one.at.isoformat(), "actor": one.actor, "data": one.data,
            "hash": one.hash.hex(), "previous": one.previous.hex(),
        }
        for one in events.of_stream(session, case.id)
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()
