"""What boards count by, and where divisions lie."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("division", sa.Column("longitude", sa.Float()))
    op.add_column("division", sa.Column("latitude", sa.Float()))
    op.create_index(
        "ix_case_record_board", "case_record", ["division"], postgresql_ops={"division": "text_pattern_ops"},
        postgresql_include=["level", "due_on", "risk", "reported_at", "kind", "sealed"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_case_record_reported_at", "case_record", ["reported_at"], postgresql_include=["division", "kind", "sealed"]
    )
    op.create_index(
        "ix_case_record_closed_at", "case_record", ["closed_at"], postgresql_include=["division", "kind", "sealed"],
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "day_count",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("division", sa.String(), primary_key=True),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "ix_day_count_division", "day_count", ["division", "day"], postgresql_ops={"division": "text_pattern_ops"}
    )
    op.create_index("ix_deadline_due_at", "deadline", ["due_at"])
    op.create_index(
        "ix_user_task_completed", "user_task", ["definition_id", "closed_at"],
        postgresql_where=sa.text("state = 'completed'"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("day_count")
    op.drop_index("ix_user_task_completed", "user_task")
    op.drop_index("ix_deadline_due_at", "deadline")
    op.drop_index("ix_case_record_closed_at", "case_record")
    op.drop_index("ix_case_record_reported_at", "case_record")
    op.drop_index("ix_case_record_board", "case_record")
    op.drop_column("division", "latitude")
    op.drop_column("division", "longitude")
