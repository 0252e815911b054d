"""The law moves while something runs: its deadline, its timer and what follows move with it, to the day."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases.models import Case
from engine.casework import law_keeping
from engine.casework.errors import AdministratorsOnly
from engine.deadlines import queries as deadlines
from engine.deadlines.models import Deadline
from engine.workflow import instances
from engine.workflow.models import Instance
from tests.factories import LAND, actor, do

Work = Callable[[], None]
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2027, 11, 22, 9, 0, tzinfo=ZONE)
THURSDAY = date(2027, 11, 25)


@pytest.fixture
def now() -> Iterator[clock.VirtualClock]:
    with clock.virtual(MONDAY) as moving:
        yield moving


@pytest.fixture
def petition(session: Session, work: Work, now: clock.VirtualClock) -> Case:
    """A petition that its organ has five working days to object to (信访工作条例 §23): until Monday, 29 November."""
    case = casework.procedures.start(session, actor(session, "petition"), "petition-intake", LAND).case
    for element in ("register", "sort", "send"):
        do(session, case, element, "petition")
        work()
    return case


def running(session: Session, case: Case, key: str) -> Deadline:
    found = deadlines.running(session, case.id, key)
    assert found is not None
    return found


def instance(session: Session, case: Case, key: str) -> Instance:
    alive = session.scalars(select(Instance).where(Instance.stream == case.id, Instance.ended_at.is_(None)))
    return next(one for one in alive if instances.restore(session, one).process.key == key)


def timer(session: Session, case: Case, element: str) -> datetime:
    """When a timer of the petition's handling is due."""
    tokens = instances.restore(session, instance(session, case, "petition-handle")).tokens()
    [due] = [one.due for one in tokens if one.element_id == element and one.due]
    return due.astimezone(ZONE)


def warned(session: Session, case: Case) -> int:
    found = [one for one in events.of_stream(session, case.id) if one.kind == "deadline.warned"]
    return len([one for one in found if one.data["key"] == "pet.objection" and one.instance])


def holiday(session: Session, working: bool | None) -> int:
    return law_keeping.set_days(
        session, actor(session, "admin"), THURSDAY, THURSDAY, working=working, why="示例：临时放假通知"
    )


def test_a_holiday_that_is_announced_later_moves_the_deadline_and_its_timer(
    session: Session, petition: Case, work: Work, now: clock.VirtualClock
) -> None:
    """信访工作条例 §23; 民法典 §203: Thursday becomes a day off, so the fifth working day is Tuesday, 30 November."""
    assert timer(session, petition, "receive-late") == datetime(2027, 11, 30, tzinfo=ZONE)
    assert holiday(session, False) == 1
    assert running(session, petition, "pet.objection").due_on == date(2027, 11, 30)
    assert timer(session, petition, "receive-late") == datetime(2027, 12, 1, tzinfo=ZONE)
    handled = instance(session, petition, "petition-handle")
    assert instances.restore(session, handled).variables["objection_due"] == "2027-11-30"
    assert handled.wake_at == datetime(2027, 12, 1, tzinfo=ZONE)
    now.advance(datetime(2027, 11, 30, 23, 0, tzinfo=ZONE) - MONDAY)
    work()
    assert warned(session, petition) == 0, "on its last day nothing is late"
    now.advance(timedelta(hours=2))
    work()
    assert warned(session, petition) == 1


def test_a_notice_that_is_withdrawn_moves_them_back_and_all_is_on_record(
    session: Session, petition: Case, now: clock.VirtualClock
) -> None:
    holiday(session, False)
    assert holiday(session, None) == 1
    assert running(session, petition, "pet.objection").due_on == date(2027, 11, 29)
    assert timer(session, petition, "receive-late") == datetime(2027, 11, 30, tzinfo=ZONE)
    kept = [one for one in events.of_stream(session, petition.id) if one.data.get("deadline") == "pet.objection"]
    assert [(one.kind, one.data["reason"]) for one in kept] == [("instance.variables_set", "示例：临时放假通知")] * 2
    assert [moved["to"][:10] for one in kept for moved in one.data["timers"]] == ["2027-11-30", "2027-11-29"]
    counted = [one for one in events.of_stream(session, petition.id) if one.kind == "deadline.recounted"]
    assert [one.data["due_on"] for one in counted] == ["2027-11-30", "2027-11-29"]


def test_a_day_that_is_over_by_the_new_count_is_warned_of_at_once(
    session: Session, petition: Case, work: Work, now: clock.VirtualClock
) -> None:
    holiday(session, False)
    now.advance(datetime(2027, 11, 30, 12, 0, tzinfo=ZONE) - MONDAY)
    work()
    assert warned(session, petition) == 0
    holiday(session, None)
    assert warned(session, petition) == 1


def test_what_rests_follows_and_rests_on(session: Session, petition: Case, now: clock.VirtualClock) -> None:
    handled = instance(session, petition, "petition-handle")
    instances.suspend(session, handled.id, actor=None, reason="示例")
    holiday(session, False)
    assert (handled.status, handled.wake_at) == ("suspended", None)
    assert timer(session, petition, "receive-late") == datetime(2027, 12, 1, tzinfo=ZONE)


def amend(session: Session, begin: date) -> None:
    new = {"duration": "WD3", "rule": "", "law": "示例新规 §1", "in_force_from": begin, "why": "示例：新规施行"}
    law_keeping.amend(session, actor(session, "admin"), "pet.objection", new)


@pytest.mark.parametrize(
    ("begin", "due"),
    [(date(2027, 11, 22), date(2027, 11, 25)), (date(2027, 11, 23), date(2027, 11, 29))],
)
def test_a_law_entered_late_counts_for_what_began_from_its_day_on_only(
    session: Session, petition: Case, now: clock.VirtualClock, begin: date, due: date
) -> None:
    """不溯及既往: three working days from the 22nd where the law was in force that day, else five."""
    amend(session, begin)
    assert running(session, petition, "pet.objection").due_on == due
    assert timer(session, petition, "receive-late").date() == due + timedelta(days=1)


def test_an_extension_stays_added_under_a_new_law(
    session: Session, petition: Case, work: Work, now: clock.VirtualClock
) -> None:
    """信访工作条例 §34: sixty days and thirty more; forty-five by the new law make forty-five and thirty."""
    for element, login in (
        ("receive", "organ"), ("notice", "organ"), ("investigate", "organ"), ("ask-extension", "organ"),
        ("approve", "leader"),
    ):  # fmt: skip
        more = {"next": "extension"} if element == "investigate" else {}
        do(session, petition, element, login, **more)
        work()
    assert running(session, petition, "pet.handle").due_on == date(2028, 2, 20)
    new = {
        "duration": "P45D",
        "rule": "extend=P30D:head_approval+notice",
        "law": "示例新规 §2",
        "why": "示例：新规施行",
    }
    law_keeping.amend(session, actor(session, "admin"), "pet.handle", {**new, "in_force_from": date(2027, 11, 22)})
    assert running(session, petition, "pet.handle").due_on == date(2028, 2, 5)


def test_the_law_is_kept_by_administrators(session: Session, petition: Case) -> None:
    with pytest.raises(AdministratorsOnly):
        law_keeping.set_days(session, actor(session, "petition"), THURSDAY, THURSDAY, working=False, why="示例")
