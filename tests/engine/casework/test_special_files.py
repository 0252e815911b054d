"""The files of the special procedures, printed from the report to the closing report, as a lawyer would follow them."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

import forms
from engine import casework, clock, papers
from engine.cases import commands as cases
from engine.cases import queries as case_queries
from engine.cases.models import Case
from engine.casework import filing, formbook, paper_facts, procedures, receptions
from engine.casework.errors import AnswersInvalid
from engine.deadlines import commands as deadlines
from engine.documents import commands as documents
from engine.ledger import queries as ledger
from tests.factories import LAND, ROCK, actor, answers, closed, do

Work = Callable[[], None]
Step = tuple[str, str, dict[str, Any]]

REPORT = {"what": "示例反映", "where": "钟宝镇民主村", "urgency": "ordinary", "kind": "dispute"}
TAKEN = {"decision": "accept", "accepted_as": "administrative", "receipt_number": "示例回执1号"}
ARBITRATION = {"road": "contract", "contract_way": "arbitration", "infringed_on": "2026-11-20"}

LABOUR = ({"route_facts": ["dispute"], "subject": "labour"}, {"route": "labour", "risk": "BLUE", "level": "county"})
FARM = {"route_facts": ["dispute"], "subject": "farm_forest"}
BY_LAND = {"route": "land", "risk": "YELLOW", "level": "town"}
VIOLENCE = (
    {"danger_facts": ["public_order"], "subject": "neighbours"},
    {"route": "police", "risk": "BLUE", "level": "town"},
)

FILES: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[Step, ...], str, str, tuple[str, ...]]] = {
    "police": (*VIOLENCE, (
        ("handover", "duty", {}), ("receipt", "police", TAKEN), ("case-progress", "police", {}),
        ("outcome-report", "police", {
            "outcome": "police_mediation", "minor": "yes", "guardian": "present", "suspect": "in_person",
        }),
    ), "handed_over", "duty", (
        "移交公安机关函", "人民调解法》第二十五条", "钟宝派出所（示例）：", "〔2026〕", "公安机关接收回执",
        "行政（治安）案件",
        "治安案件办理进度反馈", "公安机关处理结果反馈单", "未成年人的监护人到场", "第一百三十六条",
        "治安案件办理：期限内完成",
    )),
    "arbitration of labour": (*LABOUR, (
        ("register", "county", {}), ("mediate", "county", {}), ("guide", "county", {}), ("accept", "labour", {}),
        ("arbitrate", "labour", {}), ("tell-sue", "county", {}),
    ), "ruled", "county", (
        "劳动争议登记表", "申请仲裁的时效至", "劳动争议调解记录", "第十四条", "申请劳动仲裁告知书", "劳动仲裁受理回执",
        "劳动仲裁裁决后权利告知书", "第四十八条", "起诉期至",
    )),
    "labour inspection": (*LABOUR, (
        ("register", "county", {"matter": "wages", "workers": "ten", "route": "inspection"}), ("reps", "county", {}),
        ("inspect", "labour", {"result": "extend", "approved_by": "示例局长", "reason": "涉及三个工地"}),
        ("inspect", "labour", {}),
    ), "ruled", "county", (
        "推举代表书", "示例代表", "劳动保障监察处理结果", "六十个工作日", "监察条例第十七条", "延长",
    )),
    "an arbitration that is not accepted": (*LABOUR, (
        ("register", "county", {"route": "arbitration"}), ("guide", "county", {}),
        ("accept", "labour", {"accepted": "no", "ground": "scope"}),
        ("tell-refused", "county", {"routes_told": ["court"]}),
    ), "guided", "county", ("不受理的依据", "第二十九条", "途径告知书", "向法院起诉")),
    "title": ({**FARM, "land_question": "title"}, BY_LAND, (
        ("questions", "duty", {}), ("decide", "duty", {}), ("status-quo", "duty", {}), ("receipt", "land", {}),
        ("title-decision", "land", {}), ("tell-sue", "duty", {}),
    ), "ruled", "duty", (
        "土地山林争议登记（三问）", "处理途径决定", "维持现状告知书", "示例甲、示例乙：", "地里种着玉米",
        "权属争议处理申请回执",
        "权属处理结果", "裁决、处理决定后权利告知书", "三十日内向人民法院起诉", "第十四条",
    )),
    "contract: arbitration": ({**FARM, "land_question": "contract"}, {**BY_LAND, "risk": "BLUE"}, (
        ("questions", "duty", {"about": "contract", "against": "group"}), ("decide", "duty", ARBITRATION),
        ("accept", "land", {}),
        ("arbitrate", "land", {"result": "extend", "approved_by": "示例主任", "reason": "要勘验"}),
        ("arbitrate", "land", {}), ("tell-sue", "duty", {}),
    ), "ruled", "duty", (
        "承包仲裁受理回执", "第二十三条", "承包仲裁结果", "示例主任", "要勘验", "第四十七条", "第四十八条",
    )),
    "expropriation": ({"route_facts": ["dispute"], "subject": "expropriation"}, BY_LAND, (
        ("questions", "duty", {"about": "expropriation", "against": "government", "known_on": "2026-11-20"}),
        ("decide", "duty", {"road": "expropriation"}), ("tell-review", "duty", {"routes_told": ["reconsideration"]}),
    ), "guided", "duty", ("途径告知书", "行政复议（60日内）", "六个月内提起行政诉讼", "2027年1月19日")),
}  # fmt: skip


def play(session: Session, work: Work, case: Case, steps: tuple[Step, ...]) -> None:
    for element, login, more in steps:
        work()
        do(session, case, element, login, **more)
    work()


def printed(session: Session, case: Case, login: str) -> str:
    """The finished file's words, without blanks."""
    made = filing.finish(session, actor(session, login), case.id, {})
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(made.content)).pages)


