"""Judicial confirmation: whose time runs from which day."""

from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine import casework, clock, events
from engine.cases import commands, parties
from engine.cases import queries as cases
from engine.cases.models import Agreement
from engine.casework import filing, formbook, procedures
from engine.deadlines import queries as deadlines
from engine.workflow import instances
from engine.workflow.models import Instance
from tests.engine.casework.conftest import Work
from tests.factories import LAND, actor, answers, do

NUMBER = "610927188506123017"


def text(pdf: bytes) -> str:
    """The words of a paper, without blanks."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_the_courts_thirty_days_run_from_the_day_on_which_it_files(session: Session, work: Work) -> None:
    """民事诉讼法 §187: 自立案之日起, not from the day on which the papers were handed in; it may be extended."""
    with clock.virtual(clock.now()) as time:
        case = casework.report(session, actor(session, "grid"), LAND).case
        [triage] = session.scalars(select(Instance.id).where(Instance.stream == case.id)).all()
        instances.cancel(session, triage, actor=None, reason="sorted")
        case.kind, case.level = "dispute", "village"
        filed = cases.submissions(session, case.id)[0]
        session.add(
            Agreement(case_id=case.id, submission_id=filed.id, form="f11-agreement", effective_on=clock.today(),
                      confirmable=True)
        )  # fmt: skip
        session.flush()
        procedures.start_on(session, actor(session, "mediator"), case.id, "judicial-confirm")
        for element in ("precheck", "consent", "papers"):
            work()
            do(session, case, element, "mediator")
        work()
        assert "court.confirm" not in {one.key for one in deadlines.of_case(session, case.id)}
        time.advance(timedelta(days=2))
        do(session, case, "court-accept", "court")
        work()
        [running] = [one for one in deadlines.of_case(session, case.id) if one.key == "court.confirm"]
        assert running.started_on == clock.today()
        assert running.due_on == clock.today() + timedelta(days=30)
        given = {"result": "extend", "days": 20, "approved_by": "示例院长", "reason": "案件要向第三人核实"}
        do(session, case, "court-result", "court", **given)
        work()
        assert running.due_on == running.started_on + timedelta(days=50)
        assert (running.extension, running.extension_reason) == ("P20D", "案件要向第三人核实")
        court = actor(session, "county")
        paper = filing.case_file(session, court, case.id).papers[-1]
        told = text(filing.paper(session, court, case.id, paper.submission.id, "pdf", "zh"))
        assert paper.paper.zh == "司法确认审理期限延长情况" and "延长20日批准的院长示例院长" in told
        [task] = casework.open_tasks(session, case.id)
        page = casework.task_page(session, actor(session, "court"), task.id)
        assert page.context["court_extended"] is True, "a second time is not offered"
        time.advance(timedelta(days=49))
        do(session, case, "court-result", "court")
        work()
        assert running.state == "met"


def test_what_goes_to_the_court_has_the_identity_numbers_in_full(session: Session, work: Work) -> None:
    """民诉法解释 §354: the application (F15) that both hand in; each such print is a look that is recorded."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    party = {"role": "applicant", "name": "示例甲", "kind": "person", "id_number": NUMBER}
    parties.put(session, case, None, party)
    form = formbook.newest(session, "f15-confirmation")
    given = answers("f15-confirmation")
    made = commands.submit(session, case, None, form_key="f15-confirmation", form_id=form.id, answers=given)
    case.level, case.kind = "village", "dispute"
    session.flush()

    def printed(login: str) -> str:
        return text(filing.take_out(session, actor(session, login), case.id, made, "pdf", "zh"))

    assert NUMBER not in printed("grid") and forms.masked(NUMBER) in printed("grid")
    assert NUMBER in printed("mediator")
    looks = [one for one in events.of_stream(session, case.id) if one.kind == "party.unmasked"]
    assert [(one.actor, one.data["reason"]) for one in looks] == [(actor(session, "mediator").id, "confirmation")]
