"""Releases of the studio."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("draft_id", sa.Uuid(), sa.ForeignKey("studio_draft.id"), nullable=False, index=True),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("bases", JSONB(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("statutory", JSONB(), nullable=False),
        sa.Column("report", JSONB(), nullable=False),
        sa.Column("decided_by", sa.String()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("deployment_id", sa.Uuid(), sa.ForeignKey("deployment.id")),
        sa.Column("done_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_release_due", "release", ["effective_at"], postgresql_where=sa.text("state = 'approved'"))


def downgrade() -> None:
    op.drop_table("release")
