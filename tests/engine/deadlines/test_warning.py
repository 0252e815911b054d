"""Deadlines warn at half, at four fifths, the day before and when they are over, and of nothing that is met."""

from datetime import date, timedelta
from itertools import chain, repeat
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from engine import clock, events
from engine.deadlines import ahead, commands, queries
from tests.engine.deadlines.conftest import NOW


def test_it_warns_at_half_at_eighty_percent_the_day_before_and_over_once_each(
    session: Session, case_id: UUID, now: clock.VirtualClock
) -> None:
    """信访工作条例 §34: lateness warns; the deadline goes on running."""
    running = commands.start(session, case_id, "pet.handle")
    marks = []
    for _ in range(70):
        session.flush()
        marks += [one.mark for one in commands.warn_due(session)]
        now.advance(timedelta(days=1))
    assert marks == ["half", "eighty", "day_before", "overdue"]
    assert running.state == "running"
    said = [event.data["mark"] for event in events.of_stream(session, case_id) if event.kind == "deadline.warned"]
    assert said == marks


def test_a_mark_that_comes_while_another_is_warned_of_is_not_skipped(
    session: Session, case_id: UUID, now: clock.VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = commands.start(session, case_id, "pet.handle")
    session.flush()
    eighty = dict(queries.marks(session, running, queries.calendar(session)))["eighty"]
    looks = chain([eighty - timedelta(microseconds=1)], repeat(eighty + timedelta(microseconds=1)))
    with monkeypatch.context() as passing:
        passing.setattr(clock, "now", lambda: next(looks))
        assert [one.mark for one in commands.warn_due(session)] == ["half"]
        session.flush()
        assert [one.mark for one in commands.warn_due(session)] == ["eighty"]


def test_a_mark_that_a_release_moved_to_an_earlier_moment_is_told_all_the_same(
    session: Session, case_id: UUID, now: clock.VirtualClock
) -> None:
    running = commands.start(session, case_id, "pet.handle")
    marks = dict(queries.marks(session, running, queries.calendar(session)))
    now.advance(marks["day_before"] + timedelta(hours=20) - clock.now())
    running.warned, running.warn_at = "eighty", marks["day_before"] + timedelta(hours=19)
    session.flush()
    assert [one.mark for one in commands.warn_due(session)] == ["day_before"]


def test_what_was_missed_is_one_warning(session: Session, case_id: UUID, now: clock.VirtualClock) -> None:
    commands.start(session, case_id, "pet.handle")
    now.advance(timedelta(days=65))
    session.flush()
    assert [one.mark for one in commands.warn_due(session)] == ["overdue"]


def test_an_extension_warns_anew(session: Session, case_id: UUID, now: clock.VirtualClock) -> None:
    running = commands.start(session, case_id, "pet.handle")
    now.advance(timedelta(days=59, hours=20))
    session.flush()
    assert [one.mark for one in commands.warn_due(session)] == ["day_before"]
    commands.extend(session, running, "head", by="P30D", reason="复杂", given=frozenset({"head_approval", "notice"}))
    assert running.warned is None
    now.advance(timedelta(days=20))
    session.flush()
    assert [one.mark for one in commands.warn_due(session)] == ["eighty"]


def test_what_is_over_is_extended_no_more(session: Session, case_id: UUID, now: clock.VirtualClock) -> None:
    """信访工作条例 §34: an extension is approved while the time runs; afterwards it would only hide the lateness."""
    running = commands.start(session, case_id, "pet.handle")
    now.advance(timedelta(days=61))
    session.flush()
    with pytest.raises(commands.NotAllowedByLaw):
        commands.extend(
            session, running, "head", by="P30D", reason="复杂", given=frozenset({"head_approval", "notice"})
        )


@pytest.mark.usefixtures("now")
def test_what_is_met_or_stopped_warns_of_nothing(session: Session, case_id: UUID, now: clock.VirtualClock) -> None:
    commands.start(session, case_id, "pet.handle")
    stopped = commands.start(session, case_id, "pet.recheck.decide")
    commands.suspend(session, stopped, None, ground="hearing")
    commands.end(session, case_id, "pet.handle", state="met")
    now.advance(timedelta(days=100))
    session.flush()
    assert commands.warn_due(session) == []


@pytest.mark.usefixtures("now")
def test_what_is_told_ahead_names_the_hour_and_the_year_without_holidays(session: Session) -> None:
    """From Monday 2026-11-23: the hour of what ends within the day, one year and no years, and a calendar not known."""
    hour = f"{NOW.astimezone(clock.ZONE) + timedelta(minutes=30):%H:%M}"
    told = ahead.sentences(session, ["hazard.verify.red", "labour.apply", "pm.medical", "nothing.known"])
    assert told["zh"] == (
        f"隐患核实（红，管理）30分钟（安全生产法 §74（没有法定期限，按风险管理）），今天起算到 2026-11-23 {hour}；"
        "申请劳动仲裁的时效1年（劳动争议调解仲裁法 §27），从知道或者应当知道起算；"
        "医疗纠纷调解30个工作日（医疗纠纷预防和处理条例 §38），今天起算到 2027-01-04"
        "（2027年节假日还没有录入，只按周末算）"
    )
    served = ahead.sentences(session, ["appeal.judgment", "appeal.ruling"], served_on=date(2026, 11, 20))
    assert "2026-11-20 送达，到 2026-12-07；" in served["zh"], "the fifteenth day is a Saturday (民法典 §203)"
    assert served["en"].endswith("until 2026-11-30, as it was served on 2026-11-20")
    order = ahead.sentences(session, ["dv.order", "hazard.report"])
    assert "人身安全保护令72小时，情况紧急的24小时（反家庭暴力法 §28）" in order["zh"]
    assert "72 hours, 24 hours if urgent (" in order["en"] and order["zh"].count("情况紧急") == 1
    assert "30 minutes" in told["en"] and ": 1 year (" in told["en"] and "holidays of 2027 not entered" in told["en"]
