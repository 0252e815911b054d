"""The register of households, and what a campaign's visits to them came to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("division", sa.String(), sa.ForeignKey("division.code"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("village_group", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("people", sa.Integer()),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date()),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("division", "village_group", "address", name="household_once_in_a_grid"),
        sa.CheckConstraint("consent_on IS NOT NULL OR (contact = '' AND phone = '')", name="contact_with_consent"),
        sa.CheckConstraint("people BETWEEN 0 AND 99", name="household_people"),
    )
    op.create_index("ix_household_path", "household", ["path"], postgresql_ops={"path": "text_pattern_ops"})
    op.create_index("ix_household_keep_until", "household", ["keep_until"])
    op.create_table(
        "household_visit",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False),
        sa.Column("household_id", sa.Uuid(), sa.ForeignKey("household.id", ondelete="SET NULL")),
        sa.Column("state", sa.String(), nullable=False),
        sa.UniqueConstraint("case_id", "household_id", name="household_visited_once"),
    )
    op.create_index("ix_household_visit_household_id", "household_visit", ["household_id"])


def downgrade() -> None:
    op.drop_table("household_visit")
    op.drop_table("household")
