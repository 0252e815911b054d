"""Warnings go to whoever has to act; from the day before on to those above as well."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.cases.permissions import NotForYourRole
from engine.casework import joint_meeting, procedures
from engine.casework.warnings import warnings_for
from engine.deadlines import commands as deadlines
from engine.deadlines.queries import of_case as deadlines_of
from tests.engine.casework.conftest import Work
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


def test_what_is_overdue_stands_before_the_joint_meeting_without_its_content(work: Work, session: Session) -> None:
    """信访工作条例 §§22, 23: it is in the view by being late, and gone from it once the step is done."""
    with clock.virtual(clock.now()) as time:
        case: Case = procedures.start(session, actor(session, "petition"), "petition-intake", LAND).case
        for element, more in (("register", {}), ("sort", {}), ("send", {"leader": "示例副县长"})):
            work()
            do(session, case, element, "petition", **more)
        work()
        assert joint_meeting.overdue(session, actor(session, "petition"), "zh") == []
        time.advance(timedelta(days=40))
        session.flush()
        for login, readable in (("petition", True), ("county", True), ("leader", False)):
            (found,) = joint_meeting.overdue(session, actor(session, login), "zh")
            assert (found.number, found.organ, found.leader) == (case.number, "示例县水利局", "示例副县长")
            assert (found.readable, found.days) == (readable, (clock.today() - found.due_on).days)
            assert found.days > 0 and found.steps and LAND["what"] not in str(found)
        made = joint_meeting.workbook(session, actor(session, "leader"), "zh", str)
        sheet = load_workbook(BytesIO(made)).active
        assert sheet is not None
        assert [case.number, "示例县水利局"] == [sheet["B3"].value, sheet["D3"].value]
        for login in ("mediator", "duty", "court", "admin"):
            with pytest.raises(NotForYourRole):
                joint_meeting.overdue(session, actor(session, login), "zh")
        case.sealed = True
        session.flush()
        assert joint_meeting.overdue(session, actor(session, "county"), "zh") == [], "a sealed case is in no list"
        case.sealed = False
        for one in deadlines_of(session, case.id):
            one.state = "met"
        session.flush()
        assert joint_meeting.overdue(session, actor(session, "leader"), "zh") == []
