"""Messages and signals on their way: stored in the sender's transaction, delivered by a job, exactly once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, bindparam, select, text, update
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
OVERDUE = timedelta(minutes=1)
"""How long a job has to bring a message to whoever waits, before it is looked at again."""
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
            look_at=clock.now() + OVERDUE if kind == MESSAGE else None,
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


def remind(session: Session, *, batch: int = 500) -> int:
    """Bring together who waits and what lies but missed each other. Returns how many of both it looked at.

    Who began to wait, in a transaction that was open while the message came, saw nothing of it and was not seen: each
    catcher is looked at once after its commit. A message whose delivery failed for good is tried again. Neither
    depends on how many messages lie.
    """
    fresh = select(Catcher).where(Catcher.fresh).limit(batch).with_for_update(skip_locked=True)
    seen = session.scalars(fresh.execution_options(populate_existing=True)).all()
    offer_waiting(session, seen)
    if seen:
        session.execute(update(Catcher).where(Catcher.id.in_([one.id for one in seen])).values(fresh=False))
    overdue = select(Message.id).where(Message.kind == MESSAGE, Message.look_at < clock.now())
    return len(seen) + _offer(session, overdue.order_by(Message.look_at).limit(batch))


def offer_waiting(session: Session, subscriptions: Iterable[Subscription | Catcher]) -> None:
    """Look whether a message already lies here for those who have just begun to wait.

    A message without a key is for whoever waits for its name, and who waits without a key takes any of the name. Of
    many that lie only the first are offered, as many as can be taken.
    """
    wanted = [(one.name, one.correlation_key) for one in subscriptions if one.kind == MESSAGE]
    if not wanted:
        return
    distinct = sorted(set(wanted), key=lambda one: (one[0], one[1] or ""))
    given = {
        "names": [name for name, _ in distinct], "keys": [key for _, key in distinct], "most": len(wanted) + SPARE,
        "now": clock.now(),
    }  # fmt: skip
    if lying := session.scalars(_LYING, given).all():
        _offer(session, select(Message.id).where(Message.id.in_(lying)).order_by(Message.sent_at))


# Each is a look into an index that stops after the first.
_LYING = text("""
SELECT DISTINCT found.id FROM unnest(:names, :keys) AS wanted(name, key) CROSS JOIN LATERAL (
  (SELECT id FROM message WHERE kind = 'message' AND taken_at IS NULL AND expires_at > :now
    AND name = wanted.name AND correlation_key = wanted.key ORDER BY sent_at LIMIT :most)
  UNION ALL
  (SELECT id FROM message WHERE kind = 'message' AND taken_at IS NULL AND expires_at > :now
    AND name = wanted.name AND correlation_key IS NULL AND wanted.key IS NOT NULL ORDER BY sent_at LIMIT :most)
  UNION ALL
  (SELECT id FROM message WHERE kind = 'message' AND taken_at IS NULL AND expires_at > :now
    AND name = wanted.name AND wanted.key IS NULL ORDER BY sent_at LIMIT :most)
) AS found
""").bindparams(bindparam("names", type_=ARRAY(Text)), bindparam("keys", type_=ARRAY(Text)))


def _offer(session: Session, chosen: Select[UUID]) -> int:
    """Have messages delivered by jobs, but those in somebody's hands; if a job is lost, they are looked at again."""
    found = session.scalars(chosen.with_for_update(skip_locked=True)).all()
    if found:
        later = update(Message).where(Message.id.in_(found)).values(look_at=clock.now() + OVERDUE)
        session.execute(later.execution_options(synchronize_session=False))
        jobs.defer_each(session, "deliver_message", [{"message": str(one)} for one in found])
    return len(found)
