"""Statements past the ORM: sent together and late, yet as if each had been sent when it was said."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import bindparam, delete, insert, literal_column, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine import db, statements
from engine.events import EventStream
from engine.ids import new_id
from engine.statements import Statement, table

_HEADS = table(EventStream)
_ADD = Statement(insert(_HEADS).values(id=bindparam("id"), length=bindparam("length"), head=b""))
_LENGTH = Statement(select(_HEADS.c.length).where(_HEADS.c.id == bindparam("id")))
_FAIL = Statement(select(literal_column("1 / 0")))


@pytest.fixture(autouse=True)
def heads_without_events(database: str) -> Iterator[None]:
    """What these tests commit would be breaks of the history to whoever verifies all of it."""
    yield
    with db.transaction() as session:
        session.execute(delete(EventStream).where(EventStream.head == b""))


def _add(session: Session, length: int = 1) -> UUID:
    stream = new_id()
    statements.send(session, (_ADD, {"id": stream, "length": length}))
    return stream


def _is_there(stream: UUID) -> bool:
    with db.transaction() as session:
        return bool(statements.rows(session, _LENGTH, {"id": stream}))


def test_what_was_sent_is_there_for_whatever_is_asked_next(database: str) -> None:
    with db.transaction() as session:
        assert session.get_one(EventStream, _add(session)).length == 1
        stream = _add(session, 2)
        assert statements.rows(session, _LENGTH, {"id": stream}) == [(2,)]
        stream = _add(session, 3)
        assert session.scalar(text("SELECT length FROM event_stream WHERE id = :id"), {"id": stream}) == 3


def test_what_was_sent_last_is_committed(database: str) -> None:
    with db.transaction() as session:
        stream = _add(session)
    assert _is_there(stream)


def test_a_savepoint_takes_back_what_was_sent_in_it_and_nothing_else(database: str) -> None:
    with db.transaction() as session:
        before = _add(session)
        with pytest.raises(RuntimeError), session.begin_nested():
            inside = _add(session)
            raise RuntimeError
        with session.begin_nested():
            kept = _add(session)
        after = _add(session)
    assert [_is_there(one) for one in (before, inside, kept, after)] == [True, False, True, True]


def test_nothing_is_left_for_the_next_transaction(database: str) -> None:
    with pytest.raises(RuntimeError), db.transaction() as session:
        lost = _add(session)
        raise RuntimeError
    with db.transaction() as session:
        session.execute(text("SELECT 1"))
    assert not _is_there(lost)


def test_statements_are_known_again_after_a_rollback(database: str) -> None:
    """psycopg makes a connection forget its prepared statements when it rolls back: ours with its own."""
    with db.transaction() as session:
        for _ in range(6):  # so often, and psycopg prepares a statement
            session.execute(text("SELECT 1"))
        stream = _add(session)
    with pytest.raises(RuntimeError), db.transaction() as session:
        raise_after = statements.rows(session, _LENGTH, {"id": stream})
        raise RuntimeError(raise_after)
    for _ in range(2):
        with db.transaction() as session:
            assert statements.rows(session, _LENGTH, {"id": stream}) == [(1,)]
            with pytest.raises(RuntimeError), session.begin_nested():
                statements.rows(session, _LENGTH, {"id": stream})
                raise RuntimeError
            assert statements.rows(session, _LENGTH, {"id": stream}) == [(1,)]


def test_a_statement_that_fails_undoes_all_that_went_with_it(database: str) -> None:
    with pytest.raises(DBAPIError, match="division by zero"), db.transaction() as session:
        first = _add(session)
        statements.send(session, (_FAIL, {}))
        second = _add(session)
    assert not _is_there(first)
    assert not _is_there(second)


def test_a_connection_that_is_lost_is_told_and_replaced(database: str) -> None:
    stream = new_id()
    with pytest.raises(DBAPIError), db.transaction() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        statements.send(session, (_ADD, {"id": stream, "length": 1}))
        statements.rows(session, _LENGTH, {"id": stream})
    assert not _is_there(stream)
