"""What mediators know and speak as codes, so that it reads in both languages."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SPECIALITIES = {
    "婚姻家庭": "D01", "继承": "D02", "邻里": "D03", "房屋宅基地": "D04", "山林土地": "D05", "合同债务": "D07",
    "损害赔偿": "D08", "劳动争议": "D09", "道路交通事故": "D10", "医疗": "D11", "物业": "D12", "消费旅游": "D13",
}  # fmt: skip
LANGUAGES = {"普通话": "mandarin", "本地话": "local", "四川话": "sichuan", "湖北话": "hubei", "手语": "sign"}


def upgrade() -> None:
    _replace("specialities", SPECIALITIES)
    _replace("languages", LANGUAGES)


def downgrade() -> None:
    _replace("specialities", {code: word for word, code in SPECIALITIES.items()})
    _replace("languages", {code: word for word, code in LANGUAGES.items()})


def _replace(column: str, words: Mapping[str, str]) -> None:
    mediator = sa.table("mediator", sa.column(column, sa.ARRAY(sa.Text)))
    for old, new in words.items():
        op.execute(mediator.update().values({column: sa.func.array_replace(mediator.c[column], old, new)}))
