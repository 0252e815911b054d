"""Every revision of the schema can be taken back, and comes again as it was."""

import os
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from engine.config import ROOT
from engine.migrations import downgrade, upgrade
from tests.databases import fresh_database

SHAPE = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13",
)


def shape(url: str) -> list[set[tuple[Any, ...]]]:
    """What stands in the schema: columns, indexes, constraints, triggers, functions."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return [{tuple(row) for row in connection.execute(text(query))} for query in SHAPE]
    finally:
        engine.dispose()


def test_every_revision_goes_back_and_comes_again_as_it_was() -> None:
    script = ScriptDirectory(str(ROOT / "engine" / "migrations"))
    newest, *older = [one.revision for one in script.walk_revisions()]
    with fresh_database(f"revisions_{os.getpid()}") as url:
        was = {newest: shape(url)}
        for revision in older:
            downgrade(url, revision)
            was[revision] = shape(url)
        for revision in [*reversed(older[:-1]), newest]:
            upgrade(url, revision)
            assert shape(url) == was[revision], f"{revision} does not undo what it does"
