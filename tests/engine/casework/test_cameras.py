"""Camera points are a list; an organ asks for recordings with a letter, and no mediator does (§§17, 20)."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import casework, papers
from engine.cases.models import Case
from engine.cases.permissions import CaseUnknown, NotForYourRole
from engine.casework import adding, filing, paper_facts
from engine.casework.errors import AnswersInvalid
from engine.errors import Forbidden
from engine.registers import cameras
from tests.factories import LAND, actor

POINT = {
    "division": "610927103207", "place": "示例村口", "owner": "示例镇政府", "kept_days": "30", "source": "示例备案清单",
}  # fmt: skip
LETTER: dict[str, Any] = {
    "place": "示例村口", "from_at": "2026-01-05T09:00", "until_at": "2026-01-05T10:00", "how": "look",
    "purpose": "核实隐患现场", "law": "安全生产法第七十三条", "officers": "示例甲、示例乙",
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize("given", [{"kept_days": "29"}, {"owner": ""}, {"place": " "}, {"source": ""}])
def test_a_point_says_whose_it_is_and_keeps_for_thirty_days_at_least(session: Session, given: dict[str, str]) -> None:
    """§17."""
    with pytest.raises(cameras.CameraUnfit):
        cameras.enter(session, actor(session, "police"), {**POINT, **given})


def test_only_organs_of_the_division_read_the_list(session: Session) -> None:
    made = cameras.enter(session, actor(session, "police"), POINT)
    session.flush()
    for login in ("police", "duty", "county", "hazard", "petition"):
        assert made in cameras.points(session, actor(session, login))
    for login in ("grid", "mediator", "leader", "admin"):
        with pytest.raises(Forbidden):
            cameras.points(session, actor(session, login))
    with pytest.raises(Forbidden):
        cameras.enter(session, actor(session, "hazard"), POINT)
    with pytest.raises(cameras.CameraUnknown):
        cameras.end(session, actor(session, "petition"), made.id)
    cameras.end(session, actor(session, "duty"), made.id)
    session.flush()
    assert made not in cameras.points(session, actor(session, "police"))


@pytest.fixture
def case(session: Session) -> Case:
    return casework.report(session, actor(session, "grid"), LAND).case


def test_an_organ_asks_with_a_numbered_letter_and_keeps_the_receipt(session: Session, case: Case) -> None:
    duty = actor(session, "duty")
    letter = adding.add(session, duty, case.id, "f-footage", LETTER)
    back = {"answer": "gone", "answered_on": "2026-01-20", "reason": "已过三十日，录像已覆盖"}
    receipt = adding.add(session, duty, case.id, "f-footage-back", back)
    session.flush()
    filed = {one.submission.id: one for one in filing.case_file(session, duty, case.id).papers}
    number = filed[letter].document
    assert number is not None and number.number.startswith("钟宝综视调〔"), "the centre asks, no committee"
    assert filed[receipt].document is None
    facts = {**paper_facts.of_case(session, case), **paper_facts.of_submission(session, filed[letter].submission)}
    text = str(papers.fill(papers.shipped_template("f-footage"), facts))
    assert "钟宝镇综治中心值班（示例）在办理" in text and "人民调解委员会" not in text
    for one in (letter, receipt):
        assert filing.paper(session, duty, case.id, one, "pdf", "zh").startswith(b"%PDF")


def test_no_mediator_asks_and_no_case_that_is_hidden_is_asked_about(session: Session, case: Case) -> None:
    """人民调解法 §7: a committee is no organ; a sealed case is as if it were not there."""
    with pytest.raises(NotForYourRole):
        adding.add(session, actor(session, "grid"), case.id, "f-footage", LETTER)
    case.level = "village"
    mediator = actor(session, "mediator")
    with pytest.raises((NotForYourRole, CaseUnknown)):
        adding.add(session, mediator, case.id, "f-footage", LETTER)
    assert {one.key for one in adding.offered(session, mediator, case)}.isdisjoint(adding.FOOTAGE)
    with pytest.raises(AnswersInvalid):
        adding.add(session, actor(session, "duty"), case.id, "f-footage", {**LETTER, "purpose": ""})
    case.sealed = True
    session.flush()
    with pytest.raises(CaseUnknown):
        adding.add(session, actor(session, "duty"), case.id, "f-footage", LETTER)
