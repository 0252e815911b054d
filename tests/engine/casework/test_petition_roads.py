"""Petitions by what the law asks of each: only what §31(六) means is answered within sixty days and reviewed."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases.models import Case
from engine.casework import adding, filing
from engine.casework.errors import AnswersInvalid
from engine.casework.house import PROCESSES
from engine.deadlines import queries as deadlines
from engine.workflow import definitions
from engine.workflow.files import File
from tests.engine.casework.conftest import Work
from tests.factories import actor, closed, do

WATER = {"what": "村里的水管漏了半年", "where": "钟宝镇民主村", "urgency": "ordinary", "reporter_name": "示例信访人"}
TO_THE_ORGAN = (("sort", "petition", {}), ("send", "petition", {}))
TAKEN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    *TO_THE_ORGAN, ("receive", "organ", {}), ("notice", "organ", {"told": ["receipt", "procedure"]}),
    ("investigate", "organ", {}),
)  # fmt: skip


def registered(session: Session, work: Work, *steps: tuple[str, str, dict[str, Any]], **register: Any) -> Case:
    case = casework.procedures.start(session, actor(session, "petition"), "petition-intake", WATER).case
    for element, login, more in (("register", "petition", register), *steps):
        work()
        do(session, case, element, login, **more)
    work()
    return case


def states(session: Session, case: Case) -> dict[str, str]:
    return {one.key: one.state for one in deadlines.of_case(session, case.id)}


def finished(session: Session, case: Case) -> str:
    pdf = filing.finish(session, actor(session, "petition"), case.id, {}).content
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("register", "opinion", "right"),
    [
        ({"facts": ["duty"]}, {"rights_told": None, "remedies_told": True}, "六个月内提起行政诉讼"),
        ({"purpose": "suggestion"}, {"rights_told": None, "result": "adopted"}, None),
    ],
    ids=["信访工作条例 §31(五)", "信访工作条例 §29"],
)
def test_a_demand_for_a_duty_and_a_suggestion_are_answered_and_not_reviewed(
    session: Session, work: Work, register: dict[str, Any], opinion: dict[str, Any], right: str | None
) -> None:
    case = registered(session, work, *TAKEN, **register)
    assert states(session, case)["pet.reply"] == "running", "managed, as the law sets no time"
    assert "pet.handle" not in states(session, case)
    for element, login, more in (("opinion", "organ", opinion), ("serve", "organ", {}), ("rate", "petition2", {})):
        do(session, case, element, login, **more)
        work()
    assert closed(session, case) == ("answered", True)
    assert states(session, case)["pet.reply"] == "met"
    text = finished(session, case)
    assert "请求上一级机关复查" not in text and "对信访事项应当自受理之日起六十日" not in text
    assert right is None or right in text


def test_neither_is_told_of_sixty_days(session: Session, work: Work) -> None:
    """信访工作条例 §34 speaks of §31(六) alone."""
    case = registered(session, work, *TO_THE_ORGAN, ("receive", "organ", {}), facts=["duty"])
    with pytest.raises(AnswersInvalid):
        do(session, case, "notice", "organ", told=["receipt", "term"])


@pytest.mark.parametrize(("purpose", "result"), [("claim", "adopted"), ("suggestion", "support")])
def test_a_suggestion_is_adopted_or_not_and_a_claim_supported_or_not(
    session: Session, work: Work, purpose: str, result: str
) -> None:
    """信访工作条例 §§29, 32."""
    case = registered(session, work, *TAKEN, purpose=purpose)
    with pytest.raises(AnswersInvalid):
        do(session, case, "opinion", "organ", result=result, rights_told=None if purpose == "suggestion" else True)


def test_an_objection_ends_its_five_days_whatever_is_decided_on_it(session: Session, work: Work) -> None:
    """信访工作条例 §23: what was done in time does not become late while the office decides."""
    objects = ("receive", "organ", {"decision": "object", "reason": "不属本机关职责", "receipt_number": None})
    case = registered(session, work, *TO_THE_ORGAN, objects)
    assert states(session, case)["pet.objection"] == "met"


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        ({}, TO_THE_ORGAN),
        ({"purpose": "accusation"}, (("sort", "petition", {"route": "discipline"}), ("pass-on", "petition", {}))),
    ],
)
def test_what_was_passed_on_in_time_is_so_before_the_receiver_answers(
    session: Session, work: Work, facts: dict[str, Any], steps: tuple[Any, ...]
) -> None:
    """信访工作条例 §22: the office has fifteen days to pass it on; the organ's own days begin there (§23)."""
    case = registered(session, work, *steps, **facts)
    assert states(session, case)["pet.notice.office"] == "met"


