"""Instances: start, change, cancel. Every command locks the instance's row first, then looks, decides and writes.

`Live` is an instance in a command's hands: the locked row and its execution. Leaving `changing` writes all that came
of the command: state, tasks, subscriptions, incidents, messages, the next due moment, and one event.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from engine import clock, events, feel
from engine.ids import new_id
from engine.workflow import definitions, messages, service_jobs, writing
from engine.workflow.environment import HouseEnvironment
from engine.workflow.errors import InstanceNotActive, InstanceNotSuspended, InstanceUnknown, TimerOfLaw, TokenUnknown
from engine.workflow.execution import Execution, Fact, TokenGone
from engine.workflow.facing import short
from engine.workflow.models import Instance, Message, Received, UserTask
from engine.workflow.rearranging import Addition
from engine.workflow.writing import NOTHING, Waiting

FOLLOWERS: "list[Callable[[Session, Live], None]]" = []
"""Who keeps what an instance is about in step with it; called within every command that changes one."""

ACTIVE, SUSPENDED, COMPLETED, CANCELLED = "active", "suspended", "completed", "cancelled"


@dataclass(frozen=True)
class Home:
    """Where an instance belongs: the stream of its events (None: its own), its county and its division's path."""

    stream: UUID | None = None
    county: str = ""
    division: str = ""


@dataclass
class Live:
    """An instance in a command's hands. `closed_by` says who completed which task; `facts` go into the event."""

    instance: Instance
    execution: Execution
    actor: str | None
    completed: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


def start(
    session: Session,
    key: str,
    variables: Mapping[str, Any],
    *,
    actor: str | None,
    home: Home | None = None,
    start_event: str | None = None,
    definition_id: UUID | None = None,
    said: Mapping[str, Any] | None = None,
    messages_left: int | None = None,
) -> Instance:
    """Start a process: the newest version of `key`, or the given definition; what is `said` goes into its event.

    `messages_left` is how many messages it may lead to where a message started it. Raises DefinitionUnknown.
    """
    home = home or Home()
    definition_id = definition_id or definitions.latest(session, definitions.PROCESS, key).id
    process = definitions.process(session, definition_id)
    own = new_id()
    instance = Instance(
        id=own,
        definition_id=definition_id,
        stream=home.stream or own,
        county=home.county,
        division=home.division,
        status=ACTIVE,
        state=b"",
        started_at=clock.now(),
    )
    session.add(instance)
    session.flush()  # its tasks point to it
    received(session, instance.id, "start", start_event or "", variables)
    environment = HouseEnvironment(session, instance, actor)
    execution = Execution.start(process, environment, variables, start_event=start_event, messages_left=messages_left)
    live = Live(instance, execution, actor, data={"process": key, **(said or {})})
    _write(session, live, "instance.started", NOTHING)
    return instance


def received(session: Session, instance_id: UUID, kind: str, name: str, variables: Mapping[str, Any]) -> None:
    """Keep what came into an instance from outside, so that it can be played again."""
    values = feel.to_json(dict(variables))
    session.add(Received(instance_id=instance_id, kind=kind, name=name, variables=values, at=clock.now()))


def forget(session: Session, stream: UUID) -> None:
    """Erase what came into the instances of a stream; they cannot be played again."""
    of_stream = select(Instance.id).where(Instance.stream == stream)
    session.execute(delete(Received).where(Received.instance_id.in_(of_stream)))


@contextmanager
def changing(
    session: Session, instance_id: UUID, kind: str, *, actor: str | None, goes_on: bool = False
) -> Iterator[Live]:
    """Lock an active instance, let the block change its execution, then write what came of it.

    It `goes_on` where what happens belongs to the act before it, and is no new one. Raises InstanceUnknown,
    InstanceNotActive.
    """
    with changing_locked(session, locked(session, instance_id), kind, actor=actor, goes_on=goes_on) as live:
        yield live


