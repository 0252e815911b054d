"""Processes that start by themselves at a time: when next, and how often still."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_start_subscription_due_at"


def upgrade() -> None:
    op.add_column("start_subscription", sa.Column("due_at", sa.DateTime(timezone=True)))
    op.add_column("start_subscription", sa.Column("rounds_left", sa.Integer()))
    op.create_index(INDEX, "start_subscription", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index(INDEX, "start_subscription")
    op.execute("DELETE FROM start_subscription WHERE kind = 'timer'")
    for name in ("rounds_left", "due_at"):
        op.drop_column("start_subscription", name)
