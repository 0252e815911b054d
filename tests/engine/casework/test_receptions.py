"""Leaders' receptions: capacity holds, a case is booked once, sealed and foreign cases stay unknown."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases import commands
from engine.cases.models import Case, ReceptionSlot
from engine.cases.permissions import CaseUnknown
from engine.casework import receptions
from engine.errors import Forbidden
from engine.supermarket.queue import MoveReasonMissing
from engine.workflow import instances
from engine.workflow.models import Instance
from tests.engine.casework.conftest import Work
from tests.factories import LAND, actor


def slot(session: Session, **more: object) -> ReceptionSlot:
    given = {
        "leader": actor(session, "leader").id, "place": "示例接待室", "starts_at": clock.now() + timedelta(days=3),
        "capacity": 1, **more,
    }  # fmt: skip
    made = receptions.open_slot(session, actor(session, "petition"), **given)  # type: ignore[arg-type]
    session.flush()
    return made


def petition(session: Session) -> Case:
    case = casework.report(session, actor(session, "grid"), LAND).case
    case.kind = "petition"
    session.flush()
    return case


@pytest.mark.usefixtures("house")
def test_a_case_is_booked_and_says_so(session: Session) -> None:
    """信访工作条例 §18."""
    open_one, case = slot(session), petition(session)
    receptions.book(session, actor(session, "petition"), open_one.id, case.number.lower())
    [found] = receptions.coming(session, actor(session, "petition"))
    assert (found.free, [one.number for _, one in found.cases]) == (0, [case.number])
    assert "reception.booked" in [one.kind for one in events.of_stream(session, case.id)]
    [seen] = receptions.coming(session, actor(session, "leader"))
    assert (seen.booked, list(seen.cases)) == (1, []), "leaders learn how many, not what"


@pytest.mark.usefixtures("house")
def test_a_full_reception_takes_no_more_and_no_case_twice(session: Session) -> None:
    full, wide = slot(session), slot(session, capacity=5)
    first, second = petition(session), petition(session)
    booked = receptions.book(session, actor(session, "petition"), full.id, first.number)
    with pytest.raises(receptions.SlotTaken):
        receptions.book(session, actor(session, "petition"), full.id, second.number)
    with pytest.raises(receptions.SlotTaken):
        receptions.book(session, actor(session, "petition"), wide.id, first.number)
    receptions.cancel(session, actor(session, "petition"), booked.id)
    session.flush()
    receptions.book(session, actor(session, "petition"), full.id, second.number)


@pytest.mark.usefixtures("house")
def test_a_case_that_one_may_not_see_is_unknown(session: Session) -> None:
    sealed = petition(session)
    sealed.sealed = True
    session.flush()
    with pytest.raises(CaseUnknown):
        receptions.book(session, actor(session, "petition"), slot(session).id, sealed.number)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("wrong", [{"capacity": 0}, {"place": " "}, {"leader": "nobody"},
                                   {"starts_at": clock.now() - timedelta(days=1)}])  # fmt: skip
def test_a_reception_that_cannot_be_is_refused(session: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(receptions.SlotUnfit):
        slot(session, **wrong)


@pytest.mark.usefixtures("house")
def test_others_have_nothing_to_do_with_receptions(session: Session) -> None:
    with pytest.raises(Forbidden):
        receptions.coming(session, actor(session, "grid"))


@pytest.mark.usefixtures("house")
def test_a_booking_is_moved_with_a_reason_and_the_place_is_free_again(session: Session) -> None:
    early, late = slot(session), slot(session, starts_at=clock.now() + timedelta(days=9))
    case, officer = petition(session), actor(session, "petition")
    booked = receptions.book(session, officer, early.id, case.number)
    with pytest.raises(MoveReasonMissing):
        receptions.move(session, officer, booked.id, late.id, " ")
    with pytest.raises(Forbidden):
        receptions.move(session, actor(session, "mediator"), booked.id, late.id, "领导出差")
    receptions.move(session, officer, booked.id, late.id, "领导出差")
    session.flush()
    before, after = receptions.coming(session, officer)
    assert (before.free, before.cases, after.free) == (1, [], 0)
    assert after.cases[0][0].moved_because == "领导出差"
    with pytest.raises(receptions.SlotTaken):
        receptions.move(session, officer, booked.id, late.id, "再来一次")
    assert "reception.moved" in [one.kind for one in events.of_stream(session, case.id)]


def test_a_booking_starts_the_reception_s_process_and_the_next_goes_on_with_it(session: Session, work: Work) -> None:
    """信访工作条例 §18: booked once; reminded the day before; the minutes are the petition office's next step."""
    with clock.virtual(clock.now()) as time:
        open_one, first, second = slot(session, capacity=2), petition(session), petition(session)
        receptions.book(session, actor(session, "petition"), open_one.id, first.number)
        work()
        held = session.get_one(Case, open_one.case_id)
        receptions.book(session, actor(session, "petition"), open_one.id, second.number)
        work()
        assert open_one.case_id == held.id, "one reception, one process"
        [run] = session.scalars(select(Instance).where(Instance.stream == held.id))
        assert instances.restore(session, run).variables["numbers"] == [first.number, second.number]
        for one in (first, second):
            seen = [event for event in events.of_stream(session, one.id) if event.kind == "case.visited"]
            assert [event.data["number"] for event in seen] == [held.number]
        assert casework.open_tasks(session, held.id) == []
        time.advance(timedelta(days=2, hours=1))
        work()
        assert [one.element_id for one in casework.open_tasks(session, held.id)] == ["minutes"]


def test_a_matter_that_is_moved_leaves_the_reception_it_was_booked_into(session: Session, work: Work) -> None:
    early, late = slot(session, capacity=2), slot(session, starts_at=clock.now() + timedelta(days=9))
    officer, case, other = actor(session, "petition"), petition(session), petition(session)
    booked = receptions.book(session, officer, early.id, case.number)
    receptions.book(session, officer, early.id, other.number)
    work()
    receptions.move(session, officer, booked.id, late.id, "领导出差")
    work()
    for one, numbers in ((early, [other.number]), (late, [case.number])):
        [run] = session.scalars(select(Instance).where(Instance.stream == one.case_id))
        assert instances.restore(session, run).variables["numbers"] == numbers
    receptions.cancel(session, officer, booked.id)
    [run] = session.scalars(select(Instance).where(Instance.stream == late.case_id))
    assert instances.restore(session, run).variables["numbers"] == []


def test_a_sealed_number_is_as_unknown_as_none(session: Session, work: Work) -> None:
    """信访工作条例 §30: nobody learns by a number that there is such a case."""
    held, sealed = petition(session), petition(session)
    sealed.sealed = True
    session.flush()
    assert commands.visit(session, held, None, [sealed.number]) == [sealed.number]
