"""What the register of grid workers says: full or part time, telephone, training; what else mediators bring."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0050"
down_revision: str | None = "0049"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("account", sa.Column("phone", sa.String(), server_default="", nullable=False))
    op.add_column("account", sa.Column("trained_on", sa.Date(), nullable=True))
    op.add_column("membership", sa.Column("employment", sa.String(), server_default="", nullable=False))
    op.add_column("mediator", sa.Column("skills", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("mediator", "skills")
    op.drop_column("membership", "employment")
    op.drop_column("account", "trained_on")
    op.drop_column("account", "phone")
