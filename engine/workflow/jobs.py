"""Jobs: what happens soon after a commit, at least once, in a transaction of its own.

A job is deferred on the connection of the transaction that needs it, so that a rollback leaves none. It carries ids
only and is idempotent. `JOBS` says what each name does; the worker gives every job its transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import procrastinate
from sqlalchemy.orm import Session

from engine import clock

INLINE = "inline_jobs"
Waiting = tuple[datetime, str, dict[str, str]]
"""A job that waits inline: not before when, its name, its ids."""

app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""What the worker runs; it gives it a connector of its own, which cannot defer on the connection of a transaction."""

_sender = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""What defers, in the worker as everywhere."""

JOBS: dict[str, Callable[..., None]] = {}
"""What each job does: a function of a session and the job's ids."""


def job(function: Callable[..., None]) -> Callable[..., None]:
    """Make a function a job of its name."""
    JOBS[function.__name__] = function
    return function


def defer(
    session: Session, name: str, *, lock: str | None = None, not_before: datetime | None = None, **ids: str
) -> None:
    """Have a job done soon after this transaction commits; jobs of one `lock` run one after another."""
    waiting: list[Waiting] | None = session.info.get(INLINE)
    if waiting is not None:
        waiting.append((not_before or clock.now(), name, ids))
        return
    connection = session.connection().connection.driver_connection
    _sender.configure_task(name, connection=connection, lock=lock, schedule_at=not_before).defer(**ids)


def defer_each(session: Session, name: str, each: Sequence[dict[str, str]]) -> None:
    """Have a job done for each of some ids, as `defer` does, but however many in one statement."""
    waiting: list[Waiting] | None = session.info.get(INLINE)
    if waiting is not None:
        waiting.extend((clock.now(), name, ids) for ids in each)
    elif each:
        connection = session.connection().connection.driver_connection
        _sender.configure_task(name, connection=connection).batch_defer(*each)


def next_inline(session: Session) -> datetime | None:
    """When the first of the jobs that this session keeps to itself may be done."""
    return min((at for at, _, _ in session.info.get(INLINE, ())), default=None)


@contextmanager
def inline(session: Session) -> Iterator[Callable[[], None]]:
    """Keep the jobs of this session to itself; calling what is yielded does those that may be done, in order."""
    waiting: list[Waiting] = []
    session.info[INLINE] = waiting

    def run_waiting() -> None:
        while ready := [one for one in waiting if one[0] <= clock.now()]:
            waiting.remove(ready[0])
            _, name, ids = ready[0]
            JOBS[name](session, **ids)

    try:
        yield run_waiting
    finally:
        del session.info[INLINE]
