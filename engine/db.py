"""The database: one engine a process, one session a transaction.

Transactions begin and end in four places only: the REST base, the page base, a worker's iteration, the command line.
Everything below them takes the session and never commits.
"""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache, wraps
from random import uniform
from time import sleep
from typing import Any, ParamSpec, TypeVar

import psycopg
from sqlalchemy import DateTime, Dialect, Engine, MetaData, Text, TypeDecorator, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session

from engine import postgres, sentences
from engine.config import settings

KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""Seconds: a server behind a network that is cut says nothing."""

ATTEMPTS = 3
"""How often a transaction is tried that loses against another one."""
PAUSE = 0.05, 0.2
"""Seconds until it is tried again, so that the other goes first."""

OWN = "own_transaction"
"""In `Session.info`: the transaction is that session's alone, so its last statements may take the commit along."""

P = ParamSpec("P")
R = TypeVar("R")


class Base(DeclarativeBase):
    """The base of every table; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[Any]: JSONB}  # noqa: RUF012


class Said(TypeDecorator[str]):
    """A column for what somebody is told, who may read another language than whoever caused it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Python's value as the database's."""
        return None if value is None else sentences.stored(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The database's value as Python's."""
        return None if value is None else sentences.read(value)


@cache
def database_url() -> str:
    """The URL of the database; starts the embedded one if no other is set."""
    url = settings().database_url
    if not url:
        return postgres.ensure_running(settings().var).url
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@cache
def engine() -> Engine:
    """The engine of this process; its errors tell nothing of what people wrote, since they reach the log."""
    made = create_engine(
        database_url(), pool_size=16, max_overflow=16, pool_reset_on_return=None, connect_args=KEEPALIVE,
        hide_parameters=True,
    )  # fmt: skip
    event.listen(made, "checkout", _require_silence)
    return made


def _require_silence(connection: psycopg.Connection[Any], *_: object) -> None:
    """A server that has gone away has said so, or closed: there is something to read on a connection that is at rest.

    That shows without a round trip, which a ping would cost every request.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if connection.closed or waiting.poll(0):
        raise InvalidatePoolError


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: leaving the block commits, an exception rolls back."""
    with Session(engine(), expire_on_commit=False, info={OWN: True}) as session, session.begin():
        yield session


def is_deadlock(error: BaseException | None) -> bool:
    """Whether two transactions waited for each other and the database gave this one up (SQLSTATE 40P01)."""
    return isinstance(error.orig if isinstance(error, DBAPIError) else error, psycopg.errors.DeadlockDetected)


def again_after_deadlock(work: Callable[P, R]) -> Callable[P, R]:
    """Do the whole of a transaction again where it was given up in a deadlock: nothing of it was done."""

    @wraps(work)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS - 1):
            try:
                return work(*args, **kwargs)
            except (DBAPIError, psycopg.Error) as error:
                if not is_deadlock(error):
                    raise
                sleep(uniform(*PAUSE))  # noqa: S311  # a pause, no secret
        return work(*args, **kwargs)

    return tried
