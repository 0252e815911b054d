"""What bounds a division, in words; its last day and the one that its matters go to since (撤并)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0051"
down_revision: str | None = "0050"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("division", sa.Column("boundary", sa.String(), server_default="", nullable=False))
    op.add_column("division", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("division", sa.Column("successor", sa.String(), nullable=True))
    op.create_foreign_key(op.f("fk_division_successor_division"), "division", "division", ["successor"], ["code"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_division_successor_division"), "division")
    op.drop_column("division", "successor")
    op.drop_column("division", "last_day")
    op.drop_column("division", "boundary")
