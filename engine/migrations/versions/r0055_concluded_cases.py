"""How a case ends, as long as something else still runs in it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0055"
down_revision: str | None = "0054"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("case_record", sa.Column("closing", sa.String()))


def downgrade() -> None:
    op.drop_column("case_record", "closing")
