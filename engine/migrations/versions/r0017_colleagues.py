"""Who covers for whom while they are away, and who was named in a remark."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("cover_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "mention",
        sa.Column("note_id", sa.Uuid(), sa.ForeignKey("note.id"), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_mention_unseen", "mention", ["account_id"], postgresql_where=sa.text("seen_at IS NULL"))


def downgrade() -> None:
    op.drop_table("mention")
    op.drop_table("absence")
