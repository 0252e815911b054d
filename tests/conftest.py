"""Every test process has a database of its own, cloned from one that is migrated once."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("HEJIE_VAR", str(Path(tempfile.gettempdir()) / f"hejie-test-{os.getuid()}"))

from sqlalchemy.orm import Session

from engine import db
from tests.databases import fresh_database, using

# No timed tests: a busy machine is no defect, and the same examples are tried in every run.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The URL of a fresh, migrated database, which everything in this process uses; dropped at the end."""
    with fresh_database(f"test_{os.getpid()}") as url, using(url):
        yield url


@pytest.fixture(scope="session")
def house(database: str) -> None:
    """The demo county with the library's processes and forms, without any report; it stays for all tests.

    Into the tests' own database, whichever the module that asks first is using.
    """
    from engine import casework, demo

    with using(database), db.transaction() as session:
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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the browser that is there, else the one that playwright fetched; root can have no sandbox."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}
