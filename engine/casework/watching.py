"""What administrators watch: incidents, service jobs, timers, who waits for messages, messages nobody has taken."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine import clock
from engine.casework import cockpit, cursors
from engine.casework.administration import require_admin
from engine.people.actor import Actor
from engine.workflow import instances
from engine.workflow.inspecting import LiveToken
from engine.workflow.models import (
    Definition,
    Incident,
    Instance,
    Message,
    ServiceJob,
    StartSubscription,
    Subscription,
)


@dataclass(frozen=True)
class Page:
    """Part of a list, and where the next part begins; of the streams `sealed` nothing is told but the state."""

    rows: Sequence[Row[Any]]
    next: str | None
    sealed: Collection[UUID] = ()


@dataclass(frozen=True)
class Part:
    """Which part of a list: after a cursor, so many rows; of one process, or of all."""

    after: str = ""
    size: int = 25
    process: str = ""


def incidents(session: Session, actor: Actor, part: Part, *, code: str = "", resolved: bool = False) -> Page:
    """Incidents, open or resolved, oldest first. Raises AdministratorsOnly, CursorInvalid."""
    query = select(Incident, Instance, Definition).join(Instance, Instance.id == Incident.instance_id)
    query = query.where(Incident.resolved_at.is_not(None) if resolved else Incident.resolved_at.is_(None))
    if code:
        query = query.where(Incident.code == code)
    return _page(session, actor, query, part, Incident.at, Incident.id, int)


def service_jobs(session: Session, actor: Actor, part: Part, *, state: str = "open", kind: str = "") -> Page:
    """Service jobs in a state, oldest first."""
    query = select(ServiceJob, Instance, Definition).join(Instance, Instance.id == ServiceJob.instance_id)
    query = query.where(ServiceJob.state == state)
    if kind:
        query = query.where(ServiceJob.type == kind)
    return _page(session, actor, query, part, ServiceJob.created_at, ServiceJob.id, UUID)


@dataclass(frozen=True)
class RunningTimer:
    """A timer that runs: its token, in which instance, of which process; whether that belongs to a sealed case."""

    timer: LiveToken
    instance: Instance
    definition: Definition
    sealed: bool = False


@dataclass(frozen=True)
class Timers:
    """Part of the timers, and where the next part begins."""

    rows: Sequence[RunningTimer]
    next: str | None


def timers(session: Session, actor: Actor, part: Part) -> Timers:
    """Timers by when they are due, the next one first. Raises AdministratorsOnly, CursorInvalid.

    An instance's row tells its earliest moment alone. So instances are read in that order, and a timer is the next one
    once the instances still to be read can hold no earlier one.
    """
    require_admin(actor)
    after = cursors.read(part.after, UUID) if part.after else None
    query = select(Instance, Definition).join(Definition, Definition.id == Instance.definition_id)
    query = query.where(Instance.wake_at.is_not(None)).order_by(Instance.wake_at, Instance.id)
    if part.process:
        query = query.where(Definition.key == part.process)
    known: list[tuple[datetime, UUID, RunningTimer]] = []
    found: list[RunningTimer] = []
    with session.execute(query.execution_options(yield_per=50)) as read:
        for instance, definition in read:
            assert instance.wake_at is not None
            while known and known[0][0] < instance.wake_at and len(found) <= part.size:
                found.append(heappop(known)[2])
            if len(found) > part.size:
                break
            for token in instances.restore(session, instance).tokens():
                if token.due is not None and (after is None or (token.due, token.id) > after):
                    heappush(known, (token.due, token.id, RunningTimer(token, instance, definition)))
    while known and len(found) <= part.size:
        found.append(heappop(known)[2])
    shown, more = found[: part.size], found[part.size :]
    sealed = cockpit.sealed(session, actor, [one.instance.stream for one in shown])
    last = shown[-1].timer if more else None
    return Timers(
        [replace(one, sealed=one.instance.stream in sealed) for one in shown],
        cursors.write(last.due, last.id) if last and last.due else None,
    )


def starts(session: Session, actor: Actor, *kinds: str) -> Sequence[Row[StartSubscription, Definition]]:
    """What begins processes by itself: start events of some kinds, the next due first."""
    require_admin(actor)
    query = select(StartSubscription, Definition).join(Definition, Definition.id == StartSubscription.definition_id)
    query = query.where(StartSubscription.kind.in_(kinds))
    order = StartSubscription.due_at, StartSubscription.name, StartSubscription.process_key
    return session.execute(query.order_by(*order)).all()


def subscriptions(session: Session, actor: Actor, part: Part, *, name: str = "") -> Page:
    """Who waits for messages and signals, the longest first."""
    query = select(Subscription, Instance, Definition).join(Instance, Instance.id == Subscription.instance_id)
    if name:
        query = query.where(Subscription.name == name)
    return _page(session, actor, query, part, Subscription.created_at, Subscription.id, UUID)


def messages(session: Session, actor: Actor, part: Part, *, name: str = "") -> Page:
    """Messages that nobody has taken yet and that are not too old, oldest first; never what they say."""
    require_admin(actor)
    query = select(Message).where(Message.taken_at.is_(None), Message.expires_at > clock.now())
    if name:
        query = query.where(Message.name == name)
    return _cut(session, query, part, Message.sent_at, Message.id, UUID)


def _page(
    session: Session,
    actor: Actor,
    query: Select[*tuple[Any, ...]],
    part: Part,
    moment: InstrumentedAttribute[Any],
    identity: InstrumentedAttribute[Any],
    kind: Callable[[str], Any],
) -> Page:
    require_admin(actor)
    query = query.join(Definition, Definition.id == Instance.definition_id)
    if part.process:
        query = query.where(Definition.key == part.process)
    found = _cut(session, query, part, moment, identity, kind)
    return replace(found, sealed=cockpit.sealed(session, actor, [row.Instance.stream for row in found.rows]))


def _cut(
    session: Session,
    query: Select[*tuple[Any, ...]],
    part: Part,
    moment: InstrumentedAttribute[Any],
    identity: InstrumentedAttribute[Any],
    kind: Callable[[str], Any],
) -> Page:
    if part.after:
        query = query.where(tuple_(moment, identity) > cursors.read(part.after, kind))
    rows = session.execute(query.order_by(moment, identity).limit(part.size + 1)).all()
    last: Any = rows[part.size - 1][0] if len(rows) > part.size else None
    if last is None:
        return Page(rows, None)
    at: datetime = getattr(last, moment.key)
    return Page(rows[: part.size], cursors.write(at, getattr(last, identity.key)))