@contextmanager
def changing_locked(
    session: Session,
    instance: Instance,
    kind: str,
    *,
    actor: str | None,
    goes_on: bool = False,
    allowed: Sequence[str] = (ACTIVE,),
) -> Iterator[Live]:
    """The same for an instance whose row this transaction has locked and read already. Raises InstanceNotActive."""
    if instance.status not in allowed:
        raise InstanceNotActive(instance=instance.id, status=instance.status)
    live = Live(instance, restore(session, instance, actor), actor)
    if not goes_on:
        live.execution.allow_messages(None)
    before = Waiting.of(live.execution)
    yield live
    _write(session, live, kind, before)


_LOCK = (
    select(Instance)
    .where(Instance.id == bindparam("instance"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def locked(session: Session, instance_id: UUID) -> Instance:
    """The row of an instance, locked until the transaction ends. Raises InstanceUnknown."""
    instance = session.scalar(_LOCK, {"instance": instance_id})
    if instance is None:
        raise InstanceUnknown(instance=instance_id)
    return instance


def restore(session: Session, instance: Instance, actor: str | None = None) -> Execution:
    """The execution of an instance as it was written last."""
    process = definitions.process(session, instance.definition_id)
    return Execution.restore(process, HouseEnvironment(session, instance, actor), instance.state)


def set_variables(
    session: Session,
    instance_id: UUID,
    variables: Mapping[str, Any],
    *,
    actor: str | None,
    reason: str = "",
    scope: UUID | None = None,
) -> None:
    """Change variables of an instance, or those local to a token (`scope`); waiting conditions are evaluated again.

    Raises TokenUnknown.
    """
    with changing(session, instance_id, "instance.variables_set", actor=actor) as live:
        received(session, instance_id, "set", str(scope or ""), variables)
        live.data = {"names": sorted(variables), "scope": str(scope) if scope else None, "reason": reason}
        try:
            live.execution.set_variables(variables, scope)
        except TokenGone:
            raise TokenUnknown(token=scope) from None


def move_timer(
    session: Session, instance_id: UUID, token_id: UUID, due: datetime, *, actor: str | None, reason: str
) -> None:
    """Let a timer be due at another moment; what is due by then fires now.

    Raises TokenUnknown; TimerOfLaw where the diagram names a deadline of the law, which no administrator moves.
    """
    with changing(session, instance_id, "timer.moved", actor=actor) as live:
        token = next((one for one in live.execution.tokens() if one.id == token_id and one.due), None)
        if token is None:
            raise TokenUnknown(token=token_id)
        process = definitions.process(session, UUID(token.process_ref))
        if key := process.elements[token.element_id].properties.get("hejie.deadline"):
            raise TimerOfLaw(token=token_id, deadline=key)
        assert token.due is not None
        live.data = {
            "element": token.element_id, "from": token.due.isoformat(), "to": due.isoformat(), "reason": reason
        }  # fmt: skip
        live.execution.move_timer(token_id, due)


def cancel(session: Session, instance_id: UUID, *, actor: str | None, reason: str) -> None:
    """End an instance at once, also one that rests: its tasks are cancelled, nothing in it runs again."""
    instance = locked(session, instance_id)
    alive = (ACTIVE, SUSPENDED)
    with changing_locked(session, instance, "instance.cancelled", actor=actor, allowed=alive) as live:
        live.data["reason"] = reason
        live.execution.cancel()
        live.instance.status = CANCELLED


def suspend(session: Session, instance_id: UUID, *, actor: str | None, reason: str) -> None:
    """Let an instance rest: its tasks stay visible, nothing in it can be done until it is resumed."""
    with changing(session, instance_id, "instance.suspended", actor=actor) as live:
        live.data["reason"] = reason
        live.instance.status = SUSPENDED


def resume(session: Session, instance_id: UUID, *, actor: str | None, reason: str = "") -> None:
    """Wake a suspended instance: timers that fell due meanwhile fire at the next tick, messages that came are given."""
    instance = locked(session, instance_id)
    if instance.status != SUSPENDED:
        raise InstanceNotSuspended(instance=instance_id, status=instance.status)
    instance.status = ACTIVE
    execution = restore(session, instance)
    instance.wake_at = execution.wake_at
    messages.offer_waiting(session, execution.subscriptions)
    service_jobs.give_out_again(session, instance_id)
    events.record(session, "instance.resumed", instance.stream, actor=actor, instance=instance_id, reason=reason)


def modify(
    session: Session,
    instance_id: UUID,
    *,
    take: Sequence[UUID],
    add: Sequence[Addition],
    actor: str | None,
    reason: str,
) -> None:
    """Add tokens to an instance by hand and take others away. Raises ModificationRefused, which changes nothing."""
    with changing(session, instance_id, "instance.modified", actor=actor) as live:
        live.data = {
            "taken": [str(one) for one in take], "added": [one.element_id for one in add], "reason": reason
        }  # fmt: skip
        live.execution.rearrange(take, add)


def retry(session: Session, instance_id: UUID, token_id: UUID, *, actor: str | None, reason: str = "") -> None:
    """Try a failed step again, after its cause is mended. Raises TokenGone."""
    with changing(session, instance_id, "incident.retried", actor=actor) as live:
        live.data = {"token": str(token_id), "reason": reason}
        live.execution.retry(token_id)


def move(session: Session, stream: UUID, division: str) -> None:
    """Let what runs in a stream belong to another division (a path): its open tasks are for the people there."""
    alive = select(Instance).where(Instance.stream == stream, Instance.ended_at.is_(None)).order_by(Instance.id)
    for instance in session.scalars(alive.with_for_update().execution_options(populate_existing=True)):
        instance.division = division
    for task in session.scalars(select(UserTask).where(UserTask.stream == stream, UserTask.state == "open")):
        task.division = division
    under_way = update(Message).where(Message.stream == stream, Message.taken_at.is_(None))
    session.execute(under_way.values(division=division))


def _write(session: Session, live: Live, kind: str, before: Waiting) -> None:
    instance, execution = live.instance, live.execution
    if execution.ended and instance.status == ACTIVE:
        instance.status, instance.outcome = COMPLETED, execution.outcome
    if instance.status in (COMPLETED, CANCELLED):
        instance.ended_at = clock.now()
    begun = writing.write(session, instance, execution, before, completed=live.completed, actor=live.actor)
    messages.offer_waiting(session, begun)
    service_jobs.write(session, instance, execution)
    messages.send_all(session, instance, execution.outbox, execution.messages_left)
    path = [path_entry(fact, execution.process.ref) for fact in execution.facts]
    facts: dict[str, Any] = {**live.data, "definition": execution.process.ref, "path": path}
    if instance.ended_at:
        facts["ended"] = instance.status
    events.record(session, kind, instance.stream, actor=live.actor, instance=instance.id, **facts)
    for follower in FOLLOWERS:
        follower(session, live)


def path_entry(fact: Fact, own: str) -> list[Any]:
    """A fact as it stands in an event: kind, element, and what more there is to know of it (docs/operations.md).

    `own` is the process version of the instance itself: only another one, which is called, is named.
    """
    more = dict(fact.data)
    if fact.kind != "flow.taken":
        more["token"] = short(fact.token_id)
    if fact.ref != own:
        more["ref"] = fact.ref
    return [fact.kind, fact.element_id, *([more] if more else [])]


def walked(data: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    """What an event's path says of a kind: the process version and the element or flow, in their order."""
    for entry in data.get("path", ()):
        if entry[0] == kind:
            ref = (entry[2] if len(entry) > 2 else {}).get("ref") or data.get("definition")
            if ref is not None:
                yield ref, entry[1]
