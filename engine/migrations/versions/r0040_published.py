"""Figures that others published, with source and method; the table only grows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = """
CREATE FUNCTION published_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published figures are never changed: a correction is a line of its own'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER published_append_only BEFORE UPDATE OR DELETE ON published
    FOR EACH ROW EXECUTE FUNCTION published_is_append_only();
CREATE TRIGGER published_never_emptied BEFORE TRUNCATE ON published EXECUTE FUNCTION published_is_append_only();
"""


def upgrade() -> None:
    op.create_table(
        "published",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric()),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sample_size", sa.Integer()),
        sa.Column("replaces", sa.Uuid(), unique=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    first = sa.text("replaces IS NULL")
    op.create_index(
        "ix_published_first", "published", ["county", "metric", "year"], unique=True, postgresql_where=first
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("published")
    op.execute("DROP FUNCTION published_is_append_only")
