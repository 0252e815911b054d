"""What whoever reported can do with code and phone, and what nobody else can."""

from datetime import time, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events, papers
from engine.cases import queries as cases
from engine.cases.dictionary import words
from engine.cases.models import Case
from engine.cases.permissions import CaseUnknown
from engine.casework import AnswersInvalid, Reported, laid, layouts, paper_facts, reporters, visits
from engine.casework.reporters import NotNow
from engine.deadlines.counting import next_working_day
from engine.deadlines.queries import calendar
from engine.errors import Forbidden
from engine.ledger.queries import Filters
from engine.notifications import queries as notifications
from engine.people.actor import Actor
from engine.supermarket import conflicts, queue
from engine.supermarket.conflicts import ConflictOfInterest
from engine.supermarket.models import Visit
from engine.workflow.models import UserTask
from tests.engine.casework.conftest import WAY, Work
from tests.factories import LAND, actor, closed, do

PHONE = "0915-3300021"
ADDED = {"what": "昨天又挖了一条沟"}
RATED = {"solved": "no", "satisfied": "partly", "reason": "地还没退"}
LEFT = {"reason": "settled", "sure": True}


@pytest.fixture
def told(session: Session, work: Work) -> Reported:
    """A villager's report, with name and phone."""
    return casework.report(session, Actor.PUBLIC, {**LAND, "reporter_name": "示例甲", "reporter_phone": PHONE})


def go(session: Session, work: Work, case: Case, until: str) -> None:
    """Take a case to the step before an element."""
    for element, login in WAY:
        work()
        if element == until:
            return
        do(session, case, element, login)


def reads(session: Session, login: str) -> list[str]:
    session.flush()
    return [one.text for one in notifications.page(session, actor(session, login), "en")[0]]


def proof(told: Reported) -> tuple[str, str]:
    return told.tracking_code, PHONE


def test_what_is_added_is_on_the_file_and_told(session: Session, told: Reported) -> None:
    reporters.add(session, *proof(told), ADDED)
    found = cases.newest_submission(session, told.case.id, ["f-addition"])
    assert found and found.answers["what"] == ADDED["what"] and found.by is None
    assert f"Whoever reported {told.case.number} has added something." in reads(session, "duty")
    assert reads(session, "police") == []
    assert "reporter.added" in [one.kind for one in events.of_stream(session, told.case.id)]


@pytest.mark.parametrize("proof", [("AAAAAAAAAA", PHONE), (None, "0915-3300099")])
def test_nothing_can_be_done_with_a_wrong_code_or_phone(
    session: Session, told: Reported, proof: tuple[str | None, str]
) -> None:
    code, phone = proof[0] or told.tracking_code, proof[1]
    for act in (
        lambda: reporters.add(session, code, phone, ADDED),
        lambda: reporters.rate(session, code, phone, RATED),
        lambda: reporters.withdraw(session, code, phone, LEFT),
        lambda: reporters.messages(session, code, phone, wanted=True, to="13800000000", locale="zh"),
        lambda: reporters.follow(session, code, phone),
    ):
        with pytest.raises(CaseUnknown):
            act()


def test_a_sealed_case_is_found_by_nobody_this_way(session: Session, told: Reported) -> None:
    told.case.sealed = True
    session.flush()
    with pytest.raises(CaseUnknown):
        reporters.add(session, *proof(told), ADDED)


def test_a_mediator_is_chosen_only_while_that_is_asked(session: Session, work: Work, told: Reported) -> None:
    wanted = actor(session, "mediator2").id
    assert "choose" not in reporters.follow(session, *proof(told)).may
    with pytest.raises(NotNow):
        reporters.choose(session, *proof(told), {"mediator": wanted})
    go(session, work, told.case, "mediator")
    reporters.choose(session, *proof(told), {"mediator": wanted})
    assert any("chose a mediator" in text and "调解员·民主村二" in text for text in reads(session, "mediator"))
    [task] = session.scalars(select(UserTask).where(UserTask.stream == told.case.id, UserTask.state == "open"))
    page = casework.task_page(session, actor(session, "mediator"), task.id)
    assert page.raw["mediator"] == wanted, "the committee's form offers whom the reporter wants"
    assert told.case.mediator is None, "the other side must agree"


def test_whoever_is_close_to_a_side_is_not_offered(session: Session, work: Work, told: Reported) -> None:
    close = actor(session, "mediator2")
    conflicts.declare(session, close, "kin", "示例甲", "")
    go(session, work, told.case, "mediator")
    assert close.id not in [one["value"] for one in reporters.offered(session, told.case)["mediators"]]
    with pytest.raises((ConflictOfInterest, AnswersInvalid)):
        reporters.choose(session, *proof(told), {"mediator": close.id})


