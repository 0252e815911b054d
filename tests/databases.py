"""Databases for tests: each migrated, on the tests' own PostgreSQL, dropped at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from engine import postgres
from engine.config import settings
from engine.migrations import upgrade


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """The URL of a new database with the newest schema."""
    cluster = postgres.ensure_running(settings().var)
    admin = create_engine(cluster.url_of("postgres"), isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        upgrade(cluster.url_of(name))
        yield cluster.url_of(name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()