def test_what_was_told_in_time_counts_as_met(session: Session, work: Work) -> None:
    """信访工作条例 §§22, 31: fifteen days, also where the answer is that another procedure is open."""
    way = {"route": "statutory", "ground": "31-1"}
    case = registered(session, work, ("sort", "petition", way), ("tell", "petition", {"ground": "31-1"}),
                      facts=["litigation"])  # fmt: skip
    assert closed(session, case) == ("guided", True)
    assert states(session, case)["pet.notice.office"] == "met"


def test_a_joint_petition_gets_its_choice_of_representatives(session: Session, work: Work) -> None:
    """信访工作条例 §20: five at most, chosen by those who come together."""
    case = registered(session, work, nature="group", representatives=None)
    officer = actor(session, "petition")
    five = [{"name": f"示例代表{one}", "phone": "0915-3300021"} for one in "甲乙丙丁戊"]
    with pytest.raises(AnswersInvalid):
        adding.add(session, officer, case.id, "f-reps", {"representatives": [*five, *five[:1]], "elected": True})
    made = adding.add(session, officer, case.id, "f-reps", {"representatives": five, "elected": True})
    session.flush()
    pdf = filing.paper(session, officer, case.id, made, "pdf", "zh")
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)
    assert "推选代表书" in text and "信访工作条例第二十条" in text and "示例代表戊" in text and "劳动" not in text
    alone = registered(session, work, nature="first", representatives=None)
    with pytest.raises(adding.NotAdded):
        adding.add(session, officer, alone.id, "f-reps", {"representatives": five, "elected": True})


def test_a_withdrawn_petition_ends_without_an_opinion_and_its_file_says_so(session: Session, work: Work) -> None:
    today = clock.today().isoformat()
    case = registered(
        session, work, *TAKEN[:-1], ("investigate", "organ", {"next": "withdrawn", "withdrawn_on": today})
    )
    assert closed(session, case) == ("petition_withdrawn", True)
    assert states(session, case)["pet.handle"] == "cancelled"
    text = finished(session, case)
    assert "自愿撤回信访事项，不再作出处理意见" in text and "结案：信访人撤回" in text and "当事人退出" not in text
    assert "请求上一级机关复查" not in text
    assert f"承办人{actor(session, 'organ').name}" in text, "who investigated, not who made the file"


def test_a_simple_petition_is_told_of_ten_working_days_and_meets_them(session: Session, work: Work) -> None:
    """信访事项简易办理办法（试行）2016, off by default: a county that uses it changes one cell of the table."""
    table = (PROCESSES / "petition-handle" / "petition-simple.dmn").read_text(encoding="utf-8")
    allowed = table.replace("<text>false</text>", "<text>true</text>", 1)
    definitions.deploy(session, [File("petition-simple.dmn", allowed.encode())], actor=None)
    notice = {"procedure": "simple", "told": ["receipt", "procedure"], "told_on": "2026-11-20"}
    with clock.virtual(datetime(2026, 11, 23, 9, tzinfo=clock.ZONE)):
        case = registered(session, work, *TO_THE_ORGAN, ("receive", "organ", {}), ("notice", "organ", notice))
        [simple] = [one for one in deadlines.of_case(session, case.id) if one.key == "pet.simple"]
        assert simple.due_on.isoformat() == "2026-12-04"
        for element in ("investigate", "opinion", "serve"):
            do(session, case, element, "organ")
            work()
        assert (states(session, case)["pet.simple"], states(session, case)["pet.handle"]) == ("met", "met")
        case.closed_at = clock.now()
        session.flush()
        text = finished(session, case)
        assert "本事项适用简易办理，自受理之日起十个工作日内答复（至2026年12月4日）" in text
