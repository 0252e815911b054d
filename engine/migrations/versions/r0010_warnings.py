"""Deadlines know when to warn next and of what they warned last."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("deadline", sa.Column("warn_at", sa.DateTime(timezone=True)))
    op.add_column("deadline", sa.Column("warned", sa.String()))
    # What runs already is looked at once; whatever mark it has passed is one warning.
    op.execute("UPDATE deadline SET warn_at = started_at WHERE state IN ('running', 'suspended')")
    op.create_index("ix_deadline_warn_at", "deadline", ["warn_at"], postgresql_where=sa.text("state = 'running'"))


def downgrade() -> None:
    op.drop_index("ix_deadline_warn_at", table_name="deadline")
    op.drop_column("deadline", "warned")
    op.drop_column("deadline", "warn_at")
