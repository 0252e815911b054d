"""The board of a county with a million cases, far more than any county has, and of one of its towns."""

from pathlib import Path

from sqlalchemy import text

from bench import database
from bench.measure import Figure, figure, percentile, seconds
from engine import clock, db, demo
from engine.ledger import board, movements
from engine.people.actor import Actor, Held

ASKED = 15
FILL = Path(__file__).with_name("boards.sql")


def run(*, full: bool = False) -> list[Figure]:
    """The time of a leader's board by week and by month, once the night has counted the past days."""
    cases = 1_000_000 if full else 100_000
    with database.fresh():
        with db.transaction() as session:
            demo.load(session)
        with db.engine().connect() as connection:
            for statement in FILL.read_text(encoding="utf-8").split(";"):
                connection.execute(text(statement.replace(":cases", str(cases))))
            connection.commit()
        with db.transaction() as session:
            counting = seconds(lambda: movements.recount(session))
        with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE) case_record, deadline, day_count"))
        found = [figure(f"counting the past days of {cases:,} cases, once a night", [counting], "s")]
        return [
            *found,
            *(
                _asked(period, path, cases)
                for period in board.PERIODS
                for path in (demo.COUNTY, f"{demo.COUNTY}/{demo.TOWN}")
            ),
        ]


def _asked(period: str, path: str, cases: int) -> Figure:
    actor = Actor("bench", "示例", None, (Held("leader", path.rpartition("/")[2], path),))
    times = []
    for _ in range(ASKED):
        with db.transaction() as session:
            times.append(1000 * seconds(lambda session=session: board.board(session, actor, period=period)))  # type: ignore[misc]
    where = "county" if "/" not in path else "town"
    return figure(
        f"board of a {where} by {period}, {cases:,} cases of one county, 95 of 100", [percentile(times, 95)], "ms",
        f"median {percentile(times, 50):.1f}, counted {clock.today()}", must=300, aim=100, at_most=True,
    )  # fmt: skip
