"""Leaders' receptions: capacity holds, a case is booked once, sealed and foreign cases stay unknown."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases import commands
from engine.cases.models import Case, ReceptionSlot
from engine.cases.permissions import CaseUnknown
from engine.cases.queries import newest_submission
from engine.casework import ending, procedures, reception_places, receptions
from engine.casework.errors import AnswersInvalid
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
    with pytest.raises(reception_places.SlotTaken):
        receptions.book(session, actor(session, "petition"), full.id, second.number)
    with pytest.raises(reception_places.SlotTaken):
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
    with pytest.raises(reception_places.SlotTaken):
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


BOOKED: dict[str, object] = {"mode": "reception", "cases": []}


def arrange(session: Session, work: Work, **given: object) -> Case:
    """A reception that the petition office arranges by its procedure (f-book)."""
    officer = actor(session, "petition")
    report = {"what": "来访人要见县领导", "where": "示例接待室", "urgency": "ordinary"}
    case = procedures.start(session, officer, "leader-reception", report).case
    work()
    answer(session, case, **BOOKED | given)
    return case


def answer(session: Session, case: Case, **given: object) -> None:
    [task] = casework.open_tasks(session, case.id)
    casework.complete_task(session, actor(session, "petition"), task.id, given)
    session.flush()


def held(session: Session, open_one: ReceptionSlot) -> list[str]:
    """The numbers that stand in a reception."""
    found = receptions.coming(session, actor(session, "petition"))
    return [case.number for one in found if one.slot.id == open_one.id for _, case in one.cases]


def test_the_procedure_takes_a_place_of_the_same_list(session: Session, work: Work) -> None:
    """信访工作条例 §18: one half hour is booked once, whichever way; what was chosen stands on file in words."""
    open_one, waiting = slot(session), petition(session)
    case = arrange(session, work, slot=str(open_one.id))
    assert held(session, open_one) == [case.number]
    with pytest.raises(reception_places.SlotTaken):
        receptions.book(session, actor(session, "petition"), open_one.id, waiting.number)
    filed = newest_submission(session, case.id, ["f-book"])
    assert filed is not None
    leader = actor(session, "leader").name
    assert {"leader": leader, "place": "示例接待室"}.items() <= filed.answers.items()
    assert datetime.fromisoformat(filed.answers["meets_at"]) == open_one.starts_at


def test_the_procedure_books_each_case_that_it_names(session: Session, work: Work) -> None:
    open_one, first, second = slot(session, capacity=2), petition(session), petition(session)
    named = [{"number": one.number} for one in (first, second)]
    with pytest.raises(reception_places.SlotTaken):
        arrange(session, work, slot=str(slot(session).id), cases=named)
    case = arrange(session, work, slot=str(open_one.id), cases=named)
    assert held(session, open_one) == [first.number, second.number]
    work()
    [booking] = [one for one, case in receptions.coming(session, actor(session, "petition"))[0].cases if case == first]
    receptions.cancel(session, actor(session, "petition"), booking.id)
    [run] = session.scalars(select(Instance).where(Instance.stream == case.id))
    assert instances.restore(session, run).variables["numbers"] == [second.number]


def test_a_number_that_no_case_has_takes_no_place(session: Session, work: Work) -> None:
    open_one = slot(session)
    case = arrange(session, work, slot=str(open_one.id), cases=[{"number": "ZP-1999-000001"}])
    work()
    assert held(session, open_one) == []
    answer(session, case, **BOOKED, slot=str(open_one.id))
    assert held(session, open_one) == [case.number]


def test_a_full_reception_is_not_offered_and_free_words_do_not_go_round_it(session: Session, work: Work) -> None:
    open_one = slot(session)
    words = {"leader": "示例县长", "meets_at": "2030-01-07T09:00", "place": "示例接待室"}
    arrange(session, work, slot=str(open_one.id))
    for given in ({"slot": str(open_one.id)}, words):
        with pytest.raises(AnswersInvalid) as refused:
            arrange(session, work, **given)
        assert [one.pointer for one in refused.value.errors] == ["/slot"]
    arrange(session, work, mode="visit", **words)


def test_a_reception_that_does_not_take_place_frees_its_places(session: Session, work: Work) -> None:
    """信访工作条例 §18: called off the day before and arranged anew, then given up."""
    early, late = slot(session), slot(session, starts_at=clock.now() + timedelta(days=5))
    with clock.virtual(clock.now()) as time:
        case = arrange(session, work, slot=str(early.id))
        work()
        time.advance(timedelta(days=2, hours=1))
        work()
        answer(session, case, came="no", decisions=[])
        answer(session, case, again="book", how="打过电话")
        assert held(session, early) == []
        answer(session, case, **BOOKED, slot=str(late.id))
        assert (held(session, early), held(session, late)) == ([], [case.number])
        work()
        time.advance(timedelta(days=2))
        work()
        answer(session, case, came="no", decisions=[])
        answer(session, case, again="end", how="打过电话")
        work()
        assert held(session, late) == []


def test_a_matter_that_is_over_frees_its_place(session: Session, work: Work) -> None:
    open_one, case = slot(session), petition(session)
    receptions.book(session, actor(session, "petition"), open_one.id, case.number)
    [run] = session.scalars(select(Instance).where(Instance.stream == case.id))
    case.closing = "finished"
    assert ending.ended(session, run, None)
    session.flush()
    assert held(session, open_one) == []


def test_a_reception_with_its_own_procedure_is_not_moved_on_the_page(session: Session, work: Work) -> None:
    early, late = slot(session), slot(session, starts_at=clock.now() + timedelta(days=9))
    arrange(session, work, slot=str(early.id))
    [(booking, _)] = receptions.coming(session, actor(session, "petition"))[0].cases
    with pytest.raises(receptions.ReceptionArranged):
        receptions.move(session, actor(session, "petition"), booking.id, late.id, "领导出差")
