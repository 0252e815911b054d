"""What warns of deadlines looks at rights that are kept for the parties as well."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _index("state IN ('running', 'kept')")


def downgrade() -> None:
    _index("state = 'running'")


def _index(states: str) -> None:
    op.drop_index("ix_deadline_warn_at", "deadline")
    op.create_index("ix_deadline_warn_at", "deadline", ["warn_at"], postgresql_where=sa.text(states))
