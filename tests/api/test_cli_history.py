"""`hejie history verify` on a database of its own."""

import os
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from api.cli import main
from engine import db, events
from engine.ids import new_id
from tests.databases import fresh_database, using


@pytest.fixture
def own_database(database: str) -> Iterator[None]:
    """What is committed here is gone afterwards."""
    with fresh_database(f"history_{os.getpid()}") as url, using(url):
        yield


def test_a_changed_event_is_named(own_database: None) -> None:
    run = CliRunner()
    stream, other = new_id(), new_id()
    with db.transaction() as session:
        for one in (stream, other):
            events.record(session, "case.reported", one)
            events.record(session, "case.closed", one)
    whole = run.invoke(main, ["history", "verify"])
    assert (whole.exit_code, whole.output) == (0, "2 chains, 4 events recomputed, 0 broken.\n")
    with db.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("UPDATE event SET actor = 'x' WHERE stream = :s AND position = 2"), {"s": stream})
    broken = run.invoke(main, ["history", "verify"])
    assert broken.exit_code == 1
    assert f"BROKEN  {stream}  after 1 good events: event 2 (case.closed) does not fit" in broken.output
    assert run.invoke(main, ["history", "verify", "--case", str(other)]).exit_code == 0
    assert run.invoke(main, ["history", "verify", "--case", str(new_id())]).exit_code == 1
