"""Reasons of steps: they stand in the history for good, so they name nobody of the case (个人信息保护法 §19)."""

import re
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import blocklist
from engine.cases.models import Party
from engine.errors import N_, Invalid

SHORTEST_NAME, SHORTEST_PHONE = 2, 7


class PersonNamed(Invalid):
    """A reason names somebody of the case; what the file says of them is erased one day, the history is not."""

    code = "person-named"
    message = N_(
        "“%(found)s” is somebody of this case. A reason stays in the history for good, so write “the applicant”, “the "
        "respondent” or “the reporter” instead; a remark on the file may name them."
    )


def naming_nobody(session: Session, case_id: UUID, reason: str) -> str:
    """A reason without the spaces around it. Raises WordsBlocked, PersonNamed."""
    said = blocklist.clean(reason)
    people = session.execute(select(Party.name, Party.phone).where(Party.case_id == case_id, Party.kind == "person"))
    digits = re.sub(r"\D", "", said)
    for name, phone in people if said else ():
        if len(name) >= SHORTEST_NAME and name in said:
            raise PersonNamed(found=name)
        if len(number := re.sub(r"\D", "", phone)) >= SHORTEST_PHONE and number in digits:
            raise PersonNamed(found=phone)
    return said
