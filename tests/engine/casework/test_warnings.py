"""Warnings go to whoever has to act; from the day before on to those above as well."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.casework import procedures
from engine.casework.warnings import warnings_for
from engine.deadlines import commands as deadlines
from tests.factories import LAND, actor, do


def told(session: Session, login: str) -> list[str | None]:
    return [one.deadline.warned for one in warnings_for(session, actor(session, login))]


@pytest.mark.parametrize(
    ("days", "acting", "above"),
    [(1, [], []), (8, ["half"], []), (13, ["eighty"], []), (15, ["day_before"], ["day_before"]),
     (17, ["overdue"], ["overdue"])],
)  # fmt: skip
def test_to_the_person_then_up(house: None, session: Session, days: int, acting: list[str], above: list[str]) -> None:
    """信访工作条例 §22: fifteen days to pass a petition on."""
    with clock.virtual(clock.now()) as time:
        case: Case = procedures.start(session, actor(session, "petition"), "petition-intake", LAND).case
        do(session, case, "register", "petition")
        time.advance(timedelta(days=days))
        session.flush()
        deadlines.warn_due(session)
        session.flush()
        assert told(session, "petition") == acting
        assert told(session, "leader") == above
        assert told(session, "court") == []
        case.sealed = True
        session.flush()
        assert told(session, "leader") == told(session, "duty") == [], "a sealed case is seen by few"
        assert told(session, "county") == above, "and its lateness goes up to the county centre, which sees it anyhow"
        assert told(session, "petition") == acting
