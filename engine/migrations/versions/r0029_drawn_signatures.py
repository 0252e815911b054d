"""Signatures that parties draw on the mediator's device, with the paper as it was shown to them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("paper_signature", sa.Column("party_id", sa.Uuid(), sa.ForeignKey("party.id")))
    op.add_column("paper_signature", sa.Column("signer", sa.String(), nullable=False, server_default=""))
    op.add_column("paper_signature", sa.Column("drawing", sa.LargeBinary()))
    op.add_column("paper_signature", sa.Column("content", sa.LargeBinary()))


def downgrade() -> None:
    for column in ("content", "drawing", "signer", "party_id"):
        op.drop_column("paper_signature", column)
