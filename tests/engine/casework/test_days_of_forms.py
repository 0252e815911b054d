"""Deadlines run from the day that a form says, not from the moment at which somebody came to type it, to the day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases.models import Case
from engine.casework import procedures
from engine.casework.coming import coming
from engine.deadlines import commands
from engine.deadlines import queries as deadlines
from tests.engine.casework.conftest import WAY, Work
from tests.engine.casework.test_petition_roads import TO_THE_ORGAN, registered
from tests.factories import LAND, actor, do

MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.ZONE)


def due(session: Session, case: Case, key: str) -> date:
    [one] = [one for one in deadlines.of_case(session, case.id) if one.key == key and one.state == "running"]
    return one.due_on


def in_mediation(session: Session, work: Work, steps: int, **accepted: Any) -> Case:
    case = casework.report(session, actor(session, "grid"), LAND).case
    for element, login in WAY[:steps]:
        work()
        do(session, case, element, login, **(accepted if element == "register" else {}))
    work()
    return case


def test_the_organs_sixty_days_run_from_the_day_of_acceptance(session: Session, work: Work) -> None:
    """信访工作条例 §34: 自受理之日起六十日."""
    with clock.virtual(MONDAY):
        steps = (*TO_THE_ORGAN, ("receive", "organ", {}), ("notice", "organ", {"told_on": "2026-11-20"}))
        assert due(session, registered(session, work, *steps), "pet.handle") == date(2027, 1, 19)


def test_the_month_of_a_mediation_runs_from_the_day_of_acceptance(session: Session, work: Work) -> None:
    """人民调解工作若干规定 §33; the case was accepted on the day that the register says."""
    with clock.virtual(MONDAY):
        case = in_mediation(session, work, 4, accepted_on="2026-11-20")
        assert due(session, case, "pm.soft") == date(2026, 12, 20) == case.due_on
        assert case.accepted_at is not None and case.accepted_at.astimezone(clock.ZONE).date() == date(2026, 11, 20)


def test_the_parties_time_runs_anew_from_the_day_on_which_they_were_told(session: Session, work: Work) -> None:
    """民法典 §§188, 195: three years from the end of the mediation."""
    with clock.virtual(MONDAY):
        case = in_mediation(session, work, 6)
        casework.withdraw(session, actor(session, "mediator"), case.id)
        work()
        do(session, case, "tell-routes", "mediator", told_on="2026-11-20")
        [right] = [one for one in deadlines.of_case(session, case.id) if one.key == "civil.limitation"]
        assert right.due_on == date(2029, 11, 20)


def test_the_courts_seven_days_begin_again_when_what_was_missing_came(session: Session, work: Work) -> None:
    """最高人民法院关于登记立案的规定 §7; 民事诉讼法 §126."""
    with clock.virtual(MONDAY) as time:
        case = in_mediation(session, work, 6)
        procedures.start_on(session, actor(session, "duty"), case.id, "court-handover")
        work()
        do(session, case, "guide", "duty")
        work()
        missing = {"filing": "correction", "to_correct": "身份证明", "procedure": None, "court_number": None}
        do(session, case, "filing", "court", **missing)
        work()
        time.advance(timedelta(days=3))
        do(session, case, "correct", "duty", corrected_on="2026-11-24")
        work()
        assert due(session, case, "court.filing") == date(2026, 12, 1)


def test_who_had_something_preserved_has_thirty_days_to_sue_until_the_court_files(session: Session, work: Work) -> None:
    """民事诉讼法 §104: from the day on which it was preserved; what the court and legal aid owe is told meanwhile."""
    with clock.virtual(MONDAY):
        case = in_mediation(session, work, 6)
        procedures.start_on(session, actor(session, "duty"), case.id, "court-handover")
        work()
        ahead = coming(session, casework.where_it_stands(session, actor(session, "duty"), case.id), [])
        assert {"court.preserve", "legal_aid.decide", "legal_aid.assign"} <= {one.key for one in ahead}
        do(session, case, "guide", "duty", told=["preservation"], preserved_on="2026-11-20")
        work()
        assert due(session, case, "preserve.sue") == date(2026, 12, 20)
        do(session, case, "filing", "court")
        work()
        [sued] = [one for one in deadlines.of_case(session, case.id) if one.key == "preserve.sue"]
        assert sued.state == "met"


@pytest.mark.parametrize(
    ("since", "until", "last"),
    [
        (None, None, date(2027, 1, 1)),
        ("2026-11-24", "2026-11-27", date(2026, 12, 26)),
        ("2026-11-27", "2026-11-24", date(2026, 12, 23)),
    ],
)
def test_what_an_appraisal_or_a_hearing_took_is_counted_by_its_own_days(
    session: Session, work: Work, since: str | None, until: str | None, last: date
) -> None:
    """医疗纠纷预防和处理条例 §38, 信访工作条例 §36, 公安机关办理行政案件程序规定 §165: its days alone are left out."""
    with clock.virtual(MONDAY) as time:
        case = casework.report(session, actor(session, "grid"), LAND).case
        found = commands.start(session, case.id, "pet.recheck.decide")
        assert found.due_on == date(2026, 12, 23)
        commands.suspend(session, found, None, ground="hearing")
        time.advance(timedelta(days=9))
        days = {name: date.fromisoformat(said) for name, said in (("since", since), ("until", until)) if said}
        commands.resume(session, found, None, **days)
        assert found.due_on == last
