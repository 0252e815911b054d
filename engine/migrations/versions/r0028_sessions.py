"""Sessions: sittings with invitations and quick notes, the clauses of the agreement room, signed calendar addresses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sitting",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", AT, nullable=False, index=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("led_by", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("cancelled_at", AT),
    )
    op.create_index("ix_sitting_led_by_starts_at", "sitting", ["led_by", "starts_at"])
    op.create_table(
        "quick_note",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("sitting_id", sa.Uuid(), sa.ForeignKey("sitting.id"), nullable=False, index=True),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("sitting_id", sa.Uuid(), sa.ForeignKey("sitting.id"), nullable=False),
        sa.Column("party_id", sa.Uuid(), sa.ForeignKey("party.id"), nullable=False, index=True),
        sa.Column("submission_id", sa.Uuid(), sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("document_id", sa.Uuid(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("served_how", sa.String()),
        sa.Column("served_on", sa.Date()),
        sa.Column("served_by", sa.String()),
        sa.UniqueConstraint("sitting_id", "party_id"),
    )
    op.create_table(
        "calendar_link",
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
    )
    op.create_table(
        "clause",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False, index=True),
        sa.Column("removed_at", AT),
    )
    op.create_table(
        "clause_version",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("clause_id", sa.Uuid(), sa.ForeignKey("clause.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2)),
        sa.Column("due_on", sa.Date()),
        sa.Column("instalments", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.UniqueConstraint("clause_id", "number"),
    )
    op.create_table(
        "clause_answer",
        sa.Column("version_id", sa.Uuid(), sa.ForeignKey("clause_version.id"), primary_key=True),
        sa.Column("side", sa.String(), primary_key=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
    )


def downgrade() -> None:
    for name in ("clause_answer", "clause_version", "clause", "calendar_link", "invitation", "quick_note", "sitting"):
        op.drop_table(name)
