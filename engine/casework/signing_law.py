"""Where the law lets papers be signed electronically (电子签名法 §3)."""

from sqlalchemy.orm import Session

from engine.cases import queries as cases
from engine.cases.models import Case
from engine.casework.choosing import AGREEMENTS
from engine.errors import N_, Invalid

FAMILY = ("D01", "D02")


class ESignatureBarred(Invalid):
    """Papers of marriage, adoption and inheritance are not signed electronically (Electronic Signature Law §3)."""

    code = "e-signature-barred"
    message = N_("Papers of marriage, adoption or inheritance need a signature by hand (Electronic Signature Law, §3).")


def may_sign_electronically(session: Session, case: Case) -> bool:
    """Whether the law lets papers of this case be signed electronically (电子签名法 §3: not marriage, inheritance)."""
    agreement = cases.newest_submission(session, case.id, AGREEMENTS)
    touches = agreement.answers.get("touches") if agreement else None
    return (case.category or "")[:3] not in FAMILY and "identity" not in (touches or [])
