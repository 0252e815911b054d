"""Whether a matter is known already: near in place, time and words, and only what one may see."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases import queries as cases
from engine.cases import rounds
from engine.cases.commands import CaseClosed
from engine.cases.models import Case
from engine.cases.permissions import CaseUnknown
from engine.casework import duplicates
from engine.notifications import queries as notifications
from engine.people.actor import Actor
from tests.factories import actor

BRIDGE = {"what": "村口小桥的护栏断了两根，小孩过桥危险", "where": "钟宝镇民主村", "urgency": "soon", "kind": "hazard"}
SAME = {**BRIDGE, "what": "小桥护栏断了，过桥很危险", "reporter_name": "示例乙", "reporter_phone": "0915-3300023"}


@pytest.fixture
def bridge(house: None, session: Session) -> Case:
    return casework.report(session, actor(session, "grid2"), BRIDGE).case


def found(session: Session, login: str, given: dict[str, Any] = SAME) -> list[Case]:
    session.flush()
    return [one.case for one in duplicates.similar(session, actor(session, login), given["what"], given["where"])]


def test_the_same_in_other_words_is_found(session: Session, bridge: Case) -> None:
    casework.report(session, actor(session, "grid2"), {**BRIDGE, "what": "老王家的猪圈太臭，邻居睡不着"})
    assert found(session, "grid") == [bridge]
    assert found(session, "grid", {**SAME, "what": "路灯不亮"}) == []


def test_nobody_is_shown_what_they_may_not_see(session: Session, bridge: Case) -> None:
    assert duplicates.similar(session, Actor.PUBLIC, SAME["what"], SAME["where"]) == []
    assert found(session, "court") == []
    bridge.sealed = True
    assert found(session, "grid") == []
    with pytest.raises(CaseUnknown):
        duplicates.join(session, actor(session, "grid"), bridge.id, SAME)


def test_what_is_long_ago_closed_or_elsewhere_is_another_matter(session: Session, bridge: Case) -> None:
    assert found(session, "duty", {**SAME, "where": "华坪镇"}) == []
    with clock.virtual(clock.now()) as time:
        time.advance(timedelta(days=61))
        assert found(session, "grid") == []
    bridge.closed_at = clock.now()
    assert found(session, "grid") == []
    with pytest.raises(CaseClosed):
        duplicates.join(session, actor(session, "grid"), bridge.id, SAME)


def test_near_places_need_less_likeness(house: None, session: Session) -> None:
    at = {**BRIDGE, "where": "民主村 (31.89000, 109.53000)"}
    case = casework.report(session, actor(session, "grid2"), at).case
    words = "护栏断了，请来人修一修，看着吓人"
    close = duplicates.similar(session, actor(session, "grid"), words, "民主村 (31.89090, 109.53000)")
    assert [(one.case, one.metres) for one in close] == [(case, 100)]
    assert duplicates.similar(session, actor(session, "grid"), words, "民主村 (31.90000, 109.53000)") == []


def test_joining_adds_a_witness_and_tells(session: Session, bridge: Case) -> None:
    before = session.scalar(select(func.count()).select_from(Case))
    duplicates.join(session, actor(session, "grid"), bridge.id, SAME)
    session.flush()
    added = cases.newest_submission(session, bridge.id, ["f-addition"])
    assert added and SAME["what"] in added.answers["what"]
    assert (added.answers["witness"], added.by) == ("示例乙", actor(session, "grid").id)
    assert session.scalar(select(func.count()).select_from(Case)) == before, "no second case"
    told, _ = notifications.page(session, actor(session, "hazard"), "en")
    told += notifications.page(session, actor(session, "duty"), "en")[0]
    assert any("reported" in one.text and "as well" in one.text for one in told)


def test_a_round_is_noted_once_and_is_ones_own(house: None, session: Session) -> None:
    grid, other = actor(session, "grid"), actor(session, "grid2")
    rounds.went(session, grid, "0123456789")
    rounds.went(session, grid, "0123456789")
    assert (len(rounds.mine(session, grid)), rounds.mine(session, other)) == (1, [])
    with pytest.raises(rounds.NoGridWorker):
        rounds.went(session, actor(session, "duty"), "0123456789")
