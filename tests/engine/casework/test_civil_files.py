"""The file of a mediated dispute as the justice bureau checks it (司法部 2010 人民调解文书格式; 人民调解法 §§26–31)."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from sqlalchemy.orm import Session

from engine import casework, clock, papers
from engine.cases import parties
from engine.cases.models import Case
from engine.cases.permissions import CaseUnknown
from engine.casework import filing
from engine.casework.queries import assignable, open_tasks, task_page
from engine.casework.waiting import waits_for
from engine.casework.work import my_tasks
from engine.documents import commands as documents
from engine.documents import queries
from engine.papers.citing import cited
from engine.workflow.errors import TaskUnknown
from tests.engine.casework.test_filing import NUMBER, words
from tests.factories import LAND, actor, answers, do, open_task

Work = Callable[[], None]
NOBODY = {"result": "none", "failed_because": "数额相差太大"}
TWO = [
    {"who": "示例乙", "what": "补偿第二期", "amount": 1000, "due_on": "2099-02-01"},
    {"who": "示例乙", "what": "改滴水檐", "how": "act", "place": "示例乙家", "due_on": "2099-01-01"},
]


def played(session: Session, work: Work, *steps: tuple[str, str, dict[str, object]]) -> Case:
    """A dispute taken through its first steps and then `steps`, a minute between each."""
    first = [("triage", "duty", {}), ("confirm", "duty", {}), ("consent", "mediator", {}), ("register", "mediator", {})]
    with clock.virtual(clock.now() - timedelta(hours=1)) as time:
        case = casework.report(session, actor(session, "grid"), LAND).case
        for element, login, more in [*first, *steps]:
            time.advance(timedelta(minutes=1))
            work()
            do(session, case, element, login, **more)
        work()
    return case


def of(session: Session, case: Case, key: str) -> list[str]:
    """The words of each paper of a kind, without blanks."""
    file = filing.case_file(session, actor(session, "county"), case.id)
    ids = [one.submission.id for one in file.papers if one.paper.key == key]
    return ["".join(words(filing.paper(session, actor(session, "county"), case.id, one, "pdf", "zh"))) for one in ids]


def test_each_paper_names_the_committee_and_the_mediator_of_its_time(session: Session, work: Work) -> None:
    """人民调解法 §§19, 27: what the village made stays the village's when the town takes the dispute up."""
    joint = [{"mediator": actor(session, "supermarket").id}]
    town = {"mediator": actor(session, "town").id, "how": "appointed", "joint": joint}
    case = played(
        session, work, ("mediator", "mediator", {}), ("rights", "mediator", {}), ("session", "mediator", NOBODY),
        ("mediator", "town", town), ("rights", "town", {}), ("session", "town", NOBODY),
    )  # fmt: skip
    assert case.level == "county"
    [register], rights = of(session, case, "f4-acceptance"), of(session, case, "f5-rights")
    assert "民主村人民调解委员会（示例）（印章）" in register
    chosen, sittings = of(session, case, "f-mediator"), of(session, case, "f10-session")
    for village, of_town in (chosen, sittings, rights):
        assert "民主村人民调解委员会" in village and "钟宝镇人民调解委员会" in of_town
    for village, of_town in (chosen, sittings):
        assert "示例调解员·民主村" in village and "示例调解员·钟宝镇、示例调解员·无忧调解超市" in of_town
    assert "没有达成的原因：数额相差太大" in sittings[0]


def test_whoever_joins_from_another_level_sees_the_case_and_does_its_steps(session: Session, work: Work) -> None:
    """人民调解法 §19: one or several mediate; as long as they do."""
    joined = actor(session, "supermarket")
    case = played(session, work, ("mediator", "mediator", {"joint": [{"mediator": joined.id}]}))
    assert case.level == "village"
    rights = open_task(session, case, "rights")
    assert [one.task.id for one in my_tasks(session, joined, "group").lines if one.case is case] == [rights.id]
    assert (joined.id, "示例调解员·无忧调解超市") in assignable(session, actor(session, "mediator"), rights)
    do(session, case, "rights", "supermarket")
    assert task_page(session, joined, open_task(session, case, "session").id).case is case

    case.joint = []
    session.flush()
    assert not [one for one in my_tasks(session, joined).lines if one.case is case]
    with pytest.raises(CaseUnknown):
        casework.case_page(session, joined, case.id)
    with pytest.raises(TaskUnknown):
        do(session, case, "session", "supermarket")


