"""The register of households: who keeps it, what it takes and what not, one grid for each, and that nothing stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases.commands import CaseClosed
from engine.cases.models import Case
from engine.cases.permissions import CaseUnknown
from engine.errors import Forbidden
from engine.registers import households, visits
from engine.registers.models import Household, HouseholdVisit
from tests.factories import actor

VILLAGE, ELSEWHERE = "610927103207", "610927103209"
FIRST, SECOND = VILLAGE + "001", VILLAGE + "002"
FLOOD = {"what": "防范电诈户户到", "where": "民主村", "urgency": "ordinary"}
pytestmark = pytest.mark.usefixtures("house")


def row(address: str = "1号", **more: Any) -> dict[str, Any]:
    return {
        "division": FIRST, "village_group": "一组", "address": address, "people": "4", "source": "门牌表",
        "purpose": "防汛转移", "keep_until": (clock.today() + timedelta(days=300)).isoformat(), **more,
    }  # fmt: skip


def put(session: Session, *rows: dict[str, Any], login: str = "grid") -> list[Household]:
    made = households.put(session, actor(session, login), rows or [row()])
    session.flush()
    return made


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"division": ELSEWHERE}, "division"), ({"address": ""}, "address"), ({"people": "very many"}, "people"),
        ({"source": ""}, "source"), ({"purpose": " "}, "purpose"), ({"keep_until": "2099-01-01"}, "keep_until"),
        ({"contact": "示例户主", "phone": "0915-3300041"}, "consent_on"), ({"purpose": "有前科人员"}, "words"),
    ],
)  # fmt: skip
def test_what_must_not_or_cannot_be_kept_is_refused_as_a_whole(
    session: Session, given: dict[str, str], code: str
) -> None:
    """个人信息保护法 §§6, 13, 19, 28; 治安管理处罚法 2025 §136."""
    with pytest.raises(households.HouseholdUnfit) as refused:
        put(session, row("2号"), {**row("3号"), **given})
    assert [(one.code, dict(one.params)["line"]) for one in refused.value.fields] == [(code, 2)]
    assert session.scalar(select(func.count()).select_from(Household)) == 0


def test_only_who_keeps_a_division_reads_its_register(session: Session) -> None:
    [here] = put(session)
    [there] = put(session, row(division=ELSEWHERE + "001"), login="county")
    assert households.register(session, actor(session, "grid")) == [here]
    assert set(households.register(session, actor(session, "duty"))) == {here, there}
    for login in ("police", "leader", "admin", "petition"):
        with pytest.raises(Forbidden):
            households.register(session, actor(session, login))
    with pytest.raises(households.HouseholdUnknown):
        households.remove(session, actor(session, "grid"), there.id)


def test_the_file_that_goes_out_comes_in_again_without_people_to_ask(session: Session) -> None:
    agreed = {"contact": "示例户主", "phone": "0915-3300041", "consent_on": clock.today().isoformat()}
    put(session, row("=1+1号"), row("2号", people="", **agreed))
    text = households.export(session, actor(session, "grid"))
    assert "示例户主" not in text and "'=1+1号" in text
    for one in households.register(session, actor(session, "grid")):
        households.remove(session, actor(session, "grid"), one.id)
    session.flush()
    put(session, *households.read_csv(text))
    assert {one.address: one.people for one in households.register(session, actor(session, "grid"))} == {
        "=1+1号": 4, "2号": None,
    }  # fmt: skip


def test_each_household_belongs_to_exactly_one_grid(session: Session) -> None:
    """无死角: an address in two grids, one in none, a grid without any, a village without a register."""
    put(session, row("7号"), row("7号", division=SECOND), row("8号", division=VILLAGE), row("9号", division=VILLAGE))
    with pytest.raises(households.HouseholdUnfit):
        put(session, row("7号"))

    def gaps(login: str = "duty") -> set[tuple[str, str, int]]:
        found = casework.coverage(session, actor(session, login)).no_dead_corner
        return {(one.why, one.division.code, one.count) for one in found if one.division and "g" in one.why}

    assert {("two-grids", VILLAGE, 1), ("no-grid", VILLAGE, 2), ("no-register", ELSEWHERE, 0)} <= gaps()
    assert gaps("leader") >= gaps(), "a leader sees how many, and whose they are nowhere"
    for one in households.register(session, actor(session, "grid")):
        if one.division != FIRST:
            households.remove(session, actor(session, "grid"), one.id)
    session.flush()
    found = {one for one in gaps() if one[1].startswith(VILLAGE)}
    assert found == {("empty-grid", SECOND, 0)}


def test_what_is_kept_no_longer_is_deleted_by_the_worker(session: Session) -> None:
    """个人信息保护法 §19."""
    [over, kept] = put(session, row("1号", keep_until=clock.today().isoformat()), row("2号"))
    with clock.virtual(clock.now()) as time:
        assert households.expire(session) == 0, "its last day is a day of its own"
        time.advance(timedelta(days=1))
        assert households.expire(session) == 1
        session.flush()
    assert households.register(session, actor(session, "grid")) == [kept]
    assert [one.kind for one in events.of_stream(session, over.id)][-1] == "household.expired"


@pytest.fixture
def campaign(session: Session, work: Callable[[], None]) -> Case:
    case = casework.procedures.start(session, actor(session, "duty"), "campaign", FLOOD).case
    work()
    given = {
        "title": "户户到", "topic": "fraud", "plan": "一户一户说",
        "ends_on": (clock.today() + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    task = casework.open_tasks(session, case.id)[0]
    casework.complete_task(session, actor(session, "duty"), task.id, given)
    work()
    return case


def test_visits_are_counted_for_the_campaign_and_end_with_it(
    session: Session, campaign: Case, work: Callable[[], None]
) -> None:
    """反形式主义规则 3, 11: nobody's doings are counted, and the list goes with the campaign."""
    one, two, _ = put(session, row("1号"), row("2号"), row("3号"))
    grid = actor(session, "grid")
    assert visits.running(session, grid) == [campaign]
    visits.mark(session, grid, campaign.id, one.id, "done")
    visits.mark(session, grid, campaign.id, two.id, "not_home")
    visits.mark(session, grid, campaign.id, two.id, "refused")
    session.flush()
    counts = {"done": 1, "not_home": 0, "refused": 1}
    assert visits.checklist(session, grid, campaign.id).counts == {**counts, "open": 1}
    for seen in events.of_stream(session, campaign.id):
        assert str(one.id) not in str(seen.data), "the history names no household"
    with pytest.raises(visits.VisitUnfit):
        visits.mark(session, grid, campaign.id, one.id, "drunk")
    for login in ("police", "hazard", "leader"):
        with pytest.raises(CaseUnknown):
            visits.checklist(session, actor(session, login), campaign.id)
    with clock.virtual(clock.now()) as time:
        time.advance(timedelta(days=7))
        work()
    session.refresh(campaign)
    assert campaign.closed_at is not None
    with pytest.raises(CaseClosed):
        visits.mark(session, grid, campaign.id, one.id, "done")
    assert visits.forget(session) == 2
    assert session.scalars(select(HouseholdVisit.household_id)).all() == [None, None]
    after = visits.checklist(session, grid, campaign.id)
    assert (after.households, after.counts) == ((), counts)
    campaign.sealed = True
    session.flush()
    with pytest.raises(CaseUnknown):
        visits.checklist(session, grid, campaign.id)
