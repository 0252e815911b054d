"""The history put to the proof: every chain of events recomputed, and its head compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import events
from engine.events import Event, EventStream

ROWS = 500
"""How many events are held in memory at once."""


@dataclass(frozen=True)
class Break:
    """The first link of a stream that does not fit; `kind` is None where events are missing at its end."""

    stream: UUID
    position: int
    kind: str | None


def verify(session: Session, stream: UUID | None = None) -> Iterator[tuple[UUID, int, Break | None]]:
    """Recompute each stream's chain, or one's: its id, how many events fit, and where it breaks first (None: whole)."""
    heads = select(EventStream.id, EventStream.length, EventStream.head).order_by(EventStream.id)
    if stream is not None:
        heads = heads.where(EventStream.id == stream)
    for identity, length, head in session.execute(heads).all():
        yield _verify_one(session, identity, length, head)
    lost = select(Event.stream).where(Event.stream.not_in(select(EventStream.id))).distinct()
    for identity in session.scalars(lost.where(Event.stream == stream) if stream is not None else lost).all():
        yield identity, 0, Break(identity, 1, None)


def heads(session: Session) -> Iterator[tuple[UUID, int, bytes]]:
    """The head of each stream, to be kept where nobody of this house can change it: id, length, hash of the last."""
    for row in session.execute(select(EventStream.id, EventStream.length, EventStream.head).order_by(EventStream.id)):
        yield row[0], row[1], row[2]


def compare(session: Session, kept: Iterable[tuple[UUID, int, bytes]]) -> Iterator[Break]:
    """Heads that were kept and are in no chain now: what was cut off, or written anew, with its head."""
    for stream, length, head in kept:
        here = select(Event.hash).where(Event.stream == stream, Event.position == length)
        if session.scalar(here) != head:
            yield Break(stream, length, None)


def _verify_one(session: Session, stream: UUID, length: int, head: bytes) -> tuple[UUID, int, Break | None]:
    last: Event | None = None
    own = select(Event).where(Event.stream == stream).order_by(Event.position)
    found = session.scalars(own.execution_options(yield_per=ROWS, populate_existing=True))

    def walked() -> Iterator[Event]:
        nonlocal last
        for event in found:
            yield event
            last = event

    broken = events.first_break(walked())
    found.close()
    fitting = last.position if last else 0
    if broken is not None:
        return stream, fitting, Break(stream, fitting + 1, broken.kind)
    if fitting != length or (last.hash if last else b"") != head:
        return stream, fitting, Break(stream, fitting + 1, None)
    return stream, fitting, None
