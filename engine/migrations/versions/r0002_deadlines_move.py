"""Deadlines keep their instant, the law they follow, suspensions and extensions; the catalogue's rules get one form."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RULES = {
    "pm.medical": "suspend:appraisal;extend:both_consent",
    "pet.handle": "extend=P30D:head_approval+notice",
    "pet.recheck.decide": "suspend:hearing",
    "police.case": "extend=P30D:superior;suspend:appraisal;restart:mediation_failed",
    "court.entrusted.ordinary": "extend=P30D:both_consent",
    "court.entrusted.summary": "extend=P30D:both_consent",
    "labour.arb": "extend=P15D:head_approval",
    "land.arb": "extend=P30D:head_approval",
    "dv.order": "urgent=PT24H",
}
TEXTS = ("suspended_for", "extension", "extension_approved_by", "extension_reason")


def upgrade() -> None:
    # What ran before counted from the beginning of its day.
    op.add_column("deadline", sa.Column("law_of", sa.Date()))
    op.add_column("deadline", sa.Column("started_at", sa.DateTime(timezone=True)))
    op.add_column("deadline", sa.Column("suspended_at", sa.DateTime(timezone=True)))
    for name in TEXTS:
        op.add_column("deadline", sa.Column(name, sa.String()))
    entry = sa.table("deadline_catalogue", sa.column("key"), sa.column("rule"))
    op.execute(entry.update().where(entry.c.rule == "none").values(rule=""))
    for key, rule in RULES.items():
        op.execute(entry.update().where(entry.c.key == key).values(rule=rule))
    op.execute("""
        UPDATE deadline SET started_at = started_on::timestamp AT TIME ZONE 'Asia/Shanghai',
        law_of = (SELECT max(in_force_from) FROM deadline_catalogue AS c WHERE c.key = deadline.key)
    """)
    op.alter_column("deadline", "law_of", nullable=False)
    op.alter_column("deadline", "started_at", nullable=False)


def downgrade() -> None:
    # The catalogue's rules stay as they are: the older version reads nothing of them but how they begin.
    for name in (*TEXTS, "suspended_at", "started_at", "law_of"):
        op.drop_column("deadline", name)
