"""Messages and signals on their way: stored in the sender's transaction, delivered by a job, exactly once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from engine import clock
from engine.ids import new_id
from engine.workflow import jobs
from engine.workflow.execution import Subscription, Thrown
from engine.workflow.models import Instance, Message
from engine.workflow.models import Subscription as Catcher

if TYPE_CHECKING:
    from engine.workflow.instances import Home

MESSAGE, SIGNAL = "message", "signal"
TIME_TO_LIVE = timedelta(days=30)
"""How long a message that nobody waits for is kept."""
OVERDUE = timedelta(seconds=10)
"""How long a message has its own job to come to whoever waits."""
SPARE = 2
"""How many more lying messages are offered than can be taken: others may take the first ones meanwhile."""


def send_all(session: Session, sender: Instance, thrown: Sequence[Thrown], left: int) -> None:
    """Put what an instance threw on its way; each may lead to its share of the messages that are left."""
    for one in thrown:
        share = left // len(thrown)
        send(session, one.kind, one.name, one.correlation_key, one.variables, sender=sender, left=share)


def send(
    session: Session,
    kind: str,
    name: str,
    correlation_key: str | None,
    variables: Mapping[str, Any],
    *,
    sender: Instance | None = None,
    home: "Home | None" = None,
    time_to_live: timedelta = TIME_TO_LIVE,
    left: int | None = None,
) -> UUID:
    """Store a message or signal and have it delivered after the commit. Returns its id.

    `home` is where it belongs that no instance has sent; `left` is how many messages it may lead to. Of a signal there
    is one row to start processes, and one for each instance that waits for it now: each hears it once.
    """
    belongs = sender or home
    hearers = _hearers(session, name, sender) if kind == SIGNAL else []
    rows = [
        Message(
            id=new_id(),
            kind=kind,
            name=name,
            correlation_key=correlation_key,
            variables=dict(variables),
            sender=sender.id if sender else None,
            recipient=recipient,
            county=belongs.county if belongs else "",
            division=belongs.division if belongs else "",
            stream=belongs.stream if belongs else None,
            sent_at=clock.now(),
            expires_at=clock.now() + time_to_live,
            messages_left=None if left is None else left // (len(hearers) + 1),
        )
        for recipient in (None, *hearers)
    ]
    session.add_all(rows)
    session.flush()  # their jobs may be done inline, and read them
    jobs.defer_each(session, f"deliver_{kind}", [{"message": str(one.id)} for one in rows])
    return rows[0].id


def _hearers(session: Session, name: str, sender: Instance | None) -> list[UUID]:
    """Who waits for a signal now; the sender has heard it within its own execution."""
    hearing = select(Catcher.instance_id).where(Catcher.kind == SIGNAL, Catcher.name == name).distinct()
    return [one for one in session.scalars(hearing) if sender is None or one != sender.id]


def remind(session: Session, *, batch: int = 100) -> int:
    """Have messages delivered once more that lie though somebody waits for them. Returns how many.

    Who began to wait, in a transaction that was open while the message came, saw nothing of it and was not seen.
    """
    awaited = or_(  # each a look into the index, however many wait for the name
        _is_awaited(Catcher.correlation_key == Message.correlation_key),
        _is_awaited(Catcher.correlation_key.is_(None)),
        Message.correlation_key.is_(None) & _is_awaited(),
    )
    lying = select(Message.id).where(Message.kind == MESSAGE, Message.taken_at.is_(None), awaited)
    now = clock.now()
    overdue = lying.where(Message.expires_at > now, Message.sent_at < now - OVERDUE).order_by(Message.sent_at)
    found = session.scalars(overdue.limit(batch)).all()
    jobs.defer_each(session, "deliver_message", [{"message": str(one)} for one in found])
    return len(found)


def _is_awaited(*keys: ColumnElement[bool]) -> ColumnElement[bool]:
    catchers = select(Catcher.id).join(Instance, Instance.id == Catcher.instance_id)
    named = catchers.where(Catcher.kind == MESSAGE, Catcher.name == Message.name, Instance.status == "active", *keys)
    return named.correlate(Message).exists()


def offer_waiting(session: Session, subscriptions: Iterable[Subscription]) -> None:
    """Look whether a message already lies here for those who have just begun to wait.

    A message without a key is for whoever waits for its name, and who waits without a key takes any of the name. Of
    many that lie only the first are offered, as many as can be taken: who is given nothing is reminded.
    """
    wanted = [(one.name, one.correlation_key) for one in subscriptions if one.kind == MESSAGE]
    if not wanted:
        return
    keyed = [(name, key) for name, key in wanted if key is not None]
    unkeyed = [name for name, key in wanted if key is None]
    for_anybody = Message.name.in_([name for name, _ in keyed]) & Message.correlation_key.is_(None)
    fits = tuple_(Message.name, Message.correlation_key).in_(keyed) | Message.name.in_(unkeyed) | for_anybody
    alike = Message.name, case((Message.name.in_(unkeyed), None), else_=Message.correlation_key)
    rank = func.row_number().over(partition_by=alike, order_by=Message.sent_at).label("rank")
    lying = select(Message.id, Message.sent_at, rank).where(
        Message.kind == MESSAGE, Message.taken_at.is_(None), Message.expires_at > clock.now(), fits
    )
    first = lying.subquery()
    offered = select(first.c.id).where(first.c.rank <= len(wanted) + SPARE).order_by(first.c.sent_at)
    jobs.defer_each(session, "deliver_message", [{"message": str(one)} for one in session.scalars(offered)])