def test_a_visit_belongs_to_the_case(session: Session, told: Reported) -> None:
    near = reporters.bodies(session, told.case)
    assert [one.kind for one in near] == ["village_committee", "town_committee", "supermarket"]
    visit, _ = reporters.book(session, *proof(told), near[0].id, name="甲", day=None, slot=None)
    session.flush()
    assert session.scalars(select(Visit.case_id).where(Visit.id == visit.id)).one() == told.case.id
    assert reporters.follow(session, *proof(told)).visits == (visit,)
    assert any("comes" in text for text in reads(session, "duty"))
    seen = visits.numbers(session, actor(session, "county"), [visit])
    assert seen == {told.case.id: told.case.number}
    assert visits.numbers(session, actor(session, "court"), [visit]) == {}


def test_a_visit_is_moved_by_whoever_comes_or_with_a_reason_by_the_desk(session: Session, told: Reported) -> None:
    body = reporters.bodies(session, told.case)[0]
    tomorrow = next_working_day(clock.today() + timedelta(days=1), calendar(session))
    nine, ten = time(9), time(10)
    visit, _ = reporters.book(session, *proof(told), body.id, name="甲", day=tomorrow, slot=nine)
    reporters.move_visit(session, *proof(told), visit.id, day=tomorrow, slot=ten)
    session.flush()
    assert nine in queue.free_slots(session, body.id, tomorrow)
    assert reporters.follow(session, *proof(told)).visits == (visit,)
    mediator = actor(session, "mediator")
    with pytest.raises(queue.MoveReasonMissing):
        visits.put_off(session, mediator, visit.id, day=tomorrow, slot=nine, reason="")
    with pytest.raises(Forbidden):
        visits.put_off(session, actor(session, "court"), visit.id, day=tomorrow, slot=nine, reason="停电")
    visits.put_off(session, mediator, visit.id, day=tomorrow, slot=nine, reason="停电")
    assert (visit.slot, visit.moved_because) == (nine, "停电")
    with pytest.raises(CaseUnknown):
        reporters.cancel_visit(session, told.tracking_code, "0915-0000000", visit.id)
    other = casework.report(session, Actor.PUBLIC, LAND)
    with pytest.raises(queue.BodyUnknown):
        reporters.cancel_visit(session, other.tracking_code, "", visit.id)
    reporters.cancel_visit(session, *proof(told), visit.id)
    session.flush()
    assert reporters.follow(session, *proof(told)).visits == ()
    with pytest.raises(queue.VisitMoved):
        reporters.move_visit(session, *proof(told), visit.id, day=tomorrow, slot=ten)
    assert any("is cancelled" in text for text in reads(session, "duty"))


def finish(session: Session, work: Work, told: Reported) -> None:
    with clock.virtual(clock.now()) as time:
        go(session, work, told.case, "")
        work()
        time.advance(timedelta(days=8))
        work()
        do(session, told.case, "callback", "duty")
        work()
    session.expire_all()


def test_it_is_rated_once_and_after_the_closing(session: Session, work: Work, told: Reported) -> None:
    with pytest.raises(NotNow):
        reporters.rate(session, *proof(told), RATED)
    finish(session, work, told)
    followed = reporters.follow(session, *proof(told))
    assert (followed.may, followed.rights) == ({"rate"}, ()), "it was performed: nothing is left to be confirmed"
    with pytest.raises(AnswersInvalid):
        reporters.rate(session, *proof(told), {**RATED, "reason": ""})
    reporters.rate(session, *proof(told), RATED)
    assert any("not settled" in text for text in reads(session, "mediator"))
    with pytest.raises(NotNow):
        reporters.rate(session, *proof(told), {"solved": "yes", "satisfied": "yes"})
    with pytest.raises(NotNow):
        reporters.add(session, *proof(told), ADDED)


def test_a_side_ends_the_mediation(session: Session, work: Work, told: Reported) -> None:
    """人民调解法 §23: 示例甲 is the applicant of the acceptance form."""
    go(session, work, told.case, "session")
    reporters.withdraw(session, *proof(told), LEFT)
    work()
    session.expire_all()
    assert told.case.stage == "routes"
    with pytest.raises(NotNow):
        reporters.withdraw(session, *proof(told), LEFT)


