"""Start events with several definitions, and those that wait for a condition: one row for each definition."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = "pk_start_subscription"


def upgrade() -> None:
    op.add_column("start_subscription", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("start_subscription", sa.Column("held", sa.Boolean()))
    op.drop_constraint(KEY, "start_subscription", type_="primary")
    op.create_primary_key(KEY, "start_subscription", ["definition_id", "element_id", "number"])


def downgrade() -> None:
    op.execute("DELETE FROM start_subscription WHERE number > 0 OR kind = 'conditional'")  # the older engine knows none
    op.drop_constraint(KEY, "start_subscription", type_="primary")
    op.create_primary_key(KEY, "start_subscription", ["definition_id", "element_id"])
    for column in ("held", "number"):
        op.drop_column("start_subscription", column)
