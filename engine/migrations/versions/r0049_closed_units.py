"""The last day of organisations that were closed or merged, and who took over."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0049"
down_revision: str | None = "0048"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("unit", sa.Column("successor_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_unit_successor_id_unit"), "unit", "unit", ["successor_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_unit_successor_id_unit"), "unit")
    op.drop_column("unit", "successor_id")
    op.drop_column("unit", "last_day")
