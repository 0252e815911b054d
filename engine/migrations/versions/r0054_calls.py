"""The log of calls that became no case."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0054"
down_revision: str | None = "0053"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "contact_call",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.CheckConstraint("way IN ('phone', 'visit', 'message')", name="call_way"),
        sa.CheckConstraint("about IN ('fraud', 'law', 'office', 'progress', 'other')", name="call_about"),
    )
    op.create_index("ix_contact_call_path_at", "contact_call", ["path", "at"])


def downgrade() -> None:
    op.drop_table("contact_call")
