"""What lies on the desks of the demo county on its first start."""

import os
from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import select

from engine import bundle, casework, clock, db
from engine.cases.models import Case
from engine.casework import (
    acting,
    cockpit,
    filing,
    handing_out,
    joint_meeting,
    mentions,
    paper_facts,
    process_insight,
    receptions,
    watching,
)
from engine.casework.watching import Part
from engine.documents.models import FinishedFile
from engine.ledger import figures
from engine.people import absences
from engine.people import queries as people
from engine.sessions import room, sittings
from engine.supermarket import queue
from tests.api.steps import do_all
from tests.databases import fresh_database, using


def test_the_demo_county_has_a_finished_file_a_session_with_clauses_a_remark_and_somebody_away() -> None:
    with fresh_database(f"demo_{os.getpid()}") as url, using(url):
        with db.transaction() as session:
            casework.load_demo(session)
        do_all()
        with db.transaction() as session:
            mediator = people.actor_by_login(session, "mediator")
            asks = [
                one.case.words for one in casework.my_tasks(session, mediator).lines if one.task.element_id == "consent"
            ]
            assert asks and asks[0].startswith("示例"), "the mediator's day begins with something to do"
        with db.transaction() as session:
            [archived] = session.scalars(select(FinishedFile)).all()
            file = filing.case_file(session, people.actor_by_login(session, "mediator"), archived.case_id)
            assert (file.case.outcome, file.missing) == ("performed", [])
            assert {"f3-application", "f6-identity", "f11-agreement", "f13-performance", "f-jc-result"} <= {
                one.paper.key for one in file.papers
            }
            assert "".join(PdfReader(BytesIO(archived.content)).pages[0].extract_text().split()).startswith(
                "人民调解卷宗"
            )
            made = handing_out.make_bundle(
                session, people.actor_by_login(session, "county"), archived.case_id, "court"
            )  # fmt: skip
            assert bundle.verify(BytesIO(made), expected_key=bundle.public_key()).ok
        with db.transaction() as session:
            county, duty = (people.actor_by_login(session, login) for login in ("county", "duty"))
            today = clock.today()
            [planned] = sittings.between(session, county, today, today + timedelta(days=30))
            assert planned.sitting.place.startswith("示例")
            assert [row.state for row in room.rows(session, planned.case.id)] == ["agreed", "open"]
            assert [one.case.id for one in mentions.unseen(session, duty)] == [planned.case.id]
            admin = people.actor_by_login(session, "admin")
            [(key, element, code, number, _)] = cockpit.incident_groups(session, admin)
            assert (key, element, code, number) == ("demo-repair", "grade", "lowering-needs-reason", 1)
            [stuck] = watching.incidents(session, admin, Part()).rows
            one = stuck.Instance.id
            given = {"variables": {"risk": "ORANGE"}, "scope": None}
            acting.do(session, admin, one, "variables", given, reason="示例", version=None)
            acting.do(session, admin, one, "retry", {"incident": stuck.Incident.id}, reason="示例", version=None)
        do_all()
        with db.transaction() as session:
            assert cockpit.incident_groups(session, admin) == [], "it can be mended"
            assert [one.cover for one in absences.of(session, duty)] == ["示例值班员·钟宝镇二"]
        with db.transaction() as session:
            petition, mediator = (people.actor_by_login(session, login) for login in ("petition", "mediator"))
            [late] = joint_meeting.overdue(session, people.actor_by_login(session, "leader"), "zh")
            assert late.organ.startswith("示例") and late.leader.startswith("示例") and late.steps
            first, second = receptions.coming(session, petition)
            assert [case.kind for _, case in first.cases] == ["petition"]
            assert second.free, "so that it can be moved"
            assert len(queue.of_day(session, mediator, clock.today())) == 2
            women = people.actor_by_login(session, "women")
            [asked] = [one for one in casework.my_tasks(session, women).lines if one.task.element_id == "look"]
            assert "示例" in asked.case.words, "somebody is asked again after a week"
            quarter = figures.Window.of("", "", "").quarter()
            seen = figures.figures(session, people.actor_by_login(session, "leader"), quarter)
            [response] = [one for one in seen.rates if one.key == "response"]
            assert response.part and response.part > 10, "a leader sees that people acted"
            police = people.actor_by_login(session, "police")
            [handed] = session.scalars(select(Case).where(Case.source == "police_110"))
            assert paper_facts.of_case(session, handed)["slip"].startswith("示例")
            [letter] = [one for one in filing.case_file(session, police, handed.id).papers if one.document]
            assert letter.paper.key == "f-handover"
        with db.transaction() as session:
            seen = process_insight.insight(session, admin, "hazard")
            begun = {stay.element_id: stay.instances for stay in seen.walked.stays}
            visits = {stay.element_id: stay.visits for stay in seen.walked.stays}
            assert begun["verify"] >= 10, "Insight has something to tell"
            assert visits["rectify"] > begun["rectify"], "some go round"
            assert seen.walked.ended >= 10
            assert all(min(seen.due[step].in_time, seen.due[step].late) > 0 for step in ("verify", "rectify"))
