"""One command for many instances: previewed as a list, then done piece by piece by jobs, on exactly that list.

A piece is one transaction, an instance in it one savepoint: what is refused is kept with its reason, the rest goes on.
A draft is tried in the same way: its list says where every token would go, and there is nothing to begin.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from logging import getLogger
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, text, tuple_
from sqlalchemy.orm import Session

from engine import clock
from engine.errors import N_, Conflict, DomainError, Invalid, NotFound, code_of, said_by
from engine.ids import new_id
from engine.sentences import S_, Series
from engine.workflow import incidents, instances, jobs, migration
from engine.workflow.bpmn import Process, compile_model
from engine.workflow.models import Batch, BatchItem, Incident, Instance
from engine.workflow.selection import Selection, condition

PREVIEWING, PREVIEWED, RUNNING, PAUSED, DONE, CANCELLED = (
    "previewing", "previewed", "running", "paused", "done", "cancelled",
)  # fmt: skip
AT_ONCE = 500
"""How many are listed while somebody waits; longer lists are made by a worker, so many a transaction."""
TRY = "try"
"""A migration to a diagram that is not deployed (`given["content"]`): listed only."""
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
    session: Session, command: str, given: Mapping[str, Any], selection: Selection, *, actor: str, reason: str
) -> Batch:
    """Store what a command would be done to; for a migration also where each token goes, or why it cannot.

    Does nothing yet. A long list is made by a worker, and is `previewing` until then. Raises BatchEmpty.
    """
    rests = instances.SUSPENDED if command == "resume" else instances.ACTIVE
    status = selection.status if command == "cancel" else rests  # what rests can be cancelled as well
    batch = Batch(
        id=new_id(),
        command=command,
        given=dict(given),
        chosen=replace(selection, status=status).stored(),
        reason=reason,
        actor=actor,
        state=PREVIEWING,
        made_at=clock.now(),
    )
    counted = _chosen(session, batch).with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    batch.expected = session.scalar(counted) or 0
    if not batch.expected:
        raise BatchEmpty
    session.add(batch)
    session.flush()  # its items point to it
    if batch.expected <= AT_ONCE:
        _list_more(session, batch)
        _listed(batch)
    else:
        jobs.defer(session, "preview_batch", batch=str(batch.id))
    return batch


@jobs.job
def preview_batch(session: Session, batch: str) -> None:
    """List the next part of what a batch would be done to, and have the part after it listed."""
    found = find(session, UUID(batch), lock=True)
    if found.state != PREVIEWING:
        return
    if _list_more(session, found) < AT_ONCE:
        _listed(found)
    else:
        jobs.defer(session, "preview_batch", batch=batch)


def _listed(batch: Batch) -> None:
    """The list is whole; of a draft that is tried nothing more will come."""
    batch.state = DONE if batch.command == TRY else PREVIEWED
    batch.ended_at = clock.now() if batch.command == TRY else None


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
    batch = _in_state(session, batch_id, PREVIEWING, PREVIEWED, RUNNING, PAUSED)
    batch.state, batch.ended_at = CANCELLED, clock.now()
    return batch


def progress(session: Session, batch_id: UUID) -> Counter[str]:
    """How many items are in each state."""
    counted = select(BatchItem.state, func.count()).where(BatchItem.batch_id == batch_id).group_by(BatchItem.state)
    return Counter({row[0]: row[1] for row in session.execute(counted)})


@dataclass(frozen=True)
class Move:
    """How many tokens a migration takes from one element to another; or why they cannot go (`refusal`, a code)."""

    element_id: str
    to: str | None
    becomes: str
    refusal: str | None
    tokens: int
    instances: int


def moves(session: Session, batch_id: UUID) -> list[Move]:
    """What the migration of a batch would do to all tokens of its list, refusals first, then most tokens first."""
    return [Move(*row) for row in session.execute(_MOVES, {"batch": batch_id})]


_MOVES = text("""
SELECT move->>0, move->>1, move->>2, move->>3, count(*), count(DISTINCT instance_id)
FROM batch_item, jsonb_array_elements(moves) AS move WHERE batch_id = :batch
GROUP BY 1, 2, 3, 4 ORDER BY move->>3 IS NULL, count(*) DESC, 1, 2
""")


def newest(session: Session, *, before: UUID | None = None, size: int = 25) -> list[Batch]:
    """Batches, the newest first."""
    query = select(Batch).order_by(Batch.id.desc()).limit(size)
    return list(session.scalars(query.where(Batch.id < before) if before else query))


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
        item.code = code_of(error)
        item.says = _why(error)
        if not isinstance(error, DomainError):
            log.exception("an item of a batch failed", extra={"batch": str(batch.id), "position": item.position})
    else:
        item.state, item.code, item.says = "done", None, None


def _why(error: Exception) -> str:
    """What an error says; where several things are wrong, each of them."""
    wrong = error.fields if isinstance(error, DomainError) else ()
    return Series([one.sentence for one in wrong], S_("; ")) if wrong else said_by(error)


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


def _list_more(session: Session, batch: Batch) -> int:
    """Store the next part of the list; returns how many that were."""
    listed = select(BatchItem).where(BatchItem.batch_id == batch.id).order_by(BatchItem.position.desc()).limit(1)
    last = session.scalar(listed)
    query = _chosen(session, batch)
    if last is not None:
        incident = 0 if last.incident_id is None else last.incident_id
        query = query.where(tuple_(Instance.id, func.coalesce(Incident.id, 0)) > (last.instance_id, incident))
    rows = session.execute(query.limit(AT_ONCE)).all()
    position = last.position if last else 0
    items = [
        {"batch_id": batch.id, "position": position + number, "instance_id": instance.id,
         "incident_id": incident.id if incident else None, **_verdict(session, batch, instance)}
        for number, (instance, incident) in enumerate(rows, start=1)
    ]  # fmt: skip
    if items:
        session.execute(insert(BatchItem), items)
    return len(items)


def _chosen(session: Session, batch: Batch) -> Select[Instance, Incident]:
    """The instances of a batch in the order of its list; to retry, each with its open incidents."""
    selection = Selection.of(batch.chosen)
    query = select(Instance, Incident)
    if batch.command == "retry":
        query = query.join(Incident, (Incident.instance_id == Instance.id) & Incident.resolved_at.is_(None))
        if selection.code:
            query = query.where(Incident.code == selection.code)
        if selection.element:
            query = query.where(Incident.element_id == selection.element)
    else:  # one row an instance, whatever failed in it
        query = query.outerjoin(Incident, (Incident.instance_id == Instance.id) & (Incident.id < 0))
    called = batch.command in ("migrate", TRY)
    query = query.where(condition(session, selection, called=called), Instance.started_at <= batch.made_at)
    return query.where(Instance.ended_at.is_(None)).order_by(Instance.id, Incident.id)


def _verdict(session: Session, batch: Batch, instance: Instance) -> dict[str, Any]:
    """What a preview knows already: a migration that would be refused is not tried."""
    if batch.command == TRY:
        target = drawn(batch.given["content"], batch.given["process"])
        passages = migration.plan_onto(session, instance, target, batch.given["mapping"])
    elif batch.command == "migrate":
        passages = migration.plan(session, instance, UUID(batch.given["definition"]), batch.given["mapping"])
    else:
        return {"state": "todo", "code": None, "says": None, "moves": []}
    moves = [[one.element_id, one.to, one.becomes, one.refusal and one.refusal.code] for one in passages]
    wrong = [
        S_("%(element)s: %(problem)s", element=one.element_id, problem=one.refusal.sentence)
        for one in passages
        if one.refusal
    ]
    if not wrong:
        return {"state": "todo", "code": None, "says": None, "moves": moves}
    return {"state": "refused", "code": "migration-refused", "says": Series(wrong, S_("; ")), "moves": moves}


@lru_cache(maxsize=8)
def drawn(content: str, key: str) -> Process:
    """The process of a diagram that is tried; compiled once for a whole list."""
    return compile_model(content.encode()).processes[key]
