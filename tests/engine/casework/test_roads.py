"""Labour and land from the report on: the people of the county walk each road with the forms, to its end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

import forms
from engine import casework, clock, events
from engine.cases.dictionary import label
from engine.cases.models import Case
from engine.casework import filing, formbook, paper_history
from engine.casework.errors import AnswersInvalid
from engine.deadlines import queries as deadlines
from engine.workflow.tasks import SeparationOfDuties
from tests.factories import actor, closed, do, open_task

WAGES = {"what": "被辞退没赔偿，在厂里干了两年", "where": "钟宝镇民主村", "urgency": "ordinary", "kind": "dispute"}
PLOT = {"what": "那片林子两家都有证", "where": "钟宝镇民主村", "urgency": "ordinary", "kind": "dispute"}
MEDICAL = {"category": "D11"}
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


def rights(session: Session, case: Case) -> list[str]:
    """What the parties of a closed case may still do."""
    session.expire_all()
    return [one.key for one, _ in deadlines.rights(session, case.id)]


@pytest.mark.parametrize("road", LABOUR)
def test_a_labour_dispute_is_walked_to_its_end(session: Session, work: Callable[[], None], road: str) -> None:
    """劳动争议调解仲裁法 §§5, 14, 29, 43, 50."""
    category, steps, outcome = LABOUR[road]
    facts = {"route_facts": ["dispute"], "subject": "labour"}
    case = start(session, work, WAGES, facts, route="labour", risk="BLUE", level="county")
    assert case.category == category
    assert walk(session, work, case, steps) == (outcome, True)
    assert rights(session, case) == ["labour.sue"], "the year to ask for arbitration is used up, the court is open"


def test_the_papers_of_a_labour_mediation_call_people_what_the_labour_law_calls_them(
    session: Session, work: Callable[[], None]
) -> None:
    """劳动争议调解仲裁法 §§10, 11, 14: 调解组织 and 调解员, whoever mediates; no people's mediation committee."""
    facts = {"route_facts": ["dispute"], "subject": "labour"}
    case = start(session, work, WAGES, facts, route="labour", risk="BLUE", level="county")
    walk(session, work, case, (
        ("register", "county", {}), ("mediate", "county", {"result": "agreed", "payment_order_told": True}),
        ("agreement", "county", {}), ("perform", "supermarket", {}),
    ))  # fmt: skip
    case.closed_at = clock.now()
    session.flush()
    pdf = filing.finish(session, actor(session, "supermarket"), case.id, {}).content
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)
    assert "人民调解员" not in text and "人民调解委员会" not in text
    assert "劳动争议调解卷宗" in text and "劳动争议调解协议书" in text and "人民调解协议书" not in text
    assert "经调解员签名并加盖调解组织印章后生效" in text and "申请支付令" in text


def test_after_a_final_award_the_employer_has_thirty_days_and_the_worker_fifteen(
    session: Session, work: Callable[[], None]
) -> None:
    """劳动争议调解仲裁法 §§47–49; 民法典 §§201, 203: the day of receipt is not counted, a last day off moves on.

    Received on Thursday 26 November 2026: thirty days end on Saturday 26 December, so that Monday 28 is in time.
    """
    facts = {"route_facts": ["dispute"], "subject": "labour"}
    steps: tuple[Step, ...] = (
        ("register", "county", {"route": "arbitration"}), ("guide", "county", {}), ("accept", "labour", {}),
        ("arbitrate", "labour", {"final": "yes"}),
    )  # fmt: skip
    with clock.virtual(datetime(2026, 11, 26, 9, tzinfo=clock.ZONE)):
        case = start(session, work, WAGES, facts, route="labour", risk="BLUE", level="county")
        walk(session, work, case, steps)
        page = casework.task_page(session, actor(session, "county"), open_task(session, case, "tell-sue").id)
        assert page.form is not None
        said = forms.render(page.form, {}, locale="zh", evaluate=formbook.evaluate, context=page.context)
        assert "2026-12-11" in said and "2026-12-28" in said and "2026-12-26" not in said
        due = {one.key: one.due_on.isoformat() for one in deadlines.of_case(session, case.id)}
        assert due["labour.quash"] == "2026-12-26", "the day that warnings count from is not moved"
        assert walk(session, work, case, (("tell-sue", "county", {}),)) == ("ruled", True)
        assert sorted(rights(session, case)) == ["labour.quash", "labour.sue"]


