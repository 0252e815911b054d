"""Volunteers and their shifts; the ledger of rewards, which only grows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = """
CREATE FUNCTION reward_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of rewards is never changed: a correction is a line of its own'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reward_append_only BEFORE UPDATE OR DELETE ON reward_entry
    FOR EACH ROW EXECUTE FUNCTION reward_is_append_only();
CREATE TRIGGER reward_never_emptied BEFORE TRUNCATE ON reward_entry EXECUTE FUNCTION reward_is_append_only();
"""


def upgrade() -> None:
    _volunteers()
    _rewards()
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("reward_entry")
    op.execute("DROP FUNCTION reward_is_append_only")
    op.drop_table("shift_stand")
    op.drop_table("shift")
    op.drop_table("volunteer")


def _volunteers() -> None:
    op.create_table(
        "volunteer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("division", sa.String(), sa.ForeignKey("division.code"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("trained_on", sa.Date()),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date()),
    )
    op.create_index("ix_volunteer_path", "volunteer", ["path"])
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False, index=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("ends_at > starts_at", name="shift_ends_after_it_starts"),
    )
    op.create_index("ix_shift_path_starts_at", "shift", ["path", "starts_at"])
    op.create_table(
        "shift_stand",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("shift_id", sa.Uuid(), sa.ForeignKey("shift.id"), nullable=False, index=True),
        sa.Column("volunteer_id", sa.Uuid(), sa.ForeignKey("volunteer.id"), nullable=False, index=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("covers", sa.Uuid(), sa.ForeignKey("shift_stand.id")),
    )


def _rewards() -> None:
    op.create_table(
        "reward_entry",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False, index=True),
        sa.Column("about", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("for_whom", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("table_version", sa.Integer(), nullable=False),
        sa.Column("reverses", sa.Uuid(), sa.ForeignKey("reward_entry.id")),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_reward_entry_path_at", "reward_entry", ["path", "at"])
    op.create_index("ix_reward_entry_person", "reward_entry", ["person"])
