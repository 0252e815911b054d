"""Jobs: what happens soon after a commit, at least once, in a transaction of its own.

A job is deferred on the connection of the transaction that needs it, so that a rollback leaves none. It carries ids
only and is idempotent. `JOBS` says what each name does; the worker gives every job its transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import procrastinate
from sqlalchemy.orm import Session

INLINE = "inline_jobs"

app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

JOBS: dict[str, Callable[..., None]] = {}
"""What each job does: a function of a session and the job's ids."""


def job(function: Callable[..., None]) -> Callable[..., None]:
    """Make a function a job of its name."""
    JOBS[function.__name__] = function
    return function


def defer(session: Session, name: str, *, lock: str | None = None, **ids: str) -> None:
    """Have a job done soon after this transaction commits; jobs of one `lock` run one after another."""
    waiting: list[tuple[str, dict[str, str]]] | None = session.info.get(INLINE)
    if waiting is not None:
        waiting.append((name, ids))
        return
    connection = session.connection().connection.driver_connection
    app.configure_task(name, connection=connection, lock=lock).defer(**ids)


@contextmanager
def inline(session: Session) -> Iterator[Callable[[], None]]:
    """Keep the jobs of this session to itself; calling what is yielded does those waiting, in order."""
    waiting: list[tuple[str, dict[str, Any]]] = []
    session.info[INLINE] = waiting

    def run_waiting() -> None:
        while waiting:
            name, ids = waiting.pop(0)
            JOBS[name](session, **ids)

    try:
        yield run_waiting
    finally:
        del session.info[INLINE]
