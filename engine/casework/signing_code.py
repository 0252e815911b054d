"""A party signs with a code that went to their own phone (短信验证码签名), wherever they are.

What makes it reliable (电子签名法 §13): the code went to that phone alone, is good once and for ten minutes; the seal
holds the very PDF that was sent to be read, the phone, who signed, who had it sent, and when.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from engine import bundle, clock, events
from engine.cases import parties
from engine.cases.models import Case, Party, Submission
from engine.casework import filing, masking, signing_drawn
from engine.casework.signing_law import ESignatureBarred, may_sign_electronically
from engine.documents.models import PaperSignature
from engine.errors import N_, Conflict, Invalid
from engine.ids import new_id
from engine.notifications import codes, delivering, kinds
from engine.notifications.models import PhoneCode
from engine.papers import Paper
from engine.people.actor import Actor


class PhoneMissing(Invalid):
    """The party has no phone on file, or is none of the case."""

    code = "phone-missing"
    message = N_("Choose who signs. Their phone must be on file under People.")


class SealedCase(Conflict):
    """Nothing about a sealed case goes to a phone."""

    code = "sealed-case"
    message = N_("Nothing about a sealed case goes to a phone. Let the party sign on this device, or on paper.")


class NotAgreed(Invalid):
    """Whoever signs says that they have read the paper and want to sign it so (Electronic Signature Law §3)."""

    code = "not-agreed"
    message = N_("Tick that you have read the paper and want to sign it this way. Paper is worth the same.")


@dataclass(frozen=True)
class Waiting:
    """A paper that waits for a party's signature: the code's row with the PDF, who signs, the case, the paper."""

    code: PhoneCode
    party: Party
    case: Case
    paper: Paper


def send(
    session: Session, actor: Actor, case_id: UUID, submission_id: UUID, *, party_id: UUID | None, locale: str
) -> PhoneCode:
    """Send a party a code for a paper as it stands now.

    Raises SealedCase, PhoneMissing, NoGateway, CodesTooMany besides what `signing_drawn.shown` raises.
    """
    case, signers, pdf = signing_drawn.shown(session, actor, case_id, submission_id)
    party = next((one for one in signers if one.id == party_id), None)
    if case.sealed:
        raise SealedCase(case=case_id)
    if party is None or not party.phone:
        raise PhoneMissing(case=case_id)
    made = codes.issue(
        session, case, party, submission_id, pdf, phone=party.phone, by=actor.id, locale=locale
    )  # fmt: skip
    delivering.put(session, kinds.GATEWAY, "signing_code", {}, made.at, case_id=case.id, code_id=made.id)
    events.record(
        session, "signature.asked", case.id, actor=actor.id, paper=str(submission_id), party=str(party.id)
    )  # fmt: skip
    return made


def opened(session: Session, code_id: UUID, typed: str) -> Waiting:
    """What waits, for whoever has the code. Raises CodeUnknown, CodeOver, CodeWrong, SealedCase, ESignatureBarred."""
    code = codes.check(session, code_id, typed)
    case = session.get_one(Case, code.case_id)
    if case.sealed:
        raise SealedCase(case=case.id)
    if not may_sign_electronically(session, case):
        raise ESignatureBarred(case=case.id)
    paper = filing.kind_of(session, session.get_one(Submission, code.submission_id))
    return Waiting(code, parties.one(session, case.id, code.party_id), case, paper)


def sign(session: Session, code_id: UUID, typed: str, *, agreed: bool) -> PaperSignature:
    """Sign the paper that the code was sent for. Raises NotAgreed besides what `opened` raises."""
    waiting = opened(session, code_id, typed)
    if not agreed:
        raise NotAgreed
    code, party = waiting.code, waiting.party
    code.used_at = clock.now()
    made = PaperSignature(
        id=new_id(), case_id=code.case_id, submission_id=code.submission_id, how="code", by=code.by, at=code.used_at,
        digest=code.digest, party_id=party.id, signer=party.name, content=code.content, phone=masking.phone(code.phone),
    )  # fmt: skip
    made.seal = bundle.sign(signing_drawn.statement(made))
    session.add(made)
    events.record(
        session, "paper.signed", code.case_id, actor=None, paper=str(code.submission_id), how="code",
        party=str(party.id), digest=code.digest.hex(),
    )  # fmt: skip
    return made
