"""The verbs of diagrams, each called as a service task calls it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import commands as cases
from engine.cases import queries as case_queries
from engine.cases.commands import LoweringNeedsReason
from engine.cases.models import Case
from engine.casework import ending, formbook, open_tasks
from engine.casework.reporting import place_of
from engine.deadlines import commands as deadline_commands
from engine.deadlines import queries as deadlines
from engine.deadlines.commands import NotAllowedByLaw
from engine.documents import queries as documents
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.models import Mediator, Unit
from engine.territory import queries as territory
from engine.workflow.models import Instance
from engine.workflow.operations import OPERATIONS, Call
from tests.factories import answers

VILLAGE = "610927103207"


@pytest.fixture
def case(house: None, session: Session) -> Case:
    """A dispute of the demo county's village, just reported."""
    path = territory.division(session, VILLAGE).path
    made, _ = cases.report(
        session,
        words="占地",
        place="民主村",
        urgency="ordinary",
        kind="dispute",
        source="grid",
        division=path,
        actor=None,
    )
    made.level, made.risk = "village", "BLUE"
    session.flush()
    return made


def call(session: Session, case: Case, operation: str, actor: str | None = None, **parameters: Any) -> Any:
    """Call an operation as the engine does."""
    given = Call(session, new_id(), case.id, "step", clock.now(), actor)
    result = OPERATIONS[operation].run(given, **parameters)
    session.flush()
    return result


def submit(session: Session, case: Case, form: str, **changed: Any) -> None:
    """Put a completed form on the case's file."""
    form_id = formbook.newest(session, form).id
    cases.submit(session, case, None, form_key=form, form_id=form_id, answers={**answers(form), **changed})
    session.flush()


def said(session: Session, case: Case) -> dict[str, Mapping[str, Any]]:
    """The events of a case by kind, the last of each."""
    events.write(session)
    return {event.kind: event.data for event in events.of_stream(session, case.id)}


def states(session: Session, case: Case) -> dict[str, str]:
    return {one.key: one.state for one in deadlines.of_case(session, case.id)}


def test_every_operation_is_named_and_explained_in_both_languages() -> None:
    for name, operation in OPERATIONS.items():
        assert operation.title and operation.title_zh, name
        assert all("; " in meaning for meaning in operation.parameters.values()), name


def test_classify_writes_what_triage_decided(session: Session, case: Case) -> None:
    call(
        session, case, "case.classify", kind="police", category="D01", risk="RED", level="town", gate="G2", sealed=True
    )
    assert (case.kind, case.category, case.risk, case.level, case.sealed) == ("police", "D01", "RED", "town", True)
    assert said(session, case)["case.routed"] == {"gate": "G2"}


def test_a_lower_risk_needs_the_second_persons_word(session: Session, case: Case) -> None:
    with pytest.raises(LoweringNeedsReason):
        call(session, case, "case.classify", risk="GREEN")
    call(session, case, "case.classify", risk="GREEN", lowered=True)
    assert case.risk == "GREEN"


def test_accepting_lets_thirty_days_run(session: Session, case: Case) -> None:
    """人民调解工作若干规定 §33."""
    with clock.virtual(clock.now()):
        call(session, case, "case.accept", deadline="pm.soft")
        assert case.accepted_at == clock.now()
        assert case.due_on == clock.today() + timedelta(days=30)
    assert states(session, case) == {"pm.soft": "running"}


def test_a_pause_stops_the_thirty_days(session: Session, case: Case) -> None:
    call(session, case, "case.accept")
    call(session, case, "case.pause", ground="danger")
    assert case.paused_at is not None
    assert states(session, case) == {"pm.soft": "cancelled"}
    call(session, case, "case.resume")
    assert case.paused_at is None


def test_refusing_records_the_ground(session: Session, case: Case) -> None:
    call(session, case, "case.refuse", ground="court_accepted")
    assert said(session, case)["case.refused"] == {"ground": "court_accepted"}


def test_escalating_goes_up_to_the_county_and_no_further(session: Session, case: Case) -> None:
    assert [call(session, case, "case.escalate")["level"] for _ in range(3)] == ["town", "county", "county"]


def test_the_mediators_are_those_of_the_form(session: Session, case: Case) -> None:
    submit(session, case, "f-mediator", mediator="account-1", joint=[{"mediator": "account-2"}])
    call(session, case, "case.appoint_mediator")
    assert case.mediators == ["account-1", "account-2"]
    submit(session, case, "f-mediator", mediator="account-2")
    call(session, case, "case.appoint_mediator")
    assert case.mediators == ["account-2"], "whoever was replaced is out"


