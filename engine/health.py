"""What whoever watches the servers asks: does the database answer, and is its schema that of this version?"""

from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.orm import Session

from engine.migrations import newest_revisions


def database_answers(session: Session) -> None:
    """Return if the database answers; raise what the driver raises if not."""
    session.execute(text("SELECT 1"))


def has_schema(session: Session) -> bool:
    """Whether any migration was ever applied."""
    return bool(MigrationContext.configure(session.connection()).get_current_heads())


def schema_is_current(session: Session) -> bool:
    """Whether every migration of this version was applied, and no later one."""
    applied = MigrationContext.configure(session.connection()).get_current_heads()
    return set(applied) == newest_revisions()