def read(text: str, expected: tuple[str, ...]) -> None:
    assert [word for word in expected if word not in text] == []
    assert re.findall(r"None|[a-z]+_[a-z]+", text) == [], "nothing but words for people"


@pytest.mark.parametrize("name", FILES)
def test_a_file_can_be_followed_from_the_report_to_the_archive(session: Session, work: Work, name: str) -> None:
    facts, way, steps, outcome, login, expected = FILES[name]
    case = casework.report(session, actor(session, "grid"), REPORT).case
    play(session, work, case, (("triage", "duty", facts), ("confirm", "duty", way), *steps))
    assert closed(session, case) == (outcome, True)
    text = printed(session, case, login)
    read(text, expected)


def test_the_file_of_a_protection_says_what_the_law_asks_and_stays_sealed(session: Session, work: Work) -> None:
    """反家庭暴力法 §§14, 17, 23, 28, 30."""
    told = casework.procedures.start(
        session, actor(session, "grid"), "protection", {**LAND, "urgency": "danger_people"}
    )
    steps: tuple[Step, ...] = (
        ("report", "duty", {}), ("receipt", "police", TAKEN), ("case-progress", "police", {}),
        ("outcome-report", "police", {"outcome": "public_order"}), ("help", "women", {}),
        ("ask-order", "women", {}),
    )  # fmt: skip
    play(session, work, told.case, steps)
    for longer in (
        {"term_months": 7},
        {"term_months": 2.5},
        {"term_in": "days", "term_months": None, "term_days": 182},
    ):
        with pytest.raises(AnswersInvalid):
            do(session, told.case, "order", "court", **longer)
    play(session, work, told.case, (("order", "court", {}), ("visit", "police", {}), ("close-review", "county", {})))
    assert closed(session, told.case) == ("protected", True)
    text = printed(session, told.case, "county")
    read(text, (
        "强制报告记录", "未成年人保护法》第十一条", "告知、庇护和救助记录", "人身安全保护令申请情况记录", "七十二小时",
        "人身安全保护令裁定情况", "示例民保令1号", "有效期6个月已送达", "不超过六个月",
        "查访记录", "第十七条", "封存结案审核表",
    ))  # fmt: skip
    assert told.case.sealed


