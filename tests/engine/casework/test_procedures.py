"""Who may start which procedure, on what; what the law keeps closed cannot be started by hand either."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework
from engine.cases import queries as cases
from engine.cases.models import Agreement, Case
from engine.casework import procedures
from engine.casework.errors import AlreadyRunning, NotForThisCase, ProcedureUnknown
from engine.clock import today
from engine.people.actor import Actor
from engine.workflow import instances, jobs
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused
from engine.workflow.models import Instance
from tests.factories import LAND, actor, do, open_task

Work = Callable[[], None]


@pytest.fixture
def work(house: None, session: Session) -> Iterator[Work]:
    """What a worker would do now."""
    with jobs.inline(session) as run_jobs:
        yield run_jobs


def case_of(session: Session, *, kind: str = "dispute", confirmable: bool | None = None) -> Case:
    """A village's case whose triage is over; with an agreement if `confirmable` says which."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    [triage] = session.scalars(select(Instance.id).where(Instance.stream == case.id)).all()
    instances.cancel(session, triage, actor=None, reason="sorted")
    case.kind, case.level = kind, "village"
    session.flush()
    if confirmable is not None:
        filed = cases.submissions(session, case.id)[0]
        session.add(
            Agreement(case_id=case.id, submission_id=filed.id, form="f11-agreement", effective_on=today(),
                      confirmable=confirmable)
        )  # fmt: skip
        session.flush()
    return case


def offered(session: Session, login: str, case: Case) -> set[str]:
    return {one.key for one in procedures.startable_on(session, actor(session, login), case)}


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize(("confirmable", "there"), [(True, True), (False, False), (None, False)])
def test_confirmation_is_offered_only_where_the_court_may_confirm(
    session: Session, confirmable: bool | None, there: bool
) -> None:
    """民诉法解释 §355: not for status or ownership, and not without an agreement."""
    case = case_of(session, confirmable=confirmable)
    assert ("judicial-confirm" in offered(session, "mediator", case)) is there
    if not there:
        with pytest.raises(NotForThisCase):
            procedures.start_on(session, actor(session, "mediator"), case.id, "judicial-confirm")


@pytest.mark.usefixtures("work")
def test_a_procedure_begins_once_on_a_case(session: Session) -> None:
    case = case_of(session, confirmable=True)
    mediator = actor(session, "mediator")
    procedures.start_on(session, mediator, case.id, "judicial-confirm")
    assert open_task(session, case, "precheck").groups == ["village_mediator"]
    with pytest.raises(AlreadyRunning):
        procedures.start_on(session, mediator, case.id, "judicial-confirm")


@pytest.mark.usefixtures("work")
def test_whoever_does_not_start_it_is_offered_nothing(session: Session) -> None:
    case = case_of(session, confirmable=True)
    assert offered(session, "grid", case) == set()
    assert procedures.startable(session, actor(session, "court")) == [procedures.one(session, "fraud")], (
        "anybody may report a fraud"
    )
    with pytest.raises(ProcedureUnknown):
        procedures.start(session, actor(session, "grid"), "petition-intake", LAND)


@pytest.mark.usefixtures("work")
def test_mediation_cannot_be_started_past_the_gate(session: Session) -> None:
    for kind in ("dispute", "police", "protection", "fraud", "petition"):
        assert "civil-dispute" not in offered(session, "mediator", case_of(session, kind=kind))
    assert procedures.one(session, "civil-dispute").new_case is None


def test_a_protection_is_sealed_and_with_the_police_before_anything_else(session: Session, work: Work) -> None:
    """反家庭暴力法 §14."""
    told = procedures.start(session, actor(session, "grid"), "protection", {**LAND, "urgency": "danger_people"})
    assert told.case.sealed and told.case.kind == "protection"
    assert told.case.risk == "RED", "no triage says it where there is none"
    do(session, told.case, "report", "duty")
    work()
    assert open_task(session, told.case, "receipt").groups == ["police"]


def test_a_fraud_needs_no_account_and_no_triage(session: Session, work: Work) -> None:
    told = procedures.start(session, Actor.PUBLIC, "fraud", {**LAND, "urgency": "danger_people", "kind": "fraud"})
    work()
    assert told.case.risk == "RED"
    assert {task.element_id for task in casework.open_tasks(session, told.case.id)} == {"receipt", "record"}


def test_a_petition_goes_from_the_register_to_the_organ(session: Session, work: Work) -> None:
    """信访工作条例 §§22, 23, 34: passed on in fifteen days, told in fifteen, answered in sixty."""
    told = procedures.start(session, actor(session, "petition"), "petition-intake", LAND)
    for element, login in (("register", "petition"), ("sort", "petition"), ("send", "petition"), ("receive", "organ")):
        do(session, told.case, element, login)
        work()
    assert open_task(session, told.case, "notice").groups == ["organ_officer"]
    page = casework.case_page(session, actor(session, "petition"), told.case.id)
    assert {one.key: one.state for one, _ in page.deadlines} == {
        "pet.notice.office": "met", "pet.notice.organ": "running", "pet.objection": "met",
    }  # fmt: skip


def test_a_bundle_that_is_deployed_can_be_started_and_one_that_says_nonsense_is_refused(
    house: None, session: Session
) -> None:
    said = (
        'title = "走访"\nmain = "walk.bpmn"\n[start]\nmessage = "patrol"\nroles = ["duty_officer"]\nnew_case = "patrol"'
    )
    officer = actor(session, "duty")
    assert "walk" not in {one.key for one in procedures.startable(session, officer)}
    casework.deploy(session, actor(session, "admin"), [File("walk/bundle.toml", said.encode())])
    [made] = [one for one in procedures.startable(session, officer) if one.key == "walk"]
    assert (made.title, made.title_en) == ("走访", "走访")
    with pytest.raises(DeploymentRefused):
        wrong = said.replace('["duty_officer"]', "3")
        casework.deploy(session, actor(session, "admin"), [File("walk/bundle.toml", wrong.encode())])
