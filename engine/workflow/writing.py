"""What came of a command, as writes: the instance's row, its tasks, subscriptions and incidents; only what differs.

They go in one round trip, past the ORM's unit of work; where the session holds the object of a row that was written so,
the object is told.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, any_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine import clock, statements
from engine.sentences import stored
from engine.statements import Call, Statement, table
from engine.workflow.execution import Execution, Place, Subscription, WaitingTask
from engine.workflow.models import Draft, Incident, Instance, TokenPlace, UserTask
from engine.workflow.models import Subscription as Catcher

_INSTANCE, _TASK, _DRAFT, _CATCHER = map(table, (Instance, UserTask, Draft, Catcher))
_INCIDENT, _PLACE = table(Incident), table(TokenPlace)
_IDS = any_(bindparam("ids", type_=ARRAY(Uuid)))


def _values(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


# Where tokens are goes with the state, in the same statement: those that went on, and those that came.
_WENT = delete(_PLACE).where(_PLACE.c.id == any_(bindparam("went", type_=ARRAY(Uuid)))).cte("went")
_COMING = select(
    func.unnest(bindparam("came", type_=ARRAY(Uuid))),
    bindparam("instance", type_=Uuid),
    func.unnest(bindparam("came_in", type_=ARRAY(Uuid))),
    func.unnest(bindparam("came_to", type_=ARRAY(Text))),
    bindparam("now", type_=DateTime(timezone=True)),
)
_COME = upsert(_PLACE).from_select(["id", "instance_id", "definition_id", "element_id", "since"], _COMING)
_CAME = _COME.on_conflict_do_update(  # one that was migrated
    index_elements=["id"], set_={name: _COME.excluded[name] for name in ("definition_id", "element_id")}
).cte("came")
_WRITTEN = (
    update(_INSTANCE)
    .where(_INSTANCE.c.id == bindparam("instance"), _INSTANCE.c.version == bindparam("read"))
    .values(_values("status", "outcome", "ended_at", "wake_at", "state", "version"))
    .returning(_INSTANCE.c.id)
    .cte("written")
)
# The commit may travel with it, so the statement itself must fail where the row is not what was read: a division by 0.
_STATE = Statement(select(1 / func.count()).select_from(_WRITTEN).add_cte(_WENT, _CAME))
_OPEN = Statement(
    insert(_TASK).values(
        _values(
            "id", "instance_id", "definition_id", "element_id", "name", "form_key", "groups", "assignee", "stream",
            "county", "division", "state", "created_at", "due_at", "signatures", "version",
        )
    )
)  # fmt: skip
_CLOSED = (
    update(_TASK)
    .where(_TASK.c.id == _IDS)
    .values(_values("state", "closed_at", "completed_by") | {"version": _TASK.c.version + 1})
    .returning(_TASK.c.id)
    .cte("closed")
)
_CLOSE = Statement(delete(_DRAFT).where(_DRAFT.c.task_id == _CLOSED.c.id))  # what was typed and not sent goes with it
_SUBSCRIBE = Statement(
    insert(_CATCHER).values(
        _values("id", "instance_id", "element_id", "kind", "name", "correlation_key", "created_at", "fresh")
    )
)
_UNSUBSCRIBE = Statement(delete(_CATCHER).where(_CATCHER.c.id == _IDS))
_FAIL = Statement(insert(_INCIDENT).values(_values("instance_id", "token_id", "element_id", "code", "message", "at")))
_RESOLVE = Statement(
    update(_INCIDENT)
    .where(_INCIDENT.c.instance_id == bindparam("instance"), _INCIDENT.c.token_id == _IDS)
    .where(_INCIDENT.c.resolved_at.is_(None))
    .values(_values("resolved_at"))
)


@dataclass(frozen=True)
class Waiting:
    """What waits in an instance; compared with what waited before, it says what to write, and nothing is read again."""

    places: Mapping[UUID, Place]
    tasks: Mapping[UUID, WaitingTask]
    subscriptions: Mapping[UUID, Subscription]
    incidents: frozenset[UUID]

    @classmethod
    def of(cls, execution: Execution) -> "Waiting":
        """What waits now."""
        return cls(
            {one.token_id: one for one in execution.places()},
            {one.id: one for one in execution.tasks},
            {one.id: one for one in execution.subscriptions},
            frozenset(one.token_id for one in execution.incidents),
        )


NOTHING = Waiting({}, {}, {}, frozenset())


def write(
    session: Session,
    instance: Instance,
    execution: Execution,
    before: Waiting,
    *,
    completed: UUID | None,
    actor: str | None,
) -> list[Subscription]:
    """Write what differs from `before`; `completed` is the task that `actor` has done. Returns what is newly awaited.

    The transaction fails (SQLSTATE 22012) if the instance's row was changed past its lock.
    """
    after = Waiting.of(execution)
    gone = before.tasks.keys() - after.tasks.keys()
    begun = [one for key, one in after.subscriptions.items() if not _is_awaited(one, before.subscriptions.get(key))]
    over = {key for key, one in before.subscriptions.items() if not _is_awaited(one, after.subscriptions.get(key))}
    session.flush()  # whoever changed the instance's object has made a version that counts
    state = {
        "status": instance.status, "outcome": instance.outcome, "ended_at": instance.ended_at,
        "wake_at": execution.wake_at if instance.status == "active" else None, "state": execution.dump(),
        "version": instance.version + 1,
    }  # fmt: skip
    statements.send(
        session,
        (_STATE, {**state, **_moved(before, after), "instance": instance.id, "read": instance.version}),
        *_close(session, gone & {completed}, "completed", actor),
        *_close(session, gone - {completed}, "cancelled", None),
        *((_OPEN, _task_row(instance, one)) for key, one in after.tasks.items() if key not in before.tasks),
        *_await(instance, over, begun),
        *_fail(instance, execution, before.incidents, after.incidents),
    )
    _tell(instance, state)
    return begun


def _close(session: Session, ids: Set[UUID], state: str, by: str | None) -> Iterator[Call]:
    if not ids:
        return
    values = {"state": state, "closed_at": clock.now(), "completed_by": by}
    yield _CLOSE, {**values, "ids": list(ids)}
    for key in ids:
        if held := session.identity_map.get(session.identity_key(UserTask, key)):
            _tell(held, {**values, "version": held.version + 1})


def _task_row(instance: Instance, task: WaitingTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "instance_id": instance.id,
        "definition_id": UUID(task.process_ref),
        "element_id": task.element_id,
        "name": task.name,
        "form_key": task.form_key,
        "groups": list(task.candidate_groups),
        "assignee": task.assignee,
        "stream": instance.stream,
        "county": instance.county,
        "division": instance.division,
        "state": "open",
        "created_at": clock.now(),
        "due_at": task.due,
        "signatures": 0,
        "version": 1,
    }


def _moved(before: Waiting, after: Waiting) -> dict[str, Any]:
    """Which tokens went on, and which came where."""
    came = [one for key, one in after.places.items() if before.places.get(key) != one]
    return {
        "went": list(before.places.keys() - after.places.keys()),
        "came": [one.token_id for one in came],
        "came_in": [UUID(one.process_ref) for one in came],
        "came_to": [one.element_id for one in came],
        "now": clock.now(),
    }


def _is_awaited(one: Subscription, other: Subscription | None) -> bool:
    """Whether the same token waits for the same at another moment; after a migration it may wait for something else."""
    return other is not None and (one.kind, one.name, one.correlation_key) == (
        other.kind, other.name, other.correlation_key,
    )  # fmt: skip


def _await(instance: Instance, gone: Set[UUID], begun: Iterable[Subscription]) -> Iterator[Call]:
    if gone:
        yield _UNSUBSCRIBE, {"ids": list(gone)}
    for one in begun:
        yield (
            _SUBSCRIBE,
            {
                "id": one.id,
                "instance_id": instance.id,
                "element_id": one.element_id,
                "kind": one.kind,
                "name": one.name,
                "correlation_key": one.correlation_key,
                "created_at": clock.now(),
                "fresh": one.kind == "message",
            },
        )


def _fail(instance: Instance, execution: Execution, before: Set[UUID], after: Set[UUID]) -> Iterator[Call]:
    if resolved := before - after:
        yield _RESOLVE, {"instance": instance.id, "ids": list(resolved), "resolved_at": clock.now()}
    for one in execution.incidents if after - before else ():
        if one.token_id not in before:
            yield (
                _FAIL,
                {
                    "instance_id": instance.id,
                    "token_id": one.token_id,
                    "element_id": one.element_id,
                    "code": one.code,
                    "message": stored(one.message),
                    "at": clock.now(),
                },
            )


def _tell(held: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        set_committed_value(held, name, value)
