"""A party signs on the mediator’s own device (当面电子签名): by hand, on the paper they were shown, before a witness.

What makes it reliable (电子签名法 §13): the drawing is sealed with the digest of the very PDF that was shown, who drew
it, who stood by and when; the PDF is kept as it was. A change of either shows (engine.bundle.verify).
"""

import base64
import binascii
import hashlib
import json
from datetime import UTC
from uuid import UUID

from sqlalchemy.orm import Session

from engine import bundle, clock, events
from engine.cases import parties, permissions
from engine.cases.models import Case, Party
from engine.casework import filing
from engine.casework.signing_law import ESignatureBarred, may_sign_electronically
from engine.documents import papers as numbered
from engine.documents.models import PaperSignature
from engine.errors import N_, Conflict, Invalid
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor

PNG = b"\x89PNG\r\n\x1a\n"
LONGEST = 200 * 1024
"""Bytes of a drawing; a signature on a tablet has some thousand."""
EMPTY = 600
"""A picture of less is an empty field."""


class DrawingUnfit(Invalid):
    """A signature is a drawing by a party of the case."""

    code = "drawing-unfit"
    message = N_("Choose who signs, and let them draw their name in the field.")


class PaperChanged(Conflict):
    """The paper is no longer what was shown to whoever signs."""

    code = "paper-changed"
    message = N_("The paper has changed since it was shown. Show it again, then let them sign.")


def shown(session: Session, actor: Actor, case_id: UUID, submission_id: UUID) -> tuple[Case, list[Party], bytes]:
    """The case, who may sign, and the PDF that is shown to them. Raises CaseUnknown, NotForYourRole, ESignatureBarred,
    PaperUnknown.
    """
    case = permissions.require(session, actor, "file", case_id)
    if not may_sign_electronically(session, case):
        raise ESignatureBarred(case=case_id)
    named = [one for one in parties.of_case(session, case.id) if one.name]
    sides = [one for one in named if one.role != "reporter"]  # who only reported signs where nobody else is known
    return case, sides or named, filing.paper(session, actor, case_id, submission_id, "pdf", "zh")


def sign(
    session: Session, actor: Actor, case_id: UUID, submission_id: UUID, *, party_id: UUID, drawing: str, digest: str
) -> PaperSignature:
    """Keep what a party drew (a PNG as a data address) on a paper of which they were shown the bytes of this digest.

    Raises DrawingUnfit, PaperChanged besides what `shown` raises.
    """
    case, signers, pdf = shown(session, actor, case_id, submission_id)
    party = next((one for one in signers if one.id == party_id), None)
    picture = _picture(drawing)
    if party is None or picture is None:
        raise DrawingUnfit(case=case_id)
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise PaperChanged(paper=submission_id)
    made = PaperSignature(
        id=new_id(), case_id=case.id, submission_id=submission_id, how="drawn", by=actor.id, at=clock.now(),
        digest=hashlib.sha256(pdf).digest(), party_id=party.id, signer=party.name, drawing=picture, content=pdf,
    )  # fmt: skip
    made.seal = bundle.sign(statement(made))
    session.add(made)
    events.record(
        session, "paper.signed", case.id, actor=actor.id, paper=str(submission_id), how="drawn", party=str(party.id),
        digest=digest,
    )  # fmt: skip
    return made


def statement(signature: PaperSignature) -> bytes:
    """What the seal says: which paper, its bytes, the drawing's bytes, by whom, before whom, when; any phone."""
    drawn = hashlib.sha256(signature.drawing or b"").hexdigest()
    at = signature.at.astimezone(UTC).isoformat()
    said = [str(signature.submission_id), signature.digest.hex(), drawn, signature.signer, signature.by, at]
    said += [signature.phone] if signature.phone else []
    return json.dumps(said, ensure_ascii=False).encode()


def of_case(session: Session, case_id: UUID) -> list[PaperSignature]:
    """The signatures of parties, drawn or by phone, oldest first."""
    return numbered.signed_by_parties(session, case_id)


def for_bundle(session: Session, case_id: UUID) -> dict[str, bytes]:
    """The signed PDFs, the drawings, and `signatures.json` with each statement and its seal, as files of a bundle."""
    found = of_case(session, case_id)
    witnesses = people.names(session, {one.by for one in found})
    files: dict[str, bytes] = {}
    listed = []
    for place, one in enumerate(found, 1):
        paper, picture = f"signed/{place:02d}.pdf", f"signed/{place:02d}.png" if one.drawing else ""
        files[paper] = one.content or b""
        if one.drawing:
            files[picture] = one.drawing
        listed.append(
            {
                "paper": paper, "drawing": picture, "signer": one.signer, "witness": witnesses.get(one.by, ""),
                "how": one.how, "phone": one.phone, "at": one.at.isoformat(), "statement": statement(one).decode(),
                "seal": (one.seal or b"").hex(),
            }
        )  # fmt: skip
    if listed:
        files[bundle.SIGNATURES] = json.dumps(listed, ensure_ascii=False, indent=1).encode()
    return files


def _picture(drawing: str) -> bytes | None:
    head, _, body = drawing.partition(",")
    if head != "data:image/png;base64" or len(body) > LONGEST * 4 // 3:
        return None
    try:
        content = base64.b64decode(body, validate=True)
    except binascii.Error:
        return None
    return content if content.startswith(PNG) and len(content) > EMPTY else None
