"""Connections at rest: one that the server has closed is replaced before anybody meets it."""

import psycopg
from sqlalchemy import text

from engine import db


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