def test_who_mediates_about_a_land_contract_keeps_two_years_for_arbitration(
    session: Session, work: Callable[[], None]
) -> None:
    """农村土地承包经营纠纷调解仲裁法 §18; once the arbitration begins the right is used up."""
    facts = {"route_facts": ["dispute"], "subject": "farm_forest", "land_question": "contract"}
    known = clock.today() - timedelta(days=400)
    chosen = {"road": "contract", "contract_way": "arbitration", "infringed_on": known.isoformat()}
    case = start(session, work, PLOT, facts, route="land", risk="YELLOW", level="town")
    walk(session, work, case, (("questions", "duty", {"about": "contract"}), ("decide", "duty", chosen)))
    [right] = [one for one in deadlines.of_case(session, case.id) if one.key == "land.arb.apply"]
    assert (right.due_on.year, right.due_on.month, right.state) == (known.year + 2, known.month, "running")
    walk(session, work, case, (("accept", "land", {}),))
    session.refresh(right)
    assert right.state == "met"


@pytest.mark.parametrize("road", LAND)
def test_a_land_dispute_is_walked_to_its_end(session: Session, work: Callable[[], None], road: str) -> None:
    """土地管理法 §14; 农村土地承包经营纠纷调解仲裁法 §§4, 47; 行政复议法 §20."""
    answers, steps, outcome = LAND[road]
    facts = {"route_facts": ["dispute"], "subject": "farm_forest", **answers}
    case = start(session, work, PLOT, facts, route="land", risk="YELLOW", level="town")
    assert walk(session, work, case, steps) == (outcome, True)
    assert rights(session, case) == ["land.title.sue", "reconsider.apply"], (
        "行政复议法 §§20, 23: reconsideration is open too, and first where a right was acquired already"
    )


def test_a_second_extension_is_refused_in_the_form_and_nothing_of_it_is_lost(
    session: Session, work: Callable[[], None]
) -> None:
    """劳动争议调解仲裁法 §43: once, by fifteen days."""
    facts = {"route_facts": ["dispute"], "subject": "labour"}
    case = start(session, work, WAGES, facts, route="labour", risk="BLUE", level="county")
    longer = {"result": "extend", "approved_by": "示例主任", "reason": "要鉴定"}
    steps: tuple[Step, ...] = (
        ("register", "county", {"route": "arbitration"}), ("guide", "county", {}), ("accept", "labour", {}),
        ("arbitrate", "labour", longer),
    )  # fmt: skip
    walk(session, work, case, steps[:3])
    with pytest.raises(AnswersInvalid) as lacking:
        do(session, case, "arbitrate", "labour", **{**longer, "approved_by": ""})
    assert [one.pointer for one in lacking.value.errors] == ["/approved_by"], "a reason alone approves nothing"
    walk(session, work, case, steps[3:])
    [limit] = [one for one in deadlines.of_case(session, case.id) if one.key == "labour.arb"]
    assert (limit.extension, limit.extension_approved_by, limit.extension_reason) == ("P15D", "示例主任", "要鉴定")
    said = [one["what"] for one in paper_history.lines(session, case)]
    assert any("批准延长15日（批准：示例主任；理由：要鉴定），至" in what for what in said), "the file tells it"
    with pytest.raises(AnswersInvalid) as refused:
        do(session, case, "arbitrate", "labour", **longer)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/result", "not-offered")]
    page = casework.task_page(session, actor(session, "labour"), open_task(session, case, "arbitrate").id)
    assert page.form is not None
    shown = forms.render(page.form, longer, locale="zh", evaluate=formbook.evaluate, context=page.context)
    assert "第四十三条" in shown and "要鉴定" in shown
    assert walk(session, work, case, (("arbitrate", "labour", {}), ("tell-sue", "county", {}))) == ("ruled", True)


def test_what_is_over_can_be_extended_no_more(session: Session, work: Callable[[], None]) -> None:
    """劳动争议调解仲裁法 §43: the form says so and does not offer it, so that nobody is told that it was extended."""
    facts = {"route_facts": ["dispute"], "subject": "labour"}
    steps: tuple[Step, ...] = (
        ("register", "county", {"route": "arbitration"}), ("guide", "county", {}), ("accept", "labour", {}),
    )  # fmt: skip
    with clock.virtual(clock.now()) as time:
        case = start(session, work, WAGES, facts, route="labour", risk="BLUE", level="county")
        walk(session, work, case, steps)
        time.advance(timedelta(days=46))
        work()
        with pytest.raises(AnswersInvalid) as refused:
            do(session, case, "arbitrate", "labour", result="extend", approved_by="示例主任", reason="要鉴定")
        assert [(one.pointer, one.code) for one in refused.value.errors] == [("/result", "not-offered")]
        assert walk(session, work, case, (("arbitrate", "labour", {}), ("tell-sue", "county", {}))) == ("ruled", True)


@pytest.mark.parametrize(("subject", "route", "rule"), [
    ("consumer", "consumer", "G11_consumer"), ("labour", "labour", "G11_labour"), ("neighbours", "civil", "G11"),
])  # fmt: skip
def test_the_timeline_says_which_rule_of_the_gate_decided(
    session: Session, work: Callable[[], None], subject: str, route: str, rule: str
) -> None:
    """消费者权益保护法 §39: a consumer chooses among five roads; 劳动争议调解仲裁法 §5; 人民调解法 §17."""
    facts = {"route_facts": ["dispute"], "subject": subject}
    case = start(session, work, WAGES, facts, route=route, risk="BLUE", level="county")
    [routed] = [one for one in events.of_stream(session, case.id) if one.kind == "case.routed"]
    assert (routed.data["gate"], routed.data.get("rule", "G11")) == ("G11", rule)
    said = [one["what"] for one in paper_history.lines(session, case)]
    assert any(what.endswith("，" + label("gate", rule, "zh")) for what in said), "after what was decided"


