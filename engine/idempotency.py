"""A request that is sent twice is done once: its key, what it asked, and what was answered, in one transaction.

The first insert of a key makes every other request with it wait until this transaction ends; then they find the
answer, or, if it was rolled back, do the work themselves.

An answer may hold what is kept nowhere in clear, such as a tracking code. So of the key only the hash is kept, and the
answer is sealed with the key (SHAKE-256 as a key stream; a key seals one answer and is never used for a second).
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import clock
from engine.db import Base
from engine.errors import N_, Conflict

KEPT = timedelta(days=7)


class KeyReused(Conflict):
    """The key was used before, for something else."""

    code = "idempotency-key-reused"
    message = N_("This Idempotency-Key was used for another request. Use a new key for each new request.")


class IdempotentAnswer(Base):
    """What was answered to a key, sealed. `scope` keeps the keys of different people and addresses apart."""

    __tablename__ = "idempotent_answer"

    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[dict[str, Any] | None]


@dataclass(frozen=True)
class Claim:
    """A key that this transaction holds; `answer` is what the first request with it was given, if there was one."""

    scope: str
    key: str
    answer: Mapping[str, Any] | None


def claim(session: Session, scope: str, key: str, asked: bytes) -> Claim:
    """Hold a key for a request, whose digest is `asked`. Raises KeyReused."""
    row = {"scope": scope, "key": _hash(key), "asked": asked, "at": clock.now(), "answer": None}
    session.execute(insert(IdempotentAnswer).values(row).on_conflict_do_nothing())
    stored = select(IdempotentAnswer.asked, IdempotentAnswer.answer)
    known = session.execute(stored.where(IdempotentAnswer.scope == scope, IdempotentAnswer.key == _hash(key))).one()
    if known.asked != asked:
        raise KeyReused
    return Claim(scope, key, _opened(scope, key, known.answer) if known.answer else None)


def keep(session: Session, held: Claim, answer: Mapping[str, Any]) -> Claim:
    """Store what is answered to a key, for those who ask with it again; returns the claim with it."""
    session.execute(
        update(IdempotentAnswer)
        .where(IdempotentAnswer.scope == held.scope, IdempotentAnswer.key == _hash(held.key))
        .values(answer=_sealed(held.scope, held.key, answer))
    )
    return replace(held, answer=answer)


def forget(session: Session) -> None:
    """Drop the answers that nobody will ask for again."""
    session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.at < clock.now() - KEPT))


def _hash(key: str) -> str:
    return hashlib.sha256(b"key:" + key.encode()).hexdigest()


def _sealed(scope: str, key: str, answer: Mapping[str, Any]) -> dict[str, str]:
    plain = json.dumps(dict(answer), ensure_ascii=False).encode()
    return {"sealed": base64.b64encode(_mixed(scope, key, plain)).decode()}


def _opened(scope: str, key: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(_mixed(scope, key, base64.b64decode(answer["sealed"])))
    return opened


def _mixed(scope: str, key: str, content: bytes) -> bytes:
    stream = hashlib.shake_256(f"answer:{scope}:{key}".encode()).digest(len(content))
    return bytes(a ^ b for a, b in zip(content, stream, strict=True))
