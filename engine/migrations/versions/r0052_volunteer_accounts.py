"""A volunteer's own account."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0052"
down_revision: str | None = "0051"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("volunteer", sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=True))
    op.create_index("ix_volunteer_account_id", "volunteer", ["account_id"])


def downgrade() -> None:
    op.drop_column("volunteer", "account_id")