def test_the_file_of_a_reception_says_who_received_when_where_and_what_for(session: Session, work: Work) -> None:
    """信访工作条例 §18."""
    officer, leader = actor(session, "petition"), actor(session, "leader")
    petition = casework.report(session, actor(session, "grid"), LAND).case
    petition.kind = "petition"
    with clock.virtual(clock.now()) as time:
        begins = clock.now() + timedelta(days=3)
        slot = receptions.open_slot(
            session, officer, leader=leader.id, place="示例接访大厅", starts_at=begins, capacity=2
        )  # fmt: skip
        session.flush()
        receptions.book(session, officer, slot.id, petition.number)
        time.advance(timedelta(days=3))
        work()
        case = session.get_one(Case, slot.case_id)
        decided = {"what": "十日内书面答复", "owner": "organ_officer", "due_on": "2099-01-01"}
        both = [decided, {"what": "先修好水管", "owner": "land_officer", "due_on": "2099-01-01"}]
        for login, given in (
            ("petition", {"came": "yes", "heard": "补偿何时到账", "present": "示例财政局", "decisions": both}),
            ("land", {"state": "done", "result": "水管已修好"}), ("organ", {"state": "done", "result": "已书面答复"}),
            ("leader", {"seen": True}),
        ):  # fmt: skip
            task, *_ = casework.my_tasks(session, actor(session, login)).lines
            casework.complete_task(session, actor(session, login), task.task.id, given)
            work()
        assert closed(session, case) == ("finished", True)
        read(printed(session, case, "petition"), (
            "卷名领导接访", leader.name, "示例接访大厅", petition.number, "十日内书面答复", "已书面答复", "第十八条",
            "参加的单位和人员示例财政局", "议定事项十日内书面答复", "办结期限2099年1月1日",
        ))  # fmt: skip
        file = filing.case_file(session, officer, case.id)
        assert file.missing == [], "the register of one petition belongs in that petition's file"
        items = [one for one in file.papers if one.paper.key == "f-followup"]
        assert [(one.title("zh")[-5:], one.title("en")[-8:]) for one in items] == [
            ("（第1项）", "(item 1)"), ("（第2项）", "(item 2)"),
        ]  # fmt: skip
        assert [one.submission.answers["what"] for one in items] == [one["what"] for one in both]


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize(("locale", "day"), [("zh", "期限：2026年12月2日"), ("en", "Until: 2026-12-02")])
def test_who_carries_out_a_decision_reads_its_day_in_their_language(session: Session, locale: Any, day: str) -> None:
    form = formbook.newest(session, "f-followup").form
    item = {"what": "先修好水管", "owner": "land_officer", "due_on": "2026-12-02"}
    assert day in forms.render(form, {}, locale=locale, evaluate=formbook.evaluate, context={"item": item})


def test_the_file_of_a_visit_with_cases_says_who_went_when_where_and_for_which(session: Session, work: Work) -> None:
    """信访工作条例 §18: what the petition office arranges by itself (带案下访) stands in minutes, cover and report."""
    petition = casework.report(session, actor(session, "grid"), LAND).case
    session.flush()
    office, begins = actor(session, "petition"), clock.now() + timedelta(days=3)
    report = {"what": "带案下访", "where": "钟宝镇民主村", "urgency": "ordinary"}
    with clock.virtual(clock.now()) as time:
        case = procedures.start(session, office, "leader-reception", report).case
        for login, given in (
            ("petition", {"mode": "visit", "leader": "示例县长", "meets_at": begins.isoformat(timespec="minutes"),
                          "place": "示例村委会", "cases": [{"number": petition.number}]}),
            ("petition", {"came": "yes", "heard": "补偿何时到账", "decisions": []}),
            ("leader", {"seen": True}),
        ):  # fmt: skip
            work()
            time.advance(timedelta(days=3))
            work()
            [task] = casework.open_tasks(session, case.id)
            casework.complete_task(session, actor(session, login), task.id, given)
        work()
        read(printed(session, case, "petition"), (
            "卷名领导带案下访", f"领导带案下访纪要接访领导示例县长时间{paper_facts.day(begins)}",
            f"约访事项{petition.number}", "领导接访办结报告",
        ))  # fmt: skip


def test_the_file_of_a_fraud_says_what_stops_the_payment(session: Session, work: Work) -> None:
    """反电信网络诈骗法 §20."""
    told = casework.procedures.start(session, actor(session, "duty"), "fraud", {**LAND, "urgency": "danger_people"})
    steps: tuple[Step, ...] = (
        ("record", "duty", {"amount": 32000, "to_account": "示例账号"}),
        ("receipt", "police", TAKEN | {"accepted_as": "criminal"}),
        ("outcome-report", "police", {"outcome": "criminal"}), ("tell-back", "duty", {}),
    )  # fmt: skip
    play(session, work, told.case, steps)
    text = printed(session, told.case, "duty")
    read(text, ("卷〔", "电信网络诈骗警情记录", "报110时间", "32,000", "示例账号", "第二十条", "回告和防骗提醒记录"))


