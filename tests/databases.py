"""Databases for tests: each migrated, on the tests' own PostgreSQL, dropped at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from engine import db, postgres
from engine.config import settings
from engine.migrations import upgrade


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """The URL of a new database with the newest schema."""
    with empty_database(name) as url:
        upgrade(url)
        yield url


@contextmanager
def empty_database(name: str) -> Iterator[str]:
    """The URL of a new database with nothing in it."""
    cluster = postgres.ensure_running(settings().var)
    admin = create_engine(cluster.url_of("postgres"), isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield cluster.url_of(name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()


@contextmanager
def using(url: str) -> Iterator[None]:
    """Let everything in this process use another database for a while."""
    before = os.environ.get("HEJIE_DATABASE_URL")
    _switch(url)
    try:
        yield
    finally:
        _switch(before)


def _switch(url: str | None) -> None:
    if db.engine.cache_info().currsize:
        db.engine().dispose()
    os.environ.pop("HEJIE_DATABASE_URL", None)
    if url is not None:
        os.environ["HEJIE_DATABASE_URL"] = url
    for cached in (settings, db.database_url, db.engine):
        cached.cache_clear()
