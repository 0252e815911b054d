"""Every test process has a database of its own, cloned from one that is migrated once."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("HEJIE_VAR", str(Path(tempfile.gettempdir()) / f"hejie-test-{os.getuid()}"))

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from engine import db, postgres
from engine.config import settings


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The URL of a fresh, migrated database; dropped at the end."""
    from engine.migrations import upgrade

    cluster = postgres.ensure_running(settings().var)
    name = f"test_{os.getpid()}"
    admin = create_engine(cluster.url_of("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = cluster.url_of(name)
    os.environ["HEJIE_DATABASE_URL"] = url
    settings.cache_clear()
    db.database_url.cache_clear()
    db.engine.cache_clear()
    upgrade(url)
    yield url
    db.engine().dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def house(database: str) -> None:
    """The demo county with the library's processes and forms, without any report; it stays for all tests."""
    from engine import casework, demo

    with db.transaction() as session:
        casework.deploy(session, None, casework.library())
        demo.load(session)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session whose transaction is rolled back after the test."""
    with db.engine().connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()
