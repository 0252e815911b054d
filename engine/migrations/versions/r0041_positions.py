"""Where the position of a division comes from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("division", sa.Column("position_source", sa.String()))


def downgrade() -> None:
    op.drop_column("division", "position_source")
