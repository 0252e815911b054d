"""What lies before whoever decides a step of a case that is not theirs."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases.models import Agreement, Case, Submission
from engine.cases.permissions import SIGHT
from engine.casework import laid, procedures
from engine.casework.vocabulary import laid_before
from engine.config import ROOT
from engine.documents import commands as documents
from engine.documents.queries import UploadUnknown
from engine.events import Event
from engine.ids import new_id
from engine.workflow import instances
from engine.workflow.bpmn import compile_model
from engine.workflow.errors import TaskNotOpen, TaskUnknown
from engine.workflow.models import Instance
from tests.engine.casework.conftest import Work
from tests.factories import LAND, actor, do, open_task


@pytest.fixture
def case(session: Session, work: Work) -> Case:
    """A case whose confirmation lies with the court, with the record of its mediation on file."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    [triage] = session.scalars(select(Instance.id).where(Instance.stream == case.id)).all()
    instances.cancel(session, triage, actor=None, reason="sorted")
    case.kind, case.level = "dispute", "village"
    record = on_file(session, case, "f10-session", {"spoken": "一方让了一步"})
    agreed = on_file(session, case, "f11-agreement", {"facts": "争一堵墙"})
    session.add(
        Agreement(case_id=case.id, submission_id=agreed.id, form="f11-agreement", effective_on=clock.today(),
                  confirmable=True)
    )  # fmt: skip
    session.flush()
    assert record.id != agreed.id
    procedures.start_on(session, actor(session, "mediator"), case.id, "judicial-confirm")
    for element in ("precheck", "consent", "papers"):
        work()
        do(session, case, element, "mediator")
    work()
    return case


def on_file(session: Session, case: Case, key: str, answers: dict[str, Any]) -> Submission:
    """A completed form on the file, with its newest version."""
    form = casework.formbook.newest(session, key)
    made = Submission(
        id=new_id(), case_id=case.id, form_key=key, form_id=form.id, answers=answers, at=clock.now(),
        by=actor(session, "mediator").id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def viewed(session: Session, case: Case) -> list[str | None]:
    return [one.actor for one in events.of_stream(session, case.id) if one.kind == "upload.viewed"]


def seen(session: Session, login: str, task_id: UUID) -> list[str]:
    page = casework.task_page(session, actor(session, login), task_id)
    return [one.submission.form_key for one in page.laid]


def test_a_judge_reads_the_agreement_and_not_what_was_said_about_it(session: Session, case: Case) -> None:
    task = open_task(session, case, "court-accept")
    assert seen(session, "court", task.id) == ["f11-agreement", "f-jc-check", "f-jc-consent", "f15-confirmation"]
    assert casework.sees_case(session, actor(session, "court"), case.id) is False
    assert seen(session, "mediator", task.id) == [], "whoever sees the case has its file"
    with pytest.raises(TaskUnknown):
        casework.task_page(session, actor(session, "labour"), task.id)
    do(session, case, "court-accept", "court")
    with pytest.raises(TaskNotOpen):
        seen(session, "court", task.id)


@pytest.mark.parametrize("decision", ["return", "refuse"])
def test_who_triages_again_reads_why_the_police_sent_the_matter_back(
    session: Session, work: Work, decision: str
) -> None:
    """程序规定 §61: the reason stands in the receipt; the centre, whose case it is, decides on it."""
    case = casework.report(session, actor(session, "duty"), LAND).case
    assert seen(session, "duty", open_task(session, case, "triage").id) == [], "nothing came back yet"
    for element, login, more in (
        ("triage", "duty", {"danger_facts": ["public_order"], "route_facts": ["dispute"], "subject": "neighbours"}),
        ("confirm", "duty", {"route": "police", "risk": "BLUE", "level": "town"}),
        ("handover", "duty", {}),
        ("receipt", "police", {"decision": decision, "reason": "示例：没有违反治安管理"}),
    ):
        do(session, case, element, login, **more)
        work()
    [receipt] = casework.task_page(session, actor(session, "duty"), open_task(session, case, "triage").id).laid
    assert (receipt.submission.form_key, receipt.answers["reason"]) == ("f-receipt", "示例：没有违反治安管理")


def test_who_sees_the_case_but_reaches_nobody_reads_no_telephone_at_a_step(session: Session, case: Case) -> None:
    worker, task = actor(session, "grid"), open_task(session, case, "court-accept")
    on_file(session, case, "f11-agreement", {"parties": [{"name": "示例甲", "phone": "13800001234"}]})
    case.reported_by, task.groups = None, ["grid_worker"]
    session.flush()
    assert casework.sees_case(session, worker, case.id)
    shown = str([one.answers for one in casework.task_page(session, worker, task.id).laid])
    assert "示例甲" in shown and "13800001234" not in shown


def test_of_a_sealed_case_only_who_has_taken_the_step_reads_and_each_look_is_recorded(
    session: Session, case: Case
) -> None:
    task = open_task(session, case, "court-accept")
    case.sealed = True
    session.flush()
    assert seen(session, "court", task.id) == []
    casework.claim(session, actor(session, "court"), task.id)
    assert "f11-agreement" in seen(session, "court", task.id)
    looks = select(Event).where(Event.stream == case.id, Event.kind == "case.viewed")
    assert {one.actor for one in session.scalars(looks)} == {actor(session, "court").id}


def test_files_of_what_lies_open_can_be_read_and_no_others(session: Session, case: Case) -> None:
    court, task = actor(session, "court"), open_task(session, case, "court-accept")
    scan, other = (
        documents.store_upload(session, actor(session, "mediator").id, name, b"%PDF-1.4\n%%EOF\n")
        for name in ("协议.pdf", "记录.pdf")
    )
    for key, file in (("f11-agreement", scan), ("f10-session", other)):
        newest = session.scalars(
            select(Submission).where(Submission.case_id == case.id, Submission.form_key == key)
        ).one()
        newest.answers = {**newest.answers, "scan": [str(file.id)]}
    session.flush()
    assert laid.upload(session, court, task.id, scan.id).name == "协议.pdf"
    [first, *_] = casework.task_page(session, court, task.id).laid
    assert [one.url for one in first.uploads] == [f"/tasks/{task.id}/papers/{scan.id}"]
    with pytest.raises(UploadUnknown):
        laid.upload(session, court, task.id, other.id)
    with pytest.raises(TaskUnknown):
        laid.upload(session, actor(session, "labour"), task.id, scan.id)
    assert viewed(session, case) == [], "an open case's are not recorded"
    case.sealed = True
    session.flush()
    with pytest.raises(UploadUnknown):
        laid.upload(session, court, task.id, scan.id)
    casework.claim(session, court, task.id)
    laid.upload(session, court, task.id, scan.id)
    assert viewed(session, case) == [court.id]


def test_every_step_of_an_organ_without_sight_says_what_lies_before_it() -> None:
    for path in sorted((ROOT / "processes").glob("*/*.bpmn")):
        for process in compile_model(path.read_bytes()).processes.values():
            for element in process.elements.values():
                groups = element.candidate_groups
                if element.type != "userTask" or not isinstance(groups, str):
                    continue
                roles = {one.strip() for one in groups.split(",")}
                if not roles & SIGHT.keys() and element.id not in WITHOUT:
                    assert laid_before(element), f"{process.key} {element.id} ({groups}) shows nothing of the file"


WITHOUT = {"weekly-look"}
"""The listed hazard's week stands in the leader's step itself."""
