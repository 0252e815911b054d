"""Accounts that show a code of an app at sign-in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0048"
down_revision: str | None = "0047"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("account", sa.Column("second_factor", sa.String(), nullable=True))
    op.add_column("account", sa.Column("second_factor_step", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("account", "second_factor_step")
    op.drop_column("account", "second_factor")
