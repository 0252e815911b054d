"""What papers of petitions say: which of two letters it is, whose it is, on what ground, where to go, and when late."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import clock, papers
from engine.casework import filing, paper_facts
from engine.casework.errors import AnswersInvalid
from tests.engine.casework.conftest import Work
from tests.engine.casework.test_petition_roads import TAKEN, finished, registered
from tests.factories import actor, do

BACK = (
    ("sort", "petition", {}), ("send", "petition", {"kind": "transfer", "organ": "示例县交通局"}),
    ("receive", "organ", {"decision": "object", "receipt_number": None, "reason": "水管不属本局管"}),
    ("judge", "petition", {}),
)  # fmt: skip


def titles(session: Session, case: Any) -> list[str]:
    return [one.paper.zh for one in filing.case_file(session, actor(session, "petition"), case.id).papers]


def test_an_organ_that_sent_a_petition_back_stays_the_one_that_did(session: Session, work: Work) -> None:
    """信访工作条例 §§23, 24: its objection bears its name, whoever gets the petition next."""
    after = (("opinion", "organ", {}), ("serve", "organ", {}), ("ask-review", "petition", {"asked": "expired"}))
    case = registered(session, work, *BACK, *TAKEN, *after, ("rate", "petition2", {}))
    found = finished(session, case)
    objection = found[found.index("水管不属本局管") :]
    assert objection.index("示例县交通局（印章）") < objection.index("示例县水利局")
    assert "提出异议的机关示例县交通局" in found
    assert [one for one in titles(session, case) if one.startswith("信访事项转送函") or "异议" in one] == [
        "信访事项转送函", "信访事项异议书", "信访事项异议审核意见",
    ]  # fmt: skip
    assert "信访事项异议书（第" not in found, "a receipt and an objection are no first and second of the same"
    assert "交办你单位，请在规定期限内办结" in found and "转送你单位。" in found
    assert "有权机关告知受理：不再计算" in found, "the first organ's time ended when it was sent back"


@pytest.mark.parametrize(
    ("ground", "more", "title", "said"),
    [
        ("31-2", {"routes_told": ["arbitration"]}, "信访事项程序性告知书", "第三十一条第二项"),
        ("36-3", {"routes_told": ["legal_aid"]}, "信访事项不再受理告知书", "第三十六条第三款"),
        (
            "19-3",
            {"routes_told": ["progress"], "linked_case": "ZP-2026-000001"},
            "信访事项不予受理告知书",
            "正在办理的原件编号ZP-2026-000001",
        ),
        (
            "23-1",
            {"routes_told": ["other_organ"], "to_whom": "示例县水利局，0915-3300000"},
            "信访事项不予受理告知书",
            "向哪里提出示例县水利局",
        ),
    ],
)
def test_who_is_not_accepted_is_told_by_which_article_and_where_to_go(
    session: Session, work: Work, ground: str, more: dict[str, Any], title: str, said: str
) -> None:
    """信访工作条例 §§19, 22, 23, 31, 36."""
    route = ("sort", "petition", {"route": "statutory", "ground": ground, "other_reason": "示例理由"})
    case = registered(session, work, route, ("tell", "petition", {"ground": ground, **more}))
    found = finished(session, case)
    assert found.count(title) >= 3, "in the index, on the letter, in the closing report"
    assert said in found
    assert f"依据：{ground}" not in found, "the closing report tells the ground in words"


def test_nobody_is_sent_to_an_organ_without_its_name(session: Session, work: Work) -> None:
    """信访工作条例 §23."""
    route = ("sort", "petition", {"route": "statutory", "ground": "23-1", "other_reason": "示例理由"})
    with pytest.raises(AnswersInvalid):
        registered(session, work, route, ("tell", "petition", {"ground": "23-1", "routes_told": ["other_organ"]}))


def test_a_suggestion_is_answered_as_one(session: Session, work: Work) -> None:
    """信访工作条例 §29."""
    answer = (("opinion", "organ", {"result": "adopted", "rights_told": None}), ("serve", "organ", {}))
    case = registered(session, work, *TAKEN, *answer, ("rate", "petition2", {}), purpose="suggestion")
    found = finished(session, case)
    assert "送达文书建议意见答复书" in found and "处理意见书" not in found.replace("处理意见书已送达", "")
    assert "研究论证" in found and "六十日内办结；情况复杂的" not in found


def test_what_came_late_is_called_late(session: Session, work: Work) -> None:
    """信访工作条例 §34: sixty days; the closing report does not call it in time."""
    case = registered(session, work, *TAKEN)
    with clock.virtual(clock.now()) as time:
        time.advance(timedelta(days=63))
        for element, login, more in (
            ("opinion", "organ", {}), ("serve", "organ", {}), ("ask-review", "petition", {"asked": "no"}),
            ("rate", "petition2", {}),
        ):  # fmt: skip
            work()
            do(session, case, element, login, **more)
        work()
        found = finished(session, case)
    assert "信访办理：逾期完成，期限至" in found
    assert "信访办理：期限内完成" not in found


def test_the_cover_of_a_sealed_file_names_nobody(session: Session, work: Work) -> None:
    """信访工作条例 §30, 未成年人保护法 §103: what lies on a desk tells nothing; each paper is marked."""
    steps = (("sort", "petition", {"route": "discipline"}), ("pass-on", "petition", {}), ("discipline", "petition", {}))
    case = registered(session, work, *steps, purpose="accusation")
    made = filing.parts(session, case, actor(session, "county"), "示例号", {})
    cover = "".join(word for block in made[0].blocks for word in block.texts)
    assert (
        "示例信访人" not in cover
        and "检举" not in cover
        and "信访" not in cover.replace("信访局", "").replace("信访卷宗", "")
    )
    assert all(any("封存" in one.texts for one in part.blocks) for part in made)


def test_an_accusation_goes_on_with_a_numbered_letter_that_tells_nothing_of_it(session: Session, work: Work) -> None:
    """信访工作条例 §§22, 30: the receiver gets the papers under seal; who opens the letter learns nothing of them."""
    case = registered(
        session, work, ("sort", "petition", {"route": "discipline"}), ("pass-on", "petition", {}), purpose="accusation"
    )
    work()
    [issued] = [one for one in filing.case_file(session, actor(session, "county"), case.id).papers
                if one.paper.key == "f-pet-pass"]  # fmt: skip
    assert case.sealed and issued.document is not None and "信密转〔" in issued.document.number
    facts = {**paper_facts.of_case(session, case), **paper_facts.of_submission(session, issued.submission)}
    letter = str(papers.fill(papers.shipped_template("f-pet-pass"), {**facts, "number": issued.document.number}))
    assert "示例县纪委监委" in letter and issued.document.number in letter and "3 页，" in letter
    assert "示例信访人" not in letter
