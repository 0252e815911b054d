"""Petitions by what the law asks of each: only what §31(六) means is answered within sixty days and reviewed."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from engine import casework
from engine.cases.models import Case
from engine.casework import filing
from engine.casework.errors import AnswersInvalid
from engine.deadlines import queries as deadlines
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


def test_what_was_told_in_time_counts_as_met(session: Session, work: Work) -> None:
    """信访工作条例 §§22, 31: fifteen days, also where the answer is that another procedure is open."""
    way = {"route": "statutory", "ground": "31-1"}
    case = registered(session, work, ("sort", "petition", way), ("tell", "petition", {"ground": "31-1"}),
                      facts=["litigation"])  # fmt: skip
    assert closed(session, case) == ("guided", True)
    assert states(session, case)["pet.notice.office"] == "met"
