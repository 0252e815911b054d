"""Timers: an instance's `wake_at` is the earliest moment at which anything in it is due; a tick fires what is due."""

from datetime import timedelta
from logging import getLogger

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import instances
from engine.workflow.models import Instance

BATCH = 20
POSTPONED = timedelta(minutes=5)

log = getLogger(__name__)


def fire_due(session: Session, *, batch: int = BATCH) -> int:
    """Fire what is due now in up to `batch` instances that no other worker has in hand. Returns how many it took.

    An instance that fails as a whole is left as it was and tried again later; the others go on.
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
    return len(taken)