def test_a_consumer_complains_to_the_department_or_has_it_mediated(session: Session, work: Callable[[], None]) -> None:
    """消费者权益保护法 §§39, 46: seven working days; who wants mediation gets it."""
    facts, way = {"route_facts": ["dispute"], "subject": "consumer"}, {"risk": "BLUE", "level": "village"}
    case = start(session, work, WAGES, facts, route="consumer", **way)
    do(session, case, "register", "duty", route="mediation")
    work()
    assert [one.element_id for one in casework.open_tasks(session, case.id)] == ["consent"]
    case = start(session, work, WAGES, facts, route="consumer", **way)
    do(session, case, "register", "duty", route="complaint")
    work()
    assert [one.key for one in deadlines.of_case(session, case.id)] == ["consumer"]


def test_a_place_in_danger_has_a_category_at_once(session: Session, work: Callable[[], None]) -> None:
    """地质灾害防治条例 §28: people first, but the hazard register lists it."""
    case = casework.report(session, actor(session, "grid"), {**PLOT, "urgency": "danger_place", "kind": "hazard"}).case
    work()
    session.refresh(case)
    assert (case.kind, case.risk, case.category) == ("hazard", "RED", "H99")


def test_a_medical_dispute_has_thirty_working_days(session: Session, work: Callable[[], None]) -> None:
    """医疗纠纷预防和处理条例 §38: working days, not the usual thirty."""
    facts = {"route_facts": ["dispute"], "subject": "medical"}
    case = start(
        session, work, {**WAGES, "what": "打错针，皮肤烂了"}, facts, route="civil", risk="BLUE", level="village"
    )
    for element, more in (("consent", {}), ("register", MEDICAL)):
        do(session, case, element, "mediator", **more)
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


def test_the_time_of_an_appraisal_does_not_count_and_another_person_checks_an_extension(
    session: Session, work: Callable[[], None]
) -> None:
    """医疗纠纷预防和处理条例 §38: thirty working days, without the appraisal's, and as many more as both agree to."""
    facts = {"route_facts": ["dispute"], "subject": "medical"}
    with clock.virtual(clock.now()) as time:
        case = start(
            session, work, {**WAGES, "what": "打错针，皮肤烂了"}, facts, route="civil", risk="BLUE", level="village"
        )
        for element, more in (
            ("consent", {}), ("register", MEDICAL), ("mediator", {}), ("rights", {}),
            ("session", {"result": "appraisal"}),
        ):  # fmt: skip
            do(session, case, element, "mediator", **more)
            work()
        [limit] = [one for one in deadlines.of_case(session, case.id) if one.key == "pm.medical"]
        before, calendar = limit.due_on, deadlines.calendar(session)
        assert limit.state == "suspended"
        stopped = clock.today()
        time.advance(timedelta(days=14))
        do(session, case, "appraisal", "mediator", entrusted_on=stopped.isoformat())
        work()
        lost = calendar.working_days(stopped, clock.today())
        assert (limit.state, calendar.working_days(before, limit.due_on)) == ("running", lost)
        do(session, case, "session", "mediator", result="extension")
        work()
        do(session, case, "ask-extension", "mediator")
        work()
        with pytest.raises(SeparationOfDuties), session.begin_nested():
            do(session, case, "approve-extension", "mediator")
        do(session, case, "approve-extension", "town")
        work()
        assert calendar.working_days(before, limit.due_on) == lost + 10
        assert (limit.extension, limit.extension_approved_by) == ("WD10", actor(session, "town").id)
        assert case.due_on == limit.due_on


def test_what_was_a_fight_about_land_comes_back_from_the_police_to_the_road_of_land(
    session: Session, work: Callable[[], None]
) -> None:
    """土地管理法 §14: whose it is, is never mediated, also where the police say that people may mediate the rest."""
    facts = {
        "danger_facts": ["public_order"], "route_facts": ["dispute"], "subject": "farm_forest",
        "land_question": "title",
    }  # fmt: skip
    case = start(session, work, PLOT, facts, route="police", risk="YELLOW", level="organ")
    for element, login in (("handover", "duty"), ("receipt", "police"), ("outcome-report", "police")):
        do(session, case, element, login)
        work()
    assert [one.element_id for one in casework.open_tasks(session, case.id)] == ["questions"]
    assert (case.kind, case.level) == ("dispute", "town")
    do(session, case, "questions", "duty")
