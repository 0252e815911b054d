"""What a mediation by the police (治安调解) needs of those who took part: 公安机关办理行政案件程序规定 §181."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import parties
from engine.cases.models import Case
from engine.errors import N_, Invalid

OUTCOME = "f-outcome"


class GuardianAbsent(Invalid):
    """The police mediate with a minor only while the guardian is present (Rules on Administrative Cases, §181)."""

    code = "guardian-absent"
    message = N_(
        "Somebody under 18 took part, and no guardian was present: this is no mediation by the police "
        "(Rules on Administrative Cases, art. 181). Hold it again with the guardian, or choose another outcome."
    )


class SuspectByProxy(Invalid):
    """A suspect takes part in person (Rules on Administrative Cases, §181)."""

    code = "suspect-by-proxy"
    message = N_(
        "A suspect may not send somebody else: this is no mediation by the police (Rules on Administrative Cases, "
        "art. 181). Hold it again with the suspect, or choose another outcome."
    )


def require_lawful(session: Session, case: Case, form_key: str, values: Mapping[str, Any]) -> None:
    """Raises GuardianAbsent, also for a minor whom the case knows, and SuspectByProxy."""
    if form_key != OUTCOME or values["outcome"] != "police_mediation":
        return
    minor = values["minor"] == "yes" or any(map(parties.is_minor, parties.of_case(session, case.id)))
    if minor and values.get("guardian") not in ("present", "of_age"):
        raise GuardianAbsent(case=case.id)
    if values["suspect"] != "in_person":
        raise SuspectByProxy(case=case.id)
