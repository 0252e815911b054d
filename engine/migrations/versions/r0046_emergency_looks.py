"""Cases that somebody opened in an emergency."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0046"
down_revision: str | None = "0045"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "emergency_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_emergency_look_case_id_case_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_look")),
    )
    op.create_index(op.f("ix_emergency_look_case_id"), "emergency_look", ["case_id"])
    op.create_index(op.f("ix_emergency_look_by"), "emergency_look", ["by"])


def downgrade() -> None:
    op.drop_table("emergency_look")
