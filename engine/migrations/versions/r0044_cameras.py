"""Camera points, as a list to refer to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0044"
down_revision: str | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "camera_point",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("division", sa.String(), sa.ForeignKey("division.code"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("kept_days", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kept_days >= 30", name="camera_kept_days"),
    )
    op.create_index("ix_camera_point_path", "camera_point", ["path"])


def downgrade() -> None:
    op.drop_table("camera_point")
