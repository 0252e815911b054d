"""What the gate holds back stays held back: by another choice of the officer, after the police, by a later form."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework
from engine.cases.models import Case
from engine.cases.permissions import CaseUnknown
from engine.casework import procedures, taking_up
from engine.casework.coming import coming
from engine.casework.errors import AnswersInvalid, MergeUnfit, NotForThisCase
from engine.deadlines import queries as deadlines
from engine.documents import queries as documents
from engine.workflow import jobs
from tests.factories import LAND, actor, closed, do, open_task

Work = Callable[[], None]


@pytest.fixture
def work(house: None, session: Session) -> Iterator[Work]:
    """What a worker would do now."""
    with jobs.inline(session) as run_jobs:
        yield run_jobs


def triaged(session: Session, work: Work, **facts: Any) -> Case:
    """A report whose facts are ticked; nobody has chosen its way yet."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    work()
    do(session, case, "triage", "duty", **facts)
    work()
    return case


def sent(session: Session, work: Work, case: Case, **way: Any) -> Case:
    do(session, case, "confirm", "duty", **way)
    work()
    return case


@pytest.mark.parametrize(
    ("facts", "subject", "reason"),
    [
        (["public_order", "against_official"], "official", None),
        (["crime_suspected", "against_official"], "official", None),
        (["danger_now", "domestic_violence"], "family", "人已经在派出所"),
        (["danger_now", "child_harmed"], "school", "人已经在派出所"),
    ],
)
def test_what_the_law_hides_is_sealed_whichever_gate_comes_first(
    session: Session, work: Work, facts: list[str], subject: str, reason: str | None
) -> None:
    """信访工作条例 §30; 反家庭暴力法 §14; 未成年人保护法 §103: also where the police come first."""
    ticked = {"danger_facts": [one for one in facts if one != "against_official"],
              "route_facts": [one for one in facts if one == "against_official"]}  # fmt: skip
    case = triaged(session, work, **ticked, subject=subject, land_question=None)
    assert case.sealed, "from the ticks on: who decides may come a day later"
    given = {"route": "police", "risk": "RED", "level": "organ", **({"other_reason": reason} if reason else {})}
    assert sent(session, work, case, **given).sealed


@pytest.mark.parametrize(
    ("fact", "subject"), [("pending", "neighbours"), ("organ_decides", "damage"), (None, "official")]
)
def test_what_another_gate_holds_is_not_mediated_when_the_police_let_it_go(
    session: Session, work: Work, fact: str | None, subject: str
) -> None:
    """信访工作条例 §§22, 31; 人民调解工作若干规定 §22: the police free a fight, not the claim that a court has."""
    case = triaged(
        session, work, danger_facts=["public_order"], route_facts=["dispute", *([fact] if fact else [])],
        subject=subject, land_question=None,
    )  # fmt: skip
    sent(session, work, case, route="police", risk="BLUE", level="organ")
    for element, login in (("handover", "duty"), ("receipt", "police"), ("outcome-report", "police")):
        do(session, case, element, login)
        work()
    assert open_task(session, case, "triage").groups == ["duty_officer"]
    assert case.kind == "police"


def test_title_is_not_mediated_by_choosing_another_road(session: Session, work: Work) -> None:
    """土地管理法 §14: the government decides; who answered the three questions wrongly goes back to them."""
    case = triaged(session, work, route_facts=["dispute"], subject="farm_forest", land_question="title")
    sent(session, work, case, route="land", risk="YELLOW", level="town")
    do(session, case, "questions", "duty", about="title")
    work()
    with pytest.raises(AnswersInvalid):
        do(session, case, "decide", "duty", road="tort", other_reason="双方都想调")


