"""The stories that villagers really told, from the report to the closed case, through forms, roles and processes."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases import queries as cases
from engine.casework.errors import AnswersInvalid, CasePaused, TaskNotYours
from engine.documents import queries as documents
from engine.errors import NotFound
from engine.people.actor import Actor
from engine.workflow.errors import TaskNotOpen
from engine.workflow.tasks import SeparationOfDuties
from tests.engine.casework.conftest import Work
from tests.factories import LAND, ROCK, actor, answers, closed, do, open_task


def mediated_up_to(session: Session, work: Work, last: str) -> casework.Reported:
    """The land dispute, taken along its main way up to and including a step."""
    told = casework.report(session, actor(session, "grid"), LAND)
    steps = [
        ("triage", "duty"), ("confirm", "duty"), ("consent", "mediator"), ("register", "mediator"),
        ("mediator", "mediator"), ("rights", "mediator"), ("session", "mediator"), ("agreement", "mediator"),
        ("perform", "mediator"),
    ]  # fmt: skip
    for element, login in steps:
        work()
        do(session, told.case, element, login)
        if element == last:
            break
    work()
    return told


def test_land_dispute_is_settled_performed_called_back_and_closed(session: Session, work: Work) -> None:
    with clock.virtual(clock.now()) as time:
        told = mediated_up_to(session, work, "perform")
        assert told.case.words == "李家建房子把我家的地占了"
        time.advance(timedelta(days=8))
        work()
        do(session, told.case, "callback", "duty")
        work()
    assert closed(session, told.case) == ("performed", True)
    assert told.case.category == "D0401"
    assert next(one.form_key for one in cases.submissions(session, told.case.id)) == "f-report"
    assert any("调字第001号" in one.number for one in documents.of_case(session, told.case.id))
    assert events.first_break(events.of_stream(session, told.case.id)) is None


def test_an_agreement_was_performed_on_the_day_that_the_form_says(session: Session, work: Work) -> None:
    """人民调解法 §31: it is often written down days later."""
    told = mediated_up_to(session, work, "agreement")
    on = clock.today() - timedelta(days=3)
    do(session, told.case, "perform", "mediator", performed_on=on.isoformat())
    work()
    assert [one.performed_on for one in cases.agreements(session, told.case.id)] == [on]


def test_the_mediator_may_not_make_the_call_back(session: Session, work: Work) -> None:
    with clock.virtual(clock.now()) as time:
        told = mediated_up_to(session, work, "perform")
        time.advance(timedelta(days=8))
        work()
        task = open_task(session, told.case, "callback")
        task.groups = ["village_mediator"]  # even if the diagram let the role do it
        session.flush()
        with pytest.raises(SeparationOfDuties):
            casework.complete_task(session, actor(session, "mediator"), task.id, answers("f14-callback"))


def test_one_side_refuses_and_is_told_the_other_routes(session: Session, work: Work) -> None:
    told = mediated_up_to(session, work, "confirm")
    do(session, told.case, "consent", "mediator", consent="refused")
    work()
    do(session, told.case, "tell-refused", "mediator")
    work()
    assert closed(session, told.case) == ("refused", True)


def test_no_agreement_goes_up_level_by_level(session: Session, work: Work) -> None:
    told = mediated_up_to(session, work, "rights")
    do(session, told.case, "session", "mediator", result="none", failed_because="谁也不让")
    work()
    assert told.case.level == "town"
    assert open_task(session, told.case).groups == ["town_mediator"]


def test_danger_pauses_mediation_until_the_police_answer(session: Session, work: Work) -> None:
    told = mediated_up_to(session, work, "rights")
    casework.raise_danger(session, actor(session, "mediator"), told.case.id, answers("f-danger"))
    work()
    assert told.case.paused_at is not None
    assert open_task(session, told.case).groups == ["police"]
    do(session, told.case, "receipt", "police")
    work()
    do(session, told.case, "outcome-report", "police")
    work()
    assert told.case.paused_at is None
    assert open_task(session, told.case).element_id == "consent"


def test_a_rock_is_never_mediated(session: Session, work: Work) -> None:
    told = casework.report(session, actor(session, "grid"), ROCK)
    work()
    assert (told.case.risk, told.case.kind) == ("RED", "hazard")
    do(session, told.case, "call", "grid")
    do(session, told.case, "verify", "hazard")
    do(session, told.case, "measures", "hazard")
    do(session, told.case, "rectify", "hazard")
    photo = _photo(session, "hazard2")
    with pytest.raises(SeparationOfDuties), session.begin_nested():
        do(session, told.case, "recheck", "hazard", photos=[photo])
    do(session, told.case, "recheck", "hazard2", photos=[photo])
    do(session, told.case, "strike-off", "hazard2")
    work()
    assert closed(session, told.case) == ("struck_off", True)


def test_wrong_answers_say_where_and_change_nothing(session: Session, work: Work) -> None:
    with pytest.raises(AnswersInvalid) as refused:
        casework.report(session, Actor.PUBLIC, {"what": "", "where": "民主村", "urgency": "soon"})
    assert [error.pointer for error in refused.value.fields] == ["/what"]


def test_strangers_see_nothing(session: Session, work: Work) -> None:
    told = mediated_up_to(session, work, "confirm")
    task = open_task(session, told.case)
    court = actor(session, "court")
    with pytest.raises(NotFound):
        casework.task_page(session, court, task.id)
    with pytest.raises(NotFound):
        casework.case_page(session, court, told.case.id)
    with pytest.raises(TaskNotYours), session.begin_nested():
        casework.complete_task(session, actor(session, "duty"), task.id, answers("f-consent"))


def test_the_same_task_twice_is_told_so(session: Session, work: Work) -> None:
    told = casework.report(session, actor(session, "grid"), LAND)
    task = open_task(session, told.case, "triage")
    do(session, told.case, "triage", "duty")
    with pytest.raises(TaskNotOpen) as second:
        casework.complete_task(session, actor(session, "duty2"), task.id, answers("f-triage"))
    assert second.value.facts["by"] == actor(session, "duty").id


def test_whoever_has_code_and_phone_can_follow(session: Session, work: Work) -> None:
    told = casework.report(
        session, Actor.PUBLIC, {**LAND, "reporter_name": "示例村民", "reporter_phone": "0915-3300021"}
    )
    session.flush()
    assert casework.follow(session, told.tracking_code.lower(), "0915 3300021").case.id == told.case.id
    with pytest.raises(NotFound):
        casework.follow(session, told.tracking_code, "0915-3300022")
    with pytest.raises(NotFound):
        casework.follow(session, "ABCDEFGHJK", "0915-3300021")


def test_pages_of_a_case_say_where_it_stands(session: Session, work: Work) -> None:
    told = mediated_up_to(session, work, "rights")
    mediator = actor(session, "mediator")
    page = casework.case_page(session, mediator, told.case.id)
    assert [task.element_id for task in page.open_tasks] == ["session"]
    assert {filed.submission.form_key for filed in page.file} >= {"f-report", "f-triage", "f4-acceptance", "f5-rights"}
    standing = casework.where_it_stands(session, mediator, told.case.id)
    assert standing[0].definition.key in ("mediation", "civil-dispute")
    waiting = {step.element.id for one in standing for step in one.steps if step.waiting}
    assert "session" in waiting
    work_page = casework.my_tasks(session, mediator, "group")
    assert told.case.id in {line.case.id for line in work_page.lines}


def test_a_paused_case_refuses_other_steps(session: Session, work: Work) -> None:
    told = mediated_up_to(session, work, "rights")
    told.case.paused_at = clock.now()
    session.flush()
    with pytest.raises(CasePaused):
        do(session, told.case, "session", "mediator")


def _photo(session: Session, login: str) -> str:
    from engine.documents import commands

    content = b"\x89PNG\r\n\x1a\n" + b"0" * 32
    stored = commands.store_upload(session, actor(session, login).id, "photo.png", content)
    session.flush()
    return str(stored.id)
