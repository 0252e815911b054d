"""The event table: chained, append-only in practice, and true to savepoints."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine import chains, clock, events
from engine.events import EventStream
from engine.ids import new_id

UNGUARDED = text("SET LOCAL session_replication_role = replica")
"""What only the owner of the database can do: no trigger fires."""


def test_events_of_a_stream_form_a_chain(session: Session) -> None:
    stream = new_id()
    events.record(session, "case.reported", stream, actor="a", source="grid")
    events.record(session, "case.closed", stream, actor="b", reason="performed")
    found = events.of_stream(session, stream)
    assert [event.kind for event in found] == ["case.reported", "case.closed"]
    assert [event.position for event in found] == [1, 2]
    assert found[1].previous == found[0].hash
    assert events.first_break(found) is None


@pytest.mark.parametrize(
    "tampering",
    [
        'UPDATE event SET data = \'{"reason": "other"}\' WHERE stream = :stream AND position = 2',
        "UPDATE event SET at = at + interval '1 day' WHERE stream = :stream AND position = 2",
        "UPDATE event SET actor = 'c' WHERE stream = :stream AND position = 2",
        "DELETE FROM event WHERE stream = :stream AND position = 1",
    ],
)
def test_tampering_breaks_the_chain(session: Session, tampering: str) -> None:
    stream = new_id()
    for number in range(3):
        events.record(session, "thing.happened", stream, number=number)
    events.write(session)
    session.execute(UNGUARDED)
    session.execute(text(tampering), {"stream": stream})
    session.expire_all()
    assert events.first_break(events.of_stream(session, stream)) is not None


def test_what_a_savepoint_within_one_that_is_undone_recorded_did_not_happen(session: Session) -> None:
    stream = new_id()
    events.record(session, "case.reported", stream)
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        with session.begin_nested():
            events.record(session, "case.closed", stream)
        raise ZeroDivisionError
    with session.begin_nested():
        events.record(session, "case.reopened", stream)
    assert [event.kind for event in events.of_stream(session, stream)] == ["case.reported", "case.reopened"]


@pytest.mark.parametrize(
    "tampering",
    ["UPDATE event SET actor = 'c' WHERE stream = :stream", "DELETE FROM event WHERE stream = :stream",
     "TRUNCATE event"],
)  # fmt: skip
def test_the_database_refuses_to_change_history(session: Session, tampering: str) -> None:
    stream = new_id()
    events.record(session, "thing.happened", stream)
    events.write(session)
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text(tampering), {"stream": stream})
    assert len(events.of_stream(session, stream)) == 1


@pytest.mark.parametrize(
    ("tampering", "position", "kind"),
    [
        ("SELECT 1", 0, None),
        ("UPDATE event SET data = '{}' WHERE stream = :stream AND position = 2", 2, "thing.happened"),
        ("DELETE FROM event WHERE stream = :stream AND position = 2", 2, "thing.happened"),
        ("DELETE FROM event WHERE stream = :stream AND position = 3", 3, None),
        ("DELETE FROM event WHERE stream = :stream", 1, None),
        ("DELETE FROM event_stream WHERE id = :stream", 1, None),
    ],
)
def test_verifying_names_the_first_link_that_does_not_fit(
    session: Session, tampering: str, position: int, kind: str | None
) -> None:
    whole, stream = new_id(), new_id()
    for one in (whole, stream):
        for number in range(3):
            events.record(session, "thing.happened", one, number=number)
    events.write(session)
    session.execute(UNGUARDED)
    session.execute(text(tampering), {"stream": stream})
    broken = [found for _, _, found in chains.verify(session) if found]
    assert broken == ([chains.Break(stream, position, kind)] if position else [])
    assert [found for _, _, found in chains.verify(session, whole)] == [None]


def test_a_head_that_was_set_back_shows(session: Session) -> None:
    stream = new_id()
    events.record(session, "thing.happened", stream)
    events.write(session)
    session.execute(update(EventStream).where(EventStream.id == stream).values(head=b"other"))
    assert [found for _, _, found in chains.verify(session, stream)] == [chains.Break(stream, 2, None)]


def test_what_a_rolled_back_savepoint_recorded_did_not_happen(session: Session) -> None:
    stream = new_id()
    events.record(session, "thing.before", stream)
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        events.record(session, "thing.inside", stream)
        raise ZeroDivisionError
    events.record(session, "thing.after", stream)
    with session.begin_nested():
        events.record(session, "thing.kept", stream)
    assert [event.kind for event in events.of_stream(session, stream)] == ["thing.before", "thing.after", "thing.kept"]


def test_time_stands_still_until_it_is_moved() -> None:
    with clock.virtual(clock.now()) as time:
        before = clock.now()
        assert clock.now() == before
        time.advance(timedelta(days=1))
        assert clock.now() - before == timedelta(days=1)
