"""`hejie history verify` on a database of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from api.cli import main
from engine import db, events
from engine.ids import new_id
from tests.databases import empty_database, fresh_database, using


@pytest.fixture
def own_database(database: str) -> Iterator[None]:
    """What is committed here is gone afterwards."""
    with fresh_database(f"history_{os.getpid()}") as url, using(url):
        yield


def test_a_changed_event_is_named(own_database: None) -> None:
    run = CliRunner()
    stream, other = new_id(), new_id()
    with db.transaction() as session:
        for one in (stream, other):
            events.record(session, "case.reported", one)
            events.record(session, "case.closed", one)
    whole = run.invoke(main, ["history", "verify"])
    assert (whole.exit_code, whole.output) == (0, "2 chains, 4 events recomputed, 0 broken.\n")
    with db.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("UPDATE event SET actor = 'x' WHERE stream = :s AND position = 2"), {"s": stream})
    broken = run.invoke(main, ["history", "verify"])
    assert broken.exit_code == 1
    assert f"BROKEN  {stream}  after 1 good events: event 2 (case.closed) does not fit" in broken.output
    assert run.invoke(main, ["history", "verify", "--case", str(other)]).exit_code == 0
    assert run.invoke(main, ["history", "verify", "--case", str(new_id())]).exit_code == 1


def test_what_was_cut_off_with_its_head_shows_beside_heads_that_were_kept(own_database: None, tmp_path: Path) -> None:
    run = CliRunner()
    cut, gone, goes_on = new_id(), new_id(), new_id()
    with db.transaction() as session:
        for one in (cut, gone, goes_on):
            events.record(session, "case.reported", one)
            events.record(session, "case.closed", one)
    kept = tmp_path / "heads"
    kept.write_text(run.invoke(main, ["history", "heads"]).output)
    compared = ["history", "verify", "--heads", str(kept)]
    with db.transaction() as session:
        events.record(session, "case.reopened", goes_on)
    assert run.invoke(main, compared).exit_code == 0
    with db.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("DELETE FROM event WHERE stream = :s AND position = 2"), {"s": cut})
        whole = "SELECT hash FROM event WHERE stream = :s"
        session.execute(text(f"UPDATE event_stream SET length = 1, head = ({whole}) WHERE id = :s"), {"s": cut})
        session.execute(text("DELETE FROM event WHERE stream = :s"), {"s": gone})
        session.execute(text("DELETE FROM event_stream WHERE id = :s"), {"s": gone})
    assert run.invoke(main, ["history", "verify"]).exit_code == 0, "by itself the rest looks whole"
    broken = run.invoke(main, compared)
    assert broken.exit_code == 1
    for one in (cut, gone):
        assert f"BROKEN  {one}  event 2 is not the one whose head was kept" in broken.output
    assert str(goes_on) not in broken.output
    kept.write_text("nonsense\n")
    assert "line 1: this is no head" in run.invoke(main, compared).output


def test_a_database_that_is_away_or_behind_is_said_in_a_sentence(database: str) -> None:
    run = CliRunner()
    with using("postgresql+psycopg://hejie:hidden@127.0.0.1:1/none"):
        away = run.invoke(main, ["history", "verify"], env={"LANG": "en"})
    assert away.exit_code == 1
    assert away.output.startswith("The database does not answer.") and "hidden" not in away.output
    with empty_database(f"behind_{os.getpid()}") as url, using(url):
        behind = run.invoke(main, ["people", "password", "admin"], env={"LANG": "en"})
    assert (behind.exit_code, behind.output) == (
        1, "The database does not have the tables of this version. Run `hejie db upgrade` first.\n",
    )  # fmt: skip
