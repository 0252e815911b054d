"""Links between cases, and how often a case was reopened."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("case_record", sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("case_record", "reopened", server_default=None)
    op.create_table(
        "case_link",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False),
        sa.Column("to_case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("case_id", "to_case_id", name="uq_case_link_case_id_to_case_id"),
    )


def downgrade() -> None:
    op.drop_table("case_link")
    op.drop_column("case_record", "reopened")