def test_the_agreement_begins_with_the_facts_that_were_taken_up(session: Session, work: Work) -> None:
    """人民调解法 §29(2): nobody types them twice."""
    case = played(
        session, work, ("mediator", "mediator", {}), ("rights", "mediator", {}), ("session", "mediator", {}),
    )  # fmt: skip
    page = casework.task_page(session, actor(session, "mediator"), open_task(session, case, "agreement").id)
    assert page.raw["facts"] == answers("f4-acceptance")["facts"]


def test_after_performance_a_case_waits_for_its_day_and_for_nobody(session: Session, work: Work) -> None:
    case = played(
        session, work, ("mediator", "mediator", {}), ("rights", "mediator", {}), ("session", "mediator", {}),
        ("agreement", "mediator", {}), ("perform", "mediator", {}),
    )  # fmt: skip
    assert [one.kind for one in waits_for(session, case)] == ["timer"], "that somebody may be in danger is no wait"


def test_a_proof_of_performance_says_what_was_performed(session: Session, work: Work) -> None:
    """人民调解法 §31; the page that asks says it too."""
    case = played(
        session, work, ("mediator", "mediator", {}), ("rights", "mediator", {}), ("session", "mediator", {}),
        ("agreement", "mediator", {"obligations": TWO, "copies": 12}),
    )  # fmt: skip
    [task] = open_tasks(session, case.id)
    assert "改滴水檐" in str(task_page(session, actor(session, "mediator"), task.id).context["owed"])
    do(session, case, "perform", "mediator")
    work()
    do(session, case, "perform", "mediator", amount=1000)
    work()
    first, second = of(session, case, "f13-performance")
    assert "示例乙：改滴水檐" in first and "2099年1月1日" in first
    assert "示例乙：补偿第二期（1,000元）" in second and "2099年2月1日" in second
    [agreement] = of(session, case, "f11-agreement")
    assert "一式十二份" in agreement and "示例乙家" in agreement
    [number] = [one.document.number for one in filing.case_file(session, actor(session, "county"), case.id).papers
                if one.paper.key == "f11-agreement" and one.document]  # fmt: skip
    assert f"编号：{number}" in agreement


def test_the_package_for_outside_has_room_for_what_was_not_agreed(session: Session, work: Work) -> None:
    """人民调解法 §§21, 29: a line to write on, no lone full stop; the thirty days of §33 are told."""
    case = played(session, work, ("mediator", "mediator", {}))
    pages = words(filing.package(session, actor(session, "mediator"), case.id))
    record = next(text for text in pages if text.startswith("人民调解记录"))
    assert "李家建房占地一尺多" in pages[0] and "民主人调受" in pages[0], "what is registered goes along as it stands"
    assert "一式＿＿份" in "".join(pages)
    assert "没有达成的原因：" in record and "。没有" not in record and "结果。" not in record
    assert "共同向人民法院申请司法确认（民事诉讼法第二百零五条）" in "".join(pages)


def test_the_excerpt_of_identities_stands_in_its_place_and_the_index_tells_papers_apart(
    session: Session, settled: Case
) -> None:
    """F2, F6: after the notice of rights, before the record; number or day beside each."""
    parties.put(session, settled, None, {"id_number": NUMBER}, parties.of_case(session, settled.id)[0])
    index = words(filing.finish(session, actor(session, "mediator"), settled.id, {}).content)[1]
    assert index.index("权利义务告知书") < index.index("当事人身份证明") < index.index("人民调解记录")
    assert "〔2026〕" in index or "人调受〔" in index


def test_a_long_label_of_who_signs_has_a_line_of_its_own() -> None:
    made = papers.pdf(
        "x", [papers.Part("x", papers.fill("# x\n~ 甲 ~ 接受履行的人（签名、盖章或按指印） ~ 乙 ~ 丙", {}))]
    )
    assert "甲：接受履行的人（签名、盖章或按指印）：乙：丙：" in "".join(words(made))


