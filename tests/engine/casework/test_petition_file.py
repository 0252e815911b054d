"""A petition from report to archive: each letter numbered in its series, served, and told in the closing report."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases.models import Case
from engine.cases.queries import submissions
from engine.casework import filing, paper_facts, paper_history
from engine.documents import queries
from tests.engine.casework.conftest import Work
from tests.factories import actor, do

WATER = {"what": "村里的水管漏了半年", "where": "钟宝镇民主村", "urgency": "ordinary", "reporter_name": "示例信访人"}
WAY = (
    ("register", "petition", {"facts": ["urgent"]}), ("report-urgent", "petition", {}), ("sort", "petition", {}),
    ("send", "petition", {}), ("receive", "organ", {}), ("notice", "organ", {}),
    ("investigate", "organ", {"next": "hearing"}), ("hearing", "organ", {}),
    ("investigate", "organ", {"next": "extension"}), ("ask-extension", "organ", {}), ("approve", "leader", {}),
    ("tell-extension", "organ", {}), ("investigate", "organ", {}), ("opinion", "organ", {}), ("serve", "organ", {}),
    ("ask-review", "petition", {}), ("review", "review", {}), ("serve-review", "review", {}),
    ("ask-recheck", "petition", {}), ("recheck", "review2", {"hearing": "yes"}), ("recheck-hearing", "review2", {}),
    ("recheck", "review2", {}), ("serve-recheck", "review2", {}),
    ("rate", "petition2", {}),
)  # fmt: skip
LETTERS = {
    "f-pet-send": "镇信转", "f-pet-notice": "镇信受告", "f-pet-extend-notice": "镇信延告", "f-opinion": "镇信意",
    "f-pet-review": "镇信复查", "f-pet-recheck": "镇信复核",
}  # fmt: skip


@pytest.fixture
def ended(session: Session, work: Work) -> Case:
    """A petition that went through every instance."""
    with clock.virtual(clock.now()) as time:
        case = casework.procedures.start(session, actor(session, "petition"), "petition-intake", WATER).case
        for element, login, more in WAY:
            work()
            do(session, case, element, login, **more)
            time.advance(timedelta(days=1))
        work()
    return case


def text(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_each_letter_bears_the_next_number_of_its_series(session: Session, ended: Case) -> None:
    """信访工作条例 §§22, 23, 32, 34, 35, 36: all in writing, so all with a number."""
    numbered = {one.kind: one.number for one in queries.of_case(session, ended.id)}
    year = clock.today().year
    assert numbered == {kind: f"{series}〔{year}〕1号" for kind, series in LETTERS.items()}


def test_the_finished_file_of_a_petition_has_no_gap(session: Session, ended: Case) -> None:
    """Cover, letters with numbers and organ, proofs of service that name what was served, and every deadline."""
    made = filing.finish(session, actor(session, "petition"), ended.id, {})
    found = text(made.content)
    year = clock.today().year
    assert f"镇信卷〔{year}〕1号" in found
    for expected in (
        "信访事项卷宗", "紧急重大信访事项报告", "信访事项交办函", "信访事项受理告知书", "信访听证笔录",
        "信访事项延期办理告知书", "信访事项处理意见书", "信访事项复查意见书", "信访事项复核意见书", "送达回证",
        "信访事项办结报告", "信访事项延期审批意见", "信访事项复查申请登记",
        "信访事项复核申请登记", "示例县水利局（印章）", "镇坪县信访局（示例）",
    ):  # fmt: skip
        assert expected in found, expected
    for series in ("信意", "信复查", "信复核"):
        number = f"镇{series}〔{year}〕1号"
        assert f"文书编号{number}" in found, f"the proof of service names {number}"
    for organ, what in (("示例市水利局（印章）", "复查"), ("示例省水利厅（印章）", "复核")):
        assert found.count(organ) == 2, f"the proof of service of the {what} bears the organ that wrote it"
    assert found.index("信访听证笔录", found.index("信访登记表登记编号")) < found.index("信访事项延期申请编号")
    assert found.count("信访人（签收）") == 2, "who got the notices of acceptance and extension signs for them"
    assert "信访办理（信访工作条例第三十四条）开始计算，至" in found
    assert "信访办理：批准延长30日（批准：示例领导；理由：" in found, "by whom and why"
    assert "复核（信访工作条例第三十六条）开始计算" in found
    assert "结案：复核终结" in found
    assert "人民调解" not in found, "a petition's file is no mediation file"


def test_the_second_request_and_its_hearing_stand_behind_the_review(session: Session, ended: Case) -> None:
    """信访工作条例 §§35, 36: whoever reads the file reads one instance after the other."""
    names = [one.paper.zh for one in filing.case_file(session, actor(session, "petition"), ended.id).papers]
    begin, end = names.index("信访事项复查申请登记"), names.index("信访事项复核意见书")
    assert names[begin:end] == [
        "信访事项复查申请登记", "信访事项复查意见书", "送达回证", "信访事项复核申请登记", "信访复核听证笔录",
    ]  # fmt: skip
    assert names.index("信访听证笔录") < begin, "the hearing of the first instance stays with it"


def test_a_decision_to_hear_first_is_no_opinion(session: Session, ended: Case) -> None:
    """信访工作条例 §36: one opinion ends the matter; no empty one without a number lies beside it."""
    filed = filing.case_file(session, actor(session, "petition"), ended.id).papers
    opinions = [one for one in filed if one.paper.key == "f-pet-recheck"]
    assert [one.document is not None for one in opinions] == [True]
    found = text(filing.finish(session, actor(session, "petition"), ended.id, {}).content)
    assert found.count("本意见为信访事项的终结性意见") == 1
    assert "第三十一条第六项" in found and "不计算在复核期限内" in found


def test_a_paper_tells_the_day_as_it_stood_and_a_right_its_working_day(session: Session, work: Work) -> None:
    """信访工作条例 §34, 民法典 §203: an application names the day before the extension; a right ends on no Saturday."""
    with clock.virtual(datetime(2026, 11, 26, 9, tzinfo=clock.ZONE)) as time:
        case = casework.procedures.start(session, actor(session, "petition"), "petition-intake", WATER).case
        for element, login, more in WAY[: WAY.index(("ask-review", "petition", {}))]:
            work()
            do(session, case, element, login, **more)
            time.advance(timedelta(minutes=1))
        work()
        asked = next(one for one in submissions(session, case.id) if one.form_key == "f-pet-extend")
        due = paper_facts.of_case(session, case)["due"]
        assert paper_facts.of_submission(session, asked)["due_then"]["pet.handle"] == "2027年1月25日"
        assert (due["pet.handle"], due["pet.review.apply"]) == ("2027年2月24日", "2026年12月28日")
        told = [one["what"] for one in paper_history.lines(session, case)]
        assert "申请复查（信访工作条例第三十五条）开始计算，至2026年12月28日" in told
