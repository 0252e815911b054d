"""When and why a session, hearing or visit was moved to another time or place."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sitting", sa.Column("moved_at", sa.DateTime(timezone=True)))
    op.add_column("sitting", sa.Column("moved_because", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for column in ("moved_because", "moved_at"):
        op.drop_column("sitting", column)