def test_nothing_is_started_beside_a_triage_that_has_not_decided(session: Session, work: Work) -> None:
    """人民调解法 §17 and the gate: labour, land and consumer matters may lead to mediation, so they come through it."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    work()
    assert procedures.startable_on(session, actor(session, "duty"), case) == []
    with pytest.raises(NotForThisCase):
        procedures.start_on(session, actor(session, "duty"), case.id, "land")
    assert {"labour", "land", "consumer"}.isdisjoint(
        one.key for one in procedures.startable(session, actor(session, "duty"))
    )


def test_help_that_is_asked_for_may_become_an_errand_once_triage_has_said_so(session: Session, work: Work) -> None:
    case = triaged(session, work, route_facts=["service"], subject="other", land_question=None)
    sent(session, work, case, route="guidance", risk="BLUE", level="town")
    offered = {one.key for one in procedures.startable_on(session, actor(session, "duty"), case)}
    assert "errand" in offered and offered.isdisjoint({"labour", "land", "consumer"})


def test_a_failed_mediation_over_traffic_leaves_three_days_for_the_traffic_police(session: Session, work: Work) -> None:
    """道路交通事故处理程序规定 §§85, 86, 112: three working days after mediation failed, ten after the finding."""
    case = triaged(session, work, route_facts=["dispute"], subject="traffic", land_question=None)
    sent(session, work, case, route="civil", risk="BLUE", level="village")
    do(session, case, "consent", "mediator")
    work()
    do(session, case, "register", "mediator", category="D10", finding_on="2026-11-20")
    work()
    [ten] = [one for one in deadlines.of_case(session, case.id) if one.key == "traffic.mediation.apply"]
    assert ten.due_on == date(2026, 12, 4), "working days: §112(五)"
    for element in ("mediator", "rights"):
        do(session, case, element, "mediator")
        work()
    do(session, case, "session", "mediator", result="withdrawn", withdrawn_by="示例甲")
    work()
    do(session, case, "tell-routes", "mediator")
    work()
    running = {one.key for one in deadlines.of_case(session, case.id) if one.state == "kept"}
    assert running >= {"civil.limitation", "traffic.after.mediation"}


def test_a_dispute_has_one_road_and_no_other_beside_it(session: Session, work: Work) -> None:
    """土地管理法 §14: over a consumer or labour procedure beside it, title would come to mediation after all."""
    case = triaged(session, work, route_facts=["dispute"], subject="farm_forest", land_question="title")
    sent(session, work, case, route="land", risk="YELLOW", level="town")
    for login in ("duty", "mediator", "county"):
        offered = {one.key for one in procedures.startable_on(session, actor(session, login), case)}
        assert offered.isdisjoint({"civil-dispute", "labour", "land", "consumer"})


@pytest.mark.parametrize(
    "facts",
    [
        {"danger_facts": ["crime_suspected"]},
        {"route_facts": ["pending"]},
        {"danger_facts": ["domestic_violence"], "route_facts": ["same_matter"]},
    ],
)
def test_what_the_gate_holds_does_not_end_in_a_dispute_that_is_mediated(
    session: Session, work: Work, facts: dict[str, list[str]]
) -> None:
    """刑事诉讼法 §110: merging would call off the hand-over, and nobody would hear of it.

    What the law hides is sealed by then: whoever has the step sees that step, and no case to merge.
    """
    dispute = triaged(session, work, route_facts=["dispute"], subject="neighbours", land_question=None)
    sent(session, work, dispute, route="civil", risk="BLUE", level="village")
    case = triaged(session, work, **{"route_facts": [], **facts}, subject="neighbours", land_question=None)
    with pytest.raises((MergeUnfit, CaseUnknown)), session.begin_nested():
        taking_up.link(session, actor(session, "duty"), case.id, dispute.number, "merged")
    assert case.closed_at is None and open_task(session, case, "confirm")


def test_what_is_open_already_goes_on_in_its_first_case(session: Session, work: Work) -> None:
    """信访工作条例 §19."""
    dispute = triaged(session, work, route_facts=["dispute"], subject="neighbours", land_question=None)
    case = triaged(session, work, route_facts=["same_matter"], subject="neighbours", land_question=None)
    taking_up.link(session, actor(session, "duty"), case.id, dispute.number, "merged")
    assert case.outcome == "merged"


def test_a_sealed_case_is_not_mediated_when_it_is_taken_up_again(session: Session, work: Work) -> None:
    """反家庭暴力法 §§13-17: what else they quarrel about is a case of its own, later and on the victim's wish."""
    case = triaged(session, work, danger_facts=["domestic_violence"], subject="family", land_question=None)
    sent(session, work, case, route="guidance", risk="RED", level="organ", other_reason="已经在派出所")
    do(session, case, "guide", "duty")
    work()
    assert case.sealed and case.closed_at
    taking_up.reopen(session, actor(session, "county"), case.id, "又来问")
    work()
    do(session, case, "triage", "county", route_facts=["dispute"], subject="family", land_question=None)
    work()
    with pytest.raises(AnswersInvalid) as refused:
        do(session, case, "confirm", "county", route="civil", risk="BLUE", level="village")
    assert "/route" in [one.pointer for one in refused.value.errors]