def test_a_neighbour_ends_nobodys_mediation(session: Session, work: Work) -> None:
    given: dict[str, Any] = {**LAND, "reporter_name": "邻居", "reporter_phone": PHONE}
    told = casework.report(session, Actor.PUBLIC, given)
    go(session, work, told.case, "session")
    reporters.withdraw(session, *proof(told), LEFT)
    work()
    session.expire_all()
    assert closed(session, told.case) == (None, False) and told.case.stage == "mediation"
    assert any("withdraws" in text for text in reads(session, "mediator"))


@pytest.mark.parametrize("source", ["police_110", "line_12345", "petition", "court", "sweep", "hotline", "window"])
def test_a_desk_says_how_a_report_came_in(session: Session, work: Work, source: str) -> None:
    """The ledger tells what people report from what others pass on; only a desk is asked, nobody else can say it."""
    assert casework.report(session, actor(session, "duty"), {**LAND, "source": source}).case.source == source
    assert casework.report(session, Actor.PUBLIC, {**LAND, "source": source}).case.source == "villager"
    assert casework.report(session, actor(session, "grid"), {**LAND, "source": source}).case.source == "grid"
    assert source in words("zh")["source"]


def test_the_slip_of_110_stays_with_what_it_passed_on(session: Session, work: Work) -> None:
    """行政案件程序规定 §60: the police match letter, file and ledger with the slip; nobody else has one."""
    told = {**LAND, "source": "police_110", "slip_number": "示例警单20261120-017", "dealt_with": "yes"}
    case = casework.report(session, actor(session, "duty"), told).case
    by_villager = casework.report(session, Actor.PUBLIC, told).case
    slips = [
        (facts["slip"], facts["dealt_with"])
        for facts in (paper_facts.of_case(session, one) for one in (case, by_villager))
    ]
    assert slips == [("示例警单20261120-017", "是"), ("", "")]
    case.kind = "police"
    session.flush()
    on_file = laid.filed(session, cases.submissions(session, case.id)[0], whole=False)
    assert on_file.answers["slip_number"] == told["slip_number"], "the police read it on the page of the case"
    assert on_file.answers["dealt_with"] == "yes"
    [row] = handed_over(session, "police", case)
    assert (row["110警单号"], row["是否已先期处置"]) == slips[0]
    said = {"slip": slips[0][0], "dealt_with": slips[0][1], "number": "1", "a": {}, "c": {}}
    letter = [one.texts for one in papers.fill(papers.shipped_template("f-handover"), said)]
    assert any("110警单号" in texts and told["slip_number"] in texts for texts in letter)
    assert any("是否已先期处置" in texts and "是" in texts for texts in letter)


def handed_over(session: Session, login: str, case: Case) -> list[dict[str, Any]]:
    """The rows of a case in the ledger of hand-overs, as somebody exports it."""
    book = load_workbook(BytesIO(layouts.workbook(session, actor(session, login), "handovers", Filters(), "zh")))
    assert book.active is not None
    _, heads, *rows = book.active.iter_rows(values_only=True)
    listed = [dict(zip([str(head) for head in heads], row, strict=True)) for row in rows]
    return [one for one in listed if one["编号"] == case.number]


@pytest.mark.parametrize("decision", ["return", "refuse"])
def test_what_came_back_stays_in_the_ledger_of_the_police_and_its_mediation_is_not_theirs(
    session: Session, work: Work, decision: str
) -> None:
    """治安管理处罚法(2025) §136: the row tells receipt and category of result; 人民调解法 §15: the rest is secret."""
    case = casework.report(session, actor(session, "duty"), LAND).case
    for element, login, more in (
        ("triage", "duty", {"danger_facts": ["public_order"], "route_facts": ["dispute"], "subject": "neighbours"}),
        ("confirm", "duty", {"route": "police", "risk": "BLUE", "level": "town"}),
        ("handover", "duty", {}),
        ("receipt", "police", {"decision": decision, "reason": "示例：没有违反治安管理"}),
        ("triage", "duty", {"danger_facts": [], "route_facts": ["dispute"], "subject": "neighbours"}),
        ("confirm", "duty", {"route": "civil", "risk": "BLUE", "level": "town"}),
    ):
        work()
        do(session, case, element, login, **more)
    work()
    session.expire_all()
    assert (case.kind, case.outcome) == ("dispute", None)
    for login in ("police", "duty"):
        [row] = handed_over(session, login, case)
        assert row["公安回执"] and row["移交函号"] and row["现为"]
    with pytest.raises(CaseUnknown):
        cases.case(session, actor(session, "police"), case.id)
    assert not handed_over(session, "court", case)


def test_a_source_that_nobody_knows_is_refused(session: Session, work: Work) -> None:
    with pytest.raises(AnswersInvalid):
        casework.report(session, actor(session, "duty"), {**LAND, "source": "rumour"})
