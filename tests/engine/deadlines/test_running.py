"""Deadlines that run: only what their article allows may happen to them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.deadlines import ahead, commands, keeping, queries, rules, shipped
from engine.deadlines.models import CalendarDay, CatalogueEntry, Deadline
from engine.ids import new_id
from tests.engine.deadlines.conftest import NOW


def test_the_catalogue_holds_its_entries_and_all_can_be_read(session: Session) -> None:
    entries = queries.catalogue(session)
    assert len(entries) == len(shipped.catalogue())
    for entry in entries:
        rules.read(entry.rule)
        assert entry.law and entry.name and entry.name_en, entry.key


def test_loading_twice_changes_nothing(session: Session) -> None:
    commands.load(session)
    assert len(queries.catalogue(session)) == len(shipped.catalogue())


@pytest.mark.parametrize("text", ["suspend hearing", "extend<=P30D", "forget", "extend=P30D:a;b c"])
def test_a_rule_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="rule"):
        rules.read(text)


@pytest.mark.usefixtures("now")
def test_a_deadline_follows_the_law_in_force_on_the_day_it_starts(session: Session, case_id: UUID) -> None:
    entry = queries.entry(session, "pet.handle", date(2026, 11, 23))
    session.add(_copy(entry, in_force_from=date(2026, 12, 1), duration="P45D"))
    entry.in_force_to = date(2026, 11, 30)
    session.flush()
    before = commands.start(session, case_id, "pet.handle")
    after = commands.start(session, case_id, "pet.handle", since=date(2026, 12, 1))
    assert (before.due_on, after.due_on) == (date(2027, 1, 22), date(2027, 1, 15))


def test_an_unknown_or_not_yet_valid_deadline_is_refused(session: Session, case_id: UUID) -> None:
    with pytest.raises(queries.DeadlineUnknown):
        commands.start(session, case_id, "no.such")
    with pytest.raises(queries.DeadlineUnknown):
        commands.start(session, case_id, "court.entrusted.ordinary", since=date(2024, 12, 31))


@pytest.mark.usefixtures("now")
def test_a_protection_order_is_due_in_72_hours_and_in_24_if_urgent(session: Session, case_id: UUID) -> None:
    """反家庭暴力法 §28."""
    ordinary = commands.start(session, case_id, "dv.order")
    urgent = commands.start(session, case_id, "dv.order", urgent=True)
    assert ordinary.due_at - NOW == timedelta(hours=72)
    assert urgent.due_at - NOW == timedelta(hours=24)


@pytest.mark.usefixtures("now")
def test_the_window_for_confirmation_shows_the_rolled_day(session: Session, case_id: UUID) -> None:
    """人民调解法 §33, 民事诉讼法 §205."""
    window = commands.start(session, case_id, "pm.confirm.window", since=date(2026, 9, 1))
    assert (window.due_on, window.displayed_on) == (date(2026, 10, 1), date(2026, 10, 8))


@pytest.mark.usefixtures("now")
def test_a_petition_is_extended_once_by_thirty_days_with_approval_and_notice(session: Session, case_id: UUID) -> None:
    """信访工作条例 §34."""
    deadline = commands.start(session, case_id, "pet.handle")
    given = frozenset({"head_approval", "notice"})
    with pytest.raises(commands.ExtensionInvalid):
        commands.extend(session, deadline, "a", by="P30D", reason="复杂", given=frozenset({"notice"}))
    with pytest.raises(commands.ExtensionInvalid):
        commands.extend(session, deadline, "a", by="P31D", reason="复杂", given=given)
    with pytest.raises(commands.ExtensionInvalid):
        commands.extend(session, deadline, "a", by="P30D", reason=" ", given=given)
    with pytest.raises(commands.ExtensionInvalid):
        commands.extend(session, deadline, "a", by="soon", reason="复杂", given=given)
    assert commands.extend(session, deadline, "a", by="P30D", reason="复杂", given=given).due_on == date(2027, 2, 21)
    with pytest.raises(commands.NotAllowedByLaw):
        commands.extend(session, deadline, "a", by="P1D", reason="复杂", given=given)


@pytest.mark.usefixtures("now")
def test_what_the_article_does_not_name_is_not_allowed(session: Session, case_id: UUID) -> None:
    deadline = commands.start(session, case_id, "pet.notice.office")
    with pytest.raises(commands.NotAllowedByLaw):
        commands.suspend(session, deadline, "a", ground="hearing")
    with pytest.raises(commands.NotAllowedByLaw):
        commands.restart(session, deadline, "a", ground="correction")
    with pytest.raises(commands.NotAllowedByLaw):
        commands.extend(session, deadline, "a", by="P1D", reason="忙", given=frozenset())
    with pytest.raises(commands.NotAllowedByLaw):
        commands.resume(session, deadline, "a")


def test_hearing_days_do_not_count_in_a_recheck(session: Session, case_id: UUID, now: clock.VirtualClock) -> None:
    """信访工作条例 §36."""
    deadline = commands.start(session, case_id, "pet.recheck.decide")
    now.advance(timedelta(days=3))
    commands.suspend(session, deadline, "a", ground="hearing")
    now.advance(timedelta(days=10))
    commands.resume(session, deadline, "a")
    assert (deadline.state, deadline.due_on) == ("running", date(2027, 1, 2))


def test_appraisal_days_are_working_days_where_working_days_count(
    session: Session, case_id: UUID, now: clock.VirtualClock
) -> None:
    """医疗纠纷预防和处理条例 §38: thirty working days."""
    deadline = commands.start(session, case_id, "pm.medical")
    before = deadline.due_on
    commands.suspend(session, deadline, "a", ground="appraisal")
    now.advance(timedelta(days=7))
    commands.resume(session, deadline, "a")
    calendar = queries.calendar(session)
    assert calendar.working_days(before, deadline.due_on) == 5


def test_a_correction_starts_the_court_s_clock_anew(session: Session, case_id: UUID, now: clock.VirtualClock) -> None:
    """民事诉讼法 §126; 登记立案规定 §7."""
    first = commands.start(session, case_id, "court.filing")
    now.advance(timedelta(days=5))
    second = commands.restart(session, first, None, ground="correction")
    assert (first.state, second.due_on) == ("cancelled", date(2026, 12, 5))


@pytest.mark.usefixtures("now")
def test_ending_ends_what_runs_and_nothing_else(session: Session, case_id: UUID) -> None:
    soft = commands.start(session, case_id, "pm.soft")
    window = commands.start(session, case_id, "pm.confirm.window")
    other = commands.start(session, new_id(), "pm.soft")
    session.flush()
    commands.end(session, case_id, "pm.soft", state="met")
    commands.end(session, case_id, "pm.confirm.window", state="cancelled")
    states = {row.id: row.state for row in session.execute(select(Deadline.id, Deadline.state))}
    assert [states[one.id] for one in (soft, window, other)] == ["met", "cancelled", "running"]
    assert queries.running(session, case_id, "pm.soft") is None
    assert [event.kind for event in events.of_stream(session, case_id)] == [
        "deadline.started", "deadline.started", "deadline.met", "deadline.cancelled",
    ]  # fmt: skip


def test_a_right_of_the_parties_outlives_its_case_and_an_office_s_duty_does_not(
    session: Session, case_id: UUID, now: clock.VirtualClock
) -> None:
    """劳动争议调解仲裁法 §50: fifteen days to sue from the award on, whatever became of the mediation centre's file."""
    sue, duty = commands.start(session, case_id, "labour.sue"), commands.start(session, case_id, "labour.inspect")
    over = commands.start(session, case_id, "pm.confirm.window", since=clock.today() - timedelta(days=60))
    session.flush()
    commands.close(session, case_id)
    session.expire_all()
    assert [one.state for one in (sue, duty, over)] == ["kept", "cancelled", "cancelled"]
    assert [one.key for one, _ in queries.rights(session, case_id)] == ["labour.sue"]
    assert "deadline.kept" in [event.kind for event in events.of_stream(session, case_id)]
    now.advance(timedelta(days=30))
    assert commands.warn_due(session) == [], "nobody of the office is late by it"
    assert queries.rights(session, case_id) == [], "its day is over"


