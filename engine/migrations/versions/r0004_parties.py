"""Parties as records with sealed identity numbers, consent, unsealing by two."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine import identity

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXTS = ("sex", "ethnic_group", "occupation", "address", "identity", "powers")
KEYS = {"submission": ("id",), "draft": ("task_id", "actor")}


def upgrade() -> None:
    op.add_column("party", sa.Column("kind", sa.String(), nullable=False, server_default="person"))
    for name in TEXTS:
        op.add_column("party", sa.Column(name, sa.String()))
    op.add_column("party", sa.Column("birth_date", sa.Date()))
    op.add_column("party", sa.Column("identity_index", sa.LargeBinary()))
    op.add_column("party", sa.Column("acts_for", sa.Uuid(), sa.ForeignKey("party.id", name="fk_party_acts_for")))
    for name in ("representative", "own_wages"):
        op.add_column("party", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        op.alter_column("party", name, server_default=None)
    op.alter_column("party", "kind", server_default=None)
    op.create_index("ix_party_identity_index", "party", ["identity_index"])
    op.drop_column("party", "facts")
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False, index=True),
        sa.Column("party_id", sa.Uuid(), sa.ForeignKey("party.id"), nullable=False, index=True),
        sa.Column("given_for", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("by", sa.String()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "unsealing",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_record.id"), nullable=False, index=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String()),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
    )
    _seal_numbers()


def downgrade() -> None:
    # Sealed numbers stay sealed.
    op.drop_table("unsealing")
    op.drop_table("consent")
    op.add_column("party", sa.Column("facts", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.drop_index("ix_party_identity_index", "party")
    for name in ("own_wages", "representative", "acts_for", "identity_index", "birth_date", *TEXTS, "kind"):
        op.drop_column("party", name)


def _seal_numbers() -> None:
    """Identity numbers that stand in answers in clear."""
    connection = op.get_bind()
    for name, keys in KEYS.items():
        table = sa.table(name, sa.column("answers", postgresql.JSONB), *(sa.column(key) for key in keys))
        naming = sa.cast(table.c.answers, sa.Text).contains("id_number")
        for row in connection.execute(sa.select(table).where(naming)).mappings().all():
            same = [table.c[key] == row[key] for key in keys]
            connection.execute(sa.update(table).where(*same).values(answers=_sealed(row["answers"])))


def _sealed(value: Any) -> Any:
    if isinstance(value, list):
        return [_sealed(one) for one in value]
    if isinstance(value, dict):
        return {
            name: identity.seal(one) if name == "id_number" and isinstance(one, str) and one else _sealed(one)
            for name, one in value.items()
        }
    return value
