"""No exception, no dead corner, no gap: each thing that falls short is listed, and gone once it is mended."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.casework.coverage import Shortfall
from engine.people import commands as people
from engine.people.absences import announce, end
from engine.people.models import Account, Membership
from engine.volunteers import commands as volunteers
from engine.volunteers import queries as rosters
from engine.volunteers.models import Shift
from engine.workflow.models import UserTask
from tests.factories import LAND, actor, open_task

HERE = "610927/610927103/610927103207"
TOWN = "610927/610927103"


def found(session: Session, why: str) -> list[Shortfall]:
    """What the county's officer reads of a kind."""
    session.flush()
    checks = casework.coverage(session, actor(session, "county"))
    return [one for part in vars(checks).values() for one in part if one.why == why]


@pytest.mark.usefixtures("house")
def test_a_village_that_reports_is_not_silent_and_the_others_are(session: Session) -> None:
    casework.report(session, actor(session, "grid"), LAND)
    session.flush()
    found = casework.coverage(session, actor(session, "county")).no_dead_corner
    silent = {one.division.path for one in found if one.why == "silent" and one.division}
    assert HERE not in silent
    assert len(silent) > 20, "the demo county has villages of which nothing was heard"
    assert len([one for one in found if one.why == "silent"]) == len(silent), "once each, though two roles watch them"


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


@pytest.mark.usefixtures("house")
def test_a_report_that_waits_for_more_than_a_day_is_listed_until_somebody_decides_on_it(session: Session) -> None:
    case = casework.report(session, actor(session, "grid"), LAND).case
    assert case.id not in {one.case.id for one in found(session, "untriaged") if one.case}
    with clock.virtual(clock.now() + timedelta(days=1, minutes=1)):
        assert case.id in {one.case.id for one in found(session, "untriaged") if one.case}
        case.stage = "mediation"
        assert case.id not in {one.case.id for one in found(session, "untriaged") if one.case}
        case.due_on = clock.today() - timedelta(days=1)
        assert case.id in {one.case.id for one in found(session, "late") if one.case}
        session.execute(update(UserTask).where(UserTask.stream == case.id).values(state="completed"))
        assert case.id in {one.case.id for one in found(session, "idle") if one.case}
        case.closed_at = clock.now()
        assert not {case.id} & {one.case.id for why in ("late", "idle") for one in found(session, why) if one.case}


@pytest.mark.usefixtures("house")
def test_a_grid_without_worker_is_listed_though_its_neighbour_has_one(session: Session) -> None:
    held = session.scalars(select(Membership).where(Membership.role == "grid_worker")).all()
    assert not [one for one in found(session, "no-worker") if one.division and one.division.path.startswith(HERE)]
    grids = ["610927103207001", "610927103207002"]
    for one in held:
        one.division, one.path = grids[0], f"{HERE}/{grids[0]}"
    assert grids[1] in {one.division.code for one in found(session, "no-worker") if one.division}
    other = people.create_account(session, "grid-two", "示例网格员丙", "a long password")
    people.grant(session, other, "grid_worker", grids[1])
    assert grids[1] not in {one.division.code for one in found(session, "no-worker") if one.division}
    other.active = False
    assert grids[1] in {one.division.code for one in found(session, "no-worker") if one.division}


@pytest.mark.usefixtures("house")
def test_a_day_without_anybody_on_duty_is_listed_until_somebody_covers(session: Session) -> None:
    """The cover who is away as well covers nobody; whoever is covered leaves no gap."""
    above = session.scalars(select(Membership).where(Membership.role == "duty_officer", Membership.path == "610927"))
    for one in above.all():
        session.delete(one)
    session.flush()
    first, second = actor(session, "duty"), actor(session, "duty2")
    day = clock.today() + timedelta(days=3)
    announce(session, first, UUID(second.id), day, day)
    assert found(session, "no-duty") == []
    back = announce(session, second, UUID(first.id), day, day + timedelta(days=1))
    assert [(one.division.path, one.day) for one in found(session, "no-duty") if one.division] == [(TOWN, day)]
    end(session, second, back.id)
    assert found(session, "no-duty") == []
    session.execute(update(Membership).where(Membership.role == "duty_officer").values(to_day=day))
    assert [one.day for one in found(session, "no-duty")] == [day + timedelta(days=1)]


@pytest.mark.usefixtures("house")
def test_a_shift_that_lacks_people_and_a_step_that_nobody_can_do_are_listed(session: Session) -> None:
    case = casework.report(session, actor(session, "grid"), LAND).case
    at = clock.now() + timedelta(days=2)
    shift = Shift(
        case_id=case.id, path=TOWN, place="桥头", starts_at=at, ends_at=at + timedelta(hours=2), needed=1, ended_at=None
    )
    session.add(shift)
    [short] = found(session, "shift-short")
    assert (short.count, short.day) == (1, at.astimezone(clock.ZONE).date())
    keeper = actor(session, "duty")
    given = {"kind": "red_armband", "name": "示例志愿者甲", "division": "610927103207"}
    one = volunteers.register(session, keeper, given)
    session.flush()
    volunteers.stand(session, keeper, shift.id, one.id)
    assert found(session, "shift-short") == []
    assert len(rosters.watches(session, keeper)) == 1
    task = open_task(session, case)
    task.assignee = actor(session, "duty").id
    assert found(session, "gone") == [] and found(session, "nobody") == []
    account = session.get_one(Account, UUID(task.assignee))
    account.active = False
    assert [one.case and one.case.id for one in found(session, "gone")] == [case.id]
    session.execute(
        update(Membership).where(Membership.role.in_(task.groups)).values(to_day=clock.today() - timedelta(days=1))
    )
    assert case.id in {one.case.id for one in found(session, "nobody") if one.case}
