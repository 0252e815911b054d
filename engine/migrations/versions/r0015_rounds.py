"""A process that could not start at its time is tried again without losing the rhythm of its timer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("start_subscription", sa.Column("round_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("start_subscription", "round_at")
