"""Why a visit or a reception was moved to another time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for table in ("visit", "reception_booking"):
        op.add_column(table, sa.Column("moved_because", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for table in ("visit", "reception_booking"):
        op.drop_column(table, "moved_because")
