"""The database: one engine a process, one session a transaction.

Transactions begin and end in four places only: the REST base, the page base, a worker's iteration, the command line.
Everything below them takes the session and never commits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session

from engine import postgres
from engine.config import settings


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


@cache
def database_url() -> str:
    """The URL of the database; starts the embedded one if no other is set."""
    url = settings().database_url
    if not url:
        return postgres.ensure_running(settings().var).url
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@cache
def engine() -> Engine:
    """The engine of this process."""
    return create_engine(database_url(), pool_pre_ping=True, pool_size=16, max_overflow=16)


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: leaving the block commits, an exception rolls back."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session
