"""What administrators rehearse and replay, and what came into instances from outside, which replaying needs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("draft_id", sa.Uuid()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steps", JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_rehearsal_process_key_changed_at", "rehearsal", ["process_key", "changed_at"])
    op.create_table(
        "received",
        sa.Column("instance_id", sa.Uuid(), sa.ForeignKey("instance.id"), primary_key=True),
        sa.Column("number", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("variables", JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "replay",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("draft_id", sa.Uuid()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("instances", JSONB(), nullable=False),
        sa.Column("results", JSONB(), nullable=False),
    )
    op.create_table(
        "walk",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("draft_id", sa.Uuid()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("files", JSONB(), nullable=False),
        sa.Column("results", JSONB(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("walk")
    op.drop_table("replay")
    op.drop_table("received")
    op.drop_table("rehearsal")
