"""Where tokens are, for counts on diagrams; lists of batches that a worker makes, with where each token would go."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Tokens that wait for an event, a time or each other get their row when their instance is written next.
FILL = """
INSERT INTO token_place (id, instance_id, definition_id, element_id, since)
SELECT id, instance_id, definition_id, element_id, created_at FROM user_task WHERE state = 'open'
UNION ALL
SELECT id, instance_id, definition_id, element_id, created_at FROM service_job WHERE state IN ('open', 'failed')
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.create_table(
        "token_place",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("instance_id", sa.Uuid(), sa.ForeignKey("instance.id"), nullable=False),
        sa.Column("definition_id", sa.Uuid(), sa.ForeignKey("definition.id"), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_token_place_element", "token_place", ["definition_id", "element_id", "instance_id"])
    op.create_index("ix_token_place_instance_id", "token_place", ["instance_id"])
    op.execute(FILL)
    op.drop_index("ix_instance_definition_id_status", "instance")
    op.create_index("ix_instance_definition_id_status", "instance", ["definition_id", "status", "id"])
    op.add_column("batch", sa.Column("chosen", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.add_column("batch", sa.Column("expected", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("batch_item", sa.Column("moves", postgresql.JSONB(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("batch_item", "moves")
    op.drop_column("batch", "expected")
    op.drop_column("batch", "chosen")
    op.drop_index("ix_instance_definition_id_status", "instance")
    op.create_index("ix_instance_definition_id_status", "instance", ["definition_id", "status"])
    op.drop_table("token_place")
