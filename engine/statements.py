"""Statements of the ways that every step takes: compiled once, sent without the ORM, several in one round trip.

SQLAlchemy's Core describes them, so that tables and columns stand in the models alone; they are sent on the connection
and in the transaction of the session, without a cursor (`engine.exchange`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

import psycopg
from sqlalchemy import ClauseElement, Connection, Engine, Table, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction, class_mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.compiler import SQLCompiler

from engine.db import OWN, Base
from engine.exchange import Query, exchange, known

DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
M = TypeVar("M", bound=Base)
Call = tuple["Statement", Mapping[str, Any]]
_WAITING, _PREPARED = "statements_to_send", "statements_prepared"


class Statement(Query):
    """A statement with named parameters, ready to be sent. JSON is given as text, everything else as it is."""

    def __init__(self, source: ClauseElement) -> None:
        compiled = cast(SQLCompiler, source.compile(dialect=DIALECT))
        sql = str(compiled)
        # Named after what it says: the same name means the same in whatever process a connection was before.
        name = f"hejie_{hashlib.sha256(sql.encode()).hexdigest()[:32]}"
        super().__init__(name, sql, compiled.positiontup or ())
        self.constants = {name: value for name, value in compiled.params.items() if value is not None}


def table(model: type[Base]) -> Table:
    """The table of a model."""
    return cast(Table, model.__table__)


def send(session: Session, *calls: Call, last: bool = False) -> None:
    """Have statements sent, in their order and after what the session holds.

    They wait for each other and go in one round trip, before whatever the session asks or writes next, and no later
    than the commit. The `last` ones of a transaction take its commit along: where one of them fails, the database
    passes that over.
    """
    session.flush()  # what these statements point to must be there
    connection = session.connection()
    connection.info.setdefault(_WAITING, []).extend(calls)
    if last:
        _send(connection, commit=bool(session.info.get(OWN)))


def _send(connection: Connection, *, commit: bool = False) -> None:
    calls: list[Call] = connection.info.pop(_WAITING, [])
    if calls:
        _exchange(connection, calls, commit=commit)


def _exchange(connection: Connection, calls: Sequence[Call], *, commit: bool = False) -> list[list[tuple[Any, ...]]]:
    driver = _driver(connection)
    asked = [(one, {**one.constants, **values}) for one, values in calls]
    try:
        if (prepared := connection.info.get(_PREPARED)) is None:
            prepared = connection.info[_PREPARED] = known(driver)
        return exchange(driver, prepared, asked, commit=commit)
    except psycopg.Error as error:  # without the values: they may be personal
        sql = "; ".join(one.sql.decode() for one, _ in calls)
        raise DBAPIError.instance(sql, None, error, psycopg.Error, hide_parameters=True, dialect=DIALECT) from error


def rows(session: Session, statement: Statement, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement finds."""
    session.flush()  # what is looked for may just have been made
    connection = session.connection()
    waiting: list[Call] = connection.info.pop(_WAITING, [])
    return _exchange(connection, [*waiting, (statement, values)])[-1]


def adopted(session: Session, model: type[M], values: Sequence[Any]) -> M:
    """The session's object of a row that was read past the ORM: `values` are all of its columns, in their order."""
    row = dict(zip(table(model).c.keys(), values, strict=True))
    held = session.identity_map.get(session.identity_key(model, row["id"]))
    if held is not None:
        for name, value in row.items():
            set_committed_value(held, name, value)
        return cast(M, held)
    made: M = class_mapper(model).class_manager.new_instance()
    made.__dict__.update(row)
    make_transient_to_detached(made)
    session.add(made)
    return made


def _send_first(connection: Connection, *_: object) -> None:
    _send(connection)


def _send_before_commit(connection: Connection) -> None:
    try:
        _send(connection)
    except DBAPIError:  # SQLAlchemy takes a commit that fails for one that the database has undone already
        _forget(connection)
        if not _driver(connection).closed:
            _driver(connection).rollback()
        raise


def _forget(connection: Connection, *_: object) -> None:
    for name in (_WAITING, _PREPARED):
        connection.info.pop(name, None)


event.listen(Engine, "before_cursor_execute", _send_first)  # savepoints are statements as well
event.listen(Engine, "commit", _send_before_commit)
for _name in ("rollback_savepoint", "rollback"):
    event.listen(Engine, _name, _forget)


@event.listens_for(Session, "after_soft_rollback")
def _read_again(session: Session, ended: SessionTransaction) -> None:
    """The ORM knows nothing of what was sent past it within a savepoint: what is rolled back with it is read again."""
    if ended.nested:
        session.expire_all()


def _driver(connection: Connection) -> psycopg.Connection[tuple[Any, ...]]:
    return cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)
