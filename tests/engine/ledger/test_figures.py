"""Figures: computed with numerator and denominator, small cells hidden, sealed cases in none."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import parties
from engine.cases.models import Agreement, Case, Submission
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.ids import new_id
from engine.ledger import published
from engine.ledger.figures import FIGURES, Figure, Window, figures
from engine.ledger.queries import FilterInvalid
from engine.people.actor import Actor
from tests.engine.cases.conftest import COUNTY, ELSEWHERE, TOWN, Report, holder, report

__all__ = ["report"]

OFFICER = holder("county_officer", COUNTY)
LEADER = holder("leader", COUNTY)
QUARTER = Window(clock.today(), clock.today()).quarter()
LAST_QUARTER = datetime.combine(QUARTER.since + timedelta(days=20), time(), tzinfo=clock.ZONE)
WINDOW = Window(date(2000, 1, 1), date(2100, 1, 1), TOWN)


def rates(session: Session) -> Mapping[str, Figure]:
    return {one.key: one for one in figures(session, OFFICER, WINDOW).rates}


def closed(report: Report, **facts: Any) -> Case:
    now = clock.now()
    return report(**{"accepted_at": now, "closed_at": now, "level": "village", "category": "D03", **facts})


def agree(session: Session, case: Case, performed: bool) -> None:
    submission = Submission(
        id=new_id(), case_id=case.id, form_key="f11-agreement", form_id=new_id(), answers={}, at=clock.now()
    )
    session.add(submission)
    session.flush()
    session.add(
        Agreement(
            id=new_id(), case_id=case.id, submission_id=submission.id, form="f11-agreement",
            effective_on=clock.today(), confirmable=True, performed_on=clock.today() if performed else None,
        )
    )  # fmt: skip
    session.flush()


def test_settled_means_performed_and_not_agreed(session: Session, report: Report) -> None:
    for number in range(15):
        case = closed(report, outcome="performed" if number < 5 else "not_performed")
        if number < 10:
            agree(session, case, performed=number < 5)
    found = rates(session)
    assert (found["settlement"].part, found["settlement"].whole) == (5, 15)
    assert (found["performance"].part, found["performance"].whole) == (5, 10)


def test_a_rate_that_could_point_to_somebody_is_hidden(session: Session, report: Report) -> None:
    for number in range(10):
        agree(session, closed(report), performed=number < 7)
    found = rates(session)["settlement"]
    assert (found.part, found.rate, found.whole, found.hidden) == (None, None, 10, True)


def test_sealed_cases_and_other_divisions_count_nowhere(session: Session, report: Report) -> None:
    before = figures(session, OFFICER, WINDOW)
    for _ in range(6):
        closed(report, sealed=True, outcome="performed")
        closed(report, division=ELSEWHERE, outcome="performed")
    after = figures(session, OFFICER, WINDOW)
    assert (after.received, after.closed, after.tables) == (before.received, before.closed, before.tables)


def test_leaders_see_figures_and_those_without_a_role_none(session: Session, report: Report) -> None:
    for _ in range(6):
        closed(report, outcome="guided", closed_at=LAST_QUARTER)
    assert (figures(session, LEADER, WINDOW).closed or 0) >= 6
    assert figures(session, holder("court", COUNTY), WINDOW).closed == 0


@pytest.mark.parametrize(
    "asked", [(date(2000, 1, 1), date(2100, 1, 1)), (QUARTER.since, QUARTER.since), (date(2100, 1, 1),) * 2]
)
def test_who_sees_figures_alone_gets_a_whole_quarter_that_has_ended(session: Session, asked: tuple[date, date]) -> None:
    """Two windows that overlap would tell a small count by their difference."""
    got = figures(session, LEADER, Window(*asked, TOWN)).window
    assert (got.since, got.until) == (QUARTER.since, QUARTER.until)
    assert got.until < clock.today()
    assert figures(session, OFFICER, Window(*asked, TOWN)).window == Window(*asked, TOWN)


def test_no_town_can_be_had_by_taking_the_others_from_the_county(session: Session, report: Report) -> None:
    for division, outcome, count in (
        (TOWN, "guided", 9), (TOWN, "withdrawn", 2), (ELSEWHERE, "guided", 10), (ELSEWHERE, "withdrawn", 8),
    ):  # fmt: skip
        for _ in range(count):
            closed(report, division=division, outcome=outcome, closed_at=LAST_QUARTER)

    def told(place: str) -> Mapping[str, int | None]:
        found = figures(session, LEADER, Window(QUARTER.since, QUARTER.until, place))
        return next(one.cells for one in found.tables if one.key == "outcome")

    county, here, there = told(""), told(TOWN), told(ELSEWHERE.rpartition("/")[0])
    assert here["withdrawn"] is None
    assert here["guided"] is None, "else the town's total tells it"
    assert there["withdrawn"] is None or county["withdrawn"] is None, "else the county's total tells it"
    with pytest.raises(FilterInvalid):
        told(ELSEWHERE)


def test_what_villagers_say_themselves_is_a_figure(session: Session, report: Report) -> None:
    for number in range(12):
        case = closed(report, outcome="struck_off")
        answers = {"solved": "yes" if number < 6 else "partly", "satisfied": "no"}
        session.add(
            Submission(
                id=new_id(), case_id=case.id, form_key="f-rating", form_id=new_id(), answers=answers, at=clock.now()
            )
        )  # fmt: skip
    session.flush()
    assert (rates(session)["helped"].part, rates(session)["helped"].whole) == (6, 12)


def test_it_helped_where_all_who_rated_say_so(session: Session, report: Report) -> None:
    for number in range(12):
        case = closed(report)
        submitted(session, case, "f-rating", satisfied="yes", solved="yes")
        submitted(session, case, "f-rating", satisfied="no", solved="yes" if number < 6 else "no")
    assert (rates(session)["helped"].part, rates(session)["helped"].whole) == (6, 12)


def submitted(session: Session, case: Case, form: str, **answers: Any) -> None:
    session.add(
        Submission(id=new_id(), case_id=case.id, form_key=form, form_id=new_id(), answers=answers, at=clock.now())
    )
    session.flush()


def test_mostly_satisfied_counts_among_those_asked_and_not_as_yes(session: Session, report: Report) -> None:
    """信访工作条例 §21: 基本满意 is an answer; what villagers rate with their code is no call-back."""
    for number in range(12):
        submitted(session, closed(report), "f-rate", satisfied="yes" if number < 6 else "partly")
        submitted(session, closed(report), "f-rating", satisfied="yes", solved="yes")
    found = rates(session)["satisfied"]
    assert (found.part, found.whole) == (6, 12)


def test_on_time_is_what_offices_owe_and_what_was_dropped_late_was_late(session: Session, report: Report) -> None:
    """信访工作条例 §35: a citizen who asks for no review is late with nothing; closing a case hides no lateness."""
    now, day = clock.now(), clock.today() - timedelta(days=2)
    ways = (("organ", "met"), ("organ", "cancelled"), ("citizen", "running"), ("management", "running"))
    for duty, state in ways:
        key, law = f"{duty}.{state}", date(2020, 1, 1)
        session.add(
            CatalogueEntry(
                key=key, in_force_from=law, name="示例", name_en="Example", law="示例 §1", starts_at="received",
                duration="P7D", duty_of=duty, rule="",
            )
        )  # fmt: skip
        for _ in range(6):
            session.add(
                Deadline(
                    id=new_id(), case_id=report().id, key=key, law_of=law, started_at=now - timedelta(days=9),
                    started_on=day, due_on=day, displayed_on=day, due_at=now - timedelta(days=2), state=state,
                    ended_at={"met": now - timedelta(days=3), "cancelled": now}.get(state),
                )
            )  # fmt: skip
    session.flush()
    found = rates(session)["on_time"]
    assert (found.part, found.whole) == (6, 12)


def test_where_matters_were_solved_counts_no_other_closing(session: Session, report: Report) -> None:
    for level, outcome, number in (
        ("village", "performed", 7), ("town", "struck_off", 6), ("town", "handed_over", 9), ("county", "performed", 5),
    ):  # fmt: skip
        for _ in range(number):
            closed(report, level=level, outcome=outcome)
    tables = {one.key: one for one in figures(session, OFFICER, WINDOW).tables}
    assert tables["solved"].cells == {"village": 7, "town": 6, "county": 5}
    assert tables["solved"].total == 18
    assert tables["level"].cells["town"] == 15


def test_what_was_not_solved_at_a_level_cannot_be_had_by_subtraction(session: Session, report: Report) -> None:
    """A leader is told how many were closed and solved at a level: the few between the two stay hidden."""
    for outcome, number in (("performed", 20), ("withdrawn", 2)):
        for level in ("village", "town"):
            for _ in range(number):
                closed(report, level=level, outcome=outcome, closed_at=LAST_QUARTER)
    found = figures(session, LEADER, Window(QUARTER.since, QUARTER.until, TOWN))
    tables = {one.key: one.cells for one in found.tables}
    for level in ("village", "town"):
        assert tables["solved"].get(level) is None or tables["level"].get(level) is None


def test_an_incident_was_seen_and_is_set_against_the_residents_that_a_source_tells(
    session: Session, report: Report
) -> None:
    def seen(happened: str, verified: str = "true", **facts: Any) -> None:
        case = report(kind="hazard", **{"category": "H03", **facts})
        given = {"verified": verified, "happened": happened}
        session.add(
            Submission(id=new_id(), case_id=case.id, form_key="f-haz", form_id=new_id(), answers=given, at=clock.now())
        )
        session.flush()

    for _ in range(6):
        seen("damage")
        seen("injury", category="H05")
        seen("no")
        seen("injury", verified="false")
        seen("injury", sealed=True)
    report(kind="hazard", category="H03")
    week = Window(clock.today() - timedelta(days=6), clock.today())
    found = figures(session, OFFICER, week).incidents
    lines = {one.key: one for one in found.lines}
    assert {key: one.count for key, one in lines.items() if one.count} == {"all": 12, "hurt": 6, "fire": 6, "road": 6}
    assert found.residents is None and {one.rate for one in found.lines} == {None}
    said = {"metric": "常住人口", "method": "普查", "source": "示例公报", "unit": "万人"}
    published.record(session, OFFICER, {**said, "year": "2020", "value": "4.8"})
    published.record(session, OFFICER, {**said, "year": "2010", "value": "9"})
    found = figures(session, OFFICER, week).incidents
    assert (found.residents, found.year, found.source) == (48_000, 2020, "示例公报")
    assert {one.key: one.rate for one in found.lines}["all"] == 2.5
    of_a_town = figures(session, OFFICER, Window(week.since, week.until, TOWN)).incidents
    assert of_a_town.residents is None, "the residents are those of the county"
    for _ in range(2):
        seen("death", category="H11")
    lines = {one.key: one for one in figures(session, OFFICER, week).incidents.lines}
    assert lines["water"].count is None and lines["water"].rate is None, "two could point to somebody"


def test_handed_over_is_an_outcome_of_its_own(session: Session, report: Report) -> None:
    for _ in range(5):
        closed(report, outcome="handed_over")
    outcomes = next(one for one in figures(session, OFFICER, WINDOW).tables if one.key == "outcome")
    assert outcomes.cells["handed_over"] == 5
    assert rates(session)["settlement"].part in (0, None)


def test_the_same_person_again_within_180_days_has_come_back(session: Session, report: Report) -> None:
    def somebody(case: Case, number: int) -> None:
        parties.put(
            session, case, None, {"role": "applicant", "name": f"示例{number}", "phone": f"0915-33000{number:02}"}
        )

    now = clock.now()
    for number in range(12):
        first = closed(report, outcome="performed", closed_at=now - timedelta(days=200))
        somebody(first, number)
        days_ago = 100 if number < 5 else 10  # 100 and 190 days after the first was closed
        again = report(category="D03", reported_at=now - timedelta(days=days_ago))
        somebody(again, number)
    found = rates(session)["recurrence"]
    assert (found.part, found.whole) == (5, 12)


def test_who_speaks_for_somebody_or_reports_has_not_come_back(session: Session, report: Report) -> None:
    """Only a party of both matters: an agent and a villager who reports two things are no recurrence."""
    now = clock.now()
    for number in range(18):
        somebody = {"name": f"示例{number}", "phone": f"0915-34000{number:02}"}
        roles = [("applicant", "respondent"), ("applicant", "agent"), ("reporter", "reporter")][number // 6]
        first = closed(report, outcome="performed", closed_at=now - timedelta(days=100))
        again = report(category="D03", reported_at=now - timedelta(days=10))
        for case, role in zip((first, again), roles, strict=True):
            parties.put(session, case, None, {"role": role, **somebody})
    found = rates(session)["recurrence"]
    assert (found.part, found.whole) == (6, 18)


def test_a_small_denominator_and_a_small_total_are_hidden_too(session: Session, report: Report) -> None:
    for number in range(6):
        agree(session, closed(report, outcome="performed" if number < 2 else "not_performed"), performed=number < 2)
    for _ in range(3):
        submitted(session, closed(report, outcome="guided"), "f-rating", solved="yes")
    found = figures(session, OFFICER, WINDOW)
    rate = {one.key: one for one in found.rates}
    assert (rate["helped"].whole, rate["helped"].hidden) == (None, True)
    assert rate["recurrence"].whole is None, "two were solved"
    assert next(one.total for one in found.tables if one.key == "solved") is None
    assert rate["settlement"].whole == 9


@pytest.mark.parametrize("reader", [OFFICER, LEADER], ids=["officer", "leader"])
def test_how_many_were_solved_gives_no_small_outcome_away(session: Session, report: Report, reader: Actor) -> None:
    """Solved are those performed and those struck off: n of one figure and a cell of one table stand in one sum."""
    for number in range(16):
        outcome = "performed" if number < 2 else "struck_off" if number < 10 else "guided"
        closed(report, outcome=outcome, level="town", closed_at=LAST_QUARTER)
    found = figures(session, reader, Window(QUARTER.since, QUARTER.until, TOWN))
    outcomes = next(one.cells for one in found.tables if one.key == "outcome")
    solved = [next(one.whole for one in found.rates if one.key == "recurrence"),
              next(one.total for one in found.tables if one.key == "solved")]  # fmt: skip
    assert outcomes["performed"] is None
    assert outcomes["struck_off"] is None or solved == [None, None]


def test_reopening_shows(session: Session, report: Report) -> None:
    for number in range(12):
        closed(report, outcome="performed", reopened=1 if number < 6 else 0)
    assert (rates(session)["reopened"].part, rates(session)["reopened"].whole) == (6, 12)


def test_every_figure_is_counted_on_an_empty_county() -> None:
    assert set(FIGURES) == {
        "response", "settlement", "performance", "upward", "recurrence", "reopened", "satisfied", "helped", "confirmed",
        "gap",
    }  # fmt: skip


def test_a_window_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(FilterInvalid):
        Window.of("yesterday", "", "")
    with pytest.raises(FilterInvalid):
        Window.of("2026-11-25", "2026-11-24", "")
    assert Window.of("", "2026-11-25", "").since == date(2025, 11, 26)