@pytest.mark.parametrize("category", ["D0402", "D06", "D20"])
def test_another_category_does_not_bring_title_to_mediation(session: Session, work: Work, category: str) -> None:
    """土地管理法 §14; 信访工作条例 §31: who chooses mediation is not offered what mediation cannot decide."""
    case = triaged(session, work, route_facts=["dispute"], subject="neighbours", land_question=None)
    with pytest.raises(AnswersInvalid) as refused:
        sent(session, work, case, route="civil", risk="BLUE", level="village", category=category)
    assert [one.pointer for one in refused.value.errors] == ["/category"]


@pytest.mark.parametrize("category", ["D0402", "D0502", "D06", "D20", "H01"])
def test_the_register_of_acceptance_takes_no_matter_of_an_organ(session: Session, work: Work, category: str) -> None:
    """土地管理法 §14; 人民调解工作若干规定 §22: what turns out to be one is not accepted, and told where to go."""
    case = to_mediation(session, work)
    with pytest.raises(AnswersInvalid):
        do(session, case, "register", "mediator", category=category)
    assert case.accepted_at is None


def test_the_register_corrects_the_category_and_the_time_follows_it(session: Session, work: Work) -> None:
    """医疗纠纷预防和处理条例 §38: thirty working days, also where triage took it for something else."""
    case = to_mediation(session, work)
    task = open_task(session, case, "register")
    assert casework.task_page(session, actor(session, "mediator"), task.id).raw["category"] == "D03", "what is known"
    do(session, case, "register", "mediator", category="D11")
    work()
    assert case.category == "D11"
    assert "pm.medical" in {one.key for one in deadlines.of_case(session, case.id)}


def test_contracted_land_is_agreed_in_writing(session: Session, work: Work) -> None:
    """农村土地承包经营纠纷调解仲裁法 §10."""
    case = to_mediation(session, work)
    for element, more in (("register", {"category": "D0501"}), ("mediator", {}), ("rights", {})):
        do(session, case, element, "mediator", **more)
        work()
    with pytest.raises(AnswersInvalid) as refused:
        do(session, case, "session", "mediator", result="agreed_oral")
    assert [one.pointer for one in refused.value.errors] == ["/result"]
    do(session, case, "session", "mediator", result="agreed_written")


def to_mediation(session: Session, work: Work) -> Case:
    """A dispute of neighbours to which both sides have agreed, before it is registered."""
    case = sent(session, work, triaged(session, work, subject="neighbours"), category="D03")
    do(session, case, "consent", "mediator")
    work()
    return case


def test_a_second_fight_over_a_hazard_is_not_split_off_to_mediation(session: Session, work: Work) -> None:
    """公安机关办理行政案件程序规定 §§178, 179: the police first, also where the officer sees to the hazard."""
    case = triaged(
        session, work, danger_facts=["second_fight"], route_facts=["hazard", "dispute"], subject="h_house",
        land_question=None,
    )  # fmt: skip
    before = session.scalars(select(Case.id)).all()
    sent(session, work, case, route="hazard", risk="ORANGE", level="town", second_category="D03",
         other_reason="先看房子")  # fmt: skip
    assert session.scalars(select(Case.id)).all() == before