@pytest.mark.parametrize(("law", "in_papers"), [
    ("人民调解法 §33；民事诉讼法 §205", "人民调解法第三十三条；民事诉讼法第二百零五条"),
    ("信访工作条例 §§29, 31(五)（没有法定期限）", "信访工作条例第二十九条、第三十一条第五项（没有法定期限）"),
    ("劳动争议调解仲裁法 §§47–51", "劳动争议调解仲裁法第四十七条至第五十一条"),
    ("人民调解工作若干规定 §33（非法律）", "人民调解工作若干规定第三十三条"),
    ("劳动争议调解仲裁法 §29（按工作日，待核）", "劳动争议调解仲裁法第二十九条"),
    ("最高法立案与调解工作意见（2025）", "最高法立案与调解工作意见（2025）"),
])  # fmt: skip
def test_papers_name_articles_as_chinese_papers_do(law: str, in_papers: str) -> None:
    assert cited(law) == in_papers


def test_a_later_form_that_leaves_a_gap_takes_nothing_from_what_is_known_of_a_party(
    session: Session, settled: Case
) -> None:
    """Sex, birth and address of the acceptance register stay, whatever the agreement leaves out."""
    full = {"side": "applicant", "name": "示例甲", "sex": "male", "address": "民主村一组", "birth_date": "1970-01-02"}
    parties.take_over(session, settled, None, {"parties": [full]})
    bare = {"side": "applicant", "name": "示例甲", "sex": None, "address": "", "birth_date": None}
    parties.take_over(session, settled, None, {"parties": [bare]})
    [one] = [party for party in parties.of_case(session, settled.id) if party.name == "示例甲"]
    assert (one.sex, one.address, str(one.birth_date)) == ("male", "民主村一组", "1970-01-02")


def test_an_organisation_has_no_sex_and_an_agent_has_powers(session: Session, work: Work) -> None:
    """F4, F7: 民法典 §§57, 165."""
    case = played(session, work)
    other = next(one for one in parties.of_case(session, case.id) if one.role == "respondent")
    parties.put(session, case, None, {"kind": "organisation"}, other)
    agent = {"role": "agent", "name": "示例律师", "acts_for": str(other.id), "powers": "special"}
    parties.put(session, case, None, agent)
    told = words(filing.package(session, actor(session, "county"), case.id))
    assert "代理人（签名、盖章或按指印）：" in "".join(told), "the agent signs beside the party"
    [register] = of(session, case, "f4-acceptance")
    assert "单位名称示例乙" in register and register.count("性别") == 1
    assert "示例律师（特别授权）" in register


def test_a_void_agreement_says_so_wherever_it_is_named(session: Session, settled: Case) -> None:
    """Paper, proof of performance, call-back and closing report: the number stays, and that it is void."""
    [document] = [one for one in queries.of_case(session, settled.id) if one.kind == "f11-agreement"]
    documents.void(session, document, "m1", reason="写错当事人")
    session.flush()
    void = f"{document.number}（已作废）"
    for key in ("f11-agreement", "f13-performance", "f14-callback"):
        assert void in of(session, settled, key)[0]
    file = words(filing.finish(session, actor(session, "mediator"), settled.id, {}).content)
    assert f"文书作废：{document.number}（写错当事人）" in "".join(file)


def test_the_register_takes_an_organisation_as_one(session: Session, work: Work) -> None:
    """F4: 单位 has no sex to be left blank."""
    firm = {"side": "respondent", "name": "示例合作社", "kind": "organisation", "phone": "0915-3300109"}
    both = [{"side": "applicant", "name": "示例甲", "sex": "female"}, firm]
    with clock.virtual(clock.now()):
        case = casework.report(session, actor(session, "grid"), LAND).case
        for element, login, more in (
            ("triage", "duty", {}), ("confirm", "duty", {}), ("consent", "mediator", {}),
            ("register", "mediator", {"parties": both}),
        ):  # fmt: skip
            work()
            do(session, case, element, login, **more)
    [register] = of(session, case, "f4-acceptance")
    assert "单位名称示例合作社联系方式0915-3300109" in register and register.count("性别") == 1


def test_a_document_to_correct_has_a_paragraph_for_each_clause_and_a_line_to_sign() -> None:
    made = papers.docx("x", papers.fill("{{ clauses }}\n~ 甲\n| a | b |", {"clauses": "一、改檐。\n二、付清。"}))
    document = docx.Document(BytesIO(made))
    assert [one.text.rstrip("_") for one in document.paragraphs] == ["一、改檐。", "二、付清。", "甲："]
    assert document.paragraphs[2].text.endswith("____")
    first, second = document.tables[0].rows[0].cells
    assert first.width and second.width and first.width < second.width