@pytest.mark.usefixtures("now")
def test_a_right_runs_again_with_a_case_that_is_taken_up_again(session: Session, case_id: UUID) -> None:
    sue = commands.start(session, case_id, "labour.sue")
    session.flush()
    commands.close(session, case_id)
    commands.reopen(session, case_id)
    assert (sue.state, sue.ended_at, sue.warn_at is None) == ("running", None, False)


@pytest.mark.usefixtures("now")
def test_arbitration_uses_up_the_year_to_ask_for_it(session: Session, case_id: UUID) -> None:
    """劳动争议调解仲裁法 §27."""
    year = commands.start(session, case_id, "labour.apply")
    session.flush()
    commands.start(session, case_id, "labour.arb")
    session.refresh(year)
    assert year.state == "met"


@pytest.mark.usefixtures("now")
def test_a_missing_year_is_found_until_somebody_enters_it(session: Session, case_id: UUID) -> None:
    commands.start(session, case_id, "pet.handle")
    session.flush()
    assert queries.missing_years(session) == [2027]
    keeping.set_days(session, "a", date(2027, 1, 1), date(2027, 1, 3), working=False, why="示例通知")
    session.flush()
    assert queries.missing_years(session) == []
    assert session.get(CalendarDay, date(2026, 10, 1)) is not None, "other years stay"


