"""Timers: an instance's `wake_at` is the earliest moment at which anything in it is due; a tick fires what is due.

Start timers stand with the start events; a tick starts what is due.
"""

from datetime import datetime, timedelta
from logging import getLogger

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import definitions, instances, starting
from engine.workflow.models import Instance

BATCH = 20
POSTPONED = timedelta(minutes=5)

log = getLogger(__name__)


def fire_due(session: Session, *, batch: int = BATCH) -> int:
    """Fire what is due now in up to `batch` instances that no other worker has in hand, and start as many processes.

    Returns how many it took. An instance that fails as a whole is left as it was and tried again later; the others
    go on.
    """
    due = select(Instance.id).where(Instance.wake_at <= clock.now()).order_by(Instance.wake_at).limit(batch)
    taken = session.scalars(due.with_for_update(skip_locked=True)).all()
    for instance_id in taken:
        try:
            with session.begin_nested(), instances.changing(session, instance_id, "timer.fired", actor=None) as live:
                live.execution.fire_due()
        except Exception:
            log.exception("timers of an instance could not be fired", extra={"instance": str(instance_id)})
            instances.locked(session, instance_id).wake_at = clock.now() + POSTPONED
    return len(taken) + _start_due(session, batch)


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
        except Exception:
            log.exception("a process could not be started at its time", extra={"process": row.process_key})
            row.due_at = clock.now() + POSTPONED
    return len(due)
