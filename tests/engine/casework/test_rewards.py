"""Rewards: by the town's rule, once, up to the cap, taken back beside, never changed."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine import casework, events
from engine.cases.models import Case
from engine.casework import filing
from engine.rewards import commands, queries
from engine.rewards.models import RewardEntry
from tests.factories import LAND, actor, do

GOOD = {"what": "查实的隐患", "where": "钟宝镇民主村", "urgency": "ordinary"}


@pytest.fixture
def matter(session: Session, work: Callable[[], None]) -> Case:
    """A hazard that a grid worker reported and that was struck off."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    work()
    for task in casework.open_tasks(session, case.id):
        casework.administration.cancel(session, actor(session, "admin"), task.instance_id, "example")
    case.kind = "hazard"
    casework.taking_up.cases.close(session, case, None, reason="struck_off")
    session.flush()
    return case


def rewarded(session: Session, matter: Case, work: Callable[[], None], **verified: object) -> Case:
    case = casework.procedures.start(session, actor(session, "duty"), "reward", GOOD).case
    work()
    do(session, case, "propose", "duty", about=matter.number)
    work()
    do(session, case, "verify", "duty2", **verified)
    work()
    return case


def test_the_rule_that_fired_stands_in_the_ledger(session: Session, matter: Case, work: Callable[[], None]) -> None:
    case = rewarded(session, matter, work)
    [line] = queries.ledger(session, actor(session, "duty"))
    entry = line.entry
    assert (entry.amount, entry.rule, entry.table_version, entry.for_whom) == (10, "R2", 1, "示例网格员·民主村")
    assert (line.number, line.about) == (case.number, matter.number)
    [event] = [one for one in events.of_stream(session, case.id) if one.kind == "reward.recorded"]
    assert event.data["rule"] == "R2"
    assert line.readable
    assert [one.readable for one in queries.ledger(session, actor(session, "leader"))] == [False], "figures, no cases"


def test_what_is_not_verified_earns_nothing(session: Session, matter: Case, work: Callable[[], None]) -> None:
    case = rewarded(session, matter, work, verified="no")
    assert queries.ledger(session, actor(session, "duty")) == []
    session.expire_all()
    assert case.outcome == "finished"


def test_a_matter_is_rewarded_once(session: Session, matter: Case, work: Callable[[], None]) -> None:
    rewarded(session, matter, work)
    again = casework.procedures.start(session, actor(session, "duty"), "reward", GOOD).case
    work()
    do(session, again, "propose", "duty", about=matter.number)
    work()
    assert [one.element_id for one in casework.open_tasks(session, again.id)] == ["propose"]


def test_the_cap_of_the_year_cuts_what_a_rule_gives(session: Session, matter: Case) -> None:
    given = {
        "person": "甲",
        "for_whom": "甲",
        "what": "hazard",
        "cap": 15,
        "rule": "R1",
        "table_version": 1,
        "reason": "",
    }
    first = commands.record(session, matter, None, about=matter, points=10, **given)
    session.flush()
    commands.reverse(session, first, None, reason="重复")
    session.flush()
    assert commands.record(session, matter, None, about=matter, points=50, **given).amount == 15


def test_an_objection_takes_back_with_a_line_of_its_own(
    session: Session, matter: Case, work: Callable[[], None]
) -> None:
    case = rewarded(session, matter, work)
    do(session, case, "publish", "duty", objection="yes", reason="是别人先发现的")
    work()
    do(session, case, "appeal", "town")
    work()
    lines = queries.ledger(session, actor(session, "duty"))
    assert [one.entry.amount for one in lines] == [-10, 10]
    assert lines[0].entry.reverses == lines[1].entry.id
    assert not commands.is_rewarded(session, matter.id)


@pytest.mark.parametrize("statement", ["UPDATE reward_entry SET amount = 1", "DELETE FROM reward_entry"])
def test_the_database_refuses_to_change_the_ledger(session: Session, matter: Case, statement: str) -> None:
    session.add(
        RewardEntry(case_id=matter.id, about=matter.id, path=matter.division, person="甲", for_whom="甲", what="hazard",
                    amount=10, rule="R2", table_version=1, reason="", at=matter.reported_at)
    )  # fmt: skip
    session.flush()
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text(statement))


def test_a_sealed_matter_is_in_no_ledger(session: Session, matter: Case, work: Callable[[], None]) -> None:
    rewarded(session, matter, work)
    matter.sealed = True
    session.flush()
    assert queries.ledger(session, actor(session, "duty")) == []


def test_each_reads_their_own_lines_and_nobody_elses(session: Session, matter: Case, work: Callable[[], None]) -> None:
    rewarded(session, matter, work)
    assert len(queries.ledger(session, actor(session, "grid"))) == 1
    assert queries.ledger(session, actor(session, "grid2")) == []


def test_the_file_of_a_reward_says_what_was_published_and_what_was_taken_back(
    session: Session, matter: Case, work: Callable[[], None]
) -> None:
    """反形式主义规则 9: points, rule and version stand in the papers, a correction beside them."""
    case = rewarded(session, matter, work)
    do(session, case, "publish", "duty", objection="yes", reason="别人先发现")
    work()
    do(session, case, "appeal", "town")
    work()
    made = filing.finish(session, actor(session, "duty"), case.id, {})
    found = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(made.content)).pages)
    assert "反映登记" not in found, "an office planned it, nobody reported it"
    for expected in (
        "奖励对象示例网格员·民主村奖励分值10分",
        "奖励分值10分依据的规则",
        "R2（规则表第1版）",
        "台账冲销-10分",
        "奖励记入台账：10分（规则R2）",
        "台账记一笔冲销：-10分",
    ):
        assert expected in found, expected
