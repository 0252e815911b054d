"""What the gate holds back stays held back: by another choice of the officer, after the police, by a later form."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import casework
from engine.cases.models import Case
from engine.casework import procedures
from engine.casework.errors import AnswersInvalid, NotForThisCase
from engine.deadlines import queries as deadlines
from engine.workflow import jobs
from tests.factories import LAND, actor, do, open_task

Work = Callable[[], None]


@pytest.fixture
def work(house: None, session: Session) -> Iterator[Work]:
    """What a worker would do now."""
    with jobs.inline(session) as run_jobs:
        yield run_jobs


def triaged(session: Session, work: Work, **facts: Any) -> Case:
    """A report whose facts are ticked; nobody has chosen its way yet."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    work()
    do(session, case, "triage", "duty", **facts)
    work()
    return case


def sent(session: Session, work: Work, case: Case, **way: Any) -> Case:
    do(session, case, "confirm", "duty", **way)
    work()
    return case


@pytest.mark.parametrize(
    ("facts", "subject", "reason"),
    [
        (["public_order", "against_official"], "official", None),
        (["crime_suspected", "against_official"], "official", None),
        (["danger_now", "domestic_violence"], "family", "人已经在派出所"),
        (["danger_now", "child_harmed"], "school", "人已经在派出所"),
    ],
)
def test_what_the_law_hides_is_sealed_whichever_gate_comes_first(
    session: Session, work: Work, facts: list[str], subject: str, reason: str | None
) -> None:
    """信访工作条例 §30; 反家庭暴力法 §14; 未成年人保护法 §103: also where the police come first."""
    ticked = {"danger_facts": [one for one in facts if one != "against_official"],
              "route_facts": [one for one in facts if one == "against_official"]}  # fmt: skip
    case = triaged(session, work, **ticked, subject=subject, land_question=None)
    given = {"route": "police", "risk": "RED", "level": "organ", **({"other_reason": reason} if reason else {})}
    assert sent(session, work, case, **given).sealed


@pytest.mark.parametrize(
    ("fact", "subject"), [("pending", "neighbours"), ("organ_decides", "damage"), (None, "official")]
)
def test_what_another_gate_holds_is_not_mediated_when_the_police_let_it_go(
    session: Session, work: Work, fact: str | None, subject: str
) -> None:
    """信访工作条例 §§22, 31; 人民调解工作若干规定 §22: the police free a fight, not the claim that a court has."""
    case = triaged(
        session, work, danger_facts=["public_order"], route_facts=["dispute", *([fact] if fact else [])],
        subject=subject, land_question=None,
    )  # fmt: skip
    sent(session, work, case, route="police", risk="BLUE", level="organ")
    for element, login in (("handover", "duty"), ("receipt", "police"), ("outcome-report", "police")):
        do(session, case, element, login)
        work()
    assert open_task(session, case, "triage").groups == ["duty_officer"]
    assert case.kind == "police"


def test_title_is_not_mediated_by_choosing_another_road(session: Session, work: Work) -> None:
    """土地管理法 §14: the government decides; who answered the three questions wrongly goes back to them."""
    case = triaged(session, work, route_facts=["dispute"], subject="farm_forest", land_question="title")
    sent(session, work, case, route="land", risk="YELLOW", level="town")
    do(session, case, "questions", "duty", about="title")
    work()
    with pytest.raises(AnswersInvalid):
        do(session, case, "decide", "duty", road="tort", other_reason="双方都想调")


def test_nothing_is_started_beside_a_triage_that_has_not_decided(session: Session, work: Work) -> None:
    """人民调解法 §17 and the gate: labour, land and consumer matters may lead to mediation, so they come through it."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    work()
    assert procedures.startable_on(session, actor(session, "duty"), case) == []
    with pytest.raises(NotForThisCase):
        procedures.start_on(session, actor(session, "duty"), case.id, "land")
    assert {"labour", "land", "consumer"}.isdisjoint(
        one.key for one in procedures.startable(session, actor(session, "duty"))
    )


def test_help_that_is_asked_for_may_become_an_errand_once_triage_has_said_so(session: Session, work: Work) -> None:
    case = triaged(session, work, route_facts=["service"], subject="other", land_question=None)
    sent(session, work, case, route="guidance", risk="BLUE", level="town")
    offered = {one.key for one in procedures.startable_on(session, actor(session, "duty"), case)}
    assert "errand" in offered and offered.isdisjoint({"labour", "land", "consumer"})


def test_a_failed_mediation_over_traffic_leaves_three_days_for_the_traffic_police(session: Session, work: Work) -> None:
    """道路交通事故处理程序规定 §85: both may ask within three days; beside it the limitation begins anew."""
    case = triaged(session, work, route_facts=["dispute"], subject="traffic", land_question=None)
    sent(session, work, case, route="civil", risk="BLUE", level="village")
    do(session, case, "consent", "mediator")
    work()
    for element in ("register", "mediator", "rights"):
        do(session, case, element, "mediator")
        work()
    do(session, case, "session", "mediator", result="withdrawn", withdrawn_by="示例甲")
    work()
    do(session, case, "tell-routes", "mediator")
    work()
    running = {one.key for one in deadlines.of_case(session, case.id) if one.state == "kept"}
    assert running == {"civil.limitation", "traffic.after.mediation"}
