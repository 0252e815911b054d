"""How many messages a message may lead to, so that processes cannot call each other without end; who hears a signal."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("message", sa.Column("messages_left", sa.Integer()))
    op.add_column("message", sa.Column("recipient", sa.Uuid()))


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE recipient IS NOT NULL")  # the older engine finds out itself who waits
    for column in ("recipient", "messages_left"):
        op.drop_column("message", column)