def test_the_file_of_a_hazard_goes_from_the_call_to_the_striking_off(session: Session, work: Work) -> None:
    """地质灾害防治条例 §§28, 29; what takes two rounds prints as a first and a second paper."""
    case = casework.report(session, actor(session, "grid"), ROCK).case
    work()
    assert case.category == "H99", "nobody has asked yet"
    kind = {"category": "H01"}
    steps: tuple[Step, ...] = (
        ("call", "grid", {}),
        ("verify", "hazard", {**kind, "disaster_grade": "small", "found": "坡上有裂缝"}),
        ("fast-report", "hazard", {}),
        ("measures", "hazard", kind), ("rectify", "hazard", {}),
        ("recheck", "hazard2", photo(session) | {"fixed": "no"}),
        ("measures", "hazard", kind), ("rectify", "hazard", {}), ("recheck", "hazard2", photo(session)),
        ("strike-off", "hazard2", {}),
    )  # fmt: skip
    play(session, work, case, steps)
    assert case.category == "H01"
    text = printed(session, case, "hazard")
    read(text, (
        "险情电话报告记录", "根据《地质灾害防治条例》第十九条", "隐患登记核实表", "地质灾害速报",
        "隐患整改通知书（第1次）", "隐患整改通知书（第2次）",
        "隐患整改情况（第2次）", "隐患复查意见书（第2次）", "隐患销号单", "附件（电子文件另附）：photo.png",
    ))  # fmt: skip
    [register] = re.findall(r"地点.*?现场核实.*?核实人", text)
    assert [register.count(word) for word in ("核实时间", "等级", "坡上有裂缝", "类别地质灾害")] == [1, 1, 1, 1]