def test_an_agreement_is_numbered_and_opens_the_window_for_confirmation(session: Session, case: Case) -> None:
    """民事诉讼法 §205: thirty days from the day it takes effect."""
    call(session, case, "case.accept")
    submit(session, case, "f11-agreement", effective_on="2026-09-01", touches=[])
    call(session, case, "case.record_agreement", form="f11-agreement")
    [agreement] = case_queries.agreements(session, case.id)
    assert (agreement.effective_on, agreement.confirmable) == (date(2026, 9, 1), True)
    assert states(session, case) == {"pm.soft": "met", "pm.confirm.window": "running"}
    [document] = documents.of_case(session, case.id)
    assert document.number.endswith("民主人调字第001号")


@pytest.mark.parametrize("touches", ["identity", "title"])
def test_status_and_title_are_not_confirmed(session: Session, case: Case, touches: str) -> None:
    """民诉法解释 §355 (三) (五)."""
    submit(session, case, "f11-agreement", touches=[touches])
    call(session, case, "case.record_agreement", form="f11-agreement")
    assert not case_queries.agreements(session, case.id)[0].confirmable
    assert "pm.confirm.window" not in states(session, case)


def test_an_agreement_without_its_form_is_not_made_up(session: Session, case: Case) -> None:
    call(session, case, "case.record_agreement", form="f11-agreement")
    assert case_queries.agreements(session, case.id) == []


def test_performance_is_recorded_on_the_agreement(session: Session, case: Case) -> None:
    submit(session, case, "f12-oral-agreement")
    call(session, case, "case.record_agreement", form="f12-oral-agreement")
    call(session, case, "case.record_performance", performed="yes")
    assert case_queries.agreements(session, case.id)[0].performed_on == clock.today()


def test_closing_ends_what_still_runs(session: Session, case: Case) -> None:
    call(session, case, "case.accept")
    call(session, case, "case.close", reason="withdrawn")
    assert (case.closing, case.closed_at, states(session, case)) == ("withdrawn", None, {"pm.soft": "running"})
    assert ending.ended(session, Instance(id=new_id(), stream=case.id), None)
    session.flush()
    assert (case.outcome, case.stage) == ("withdrawn", "closed")
    assert states(session, case) == {"pm.soft": "cancelled"}


def test_stage_is_set(session: Session, case: Case) -> None:
    call(session, case, "case.set_stage", stage="callback")
    assert case.stage == "callback"


@pytest.mark.parametrize(("operation", "state"), [("deadline.meet", "met"), ("deadline.cancel", "cancelled")])
def test_a_deadline_starts_and_ends(session: Session, case: Case, operation: str, state: str) -> None:
    due = call(session, case, "deadline.start", deadline="pm.soft")["due_on"]
    assert date.fromisoformat(due) == clock.today() + timedelta(days=30)
    call(session, case, operation, deadline="pm.soft")
    assert states(session, case) == {"pm.soft": state}


def test_a_warning_says_how_many_days_are_left(session: Session, case: Case) -> None:
    deadline_commands.start(session, case.id, "pm.soft", since=clock.now() - timedelta(days=24))
    call(session, case, "deadline.warn", deadline="pm.soft")
    assert said(session, case)["deadline.warned"]["days_left"] in (5, 6)


def test_a_register_is_numbered_once(session: Session, case: Case) -> None:
    submit(session, case, "f4-acceptance")
    call(session, case, "document.issue", form="f4-acceptance")
    call(session, case, "document.issue", form="f4-acceptance")
    year = clock.today().year
    assert [one.number for one in documents.of_case(session, case.id)] == [f"民主人调受〔{year}〕1号"]


def test_the_town_numbers_what_the_town_settles(session: Session, case: Case) -> None:
    case.level = "town"
    submit(session, case, "f4-acceptance")
    call(session, case, "document.issue", form="f4-acceptance")
    assert "钟宝人调受〔" in documents.of_case(session, case.id)[0].number


@pytest.mark.parametrize(
    ("operation", "parameters", "kind"),
    [
        ("handover.send", {"urgent": True}, "handover.sent"),
        ("handover.record_receipt", {"decision": "accept"}, "handover.answered"),
        ("handover.record_outcome", {"outcome": "people_mediation"}, "handover.outcome_recorded"),
    ],
)
def test_a_handover_leaves_its_trace(
    session: Session, case: Case, operation: str, parameters: dict[str, Any], kind: str
) -> None:
    call(session, case, operation, **parameters)
    assert said(session, case)[kind] == parameters


def test_a_reminder_stands_on_the_timeline(session: Session, case: Case) -> None:
    call(session, case, "notice.record", kind="triage_late")
    assert said(session, case)["notice.recorded"] == {"notice": "triage_late"}


