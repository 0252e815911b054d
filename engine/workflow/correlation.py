"""Correlation: which instance takes a message, and who hears a signal."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import instances, jobs
from engine.workflow.errors import InstanceNotActive, NobodyWaits
from engine.workflow.instances import Home
from engine.workflow.messages import MESSAGE, SIGNAL
from engine.workflow.models import Instance, Message, StartSubscription, Subscription


def correlate(
    session: Session,
    name: str,
    correlation_key: str | None,
    variables: Mapping[str, Any],
    *,
    actor: str | None,
    instance_id: UUID | None = None,
    home: Home | None = None,
    left: int | None = None,
) -> UUID:
    """Give a message to the one catcher that has waited longest for it, or start a process by it.

    A catcher without a correlation key takes any message of the name, and a message without one goes to any catcher of
    it. A process is started once for each message, whatever its key (BPMN 2.0 §10.5.2), but not by one for which an
    instance waits that rests now. `left` is how many messages it may lead to (None: as many as one act may).
    Returns the id of the instance. Raises NobodyWaits.
    """
    waiting = select(Subscription).where(Subscription.kind == MESSAGE, Subscription.name == name)
    if correlation_key is not None:
        unkeyed = Subscription.correlation_key.is_(None)
        waiting = waiting.where(or_(Subscription.correlation_key == correlation_key, unkeyed))
    if instance_id is not None:
        waiting = waiting.where(Subscription.instance_id == instance_id)
    catchers = session.scalars(waiting.order_by(Subscription.created_at, Subscription.id)).all()
    for found in catchers:
        if _deliver(session, found, variables, actor, left):
            return found.instance_id
    starts = instance_id is None and not _rests(session, catchers)
    if starts and (started := _start_by(session, MESSAGE, name, variables, actor, home, left=left)):
        return started[0].id
    raise NobodyWaits(name=name, correlation_key=correlation_key)


def start_by_message(session: Session, name: str, variables: Mapping[str, Any], *, actor: str | None) -> UUID:
    """Start a process by a message, whoever else may wait for it. Returns the instance's id. Raises NobodyWaits."""
    started = _start_by(session, MESSAGE, name, variables, actor, None)
    if not started:
        raise NobodyWaits(name=name)
    return started[0].id


def is_awaited(session: Session, name: str, correlation_key: str) -> bool:
    """Whether somebody waits for a message now."""
    waiting = select(Subscription.id).where(
        Subscription.kind == MESSAGE, Subscription.name == name, Subscription.correlation_key == correlation_key
    )
    return session.scalar(waiting.limit(1)) is not None


def broadcast(
    session: Session,
    name: str,
    variables: Mapping[str, Any],
    *,
    actor: str | None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Let everyone who waits for a signal hear it, now and in this transaction; starts processes by it as well.

    `facts` go into the events. Returns how many instances heard it.
    """
    hearing = select(Subscription.instance_id).where(Subscription.kind == SIGNAL, Subscription.name == name)
    heard = 0
    for instance_id in session.scalars(hearing.distinct().order_by(Subscription.instance_id)).all():
        heard += _signal(session, instance_id, name, variables, actor, facts or {})
    return heard + len(_start_by(session, SIGNAL, name, variables, actor, None, said=facts))


@jobs.job
def deliver_message(session: Session, message: str) -> None:
    """Deliver a stored message, unless it was taken or is too old; nobody waiting, it stays."""
    row = session.get(Message, UUID(message), with_for_update=True, populate_existing=True)
    if row is None:
        return
    row.look_at = None
    if row.taken_at or row.expires_at <= clock.now():
        return
    home, left = Home(row.stream, row.county, row.division), row.messages_left
    try:
        correlate(session, row.name, row.correlation_key, row.variables, actor=None, home=home, left=left)
    except NobodyWaits:
        return
    row.taken_at = clock.now()


@jobs.job
def deliver_signal(session: Session, message: str) -> None:
    """Let the instance hear a stored signal for which it is, or start the processes that begin by it."""
    row = session.get(Message, UUID(message), with_for_update=True, populate_existing=True)
    if row is None or row.taken_at:
        return
    row.taken_at = clock.now()
    if row.recipient is not None:
        _signal(session, row.recipient, row.name, row.variables, None, {}, row.messages_left)
        return
    home = Home(row.stream, row.county, row.division)
    _start_by(session, SIGNAL, row.name, row.variables, None, home, left=row.messages_left)


def _deliver(
    session: Session, found: Subscription, variables: Mapping[str, Any], actor: str | None, left: int | None
) -> bool:
    """Whether the catcher, looked at again under its instance's lock, still waited and took the message."""
    awaited = found.id, found.name, found.correlation_key
    try:
        with instances.changing(session, found.instance_id, "message.received", actor=actor) as live:
            if awaited not in ((one.id, one.name, one.correlation_key) for one in live.execution.subscriptions):
                raise NobodyWaits(name=found.name)  # it has gone on, or waits for something else since a migration
            live.data["name"] = found.name
            live.execution.allow_messages(left)
            instances.received(session, found.instance_id, MESSAGE, found.name, variables)
            live.execution.deliver(found.id, variables)
    except (NobodyWaits, InstanceNotActive):
        return False
    return True


def _rests(session: Session, catchers: Sequence[Subscription]) -> bool:
    """Whether one of those who wait is suspended: what is for it must not go elsewhere meanwhile."""
    if not catchers:
        return False
    resting = select(Instance.id).where(Instance.id.in_([one.instance_id for one in catchers]))
    return session.scalar(resting.where(Instance.status == instances.SUSPENDED).limit(1)) is not None


def _signal(
    session: Session,
    instance_id: UUID,
    name: str,
    variables: Mapping[str, Any],
    actor: str | None,
    facts: Mapping[str, Any],
    left: int | None = None,
) -> bool:
    try:
        with instances.changing(session, instance_id, "signal.received", actor=actor) as live:
            live.data = {"name": name, **facts}
            live.execution.allow_messages(left)
            instances.received(session, instance_id, SIGNAL, name, variables)
            live.execution.signal(name, variables)
    except InstanceNotActive:
        return False
    return True


def _start_by(
    session: Session,
    kind: str,
    name: str,
    variables: Mapping[str, Any],
    actor: str | None,
    home: Home | None,
    *,
    said: Mapping[str, Any] | None = None,
    left: int | None = None,
) -> list[Instance]:
    starts = select(StartSubscription).where(StartSubscription.kind == kind, StartSubscription.name == name)
    found = session.scalars(starts.order_by(StartSubscription.process_key)).all()
    return [
        instances.start(
            session, start.process_key, variables, actor=actor, home=home, said=said,
            messages_left=None if left is None else left // len(found),
            start_event=start.element_id, definition_id=start.definition_id,
        )
        for start in found
    ]  # fmt: skip