def photo(session: Session) -> dict[str, list[str]]:
    taken = documents.store_upload(session, actor(session, "hazard2").id, "photo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 32)
    session.flush()
    return {"photos": [str(taken.id)]}


def test_a_listed_hazard_is_told_of_weekly_and_shown_to_its_leader(session: Session, work: Work) -> None:
    """安全生产法 §41 (挂牌督办): the leader reads the week's progress in a step of theirs, until it is fixed."""
    listed = {"listed_by": "示例县应急局", "listed_leader": "示例领导", "fix_due": "2099-01-01"}
    with clock.virtual(clock.now()) as time:
        case = casework.report(session, actor(session, "grid"), ROCK).case
        verified = {"category": "H06", "geological": "no", "grade": "major"}
        play(
            session, work, case, (("call", "grid", {}), ("verify", "hazard", verified), ("measures", "hazard", listed))
        )
        time.advance(timedelta(days=7))
        slow = {"state": "slow", "progress": "示例进展：支架到了一半"}
        play(session, work, case, (("weekly-status", "hazard", slow),))
        [look] = [one for one in casework.open_tasks(session, case.id) if one.element_id == "weekly-look"]
        page = casework.task_page(session, actor(session, "leader"), look.id)
        assert page.context["week"]["progress"] == "示例进展：支架到了一半", "all of the case that the leader is shown"
        play(session, work, case, (("weekly-look", "leader", {"seen": "faster", "words": "本周内补齐"}),))
        time.advance(timedelta(days=7))
        work()
        assert {one.element_id for one in casework.open_tasks(session, case.id)} == {"rectify", "weekly-status"}
        do(session, case, "rectify", "hazard")
        work()
        assert [one.element_id for one in casework.open_tasks(session, case.id)] == ["recheck"]
    case = session.get_one(Case, case.id)
    shown = filing.case_file(session, actor(session, "hazard"), case.id)
    words = "".join(
        str(papers.fill(papers.shipped_template(one.paper.key), {
            **paper_facts.of_case(session, case), **paper_facts.of_submission(session, one.submission),
        }))
        for one in shown.papers
        if one.paper.key.startswith("f-listed")
    )  # fmt: skip
    assert all(word in words for word in ("慢了", "支架到了一半", "加快，按批示办", "本周内补齐"))


def test_the_papers_of_a_confirmation_are_what_a_court_takes(session: Session, work: Work) -> None:
    """民事诉讼法 §§187, 205, 206: applied for jointly, in thirty days; decided in thirty; enforced within two years."""
    told = casework.report(session, actor(session, "grid"), REPORT)
    told.case.level = "village"
    papers_of = {
        "f15-confirmation": ("司法确认申请书", "共同提出", "第二百零五条", "此致", "申请期至"),
        "f-jc-court": ("司法确认申请收件回执", "第二百零六条", "第一百八十七条"),
        "f-jc-tell": ("司法确认结果告知书", "第三百七十二条"),
    }
    deadlines.start(session, told.case.id, "pm.confirm.window")
    for form in papers_of:
        form_id = formbook.newest(session, form).id
        cases.submit(session, told.case, None, form_key=form, form_id=form_id, answers=answers(form))
    session.flush()
    facts = paper_facts.of_case(session, told.case)
    for one in case_queries.submissions(session, told.case.id):
        if one.form_key in papers_of:
            template = papers.shipped_template(one.form_key)
            filled = papers.fill(template, {**facts, **paper_facts.of_submission(session, one)})
            text = "".join(str(part) for part in filled)
            assert [word for word in papers_of[one.form_key] if word not in text] == []


def test_a_hand_over_to_the_police_is_the_centre_s_whoever_keeps_the_case(session: Session, work: Work) -> None:
    """The duty officer's letter bears the name and the number of the centre, not those of a mediation committee."""
    case = casework.report(session, actor(session, "grid"), REPORT).case
    play(session, work, case, (("triage", "duty", VIOLENCE[0]), ("confirm", "duty", VIOLENCE[1])))
    case.kind, case.level = "dispute", "county"
    session.flush()
    play(session, work, case, (("handover", "duty", {}),))
    [letter] = [one for one in filing.case_file(session, actor(session, "county"), case.id).papers
                if one.paper.key == "f-handover"]  # fmt: skip
    pdf = filing.paper(session, actor(session, "county"), case.id, letter.submission.id, "pdf", "zh")
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)
    assert "钟宝镇综治中心值班（示例）在办理" in text and "超市" not in text
    assert letter.document and letter.document.number.startswith("钟宝综移〔")
    assert "要求为其保密" not in text, "nobody asked for it"
    asked = letter.submission
    asked.answers = {**asked.answers, "reporter_secret": True}
    facts = {**paper_facts.of_case(session, case), **paper_facts.of_submission(session, asked)}
    assert "要求为其保密" in str(papers.fill(papers.shipped_template("f-handover"), facts))


def test_a_referral_has_a_numbered_letter_that_names_nobody_and_stays_sealed(session: Session, work: Work) -> None:
    """精神卫生法 §§4, 26: the letter goes out without a name or a story; the case is in no list."""
    told = {
        "what": "示例：夜里睡不着，想找人说说",
        "where": "民主村",
        "urgency": "ordinary",
        "reporter_name": "示例某人",
    }
    case = procedures.start(session, actor(session, "duty"), "counselling", told).case
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("screen", "duty", {"danger": "no", "words": "本人说睡不着", "agreed": True}),
        ("refer", "women", {"to": "centre", "next_on": (clock.today() + timedelta(days=7)).isoformat()}),
    )
    for element, login, given in steps:
        work()
        task = next(one for one in casework.open_tasks(session, case.id) if one.element_id == element)
        casework.complete_task(session, actor(session, login), task.id, given)
    work()
    session.refresh(case)
    assert case.sealed
    filed = filing.case_file(session, actor(session, "county"), case.id).papers
    [letter] = [one for one in filed if one.paper.key == "f-mind-refer"]
    assert letter.document is not None and "综心转〔" in letter.document.number
    facts = {**paper_facts.of_case(session, case), **paper_facts.of_submission(session, letter.submission)}
    text = str(papers.fill(papers.shipped_template("f-mind-refer"), {**facts, "number": letter.document.number}))
    assert "心理疏导转介函" in text and "示例某人" not in text and "睡不着" not in text
    listed = ledger.page(session, actor(session, "duty"), ledger.Filters()).cases
    assert case.id not in {one.id for one in listed}
