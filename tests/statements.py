"""Counting what is sent to the database: whoever made the statements, and whoever sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

from engine import statements
from engine.exchange import exchange


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent within the block, each as its first words."""
    sent: list[str] = []
    execute, execute_many = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def note(self: Any, query: Any, *more: Any, **options: Any) -> Any:
        sent.append(" ".join(str(query).split())[:80])
        return execute(self, query, *more, **options)

    def note_many(self: Any, query: Any, rows: Any, **options: Any) -> Any:
        rows = list(rows)
        sent.extend([" ".join(str(query).split())[:80]] * len(rows))
        return execute_many(self, query, rows, **options)

    def note_all(driver: Any, prepared: Any, asked: Any, **options: Any) -> Any:
        sent.extend(" ".join(query.sql.decode().split())[:80] for query, _ in asked)
        return exchange(driver, prepared, asked, **options)

    with (
        patch.object(psycopg.Cursor, "execute", note),
        patch.object(psycopg.Cursor, "executemany", note_many),
        patch.object(statements, "exchange", note_all),
    ):
        yield sent
