"""Who mediates a case together with the one who leads, and whose cases these are."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0057"
down_revision: str | None = "0056"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("case_record", sa.Column("joint", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    # As the newest choice says, where it is the one that was carried out.
    op.execute("""
        UPDATE case_record SET joint = found.joint FROM (
          SELECT case_id, leads, array_agg(DISTINCT one) AS joint FROM (
            SELECT DISTINCT ON (case_id) case_id, answers->>'mediator' AS leads, answers->'joint' AS others
            FROM submission WHERE form_key = 'f-mediator' ORDER BY case_id, at DESC
          ) AS choice
          CROSS JOIN LATERAL jsonb_path_query(others, '$[*].mediator ? (@ != "")') AS said
          CROSS JOIN LATERAL (SELECT said #>> '{}' AS one) AS named
          WHERE one <> leads GROUP BY case_id, leads
        ) AS found
        WHERE found.case_id = case_record.id AND found.leads = case_record.mediator
    """)
    op.create_index(
        "ix_case_record_mediator",
        "case_record",
        ["mediator"],
        postgresql_where=sa.text("closed_at IS NULL AND mediator IS NOT NULL"),
    )
    op.create_index(
        "ix_case_record_joint",
        "case_record",
        ["joint"],
        postgresql_using="gin",
        postgresql_where=sa.text("closed_at IS NULL AND joint <> '{}'"),
    )


def downgrade() -> None:
    op.drop_index("ix_case_record_joint", "case_record")
    op.drop_index("ix_case_record_mediator", "case_record")
    op.drop_column("case_record", "joint")
