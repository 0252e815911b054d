"""Visits to mediation bodies, and what mediators declare about themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Time()),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("mediator", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id")),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True)),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False, unique=True),
        sa.UniqueConstraint("unit_id", "day", "number", name="uq_visit_unit_id_day_number"),
    )
    op.create_table(
        "queue_counter",
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "declared_relation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for name in ("declared_relation", "queue_counter", "visit"):
        op.drop_table(name)