def test_whoever_decides_over_rest_is_told_what_the_page_tells(session: Session, work: Work) -> None:
    """The proposal with its gate, rule, reasons, article and deadlines; those of an open matter not from today."""
    case = triaged(session, work, route_facts=["same_matter"], subject="other", land_question=None)
    page = casework.task_page(session, actor(session, "duty"), open_task(session, case, "confirm").id)
    assert page.proposal
    assert (page.proposal["gate"], page.proposal["rule"], page.proposal["law"]) == (
        "G9", "R6", "信访工作条例 §§19, 35, 36",
    )  # fmt: skip
    assert page.proposal["deadlines_told"] == {
        "zh": "信访办理60日（信访工作条例 §34），从原件受理起算",
        "en": "Petition handling: 60 days (信访工作条例 §34), from the day the earlier matter was accepted",
    }


def test_a_red_case_that_is_taken_up_again_is_lowered_by_two(session: Session, work: Work) -> None:
    """A risk once set goes down with a reason and a second person alone, also where the new ticks say less."""
    case = triaged(session, work, route_facts=["dispute"], subject="neighbours", land_question=None)
    sent(session, work, case, route="guidance", risk="RED", level="town", other_reason="先问清楚")
    do(session, case, "guide", "duty")
    work()
    taking_up.reopen(session, actor(session, "county"), case.id, "又来了")
    work()
    do(session, case, "triage", "duty", route_facts=["dispute"], subject="neighbours", land_question=None)
    work()
    with pytest.raises(AnswersInvalid) as refused:
        sent(session, work, case, route="civil", risk="BLUE", level="village")
    assert [one.pointer for one in refused.value.errors] == ["/lower_reason"]
    sent(session, work, case, route="civil", risk="BLUE", level="village", lower_reason="去看过，没有危险")
    assert open_task(session, case, "second-look")


def test_money_just_sent_goes_to_the_police_at_once_and_tells_how_long_they_have(session: Session, work: Work) -> None:
    """反电信网络诈骗法 §20: without triage no proposal tells of the times; the case does, until the police answer."""
    duty = actor(session, "duty")
    report = {"what": "刚转了三万二", "where": "民主村", "urgency": "danger_people", "kind": "fraud"}
    case = casework.report(session, actor(session, "grid"), report).case

    def told() -> set[tuple[str, str]]:
        return {
            (one.key, one.duration) for one in coming(session, casework.where_it_stands(session, duty, case.id), [])
        }

    work()
    assert {("fraud.police", "PT30M"), ("fraud.stop", "PT48H")} <= told()
    do(session, case, "record", "duty")
    work()
    assert ("fraud.stop", "PT48H") in told()


def test_an_urgent_matter_reaches_the_police_first_and_is_not_closed_without_its_note(
    session: Session, work: Work
) -> None:
    """刑事诉讼法 §110: the police wait for no paper, but the numbered letter (移交单) stands in the file at the end."""
    ticked = {"danger_facts": ["crime_suspected", "weapon"], "subject": "damage", "land_question": None}
    case = sent(session, work, triaged(session, work, **ticked), route="police", risk="RED", level="town")
    police, note = open_task(session, case, "receipt"), open_task(session, case, "write-note")
    assert police.groups == ["police"] and note.groups == ["duty_officer"]
    assert "facts" not in casework.task_page(session, actor(session, "duty"), note.id).raw, "the ticks are no story"
    for element, given in (("receipt", {"accepted_as": "criminal"}), ("outcome-report", {"outcome": "criminal"})):
        do(session, case, element, "police", **given)
        work()
    assert closed(session, case) == (None, False), "the outcome waits for the note"
    with pytest.raises(AnswersInvalid):
        do(session, case, "write-note", "duty", called_police="yes")
    call = {"called_police": "yes", "called_by": "示例甲", "called_at": "2026-11-20T09:00:00+08:00"}
    do(session, case, "write-note", "duty", matter="crime", **call)
    work()
    assert closed(session, case) == ("handed_over", True)
    assert [one.kind for one in documents.of_case(session, case.id)] == ["f-handover"]
