"""Alembic's entry: online only, one transaction for all revisions."""

from alembic import context
from sqlalchemy import create_engine, pool

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
        context.run_migrations()
