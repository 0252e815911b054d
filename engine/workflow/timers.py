"""Timers: an instance's `wake_at` is the earliest moment at which anything in it is due; a tick fires what is due.

Start timers stand with the start events; a tick starts what is due.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from logging import getLogger
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock, db
from engine.workflow import definitions, instances, starting
from engine.workflow.models import Instance

BATCH = 50
POSTPONED = timedelta(minutes=5)

log = getLogger(__name__)


def fire_due(session: Session, *, batch: int = BATCH) -> int:
    """Fire what is due now in up to `batch` instances that no other worker has in hand, and start as many processes.

    Returns how many it took. An instance that fails as a whole is left as it was and tried again later; the others
    go on.
    """
    at = clock.now()  # asked once: a clock set back meanwhile must not leave a firing of nothing in the history
    due = select(Instance).where(Instance.wake_at <= at).order_by(Instance.wake_at).limit(batch)
    locked = due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    # In one order by case: what follows locks cases, and two ticks must not wait for each other.
    taken = sorted(session.scalars(locked).all(), key=lambda instance: instance.stream)
    if taken and not _fire_together(session, taken, at):
        for instance in taken:
            _fire_or_postpone(session, instance, at)
    return len(taken) + _start_due(session, batch)


def _fire_together(session: Session, taken: Sequence[Instance], at: datetime) -> bool:
    """Fire all within one savepoint; whether all went well. If not, nothing has happened."""
    try:
        with session.begin_nested():
            for instance in taken:
                _fire(session, instance, at)
    except Exception:
        return False  # whose fault it was shows when each is tried by itself
    return True


def _fire_or_postpone(session: Session, instance: Instance, at: datetime) -> None:
    try:
        with session.begin_nested():
            _fire(session, instance, at)
    except Exception as error:
        if db.is_deadlock(error):
            raise  # the whole batch is tried again
        log.exception("timers of an instance could not be fired", extra={"instance": str(instance.id)})
        instances.locked(session, instance.id).wake_at = clock.now() + POSTPONED


def _fire(session: Session, instance: Instance, at: datetime) -> None:
    with instances.changing_locked(session, instance, "timer.fired", actor=None) as live:
        live.execution.fire_due(at)


def follow_deadline(
    session: Session, stream: UUID, key: str, days: Mapping[str, Any], *, actor: str | None, reason: str
) -> int:  # fmt: skip
    """Let what runs in a stream follow a deadline of the law whose `days` moved; returns how many timers did.

    `days` are `due_on`, `displayed_on` and `due_at` as operations give them. What is due by then fires now; an
    instance that rests is set right and rests on.
    """
    alive = select(Instance).where(Instance.stream == stream, Instance.ended_at.is_(None)).order_by(Instance.id)
    rows = session.scalars(alive.with_for_update().execution_options(populate_existing=True)).all()
    return sum(_follow(session, one, key, days, actor=actor, reason=reason) for one in rows)


def _follow(
    session: Session, instance: Instance, key: str, days: Mapping[str, Any], *, actor: str | None, reason: str
) -> int:  # fmt: skip
    names, moved = instances.restore(session, instance).follow_deadline(key, days)
    if not names and not moved:
        return 0
    status, instance.status = instance.status, instances.ACTIVE
    with instances.changing_locked(session, instance, "instance.variables_set", actor=actor) as live:
        live.execution.follow_deadline(key, days)
        instances.received(session, instance.id, "set", "", names)
        live.data = {"names": sorted(names), "scope": None, "reason": reason, "deadline": key, "timers": moved}
        if status == instances.ACTIVE:
            live.execution.fire_due(clock.now())
        else:
            instance.status = status
    return len(moved)


def next_due(session: Session) -> datetime | None:
    """The next moment at which anything is due."""
    moments = session.scalar(select(func.min(Instance.wake_at))), starting.next_due(session)
    return min((moment for moment in moments if moment is not None), default=None)


def _start_due(session: Session, batch: int) -> int:
    due = starting.due(session, batch)
    for row in due:
        try:
            with session.begin_nested():
                process = definitions.process(session, row.definition_id)
                instances.start(
                    session, row.process_key, {}, actor=None,
                    start_event=row.element_id, definition_id=row.definition_id,
                )  # fmt: skip
                starting.pass_round(row, process)
        except Exception as error:
            if db.is_deadlock(error):
                raise
            log.exception("a process could not be started at its time", extra={"key": row.process_key})
            starting.postpone(row, clock.now() + POSTPONED)
    return len(due)
