"""No dead corner: villages that nobody hears of, and cases that lie in no village."""

import pytest
from sqlalchemy.orm import Session

from engine import casework
from tests.factories import LAND, actor

HERE = "610927/610927103/610927103207"


@pytest.mark.usefixtures("house")
def test_a_village_that_reports_is_not_silent_and_the_others_are(session: Session) -> None:
    casework.report(session, actor(session, "grid"), LAND)
    session.flush()
    found = casework.coverage(session, actor(session, "county")).no_dead_corner
    silent = {one.division.path for one in found if one.why == "silent" and one.division}
    assert HERE not in silent
    assert len(silent) > 20, "the demo county has villages of which nothing was heard"


@pytest.mark.usefixtures("house")
def test_a_case_without_a_village_is_listed_until_its_place_is_said(session: Session) -> None:
    case = casework.report(session, actor(session, "county"), {**LAND, "where": "不知道哪里"}).case
    session.flush()

    def listed() -> bool:
        found = casework.coverage(session, actor(session, "county")).no_dead_corner
        return any(one.why == "no-village" and one.case and one.case.id == case.id for one in found)

    assert listed()
    casework.locate(session, actor(session, "county"), case.id, "610927103207")
    session.flush()
    assert not listed()
