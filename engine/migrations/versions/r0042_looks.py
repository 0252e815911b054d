"""What a look for messages that lie need not look at again; from when rounds that are months apart are counted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LYING = sa.text("taken_at IS NULL")


def upgrade() -> None:
    op.add_column("start_subscription", sa.Column("since", sa.DateTime(timezone=True)))
    op.add_column("subscription", sa.Column("fresh", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.create_index("ix_subscription_fresh", "subscription", ["id"], postgresql_where=sa.text("fresh"))
    op.add_column("message", sa.Column("look_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE message SET look_at = sent_at WHERE kind = 'message' AND taken_at IS NULL")
    op.create_index("ix_message_look_at", "message", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL"))
    op.drop_index("ix_message_name", table_name="message")
    op.create_index("ix_message_name", "message", ["name", "correlation_key", "sent_at"], postgresql_where=LYING)
    op.create_index("ix_message_sent", "message", ["name", "sent_at"], postgresql_where=LYING)


def downgrade() -> None:
    op.drop_index("ix_message_sent", table_name="message")
    op.drop_index("ix_message_name", table_name="message")
    op.create_index("ix_message_name", "message", ["name", "correlation_key"], postgresql_where=LYING)
    op.drop_index("ix_message_look_at", table_name="message")
    op.drop_column("message", "look_at")
    op.drop_index("ix_subscription_fresh", table_name="subscription")
    op.drop_column("subscription", "fresh")
    op.drop_column("start_subscription", "since")
