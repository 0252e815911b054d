"""Boards: what is open, late and at risk by place and level; nothing sealed, and nothing that points to a person."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case
from engine.cases.permissions import NotForYourRole
from engine.ids import new_id
from engine.ledger import queries
from engine.ledger.board import LEVELS, NOW, PAST, board
from engine.ledger.queries import FilterInvalid, Filters
from engine.ledger.tallies import Tally
from engine.people.actor import Actor
from engine.territory import county
from engine.territory.queries import DivisionUnknown
from tests.engine.cases.conftest import COUNTY, ELSEWHERE, TOWN, VILLAGE, Report, holder, report
from tests.statements import counted

__all__ = ["report"]

LEADER, DUTY, OFFICER = holder("leader", COUNTY), holder("duty_officer", TOWN), holder("county_officer", COUNTY)
NEXT_VILLAGE = f"{TOWN}/610927103200"


@pytest.fixture(autouse=True)
def places(session: Session) -> None:
    county.load(session)
    session.flush()


def many(report: Report, count: int, **facts: Any) -> list[Case]:
    return [report(**facts) for _ in range(count)]


def test_what_is_open_late_and_risky_is_counted_by_place_and_level(session: Session, report: Report) -> None:
    yesterday = clock.today() - timedelta(days=1)
    many(report, 2, level="village", risk="RED", due_on=yesterday, stage="mediation")
    report(level="town", stage="mediation", due_on=clock.today())
    report(division=NEXT_VILLAGE, reported_at=clock.now() - timedelta(days=2))
    report(level="village", closed_at=clock.now())
    found = board(session, DUTY)
    assert found.now == {"open": 4, "late": 2, "risky": 2, "waiting": 1}
    assert found.places[VILLAGE] == {"open": 3, "late": 2, "risky": 2, "waiting": 0}
    assert found.places[NEXT_VILLAGE]["waiting"] == 1
    assert [found.levels[level]["open"] for level in LEVELS] == [2, 1, 0, 1]
    assert len(found.places) == 9, "villages without a case are there as well"


def test_what_is_open_now_is_counted_from_its_index_alone(session: Session, report: Report) -> None:
    many(report, 5)
    connection, sent = session.connection(), list[tuple[str, Any]]()
    listen(connection, "before_cursor_execute", lambda *given: sent.append((given[2], given[3])))
    board(session, DUTY)
    [(statement, values)] = [one for one in sent if "closed_at IS NULL" in one[0] and "GROUP BY" in one[0]]
    for other in ("ix_case_record_open", "ix_case_record_division"):
        connection.execute(text(f"DROP INDEX {other}"))  # with the rows of a test the planner has no reason to choose
    for way in ("seqscan", "bitmapscan"):  # nor to read the index in order
        connection.execute(text(f"SET LOCAL enable_{way} = off"))
    plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
    assert "Index Only Scan using ix_case_record_board" in plan, plan


def test_sealed_cases_and_the_house_s_own_work_are_in_no_number(session: Session, report: Report) -> None:
    many(report, 5, sealed=True)
    many(report, 5, kind="patrol")
    many(report, 5, division=ELSEWHERE)
    assert set(board(session, DUTY).now.values()) == {0}
    assert board(session, DUTY).past[-1].told["reported"] == 0


def test_a_leader_is_told_no_small_number_and_nothing_that_gives_one_away(session: Session, report: Report) -> None:
    many(report, 3)
    many(report, 7, division=NEXT_VILLAGE)
    many(report, 20, division=ELSEWHERE)
    found = board(session, LEADER, TOWN)
    assert (found.now["open"], found.links) == (10, False)
    assert found.places[VILLAGE]["open"] is None
    assert found.places[NEXT_VILLAGE]["open"] is None, "the ten of the town without it would tell"
    assert board(session, LEADER, VILLAGE).now["open"] is None
    assert board(session, LEADER, NEXT_VILLAGE).now["open"] is None, "its own page tells no more than the town's"
    assert board(session, LEADER).past[-1].told["reported"] == 30
    assert board(session, LEADER, NEXT_VILLAGE).past[-1].told["reported"] is None


def test_whoever_may_open_the_cases_is_told_how_many_and_a_wall_is_not(session: Session, report: Report) -> None:
    many(report, 3)
    assert board(session, DUTY).now["open"] == 3
    assert board(session, DUTY, public=True).now["open"] is None


def test_a_board_is_for_those_who_answer_for_the_division(session: Session) -> None:
    for actor in (holder("village_mediator", VILLAGE), holder("admin", COUNTY), Actor.PUBLIC):
        with pytest.raises(NotForYourRole):
            board(session, actor)
    with pytest.raises(DivisionUnknown):
        board(session, DUTY, ELSEWHERE)
    with pytest.raises(DivisionUnknown):
        board(session, LEADER, f"{COUNTY}/999")
    with pytest.raises(FilterInvalid):
        board(session, LEADER, period="century")


def test_a_week_is_compared_with_the_one_before_it_but_not_while_it_runs(session: Session, report: Report) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=clock.ZONE)  # a Wednesday
    with clock.virtual(now):
        many(report, 6, reported_at=now - timedelta(days=3))  # Sunday
        many(report, 8, reported_at=now - timedelta(days=10), closed_at=now - timedelta(hours=1))
        found = board(session, DUTY)
        assert [one.told["reported"] for one in found.past[-3:]] == [8, 6, 0]
        assert (found.past[-2].since, found.past[-2].until) == (date(2026, 11, 16), date(2026, 11, 22))
        assert found.past[-1].told["closed"] == 8
        assert (found.change("reported", 11), found.change("reported", 12)) == (-2, None)
        months = board(session, DUTY, period="month").past
        assert [one.told["reported"] for one in months[-2:]] == [0, 14]
        assert (months[0].since, months[-1].until) == (date(2025, 11, 1), date(2026, 11, 30))


def test_missed_deadlines_are_those_that_the_figures_do_not_call_on_time(session: Session, report: Report) -> None:
    from engine.deadlines.models import Deadline
    from engine.ledger.figures import Window, figures

    now = clock.now()
    for number in range(16):
        late = number < 6
        session.add(
            Deadline(
                id=new_id(), case_id=report().id, key="x", law_of=clock.today(), started_at=now,
                started_on=clock.today(),
                due_on=clock.today(), displayed_on=clock.today(), due_at=now - timedelta(minutes=5),
                state="running" if number < 3 else "met",
                ended_at=None if number < 3 else now if late else now - timedelta(hours=1),
            )
        )  # fmt: skip
    session.flush()
    told = board(session, OFFICER, TOWN).past[-1].told
    assert (told["due"], told["missed"]) == (16, 6)
    rate = next(one for one in figures(session, OFFICER, Window.of("", "", TOWN)).rates if one.key == "on_time")
    assert (rate.whole, rate.part) == (16, 10)


@pytest.mark.parametrize("name", NOW)
def test_behind_each_number_stands_the_list_of_its_cases(session: Session, report: Report, name: str) -> None:
    long_ago, past = clock.now() - timedelta(days=3), clock.today() - timedelta(days=1)
    report(level="town", risk="RED", stage="fixing", due_on=past)
    report(level="town", risk="ORANGE", stage="triage", reported_at=long_ago)
    report(risk="BLUE", due_on=past, reported_at=long_ago)
    report(kind="patrol", risk="RED", due_on=past, reported_at=long_ago)
    report(division=ELSEWHERE, risk="RED", due_on=past, reported_at=long_ago)
    found = board(session, OFFICER, TOWN)
    for level in (None, *LEVELS):
        listed = queries.page(session, OFFICER, Filters.of(found.filters(name, level=level))).cases
        number = found.now[name] if level is None else found.levels[level][name]
        assert len(listed) == number, (name, level)


def test_a_board_takes_four_statements(session: Session, report: Report) -> None:
    for actor, path in ((LEADER, ""), (LEADER, VILLAGE), (DUTY, TOWN)):
        many(report, 3, division=VILLAGE)
        session.flush()
        with counted() as sent:
            board(session, actor, path)
        assert len(sent) == 4, sent


LEAVES = [f"c/{town}/{town}{village}" for town in "abc" for village in "xyz"]


@given(st.dictionaries(st.sampled_from(LEAVES), st.integers(0, 12), min_size=1))
def test_no_small_number_follows_from_what_a_leader_is_told(opened: dict[str, int]) -> None:
    """Whatever is told of a division and of all but one below it, what is left of it is not small."""
    tally = Tally("c", ("open",), {}, {place: {"open": count} for place, count in opened.items()}, False)
    for path in ("c", "c/a", "c/b", "c/c"):
        whole = tally.told(path)["open"]
        below = {place: told["open"] for place, told in tally.told_below(path).items()}
        assert all(count is None or not 0 < count < 5 for count in (whole, *below.values()))
        hidden = [place for place, count in below.items() if count is None]
        if whole is None:
            assert set(below.values()) <= {None}
        elif len(hidden) == 1:
            assert tally.sum(hidden[0])["open"] >= 5 or whole == tally.sum(hidden[0])["open"]
        for place, told in below.items():
            assert tally.told(place)["open"] == told, "a division's own page tells the same"


def test_every_number_has_its_definition() -> None:
    from engine.ledger.board import MEANINGS

    assert set(MEANINGS) == {*NOW, *PAST}


def test_kept_days_tell_what_the_cases_tell_and_forget_what_is_sealed(session: Session, report: Report) -> None:
    from engine.cases import commands
    from engine.ledger import movements

    now = datetime(2026, 11, 25, 12, tzinfo=clock.ZONE)
    with clock.virtual(now - timedelta(days=8)):
        old = many(report, 6)
        many(report, 2, kind="patrol")
    with clock.virtual(now) as moving:
        before = board(session, DUTY).past
        assert movements.recount(session)
        assert not movements.recount(session), "once a day"
        assert board(session, DUTY).past == before
        session.execute(update(movements.DayCount).values(reported=7))
        assert board(session, DUTY).past[-2].told["reported"] == 7, "the kept days are looked at"
        moving.advance(timedelta(hours=2))
        commands.seal(session, old[0], "x")
        events.write(session)
        assert board(session, DUTY).past[-2].told["reported"] == 5
        moving.advance(timedelta(days=1))
        assert movements.recount(session)
        assert board(session, DUTY).past[-2].told["reported"] == 5
