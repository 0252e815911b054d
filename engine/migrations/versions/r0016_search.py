"""Search by words and names: pairs of neighbouring characters find a word of any script, also within a Chinese text."""

from collections.abc import Sequence

from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PAIRS = """
CREATE FUNCTION letter_pairs(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
RETURN array_to_tsvector(ARRAY(
  SELECT DISTINCT substr(lower(said), n, 2) FROM generate_series(1, length(said) - 1) AS n
))
"""


def upgrade() -> None:
    op.execute(PAIRS)
    op.execute("CREATE INDEX ix_case_record_words ON case_record USING gin (letter_pairs(words || ' ' || place))")
    op.execute("CREATE INDEX ix_party_name ON party USING gin (letter_pairs(name))")
    op.execute(r"CREATE INDEX ix_party_phone ON party (regexp_replace(phone, '\D', '', 'g')) WHERE phone <> ''")


def downgrade() -> None:
    op.execute("DROP INDEX ix_party_phone")
    op.execute("DROP INDEX ix_party_name")
    op.execute("DROP INDEX ix_case_record_words")
    op.execute("DROP FUNCTION letter_pairs(text)")
