"""The mediation supermarket: choosing, conflicts of interest, queue and appointments."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import commands as cases
from engine.cases import parties
from engine.cases.models import Case
from engine.casework import choosing
from engine.errors import Forbidden
from engine.people import queries as people
from engine.people.models import Absence, Unit
from engine.supermarket import conflicts, directory, queue
from engine.supermarket.models import Visit
from tests.factories import actor

VILLAGE = "610927/610927103/610927103207"
PHONE = "0915-3300090"
MakeCase = Callable[[], Case]


@pytest.fixture
def make_case(house: None, session: Session) -> MakeCase:
    """A dispute of 示例甲 with 示例乙 in the demo village."""

    def make() -> Case:
        case, _ = cases.report(
            session, words="占地", place="民主村", urgency="ordinary", kind="dispute", source="grid", division=VILLAGE,
            actor=None,
        )  # fmt: skip
        parties.put(session, case, None, {"role": "applicant", "name": "示例甲", "phone": PHONE})
        parties.put(session, case, None, {"role": "respondent", "name": "示例乙"})
        session.flush()
        return case

    return make


def kinds(session: Session, mediator: str, case: Case) -> list[str]:
    return [one.kind for one in conflicts.conflicts(session, mediator, case)]


def body(session: Session) -> UUID:
    return session.scalars(select(Unit.id).where(Unit.kind == "supermarket")).one()


def test_only_people_s_mediators_of_the_case_s_own_divisions_are_offered(session: Session, make_case: MakeCase) -> None:
    offered = choosing.options(session, make_case())
    labels = [one["label"] for one in offered]
    assert {one["value"] for one in offered} == {
        actor(session, login).id for login in ("mediator", "mediator2", "town", "supermarket")
    }
    assert all("免费" in label and "在办" in label for label in labels)
    assert not any("商事" in label for label in labels)
    assert any(unit.kind == directory.COMMERCIAL for unit in directory.bodies(session)), "but it is in the directory"


def test_kin_that_was_declared_keeps_a_mediator_from_the_case(session: Session, make_case: MakeCase) -> None:
    case, mediator = make_case(), actor(session, "mediator")
    conflicts.declare(session, mediator, "kin", "示例甲", PHONE)
    session.flush()
    assert kinds(session, mediator.id, case) == ["kin"]
    with pytest.raises(conflicts.ConflictOfInterest):
        choosing.require_fit(session, case, "f-mediator", {"mediator": mediator.id})
    assert next(one for one in choosing.options(session, case) if one["value"] == mediator.id)["label"].endswith(
        "须回避）"
    )


def test_whoever_mediates_with_them_is_checked_like_the_first(session: Session, make_case: MakeCase) -> None:
    """人民调解法 §19: one or several mediate, and none of them may be close to a side."""
    case, first, second = make_case(), actor(session, "mediator"), actor(session, "town")
    conflicts.declare(session, second, "kin", "示例甲", PHONE)
    session.flush()
    choosing.require_fit(session, case, "f-mediator", {"mediator": first.id})
    with pytest.raises(conflicts.ConflictOfInterest):
        choosing.require_fit(
            session, case, "f-mediator", {"mediator": first.id, "joint": [{"mediator": second.id}]}
        )  # fmt: skip


def test_whoever_leads_does_not_join_as_well(session: Session, make_case: MakeCase) -> None:
    """人民调解法 §19: the file would name them twice."""
    case, first, second = make_case(), actor(session, "mediator").id, actor(session, "town").id
    for joint in ([first], [second, second]):
        with pytest.raises(choosing.ChosenTwice):
            choosing.require_fit(
                session, case, "f-mediator", {"mediator": first, "joint": [{"mediator": one} for one in joint]}
            )


def test_the_same_name_with_another_phone_or_the_same_surname_is_nothing(session: Session, make_case: MakeCase) -> None:
    case, mediator = make_case(), actor(session, "mediator")
    conflicts.declare(session, mediator, "kin", "示例甲", "0915-3300091")
    conflicts.declare(session, mediator, "kin", "示例", PHONE)
    session.flush()
    assert kinds(session, mediator.id, case) == []
    choosing.require_fit(session, case, "f-mediator", {"mediator": mediator.id})


def test_who_reported_it_does_not_mediate_and_an_earlier_case_is_said(session: Session, make_case: MakeCase) -> None:
    before, case, mediator = make_case(), make_case(), actor(session, "mediator")
    before.mediator = mediator.id
    session.flush()
    assert kinds(session, mediator.id, case) == ["earlier"]
    choosing.require_fit(session, case, "f-mediator", {"mediator": mediator.id})
    case.reported_by = mediator.id
    with pytest.raises(conflicts.ConflictOfInterest):
        choosing.require_fit(session, case, "f-mediator", {"mediator": mediator.id})


def test_who_wrote_a_report_down_for_somebody_else_may_mediate(session: Session, make_case: MakeCase) -> None:
    """人民调解法 §17: parties ask a committee for mediation, also by word of mouth."""
    case, mediator = make_case(), actor(session, "mediator")
    case.reported_by = mediator.id
    session.flush()
    assert kinds(session, mediator.id, case) == ["reporter"]
    written = parties.put(session, case, None, {"role": "reporter", "name": "示例甲"})
    session.flush()
    assert kinds(session, mediator.id, case) == []
    written.name = people.names(session, [mediator.id])[mediator.id]
    session.flush()
    assert kinds(session, mediator.id, case) == ["reporter"]


def test_open_cases_are_counted_and_closed_ones_not(session: Session, make_case: MakeCase) -> None:
    mediator = actor(session, "mediator").id
    for ended in (False, False, True):
        case = make_case()
        case.mediator, case.closed_at = mediator, clock.now() if ended else None
    led, joined = make_case(), actor(session, "town").id
    led.mediator, led.joint = joined, [mediator]
    session.flush()
    assert directory.workload(session, [mediator, joined]) == {mediator: 3, joined: 1}


def test_numbers_of_a_day_follow_each_other(session: Session, house: None) -> None:
    numbers = [queue.book(session, body(session), name="示例甲", phone="", matter="")[0].number for _ in range(3)]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    with pytest.raises(queue.NameMissing):
        queue.book(session, body(session), name=" ", phone="", matter="")


def test_a_time_is_agreed_within_thirty_days_until_it_is_full(session: Session, house: None) -> None:
    with clock.virtual(datetime(2026, 11, 23, 0, tzinfo=UTC)):
        tomorrow = clock.today() + timedelta(days=1)
        for _ in range(queue.A_SLOT):
            queue.book(session, body(session), name="甲", phone="", matter="", day=tomorrow, slot=time(9))
        with pytest.raises(queue.SlotFull):
            queue.book(session, body(session), name="甲", phone="", matter="", day=tomorrow, slot=time(9))
        assert time(9) not in queue.free_slots(session, body(session), tomorrow)
        for day, slot in (
            (tomorrow + timedelta(days=40), time(9)), (tomorrow, time(3)), (tomorrow, None),
            (tomorrow - timedelta(days=2), time(9)),
        ):  # fmt: skip
            with pytest.raises(queue.SlotUnfit):
                queue.book(session, body(session), name="甲", phone="", matter="", day=day, slot=slot)
        sunday = date(2026, 11, 29)
        with pytest.raises(queue.DayOff):
            queue.book(session, body(session), name="甲", phone="", matter="", day=sunday, slot=time(9))
        assert queue.free_slots(session, body(session), sunday) == []


def test_a_visitor_wishes_for_a_mediator_who_is_there_that_day(session: Session, house: None) -> None:
    with clock.virtual(datetime(2026, 11, 23, 0, tzinfo=UTC)):
        tomorrow = clock.today() + timedelta(days=1)
        there = [one.account.id for one in directory.at_work(session, body(session), tomorrow)]
        elsewhere = UUID(actor(session, "grid").id)
        assert there and elsewhere not in there
        wish = {"name": "甲", "phone": "", "matter": "", "day": tomorrow, "slot": time(9)}
        assert queue.book(session, body(session), **wish, mediator=there[0])[0].mediator == there[0]
        days = {"from_day": tomorrow, "to_day": tomorrow, "made_at": clock.now(), "cover_id": elsewhere}
        session.add(Absence(account_id=there[0], **days))
        session.flush()
        for who in (there[0], elsewhere):
            with pytest.raises(queue.MediatorAway):
                queue.book(session, body(session), **wish, mediator=who)
        assert there[0] in [one.account.id for one in directory.at_work(session, body(session), clock.today())]


def test_the_desk_calls_and_others_do_not(session: Session, house: None) -> None:
    visit, code = queue.book(session, body(session), name="示例甲", phone="", matter="")
    session.flush()
    with pytest.raises(Forbidden):
        queue.move(session, actor(session, "grid"), visit.id, "called")
    desk = actor(session, "supermarket")
    queue.move(session, desk, visit.id, "called")
    queue.move(session, desk, visit.id, "served")
    with pytest.raises(queue.VisitMoved):
        queue.move(session, desk, visit.id, "called")
    with pytest.raises(queue.VisitMoved):
        queue.cancel(session, code)
    with pytest.raises(queue.BodyUnknown):
        queue.cancel(session, "nonsense")
    assert visit not in [one for one, _ in queue.of_day(session, actor(session, "mediator"), clock.today())]


def test_visits_are_forgotten_after_ninety_days(session: Session, house: None) -> None:
    old, _ = queue.book(session, body(session), name="示例甲", phone=PHONE, matter="")
    session.flush()
    with clock.virtual(clock.now() + timedelta(days=91)):
        queue.book(session, body(session), name="示例乙", phone="", matter="")
        session.flush()
    assert session.scalar(select(Visit.id).where(Visit.id == old.id)) is None
