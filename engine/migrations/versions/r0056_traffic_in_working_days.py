"""The three and the ten days of a traffic accident are working days (道路交通事故处理程序规定 §112)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0056"
down_revision: str | None = "0055"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CATALOGUE = sa.table("deadline_catalogue", sa.column("key"), sa.column("law"), sa.column("duration"))
LAW = "道路交通事故处理程序规定"
CORRECTED = (
    ("traffic.mediation.apply", (f"{LAW} §86", "P10D"), (f"{LAW} §§86, 112", "WD10")),
    ("traffic.after.mediation", (f"{LAW} §85", "P3D"), (f"{LAW} §§85, 112", "WD3")),
)


def _put(key: str, was: tuple[str, str], becomes: tuple[str, str]) -> None:
    """What administrators have entered since then stays."""
    rows = CATALOGUE.update().where(CATALOGUE.c.key == key, CATALOGUE.c.law == was[0], CATALOGUE.c.duration == was[1])
    op.execute(rows.values(law=becomes[0], duration=becomes[1]))


def upgrade() -> None:
    for key, was, becomes in CORRECTED:
        _put(key, was, becomes)


def downgrade() -> None:
    for key, was, becomes in CORRECTED:
        _put(key, becomes, was)
