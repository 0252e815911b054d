"""What boards count of open cases is read from their index alone: the stage was missing in it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_case_record_board"
BEFORE = ["level", "due_on", "risk", "reported_at", "kind", "sealed"]


def upgrade() -> None:
    _made_of([*BEFORE[:3], "stage", *BEFORE[3:]])


def downgrade() -> None:
    _made_of(BEFORE)


def _made_of(included: list[str]) -> None:
    op.drop_index(INDEX, "case_record")
    op.create_index(
        INDEX, "case_record", ["division"], postgresql_ops={"division": "text_pattern_ops"},
        postgresql_include=included, postgresql_where=sa.text("closed_at IS NULL"),
    )  # fmt: skip
