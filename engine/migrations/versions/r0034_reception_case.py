"""The case of a leader's reception, whose process goes from the booking to the minutes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("reception_slot", sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=True))


def downgrade() -> None:
    op.drop_column("reception_slot", "case_id")
