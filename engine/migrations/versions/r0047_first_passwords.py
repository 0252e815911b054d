"""Accounts whose password somebody else has told their owner: it is changed at the first sign-in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0047"
down_revision: str | None = "0046"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("account", sa.Column("first_password", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("account", "first_password")
