"""Whom a grid can ask for help (网格员+N): an account, or a name with a telephone by consent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0053"
down_revision: str | None = "0052"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "grid_partner",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("division", sa.String(), sa.ForeignKey("division.code"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.CheckConstraint("consent_on IS NOT NULL OR phone = ''", name="partner_phone_with_consent"),
    )
    op.create_index("ix_grid_partner_path", "grid_partner", ["path"], postgresql_ops={"path": "text_pattern_ops"})


def downgrade() -> None:
    op.drop_table("grid_partner")
