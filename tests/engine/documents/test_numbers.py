"""Numbers of documents when several people issue at once, and some fail."""

import os
import threading
from collections.abc import Iterator

import pytest

from engine import db
from engine.cases import commands as cases
from engine.cases.models import Case
from engine.documents import commands as documents
from engine.territory import county
from tests.databases import fresh_database, using

VILLAGE = "610927/610927103/610927103207"


@pytest.fixture
def case(database: str) -> Iterator[Case]:
    """A case on a database of its own, since other threads must see it."""
    with fresh_database(f"numbers_{os.getpid()}") as url, using(url):
        with db.transaction() as session:
            county.load(session)
            made, _ = cases.report(
                session, words="x", place="民主村", urgency="ordinary", kind="dispute", source="grid",
                division=VILLAGE, actor=None,
            )  # fmt: skip
        yield made


class Undone(Exception):
    """What goes wrong after a number was taken."""


def test_numbers_have_no_gap_though_many_issue_at_once_and_some_fail(case: Case) -> None:
    def issue(fails: bool) -> None:
        try:
            with db.transaction() as session:
                documents.issue(session, case, None, kind="file", abbreviation="民主人调", submission=None)
                if fails:
                    raise Undone
        except Undone:
            return

    threads = [threading.Thread(target=issue, args=(place % 3 == 0,)) for place in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    from engine.documents import queries

    with db.transaction() as session:
        numbers = sorted(one.number[-4:-1] for one in queries.of_case(session, case.id))
    assert numbers == [f"{place:03d}" for place in range(1, 17)]
