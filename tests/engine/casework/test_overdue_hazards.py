"""Hazards that are not fixed in time go up a level, with a step for whoever is there (安全生产法 §41)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.casework import filing
from engine.casework.errors import TaskNotYours
from tests.engine.casework.conftest import Work
from tests.factories import ROCK, actor, do

FOUND = {"category": "H06", "geological": "no", "grade": "general"}


@pytest.mark.parametrize(("level", "login", "other"), [("village", "duty", "grid"), ("town", "county", "duty")])
def test_the_level_that_an_overdue_hazard_went_to_has_a_step(
    session: Session, work: Work, level: str, login: str, other: str
) -> None:
    with clock.virtual(clock.now()) as time:
        case = casework.report(session, actor(session, "grid"), ROCK).case
        work()
        case.level = level
        session.flush()
        do(session, case, "call", "grid")
        do(session, case, "verify", "hazard", **FOUND)
        work()
        due = (clock.today() + timedelta(days=3)).isoformat()
        do(session, case, "measures", "hazard", category="H06", fix_due=due)
        work()
        time.advance(timedelta(days=5))
        work()
        with pytest.raises(TaskNotYours):
            do(session, case, "supervise", other)
        do(session, case, "supervise", login)
        assert [one.element_id for one in casework.open_tasks(session, case.id)] == ["rectify"], "which goes on"
    file = filing.case_file(session, actor(session, "hazard"), case.id)
    assert "f-supervise" in [one.paper.key for one in file.papers], "whoever fixes it reads it"
