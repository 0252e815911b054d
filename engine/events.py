"""The one record of what happened: audit trail, timeline and feed, append-only and hash-chained per stream.

A stream is a case, or an instance that belongs to no case. Events carry ids and codes, never names or what people
said. Every event holds the SHA-256 of the one before it in its stream, so that a removed or altered row shows.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, Index, LargeBinary, Text, Uuid, bindparam, event, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from engine import clock, statements
from engine.db import Base
from engine.statements import Statement

PENDING, WRITTEN = "pending_events", "written_events"


class EventStream(Base):
    """The head of a stream: how many events it has and the hash of the last. Locking it orders its writers."""

    __tablename__ = "event_stream"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    length: Mapped[int] = mapped_column()
    head: Mapped[bytes] = mapped_column(LargeBinary)


class Event(Base):
    """One thing that happened. `kind` is past tense with a dot (`case.closed`), `data` its documented facts."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_kind_at", "kind", "at"),)

    stream: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str | None]
    instance: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


def record(
    session: Session,
    kind: str,
    stream: UUID,
    *,
    actor: str | None = None,
    instance: UUID | None = None,
    at: datetime | None = None,
    **data: Any,
) -> None:
    """Say that something happened; it is written, with all others of this transaction, just before the commit.

    `data` must be JSON-able and free of personal data: ids, codes, dates as ISO text.
    """
    row = {"kind": kind, "stream": stream, "actor": actor, "instance": instance, "at": at or clock.now(), "data": data}
    session.info.setdefault(PENDING, []).append((_current(session), row))


# The database makes the hash, from the head of the stream as this very statement has locked it: nothing is read first.
# The upsert takes the lock whether or not the row was there, so that two first writers queue as well.
_APPEND = Statement(
    text("""
WITH chained AS (
  INSERT INTO event_stream AS stream (id, length, head)
  VALUES (:stream, 1, sha256(convert_to(:before || '1' || :after, 'UTF8')))
  ON CONFLICT (id) DO UPDATE SET
    length = stream.length + 1,
    head = sha256(stream.head || convert_to(:before || (stream.length + 1)::text || :after, 'UTF8'))
  RETURNING id, length, head, old.head AS previous
)
INSERT INTO event (stream, position, kind, at, actor, instance, data, previous, hash)
SELECT id, length, :kind, :at, :actor, :instance, :data, coalesce(previous, ''), head FROM chained
""").bindparams(
        bindparam("stream", type_=Uuid), bindparam("before", type_=Text), bindparam("after", type_=Text),
        bindparam("kind", type_=Text), bindparam("at", type_=DateTime(timezone=True)), bindparam("actor", type_=Text),
        bindparam("instance", type_=Uuid), bindparam("data", type_=JSONB),
    )
)  # fmt: skip


@event.listens_for(Session, "before_commit")
def _write_last(session: Session) -> None:
    write(session, last=session.get_nested_transaction() is None)


def write(session: Session, *, last: bool = False) -> None:
    """Write what was recorded so far in this transaction, all in one round trip; with the `last` goes its commit."""
    noted = session.info.pop(PENDING, ())
    savepoint = session.get_nested_transaction()
    if savepoint is None:
        session.info.pop(WRITTEN, None)
    else:
        session.info.setdefault(WRITTEN, []).extend((savepoint, one) for one in noted)
    if noted:
        # One order for all writers, so that none deadlock.
        pending = sorted((row for _, row in noted), key=lambda row: row["stream"])
        statements.send(session, *((_APPEND, _appended(row)) for row in pending), last=last)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    """What was recorded within a savepoint that is rolled back, or within one inside it, did not happen."""
    undone = [(at, one) for at, one in session.info.get(WRITTEN, ()) if _is_within(at, ended)]
    if undone:  # what was recorded before the savepoint and written in it has happened all the same
        session.info[WRITTEN] = [one for one in session.info[WRITTEN] if one not in undone]
    noted = [*(one for _, one in undone), *session.info.get(PENDING, ())]
    session.info[PENDING] = [one for one in noted if not _is_within(one[0], ended)]


def _is_within(made_in: SessionTransaction | None, ended: SessionTransaction) -> bool:
    while made_in is not None and made_in is not ended:
        made_in = made_in.parent
    return made_in is ended


def _current(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def recorded(session: Session, instance: UUID) -> list[dict[str, Any]]:
    """What this transaction has said of an instance and not written yet."""
    return [row for _, row in session.info.get(PENDING, ()) if row["instance"] == instance]


def of_stream(session: Session, stream: UUID) -> list[Event]:
    """All events of a stream, oldest first, with what this transaction has recorded."""
    write(session)
    return list(session.scalars(select(Event).where(Event.stream == stream).order_by(Event.position)))


def first_break(events: Iterable[Event]) -> Event | None:
    """The first event whose hash or predecessor does not fit, of a whole stream in order; None if the chain holds."""
    previous = b""
    for position, found in enumerate(events, start=1):
        facts = {name: getattr(found, name) for name in ("stream", "kind", "actor", "instance", "at", "data")}
        if found.previous != previous or found.position != position or found.hash != _hash(facts, position, previous):
            return found
        previous = found.hash
    return None


def _appended(row: Mapping[str, Any]) -> dict[str, Any]:
    before, after = _facts(row)
    return {**row, "data": _json(row["data"]), "before": before, "after": after}


def _hash(row: Mapping[str, Any], position: int, previous: bytes) -> bytes:
    before, after = _facts(row)
    return hashlib.sha256(previous + f"{before}{position}{after}".encode()).digest()


def _facts(row: Mapping[str, Any]) -> tuple[str, str]:
    """What the hash of an event is made of, as one JSON list: the part before its position, and the part behind."""
    facts = [
        row["kind"],
        row["actor"],
        str(row["instance"]) if row["instance"] else None,
        round(row["at"].timestamp() * 1_000_000),
        row["data"],
    ]
    return f'["{row["stream"]}",', "," + _json(facts)[1:]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
