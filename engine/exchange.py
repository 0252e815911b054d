"""One round trip with the database for several prepared statements, by libpq's pipeline mode.

psycopg's cursors do the same; made for every case there is, they take several times as long in Python as the database
takes for a short statement. What is used here is the lower layer that psycopg documents (`psycopg.pq`, `adapt`).
"""

import select
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer

Driver = psycopg.Connection[tuple[Any, ...]]
Prepared = set[bytes]
_TEXT = PyFormat.TEXT


class Query:
    """A statement by its SQL with $1, $2 … and the names of its parameters in their order."""

    def __init__(self, name: str, sql: str, names: Sequence[str]) -> None:
        self.name, self.sql, self.names = name.encode(), sql.encode(), tuple(names)
        self.formats = [_TEXT] * len(names)


def known(driver: Driver) -> Prepared:
    """The names of the statements that a connection knows. psycopg makes it forget them all whenever it rolls back."""
    return {name.encode() for (name,) in driver.execute("SELECT name FROM pg_prepared_statements")}


def exchange(
    driver: Driver, prepared: Prepared, asked: Sequence[tuple[Query, Mapping[str, Any]]], *, commit: bool = False
) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement, in their order; begins a transaction where there is none.

    `prepared` are the names of the statements that this connection knows, and is added to. Raises psycopg.Error for
    the first statement that fails; the database passes over all that follow, the commit among them.
    """
    adapter = Transformer(driver)
    given = [adapter.dump_sequence([values[name] for name in query.names], query.formats) for query, values in asked]
    try:
        kinds = _ask(driver.pgconn, prepared, [query for query, _ in asked], given, commit)
        results = list(_answers(driver.pgconn))
        driver.pgconn.exit_pipeline_mode()
    except BaseException:
        driver.close()  # nobody knows what is still under way on it
        raise
    found: list[list[tuple[Any, ...]]] = []
    for kind, result in zip(kinds, results, strict=True):
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result, "utf-8")
        if kind is None:
            adapter.set_pgresult(result)
            found.append(adapter.load_rows(0, result.ntuples, tuple))
        elif kind:
            prepared.add(kind)
    return found


def _ask(
    connection: pq.abc.PGconn, prepared: Prepared, queries: Sequence[Query], given: Sequence[Any], commit: bool
) -> list[bytes | None]:
    """Send all. Says of each answer that will come whose it is: a statement's (None), a preparation's, or nobody's."""
    kinds: list[bytes | None] = []
    connection.enter_pipeline_mode()
    if connection.transaction_status == pq.TransactionStatus.IDLE:
        connection.send_query_params(b"BEGIN", None)
        kinds.append(b"")
    for query, values in zip(queries, given, strict=True):
        if query.name not in prepared and query.name not in kinds:
            connection.send_prepare(query.name, query.sql)
            kinds.append(query.name)
        connection.send_query_prepared(query.name, values)
        kinds.append(None)
    if commit:
        connection.send_query_params(b"COMMIT", None)
        kinds.append(b"")
    connection.pipeline_sync()
    return kinds


def _answers(connection: pq.abc.PGconn) -> Iterator[pq.abc.PGresult]:
    """What comes back, one result a statement, until the end of the pipeline."""
    waiting = select.poll()
    waiting.register(connection.socket, select.POLLIN | select.POLLOUT)
    while connection.flush():
        waiting.poll()
        connection.consume_input()
    waiting.modify(connection.socket, select.POLLIN)
    while True:
        while connection.is_busy():
            waiting.poll()
            connection.consume_input()
        result = connection.get_result()
        if result is None and connection.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError("the connection was lost")
        if result is None:  # between the answers of two statements
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return
        yield result