@pytest.mark.usefixtures("now")
def test_what_hangs_on_a_changed_day_is_counted_anew(session: Session, case_id: UUID) -> None:
    """民法典 §203: five working days from Monday 23 November; Thursday the 26th becomes a day off."""
    running = commands.start(session, case_id, "pet.objection")
    session.flush()
    moved = keeping.set_days(session, "a", date(2026, 11, 26), date(2026, 11, 26), working=False, why="示例通知")
    assert (moved, running.due_on) == ([running], date(2026, 12, 1))
    assert running.due_at.date() == date(2026, 12, 1)
    assert keeping.set_days(session, "a", date(2026, 11, 26), date(2026, 11, 26), working=None, why="通知撤回") == [
        running
    ]
    assert running.due_on == date(2026, 11, 30)


@pytest.mark.usefixtures("now")
def test_only_what_is_shown_to_citizens_rolls(session: Session, case_id: UUID) -> None:
    """民法典 §203: the right rolls forward in what is displayed, the organ's duty does not."""
    right = commands.start(session, case_id, "pet.review.apply")
    duty = commands.start(session, case_id, "pet.review.decide")
    session.flush()
    keeping.set_days(session, "a", date(2026, 12, 23), date(2026, 12, 24), working=False, why="示例通知")
    assert (right.due_on, right.displayed_on) == (date(2026, 12, 23), date(2026, 12, 25))
    assert (duty.due_on, duty.displayed_on) == (date(2026, 12, 23), date(2026, 12, 23))


@pytest.mark.parametrize("why", ["", "  "])
def test_the_calendar_is_changed_for_a_reason_only(session: Session, why: str) -> None:
    with pytest.raises(keeping.CalendarUnfit):
        keeping.set_days(session, "a", date(2027, 1, 1), date(2027, 1, 1), working=False, why=why)


@pytest.mark.usefixtures("now")
def test_a_new_law_begins_on_its_day_and_leaves_what_runs(session: Session, case_id: UUID) -> None:
    """What began under the old law is counted and extended under it."""
    old = commands.start(session, case_id, "pet.handle")
    session.flush()
    law = {"duration": "P45D", "rule": "", "law": "示例新条例 §1", "in_force_from": date(2026, 12, 1), "why": "示例"}
    keeping.amend(session, "a", "pet.handle", law)
    session.flush()
    assert old.due_on == date(2027, 1, 22)
    assert queries.entry(session, "pet.handle", date(2026, 11, 30)).duration == "P60D"
    assert queries.entry(session, "pet.handle", date(2026, 12, 1)).duration == "P45D"
    commands.extend(session, old, "head", by="P30D", reason="复杂", given=frozenset({"head_approval", "notice"}))
    assert old.due_on == date(2027, 2, 21)


@pytest.mark.parametrize("rule", ["hurry", "extend=soon", "extend=P0D:notice", "urgent=BANANA", "suspend hearing"])
def test_a_rule_that_nobody_can_read_is_refused_by_name(session: Session, rule: str) -> None:
    law = {"duration": "P45D", "rule": rule, "law": "示例 §1", "in_force_from": date(2027, 1, 1), "why": "示例"}
    with pytest.raises(keeping.RuleUnfit):
        keeping.amend(session, "a", "pet.handle", law)


@pytest.mark.parametrize("wrong", [{"duration": "30 days"}, {"duration": "P0D"}, {"duration": "P99999999D"},
                                   {"duration": "P100Y"},
                                   {"law": ""}, {"why": ""}, {"in_force_from": date(2022, 5, 1)}])  # fmt: skip
def test_a_new_law_that_cannot_be_is_refused(session: Session, wrong: dict[str, Any]) -> None:
    law = {"duration": "P45D", "rule": "", "law": "示例 §1", "in_force_from": date(2027, 1, 1), "why": "示例", **wrong}
    with pytest.raises(keeping.AmendmentUnfit):
        keeping.amend(session, "a", "pet.handle", law)


@pytest.mark.parametrize("entry", shipped.catalogue(), ids=lambda entry: entry["key"])
def test_what_a_deadline_begins_with_and_allows_is_said_in_words(entry: dict[str, Any]) -> None:
    read = CatalogueEntry(**entry)
    for locale in ("zh", "en"):
        said = [ahead.begins_with(read, locale), *rules.told(read.rule, locale)]
        assert len(said) == 1 + len(list(filter(None, read.rule.split(";"))))
        assert not any("_" in one or "=" in one for one in said), said
    assert rules.told("extend=P30D:head_approval+notice", "zh") == ["可以延长一次：30日，负责人批准，告知当事人"]


def test_the_shipped_calendar_is_that_of_the_database(session: Session) -> None:
    assert queries.calendar(session) == shipped.calendar()


def _copy(entry: object, **changes: object) -> object:
    columns = {name.key: getattr(entry, name.key) for name in type(entry).__table__.columns}  # type: ignore[attr-defined]
    return type(entry)(**{**columns, **changes})
