"""Events that nobody can change; service jobs, co-signers, delegation, batches, version tags."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = """
CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are history: they are never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_is_append_only();
CREATE TRIGGER event_never_emptied BEFORE TRUNCATE ON event EXECUTE FUNCTION event_is_append_only();
"""
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.execute(APPEND_ONLY)
    op.add_column("definition", sa.Column("version_tag", sa.String()))
    op.add_column("user_task", sa.Column("owner", sa.String()))
    op.add_column("user_task", sa.Column("signatures", sa.Integer(), nullable=False, server_default="0"))
    _signatures()
    _service_jobs()
    _batches()


def _signatures() -> None:
    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name=op.f("fk_signature_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index("ix_signature_task_id", "signature", ["task_id"])
    op.create_index("ix_signature_person", "signature", ["person"], postgresql_where=sa.text("state = 'asked'"))


def _service_jobs() -> None:
    op.create_table(
        "service_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("backoff", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lock", sa.Uuid()),
        sa.Column("worker", sa.String()),
        sa.Column("problem", sa.String()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_service_job_instance_id")),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_service_job_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_job")),
    )
    op.create_index("ix_service_job_open", "service_job", ["type", "due_at"], postgresql_where=OPEN)
    op.create_index("ix_service_job_instance_id", "service_job", ["instance_id"])


def _batches() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_table(
        "batch_item",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.BigInteger()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.String()),
        sa.Column("says", sa.String()),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_item_batch_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_batch_item_instance_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_batch_item_incident_id")),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_batch_item")),
    )
    op.create_index(
        "ix_batch_item_todo", "batch_item", ["batch_id", "position"], postgresql_where=sa.text("state = 'todo'")
    )


def downgrade() -> None:
    for table in ("batch_item", "batch", "service_job", "signature"):
        op.drop_table(table)
    for table, column in (("user_task", "signatures"), ("user_task", "owner"), ("definition", "version_tag")):
        op.drop_column(table, column)
    op.execute("DROP TRIGGER event_append_only ON event")
    op.execute("DROP TRIGGER event_never_emptied ON event")
    op.execute("DROP FUNCTION event_is_append_only")
