"""A database of its own for one benchmark run, and the floor that every command is compared with."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

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


FLOOR_TABLES = """
CREATE TABLE floor_state (id int PRIMARY KEY, state bytea, version int) WITH (fillfactor = 70);
CREATE TABLE floor_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner int, content text);
"""


def make_floor(connection: Connection, rows: int, size: int = 1500) -> None:
    """Tables for the floor: rows with a state of `size` random bytes, as incompressible as our own."""
    connection.execute(text(FLOOR_TABLES))
    states = [{"id": number, "state": secrets.token_bytes(size)} for number in range(rows)]
    connection.execute(text("INSERT INTO floor_state VALUES (:id, :state, 0)"), states)
    connection.commit()


def floor_step(connection: Connection, row: int) -> None:
    """The floor: lock and read one state, write it back, insert three small rows, commit."""
    state = connection.execute(
        text("SELECT state FROM floor_state WHERE id = :id FOR UPDATE"), {"id": row}
    ).scalar_one()
    connection.execute(
        text("UPDATE floor_state SET state = :state, version = version + 1 WHERE id = :id"), {"state": state, "id": row}
    )
    connection.execute(
        text("INSERT INTO floor_row (owner, content) VALUES (:id, 'a'), (:id, 'b'), (:id, 'c')"), {"id": row}
    )
    connection.commit()
