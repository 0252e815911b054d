"""Who changed the calendar and the catalogue of deadlines, when and why."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("calendar_day", "deadline_catalogue")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("by", sa.String()))
        op.add_column(table, sa.Column("why", sa.String(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for table in TABLES:
        for column in ("by", "why", "at"):
            op.drop_column(table, column)
