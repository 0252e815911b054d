"""Connections that the server has closed are replaced before anybody meets them; transactions are done or not."""

import psycopg
import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from engine import db, events
from engine.events import EventStream
from engine.ids import new_id


def test_a_connection_that_the_server_closed_meanwhile_is_replaced(database: str) -> None:
    db.engine().dispose()
    with db.transaction() as session:
        first = session.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (first,))
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (first,)).fetchone():
            pass
    with db.transaction() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != first


def test_a_connection_at_rest_is_used_again(database: str) -> None:
    pids = set()
    for _ in range(3):
        with db.transaction() as session:
            pids.add(session.scalar(text("SELECT pg_backend_pid()")))
    assert len(pids) == 1


def test_a_transaction_whose_last_statement_fails_changes_nothing(database: str) -> None:
    """The commit travels with the last events: it must not come into force without them."""
    kept, lost = new_id(), new_id()
    with db.transaction() as session:
        events.record(session, "thing.happened", kept)
    with pytest.raises(DBAPIError), db.transaction() as session:
        session.execute(update(EventStream).where(EventStream.id == kept).values(length=7))
        events.record(session, "thing.happened", lost)
        events.record(session, "thing.happened", lost, words="no database can hold \0 this")
    with db.transaction() as session:
        assert session.get_one(EventStream, kept).length == 1
        assert session.get(EventStream, lost) is None


def test_what_is_recorded_in_a_savepoint_waits_for_the_whole_transaction(database: str) -> None:
    stream = new_id()
    with pytest.raises(RuntimeError), db.transaction() as session:
        with session.begin_nested():
            events.record(session, "thing.happened", stream)
        raise RuntimeError
    with db.transaction() as session:
        assert session.get(EventStream, stream) is None
