"""A database of its own for one benchmark run, and the floor that every command is compared with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from sqlalchemy import create_engine, text

from engine import db, postgres
from engine.config import settings
from engine.migrations import upgrade


@contextmanager
def fresh() -> Iterator[str]:
    """The URL of a fresh, migrated database in the embedded cluster; dropped at the end."""
    cluster = postgres.ensure_running(settings().var)
    name = f"bench_{os.getpid()}"
    admin = create_engine(cluster.url_of("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    os.environ["HEJIE_DATABASE_URL"] = cluster.url_of(name)
    for cached in (settings, db.database_url, db.engine):
        cached.cache_clear()
    try:
        upgrade(cluster.url_of(name))
        yield cluster.url_of(name)
    finally:
        db.engine().dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


class Floor:
    """The floor: psycopg alone reads, changes and writes the bytes and rows of one completion, and commits.

    The tables have the columns of the real ones and their primary keys, no other index, key or trigger. What is
    written is what a completion by the engine wrote.
    """

    TABLES = {"instance": "id", "user_task": "id", "event_stream": "id", "event": "stream, position"}  # noqa: RUF012

    def __init__(self, url: str, instance: UUID, rows: int, number: int = 0) -> None:
        """`number` tells apart those that run beside each other: each has tables of its own."""
        self.prefix = f"floor{number}_"
        self.connection = psycopg.connect(url.replace("+psycopg", ""))
        for name, key in self.TABLES.items():
            more = "WITH (fillfactor = 70)" if name == "instance" else ""
            self.connection.execute(f"CREATE TABLE {self.prefix}{name} (LIKE {name}, PRIMARY KEY ({key})) {more}")
        self.task = self._one("SELECT * FROM user_task WHERE instance_id = %s AND state = 'open'", instance)
        self.event = self._one("SELECT * FROM event WHERE instance = %s ORDER BY position DESC LIMIT 1", instance)
        self.event["data"] = Jsonb(self.event["data"])
        self.open: list[tuple[UUID, UUID]] = []
        for _ in range(rows):
            self.open.append((uuid4(), uuid4()))
            self._copy("instance", "id", instance, self.open[-1][0])
            self._copy("user_task", "id", self.task["id"], self.open[-1][1])
            self._copy("event_stream", "id", self.event["stream"], self.open[-1][0])
        self.connection.commit()
        inserted = (("user_task", self.task), ("event", self.event))
        self.inserts = {name: self._insert(name, row) for name, row in inserted}

    def step(self, number: int) -> None:
        """One completion: six statements and a commit."""
        send = self.connection.execute
        instance, task = self.open[number]
        following = uuid4()
        read = send(f"SELECT * FROM {self.prefix}instance WHERE id = %s FOR UPDATE", (instance,)).fetchone()
        assert read is not None
        send(f"UPDATE {self.prefix}instance SET state = %s, version = version + 1 WHERE id = %s", (read[6], instance))
        send(
            f"UPDATE {self.prefix}user_task SET state = 'completed', closed_at = now(), completed_by = 'bench',"
            " version = version + 1 WHERE id = %s",
            (task,),
        )
        send(self.inserts["user_task"], {**self.task, "id": following})
        send(
            f"UPDATE {self.prefix}event_stream SET length = length + 1, head = %s WHERE id = %s",
            (self.event["hash"], instance),
        )
        self.event["position"] += 1
        send(self.inserts["event"], self.event)
        self.connection.commit()
        self.open[number] = instance, following

    def _one(self, query: str, of: UUID) -> dict[str, Any]:
        row = self.connection.cursor(row_factory=dict_row).execute(query, (of,)).fetchone()
        assert row is not None
        return row

    def _copy(self, name: str, key: str, of: UUID, to: UUID) -> None:
        row = self._one(f"SELECT * FROM {name} WHERE {key} = %s", of)
        self.connection.execute(self._insert(name, row), {**row, key: to})

    def _insert(self, name: str, row: dict[str, Any]) -> str:
        return f"INSERT INTO {self.prefix}{name} ({', '.join(row)}) VALUES ({', '.join(f'%({one})s' for one in row)})"
