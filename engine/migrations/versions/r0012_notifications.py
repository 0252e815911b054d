"""Notifications, the outbox, who wants what where, and phones that follow a case."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id")),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT),
    )
    op.create_index("ix_notification_account_id_id", "notification", ["account_id", "id"])
    op.create_index(
        "ix_notification_unread", "notification", ["account_id", "kind"], postgresql_where=sa.text("read_at IS NULL")
    )
    op.create_table(
        "notification_preference",
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_to", sa.Time(), nullable=False),
        sa.Column("choices", JSONB(), nullable=False),
    )
    op.create_table(
        "case_follower",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("agreed_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
    )
    op.create_index(
        "uq_case_follower_case_id_phone", "case_follower", ["case_id", "phone"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("follower_id", sa.Uuid(), sa.ForeignKey("case_follower.id")),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id")),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("problem", sa.String()),
    )
    op.create_index("ix_delivery_state_at", "delivery", ["state", "at"])
    op.create_index("ix_delivery_follower_id", "delivery", ["follower_id"])
    op.create_table(
        "notification_look",
        sa.Column("what", sa.String(), primary_key=True),
        sa.Column("until", INSTANT, nullable=False),
    )


def downgrade() -> None:
    for name in ("notification_look", "delivery", "case_follower", "notification_preference", "notification"):
        op.drop_table(name)
