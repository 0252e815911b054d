"""Numbers of passports and permits on form F6 are sealed as identity numbers are."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from engine import identity

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SUBMISSION = sa.table("submission", sa.column("id", sa.Uuid()), sa.column("form_key"), sa.column("answers", JSONB()))


def upgrade() -> None:
    _replace(identity.seal)


def downgrade() -> None:
    _replace(identity.unseal)


def _replace(change: Callable[[str], str]) -> None:
    bind = op.get_bind()
    query = sa.select(SUBMISSION.c.id, SUBMISSION.c.answers).where(SUBMISSION.c.form_key == "f6-identity")
    for row in bind.execute(query).all():
        answers = {**row.answers, "people": [_changed(one, change) for one in row.answers.get("people") or []]}
        bind.execute(sa.update(SUBMISSION).where(SUBMISSION.c.id == row.id).values(answers=answers))


def _changed(person: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    number = person.get("number")
    return {**person, "number": change(number)} if isinstance(number, str) and number else person
