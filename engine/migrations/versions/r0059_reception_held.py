"""Which reception's procedure hears a matter that is booked: more than one may be held in a leader's time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0059"
down_revision: str | None = "0058"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("reception_booking", sa.Column("held_id", sa.Uuid(), sa.ForeignKey("case_record.id")))
    op.execute("""
        UPDATE reception_booking SET held_id = reception_slot.case_id
        FROM reception_slot WHERE reception_slot.id = reception_booking.slot_id
    """)
    op.create_index("ix_reception_booking_held_id", "reception_booking", ["held_id"])


def downgrade() -> None:
    op.drop_column("reception_booking", "held_id")