def test_a_deadline_that_runs_since_that_day_is_kept(session: Session, case: Case) -> None:
    for _ in range(2):
        found = call(session, case, "deadline.start", deadline="pm.confirm.window", since="2026-09-01")
        assert (found["due_on"], found["displayed_on"]) == ("2026-10-01", "2026-10-08")
    assert len(deadlines.of_case(session, case.id)) == 1


def test_a_petition_is_extended_once_with_reason_and_by_whom(session: Session, case: Case) -> None:
    """信访工作条例 §34: approved by the head, at most thirty days, the petitioner is told."""
    with clock.virtual(clock.now()):
        call(session, case, "deadline.start", deadline="pet.handle")
        submit(session, case, "f-pet-approve", approved="yes", reason="涉及两个部门")
        given = {"deadline": "pet.handle", "form": "f-pet-approve", "by": "P30D", "given": ["head_approval", "notice"]}
        assert call(session, case, "deadline.extend", **given)["due_on"] == str(clock.today() + timedelta(days=90))
        again = call(session, case, "deadline.extend", **given)
        assert again["due_on"] == str(clock.today() + timedelta(days=90)), "no second time, and no incident"
    assert [one.kind for one in events.of_stream(session, case.id)][-2:] == [
        "deadline.extended", "deadline.not_extended",
    ]  # fmt: skip


def test_only_a_hearing_stops_a_re_examination(session: Session, case: Case) -> None:
    """信访工作条例 §36."""
    with clock.virtual(clock.now()) as time:
        call(session, case, "deadline.start", deadline="pet.recheck.decide")
        with pytest.raises(NotAllowedByLaw):
            call(session, case, "deadline.suspend", deadline="pet.recheck.decide", ground="holiday")
        call(session, case, "deadline.suspend", deadline="pet.recheck.decide", ground="hearing")
        begun = clock.today()
        time.advance(timedelta(days=10))
        assert call(session, case, "deadline.resume", deadline="pet.recheck.decide") == {
            "due_on": str(begun + timedelta(days=40))
        }


def test_a_corrected_filing_begins_anew(session: Session, case: Case) -> None:
    """登记立案规定 §7; 民事诉讼法 §126."""
    with clock.virtual(clock.now()) as time:
        call(session, case, "deadline.start", deadline="court.filing")
        time.advance(timedelta(days=5))
        anew = call(session, case, "deadline.restart", deadline="court.filing", ground="correction")
        assert anew == {"due_on": str(clock.today() + timedelta(days=7))}


def test_one_report_becomes_two_cases(session: Session, case: Case) -> None:
    second = call(session, case, "case.split", kind="petition", message="petition")["case_id"]
    made = session.get_one(Case, second)
    assert (made.kind, made.words, made.place) == ("petition", case.words, case.place)
    assert made.number != case.number
    assert [task.element_id for task in open_tasks(session, made.id)] == ["register"]


def test_a_result_stands_on_the_timeline_with_its_ground(session: Session, case: Case) -> None:
    call(session, case, "result.record", code="petition_refused", ground="31-2")
    assert said(session, case)["result.recorded"] == {"code": "petition_refused", "ground": "31-2"}


def test_sealing_twice_is_said_once(session: Session, case: Case) -> None:
    call(session, case, "case.seal")
    call(session, case, "case.seal")
    assert case.sealed


def test_a_leaders_visit_stands_on_the_file_of_each_case(session: Session, case: Case) -> None:
    """信访工作条例 §18: bound to cases, all of them or none."""
    assert call(session, case, "case.visit", numbers=[case.number, "ZP-1999-000001"]) == {"unknown": ["ZP-1999-000001"]}
    assert "case.visited" not in said(session, case)
    assert call(session, case, "case.visit", numbers=[case.number.lower()]) == {"unknown": []}
    assert said(session, case)["case.visited"] == {"number": case.number}


@pytest.mark.parametrize(
    ("level", "form", "series"),
    [("village", "f11-agreement", "民主人调字第001号"), ("town", "f11-agreement", "钟宝人调字第001号"),
     ("town", "f4-acceptance", "钟宝受〔")],
)  # fmt: skip
def test_a_place_without_organisation_numbers_papers_by_its_own_name(
    session: Session, case: Case, level: str, form: str, series: str
) -> None:
    session.execute(delete(Mediator))
    session.execute(delete(Unit))
    case.level = level
    submit(session, case, form)
    call(session, case, "document.issue", form=form)
    assert series in documents.of_case(session, case.id)[0].number


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("塘坊坝卫生室门口", "610927103001"),
        ("塘坊坝社区", "610927103001"),
        ("在曙坪的路上", "610927108"),
        ("钟宝镇民主村", VILLAGE),
    ],
)
def test_a_report_belongs_to_the_place_that_is_named_in_short(
    house: None, session: Session, place: str, code: str
) -> None:
    assert place_of(session, Actor.PUBLIC, place).code == code
