"""Deadlocks: what happens where two of them wait for each other."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from engine import db


@pytest.fixture
def rows(database: str) -> None:
    with db.transaction() as session:
        session.execute(text("DROP TABLE IF EXISTS crossing"))
        session.execute(text("CREATE TABLE crossing (id int PRIMARY KEY, n int NOT NULL)"))
        session.execute(text("INSERT INTO crossing VALUES (1, 0), (2, 0)"))


def cross(first: int, second: int, met: Barrier, tries: list[int]) -> None:
    """Change two rows; wait between them until the other transaction holds the other row."""
    with db.transaction() as session:
        tries.append(first)
        for row in (first, second):
            session.execute(text("UPDATE crossing SET n = n + 1 WHERE id = :row"), {"row": row})
            if len(tries) <= 2 and row == first:
                met.wait(timeout=30)


def test_two_that_wait_for_each_other_are_both_done_once(rows: None) -> None:
    met, tries = Barrier(2), []  # type: ignore[var-annotated]
    work = db.again_after_deadlock(cross)
    both = [Thread(target=work, args=(*way, met, tries)) for way in ((1, 2), (2, 1))]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=60)
    assert len(tries) >= 3, "one of the two was given up and tried again"
    with db.transaction() as session:
        assert list(session.execute(text("SELECT n FROM crossing ORDER BY id")).scalars()) == [2, 2]


def test_every_other_error_is_not_tried_again() -> None:
    tries = []

    @db.again_after_deadlock
    def fail() -> None:
        tries.append(1)
        raise OperationalError("SELECT", {}, ValueError("something else"))

    with pytest.raises(OperationalError):
        fail()
    assert tries == [1]
