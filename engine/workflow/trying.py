"""Trying a command to see what it would do: it is carried out, looked at, and taken back whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from engine.workflow import jobs


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """What happens in the block is undone at its end: rows, events, jobs. Rows that it has locked stay locked."""
    inline = session.info.get(jobs.INLINE)
    waiting = list(inline or ())
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        if inline is not None:
            inline[:] = waiting
