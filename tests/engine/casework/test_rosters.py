"""Volunteers and their shifts: who may keep them, no two places at one time, somebody stands in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases.models import Case
from engine.casework import paper_facts
from engine.errors import Forbidden
from engine.volunteers import commands, queries
from engine.volunteers.models import Volunteer
from tests.factories import actor, answers

VILLAGE = "610927103207"
WATCH = {"what": "红袖章夜巡", "where": "钟宝镇民主村", "urgency": "ordinary"}


def volunteer(session: Session, name: str, **more: Any) -> Volunteer:
    given = {"name": name, "kind": "red_armband", "division": VILLAGE, **more}
    return commands.register(session, actor(session, "duty"), given)


@pytest.fixture
def roster(session: Session, work: Callable[[], None]) -> Case:
    """A roster of two shifts at one time, made through its process."""
    case = casework.procedures.start(session, actor(session, "duty"), "roster", WATCH).case
    work()
    task = casework.open_tasks(session, case.id)[0]
    casework.complete_task(session, actor(session, "duty"), task.id, answers("f-roster"))
    work()
    return case


def test_a_roster_makes_its_shifts_and_they_lack_people(session: Session, roster: Case) -> None:
    found = queries.watches(session, actor(session, "duty"))
    assert [(one.number, one.missing) for one in found] == [(roster.number, 2), (roster.number, 1)]
    assert [one.readable for one in found] == [True, True]
    seen = queries.watches(session, actor(session, "leader"))
    assert [one.readable for one in seen] == [False, False], "shifts, but not the case that made them"


@pytest.mark.usefixtures("roster")
def test_one_volunteer_cannot_stand_in_two_places_at_a_time(session: Session) -> None:
    first, second = queries.watches(session, actor(session, "duty"))
    one = volunteer(session, "示例志愿者甲")
    commands.stand(session, actor(session, "duty"), first.shift.id, one.id)
    with pytest.raises(commands.StandTaken):
        commands.stand(session, actor(session, "duty"), second.shift.id, one.id)


def test_somebody_stands_in_for_who_cannot_come(session: Session, roster: Case) -> None:
    shift = queries.watches(session, actor(session, "duty"))[1].shift
    first = commands.stand(session, actor(session, "duty"), shift.id, volunteer(session, "示例志愿者甲").id)
    other = volunteer(session, "示例志愿者乙")
    commands.stand(session, actor(session, "duty"), shift.id, other.id, covers=first.id)
    watch = queries.watches(session, actor(session, "duty"))[1]
    assert watch.missing == 0
    assert {one.volunteer.name: one.stand.state for one in watch.people} == {
        "示例志愿者甲": "absent", "示例志愿者乙": "assigned",
    }  # fmt: skip
    told = {one["place"]: one["names"] for one in paper_facts.of_case(session, roster)["shifts"]}
    assert told == {"示例桥头": "", "示例校门": "示例志愿者乙"}, "the printed roster names who comes"


@pytest.mark.usefixtures("roster")
def test_whoever_stops_leaves_the_coming_shifts(session: Session) -> None:
    shift = queries.watches(session, actor(session, "duty"))[1].shift
    one = volunteer(session, "示例志愿者甲")
    commands.stand(session, actor(session, "duty"), shift.id, one.id)
    commands.stop(session, actor(session, "duty"), one.id)
    session.expire_all()
    assert queries.watches(session, actor(session, "duty"))[1].missing == 1
    assert queries.register(session, actor(session, "duty")) == []


def test_a_roster_expires_with_its_last_day(session: Session, roster: Case, work: Callable[[], None]) -> None:
    """反形式主义规则 11: nothing of it is left to do."""
    with clock.virtual(clock.now()) as time:
        time.advance(timedelta(days=9))
        work()
        session.expire_all()
        assert roster.outcome == "finished"
        assert casework.open_tasks(session, roster.id) == []


def test_everybody_counts_once_against_the_target(session: Session, house: None) -> None:
    """“百千万”: two rows of one person are one."""
    volunteer(session, "示例志愿者甲", phone="0915-3300030")
    volunteer(session, "示例志愿者甲", phone="0915-3300030", trained_on="2026-05-01")
    session.flush()
    red = next(one for one in queries.strengths(session, actor(session, "duty")) if one.kind == "red_armband")
    assert (red.active, red.trained, red.target) == (1, 1, 10000)


def test_others_keep_no_register(session: Session, house: None) -> None:
    given = {"name": "示例志愿者甲", "kind": "red_armband", "division": VILLAGE}
    with pytest.raises(Forbidden):
        commands.register(session, actor(session, "grid"), given)
    assert queries.register(session, actor(session, "court")) == []
