"""One command for many instances: previewed as a list, then done piece by piece by jobs, on exactly that list.

A piece is one transaction, an instance in it one savepoint: what is refused is kept with its reason, the rest goes on.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from logging import getLogger
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engine import clock
from engine.errors import N_, Conflict, DomainError, Invalid, NotFound, said_by
from engine.ids import new_id
from engine.sentences import S_, Series
from engine.workflow import incidents, instances, jobs, migration
from engine.workflow.models import Batch, BatchItem, Definition, Incident, Instance

PREVIEWED, RUNNING, PAUSED, DONE, CANCELLED = "previewed", "running", "paused", "done", "cancelled"
LARGEST = 2000
PIECE = 10
"""How many instances one transaction takes."""

log = getLogger(__name__)


class BatchUnknown(NotFound):
    """No batch has that id."""

    code = "batch-unknown"
    message = N_("This batch does not exist.")


class BatchState(Conflict):
    """The batch is not in a state that allows this."""

    code = "batch-state"
    message = N_("The batch is %(state)s: this cannot be done with it now.")


class BatchTooLarge(Invalid):
    """More than a batch may hold."""

    code = "batch-too-large"
    message = N_("A batch holds at most %(most)s instances: narrow it down.")


class BatchEmpty(Invalid):
    """Nothing to do."""

    code = "batch-empty"
    message = N_("No instance fits. Nothing was made.")


def find(session: Session, batch_id: UUID, *, lock: bool = False) -> Batch:
    """A batch, to look at or locked for a command. Raises BatchUnknown."""
    found = session.get(Batch, batch_id, with_for_update=lock or None, populate_existing=True)
    if found is None:
        raise BatchUnknown(batch=batch_id)
    return found


def preview(
    session: Session, command: str, given: Mapping[str, Any], chosen: Mapping[str, Any], *, actor: str, reason: str
) -> Batch:
    """Store what a command would be done to; for a migration also what would be refused, and why. Does nothing yet.

    `chosen` is a list of ids (`instances`), or `process`, `version` and `code` (of incidents). Raises BatchEmpty,
    BatchTooLarge.
    """
    batch = Batch(
        id=new_id(),
        command=command,
        given=dict(given),
        reason=reason,
        actor=actor,
        state=PREVIEWED,
        made_at=clock.now(),
    )
    rows = _chosen(session, command, chosen)
    if not rows:
        raise BatchEmpty
    session.add(batch)
    session.flush()  # its items point to it
    items = [
        {"batch_id": batch.id, "position": position, "instance_id": instance.id,
         "incident_id": incident.id if incident else None, **_verdict(session, batch, instance)}
        for position, (instance, incident) in enumerate(rows, start=1)
    ]  # fmt: skip
    session.execute(insert(BatchItem), items)
    return batch


def start(session: Session, batch_id: UUID) -> Batch:
    """Begin a batch, or go on with one that was paused. Raises BatchUnknown, BatchState."""
    batch = _in_state(session, batch_id, PREVIEWED, PAUSED)
    batch.state = RUNNING
    jobs.defer(session, "run_batch", batch=str(batch_id))
    return batch


def pause(session: Session, batch_id: UUID) -> Batch:
    """Let a batch rest after the piece in hand. Raises BatchUnknown, BatchState."""
    batch = _in_state(session, batch_id, RUNNING)
    batch.state = PAUSED
    return batch


def cancel(session: Session, batch_id: UUID) -> Batch:
    """End a batch; what is done stays done. Raises BatchUnknown, BatchState."""
    batch = _in_state(session, batch_id, PREVIEWED, RUNNING, PAUSED)
    batch.state, batch.ended_at = CANCELLED, clock.now()
    return batch


def progress(session: Session, batch_id: UUID) -> Counter[str]:
    """How many items are in each state."""
    counted = select(BatchItem.state, func.count()).where(BatchItem.batch_id == batch_id).group_by(BatchItem.state)
    return Counter({row[0]: row[1] for row in session.execute(counted)})


def items(session: Session, batch_id: UUID, *, state: str = "", after: int = 0, size: int = 25) -> list[BatchItem]:
    """Part of the list of a batch, in its order."""
    query = select(BatchItem).where(BatchItem.batch_id == batch_id, BatchItem.position > after)
    if state:
        query = query.where(BatchItem.state == state)
    return list(session.scalars(query.order_by(BatchItem.position).limit(size)))


@jobs.job
def run_batch(session: Session, batch: str) -> None:
    """Do the next piece of a batch, and have the one after it done."""
    found = find(session, UUID(batch), lock=True)  # locked: a batch is done one piece after another
    if found.state != RUNNING:
        return
    piece = items(session, found.id, state="todo", size=PIECE)
    for item in piece:
        _do(session, found, item)
    if piece:
        jobs.defer(session, "run_batch", batch=batch)
    else:
        found.state, found.ended_at = DONE, clock.now()


def _do(session: Session, batch: Batch, item: BatchItem) -> None:
    try:
        with session.begin_nested():
            COMMANDS[batch.command](session, batch, item)
    except Exception as error:
        item.state = "failed"
        item.code = error.code if isinstance(error, DomainError) else type(error).__name__
        item.says = said_by(error)
        if not isinstance(error, DomainError):
            log.exception("an item of a batch failed", extra={"batch": str(batch.id), "position": item.position})
    else:
        item.state, item.code, item.says = "done", None, None


def _migrate(session: Session, batch: Batch, item: BatchItem) -> None:
    migration.migrate(
        session, item.instance_id, UUID(batch.given["definition"]), batch.given["mapping"], actor=batch.actor,
        reason=batch.reason, restart_timers=batch.given["restart_timers"],
    )  # fmt: skip


def _retry(session: Session, batch: Batch, item: BatchItem) -> None:
    assert item.incident_id is not None
    incidents.retry(session, item.incident_id, actor=batch.actor, reason=batch.reason)


def _cancel(session: Session, batch: Batch, item: BatchItem) -> None:
    instances.cancel(session, item.instance_id, actor=batch.actor, reason=batch.reason)


def _suspend(session: Session, batch: Batch, item: BatchItem) -> None:
    instances.suspend(session, item.instance_id, actor=batch.actor, reason=batch.reason)


def _resume(session: Session, batch: Batch, item: BatchItem) -> None:
    instances.resume(session, item.instance_id, actor=batch.actor, reason=batch.reason)


COMMANDS: Mapping[str, Callable[[Session, Batch, BatchItem], None]] = {
    "migrate": _migrate, "retry": _retry, "cancel": _cancel, "suspend": _suspend, "resume": _resume,
}  # fmt: skip
"""What can be done to many instances."""


def _in_state(session: Session, batch_id: UUID, *states: str) -> Batch:
    batch = find(session, batch_id, lock=True)
    if batch.state not in states:
        raise BatchState(batch=batch_id, state=batch.state)
    return batch


def _chosen(session: Session, command: str, chosen: Mapping[str, Any]) -> Sequence[tuple[Instance, Incident | None]]:
    query = select(Instance, Incident).join(Definition, Definition.id == Instance.definition_id)
    open_here = (Incident.instance_id == Instance.id) & Incident.resolved_at.is_(None)
    if command == "retry":
        query = query.join(Incident, open_here)
        if chosen.get("code"):
            query = query.where(Incident.code == chosen["code"])
    else:  # one row an instance, whatever failed in it
        query = query.outerjoin(Incident, (Incident.instance_id == Instance.id) & (Incident.id < 0))
    rests = command == "resume"
    query = query.where(Instance.status == (instances.SUSPENDED if rests else instances.ACTIVE))
    if chosen.get("instances"):
        query = query.where(Instance.id.in_(chosen["instances"]))
    if chosen.get("process"):
        query = query.where(Definition.key == chosen["process"])
    if chosen.get("version"):
        query = query.where(Definition.version == chosen["version"])
    rows = session.execute(query.order_by(Instance.id, Incident.id).limit(LARGEST + 1)).all()
    if len(rows) > LARGEST:
        raise BatchTooLarge(most=LARGEST)
    return [(instance, incident) for instance, incident in rows]


def _verdict(session: Session, batch: Batch, instance: Instance) -> dict[str, str | None]:
    """What a preview knows already: a migration that would be refused is not tried."""
    if batch.command != "migrate":
        return {"state": "todo", "code": None, "says": None}
    passages = migration.plan(session, instance, UUID(batch.given["definition"]), batch.given["mapping"])
    wrong = [
        S_("%(element)s: %(problem)s", element=one.element_id, problem=one.refusal.sentence)
        for one in passages
        if one.refusal
    ]
    if not wrong:
        return {"state": "todo", "code": None, "says": None}
    return {"state": "refused", "code": "migration-refused", "says": Series(wrong, S_("; "))}
