"""Independent call-backs, and how long a report took to write."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("case_record", sa.Column("report_seconds", sa.Integer()))
    op.create_table(
        "callback",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False, index=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.Column("made_by", sa.String()),
        sa.Column("solved", sa.String()),
        sa.Column("satisfied", sa.String()),
    )


def downgrade() -> None:
    op.drop_table("callback")
    op.drop_column("case_record", "report_seconds")
