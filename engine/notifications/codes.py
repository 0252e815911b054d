"""Codes of one use that go to a party's phone (短信验证码).

A code is stored nowhere, not even hashed: it is computed from the row's id with a key outside the database
(engine.keys), once when the message is sent and once when an answer is compared. Six digits hashed in a table could be
guessed through; a row's id without the key says nothing.
"""

import hashlib
import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine import clock, db
from engine.cases.models import Case, Party
from engine.config import settings
from engine.errors import N_, Conflict, Invalid, NotFound, Unavailable
from engine.ids import new_id
from engine.keys import key
from engine.notifications import channels
from engine.notifications.models import PhoneCode

LIFE = timedelta(minutes=10)
TRIES = 5
REST, A_DAY = timedelta(minutes=1), 10
"""Between two codes to one party, and how many a party gets within a day: nobody's phone is flooded."""
DIGITS = 6


class CodeUnknown(NotFound):
    """There is no such code."""

    code = "code-unknown"
    message = N_("This address belongs to no code. Ask for a new message.")


class CodeOver(Conflict):
    """The code was used, is too old, was tried too often, or another came after it."""

    code = "code-over"
    message = N_(
        "This code is over: it was used, is older than ten minutes, or was tried too often. Ask for a new one."
    )


class CodeWrong(Invalid):
    """What was typed is not the code."""

    code = "code-wrong"
    message = N_("This is not the code of the message. Type its six digits again.")


class CodesTooMany(Unavailable):
    """A party just got a code, or many within a day."""

    code = "codes-too-many"
    message = N_("A code was sent just now, or ten today. Wait a minute, look at the phone, or sign on paper.")


class NoGateway(Conflict):
    """This house sends no messages to phones."""

    code = "no-gateway"
    message = N_("This house sends no messages to phones. Let the party sign on this device, or on paper.")


def issue(
    session: Session, case: Case, party: Party, submission_id: UUID, content: bytes, *, phone: str, by: str, locale: str
) -> PhoneCode:
    """Make a code for a party to sign these bytes with; an earlier one is over. Raises NoGateway, CodesTooMany."""
    if not channels.gateway_is_set():
        raise NoGateway
    now = clock.now()
    sent = select(func.count(), func.max(PhoneCode.at)).where(PhoneCode.party_id == party.id)
    count, newest = session.execute(sent.where(PhoneCode.at > now - timedelta(days=1))).one()
    if count >= A_DAY or (newest and newest > now - REST):
        raise CodesTooMany
    live = update(PhoneCode).where(PhoneCode.party_id == party.id, PhoneCode.expires_at > now)
    session.execute(live.values(expires_at=now))
    made = PhoneCode(
        id=new_id(), case_id=case.id, submission_id=submission_id, party_id=party.id, phone=phone, locale=locale,
        digest=hashlib.sha256(content).digest(), content=content, by=by, at=now, expires_at=now + LIFE, tries=0,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the message points to it
    return made


def check(session: Session, code_id: UUID, typed: str) -> PhoneCode:
    """The row of a code that was typed right, for this caller alone. Raises CodeUnknown, CodeOver, CodeWrong.

    A wrong answer is counted in a transaction of its own, since the refusal rolls the request's back; so the row itself
    cannot be what is locked.
    """
    one_by_one = int.from_bytes(code_id.bytes[-8:], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(one_by_one)))
    found = one(session, code_id)
    if not is_live(found):
        raise CodeOver
    if not hmac.compare_digest(_code(code_id).encode(), "".join(typed.split()).encode()):
        _count_wrong(code_id)
        raise CodeWrong
    return found


def one(session: Session, code_id: UUID) -> PhoneCode:
    """The row of a code. Raises CodeUnknown."""
    found = session.get(PhoneCode, code_id, populate_existing=True)
    if found is None:
        raise CodeUnknown
    return found


def is_live(code: PhoneCode) -> bool:
    """Whether a code may still be used."""
    return code.used_at is None and code.tries < TRIES and code.expires_at > clock.now()


def told(code_id: UUID) -> dict[str, Any]:
    """What the message says: the code, how long it lasts, where the paper is read."""
    link = f"{settings().address}/sign/{code_id}"
    return {"code": _code(code_id), "minutes": int(LIFE.total_seconds() // 60), "link": link}


def _code(code_id: UUID) -> str:
    drawn = hmac.digest(key("phone-code"), code_id.bytes, "sha256")
    return f"{int.from_bytes(drawn[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def _count_wrong(code_id: UUID) -> None:
    with db.transaction() as apart:
        apart.execute(update(PhoneCode).where(PhoneCode.id == code_id).values(tries=PhoneCode.tries + 1))
