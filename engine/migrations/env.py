"""Alembic's entry: online only, one transaction for all revisions."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from engine.migrations import models

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        include_name=models.is_ours,
        compare_server_default=True,
    )
    with context.begin_transaction():
        # Several parts of the house may start at once; the second finds the work done.
        connection.execute(text("SELECT pg_advisory_xact_lock(0x48656A69)"))
        context.run_migrations()
