"""Open tasks that nobody has taken on are found by county and candidate roles; nothing looks up roles alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_user_task_offered",
        "user_task",
        [sa.text("split_part(division, '/', 1)"), "groups"],
        postgresql_where=sa.text("state = 'open' AND assignee IS NULL"),
    )
    op.drop_index("ix_user_task_open_groups", "user_task")


def downgrade() -> None:
    op.create_index(
        "ix_user_task_open_groups", "user_task", ["groups"], postgresql_using="gin",
        postgresql_where=sa.text("state = 'open'"),
    )  # fmt: skip
    op.drop_index("ix_user_task_offered", "user_task")
