"""A judge's step shows the agreement that is to be confirmed; the case itself stays closed to them."""

import pytest
from flask import Flask
from sqlalchemy import select

from engine import casework, clock, db
from engine.cases.models import Agreement, Submission
from engine.casework import procedures
from engine.documents import commands as documents
from engine.ids import new_id
from engine.workflow import instances
from engine.workflow.models import Instance
from tests.api.steps import System, do, do_all, task_of
from tests.factories import LAND, actor

pytestmark = pytest.mark.usefixtures("library")

ENGLISH = {"Accept-Language": "en"}


def waits_for_the_court(system: System) -> tuple[str, str]:
    """A case whose confirmation lies with the court, and the scan of its agreement."""
    with db.transaction() as session:
        mediator = actor(session, "mediator")
        case = casework.report(session, actor(session, "grid"), LAND).case
        [triage] = session.scalars(select(Instance.id).where(Instance.stream == case.id)).all()
        instances.cancel(session, triage, actor=None, reason="sorted")
        case.kind, case.level = "dispute", "village"
        scan = documents.store_upload(session, mediator.id, "协议.pdf", b"%PDF-1.4\n%%EOF\n")
        form = casework.formbook.newest(session, "f11-agreement")
        made = Submission(
            id=new_id(), case_id=case.id, form_key="f11-agreement", form_id=form.id, at=clock.now(), by=mediator.id,
            answers={"facts": "争一堵墙", "scan": [str(scan.id)]},
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.add(
            Agreement(case_id=case.id, submission_id=made.id, form="f11-agreement", effective_on=clock.today(),
                      confirmable=True)
        )  # fmt: skip
        session.flush()
        procedures.start_on(session, mediator, case.id, "judicial-confirm")
        found = str(case.id), str(scan.id)
    for element in ("precheck", "consent", "papers"):
        do(system("mediator"), found[0], element)
    do_all()
    return found


def test_a_judge_reads_what_is_to_be_confirmed(app: Flask, system: System, signed_in: System) -> None:
    case_id, scan = waits_for_the_court(system)
    court, task = system("court"), task_of(system("court"), case_id, "court-accept")
    assert court.get(f"/api/v1/cases/{case_id}").status_code == 404
    found = court.get(f"/api/v1/tasks/{task['id']}", headers=ENGLISH).get_json()["laid"]
    assert found[0]["submission"]["form_key"] == "f11-agreement"
    assert found[0]["submission"]["answers"]["facts"] == "争一堵墙"
    assert court.get(f"/api/v1/tasks/{task['id']}/papers/{scan}").status_code == 200
    assert court.get(f"/api/v1/uploads/{scan}").status_code == 404
    assert system("labour").get(f"/api/v1/tasks/{task['id']}/papers/{scan}").status_code == 404
    page = signed_in("court").get(f"/tasks/{task['id']}", headers=ENGLISH).text
    assert "What lies before you" in page and "争一堵墙" in page
    assert signed_in("court").get(f"/tasks/{task['id']}/papers/{scan}").status_code == 200
