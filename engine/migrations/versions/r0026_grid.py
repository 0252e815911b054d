"""What a camera wrote into photos, kept beside them; patrols without a finding."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("upload", sa.Column("taken_at", sa.DateTime(timezone=True)))
    op.add_column("upload", sa.Column("latitude", sa.Float()))
    op.add_column("upload", sa.Column("longitude", sa.Float()))
    op.create_table(
        "patrol_round",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.UniqueConstraint("account_id", "key", name="uq_patrol_round_account_id"),
    )


def downgrade() -> None:
    op.drop_table("patrol_round")
    for name in ("longitude", "latitude", "taken_at"):
        op.drop_column("upload", name)
