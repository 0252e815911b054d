"""Labour and land from the report on: the people of the county walk each road with the forms, to its end."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import casework
from engine.cases.models import Case
from engine.deadlines import queries as deadlines
from tests.factories import actor, closed, do

WAGES = {"what": "被辞退没赔偿，在厂里干了两年", "where": "钟宝镇民主村", "urgency": "ordinary", "kind": "dispute"}
PLOT = {"what": "那片林子两家都有证", "where": "钟宝镇民主村", "urgency": "ordinary", "kind": "dispute"}
Step = tuple[str, str, dict[str, Any]]

LABOUR: dict[str, tuple[str, tuple[Step, ...], str]] = {
    "mediation fails, arbitration awards": ("D09", (
        ("register", "county", {}), ("mediate", "county", {}), ("guide", "county", {}), ("accept", "labour", {}),
        ("arbitrate", "labour", {}), ("tell-sue", "county", {}),
    ), "ruled"),
    "arbitration at once": ("D09", (
        ("register", "county", {"route": "arbitration"}), ("guide", "county", {}), ("accept", "labour", {}),
        ("arbitrate", "labour", {}), ("tell-sue", "county", {}),
    ), "ruled"),
}  # fmt: skip
LAND: dict[str, tuple[dict[str, Any], tuple[Step, ...], str]] = {
    "title: the government decides": ({"land_question": "title"}, (
        ("questions", "duty", {}), ("decide", "duty", {}), ("status-quo", "duty", {}), ("receipt", "land", {}),
        ("title-decision", "land", {}), ("tell-sue", "duty", {}),
    ), "ruled"),
}  # fmt: skip


def start(
    session: Session, work: Callable[[], None], report: dict[str, Any], facts: dict[str, Any], **way: Any
) -> Case:
    case = casework.report(session, actor(session, "grid"), report).case
    work()
    do(session, case, "triage", "duty", **facts)
    work()
    do(session, case, "confirm", "duty", **way)
    work()
    return case


def walk(session: Session, work: Callable[[], None], case: Case, steps: tuple[Step, ...]) -> tuple[str | None, bool]:
    for element, login, more in steps:
        do(session, case, element, login, **more)
        work()
    return closed(session, case)


@pytest.mark.parametrize("road", LABOUR)
def test_a_labour_dispute_is_walked_to_its_end(session: Session, work: Callable[[], None], road: str) -> None:
    """劳动争议调解仲裁法 §§5, 14, 29, 43, 50."""
    category, steps, outcome = LABOUR[road]
    facts = {"route_facts": ["dispute"], "subject": "labour"}
    case = start(session, work, WAGES, facts, route="labour", risk="BLUE", level="county")
    assert case.category == category
    assert walk(session, work, case, steps) == (outcome, True)


@pytest.mark.parametrize("road", LAND)
def test_a_land_dispute_is_walked_to_its_end(session: Session, work: Callable[[], None], road: str) -> None:
    """土地管理法 §14; 农村土地承包经营纠纷调解仲裁法 §§4, 47; 行政复议法 §20."""
    answers, steps, outcome = LAND[road]
    facts = {"route_facts": ["dispute"], "subject": "farm_forest", **answers}
    case = start(session, work, PLOT, facts, route="land", risk="YELLOW", level="town")
    assert walk(session, work, case, steps) == (outcome, True)


def test_a_medical_dispute_has_thirty_working_days(session: Session, work: Callable[[], None]) -> None:
    """医疗纠纷预防和处理条例 §38: working days, not the usual thirty."""
    facts = {"route_facts": ["dispute"], "subject": "medical"}
    case = start(
        session, work, {**WAGES, "what": "打错针，皮肤烂了"}, facts, route="civil", risk="BLUE", level="village"
    )
    for element in ("consent", "register"):
        do(session, case, element, "mediator")
        work()
    assert [one.key for one in deadlines.of_case(session, case.id) if one.state == "running"] == ["pm.medical"]


def test_the_second_matter_of_a_report_has_its_own_category_and_road(
    session: Session, work: Callable[[], None]
) -> None:
    """一报两件: the house is looked into, the damages are mediated."""
    facts = {"route_facts": ["hazard", "dispute"], "subject": "h_house"}
    way = {"route": "hazard", "risk": "BLUE", "level": "village", "second_category": "D08"}
    case = start(session, work, {**WAGES, "what": "隔壁挖地基把墙挖裂了"}, facts, **way)
    numbers = {one.kind: one for one in session.query(Case).filter(Case.words == case.words)}
    assert (numbers["hazard"].category, numbers["dispute"].category) == ("H06", "D08")
    assert (numbers["dispute"].risk, numbers["dispute"].level) == ("BLUE", "village")
    assert [one.element_id for one in casework.open_tasks(session, numbers["dispute"].id)] == ["consent"]
