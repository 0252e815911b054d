"""Rehearsals: playing a process on a stage, with the real forms, where nothing stays."""

from datetime import datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine import casework, clock, db
from engine.cases.models import Case
from engine.casework.errors import AdministratorsOnly, AnswersInvalid, Outdated
from engine.studio import rehearsing
from engine.workflow import scenarios
from engine.workflow.definitions import File
from engine.workflow.errors import TaskNotOpen
from engine.workflow.models import Instance
from engine.workflow.rehearsal import as_scenario
from tests.factories import actor

AT = datetime(2026, 11, 23, 20, 0, tzinfo=clock.ZONE)
START = {"start": {"process": "hazard", "as": "hazard", "variables": {"risk": "BLUE", "level": "village"}}}
VERIFIED = {"verified": "true", "geological": "no", "grade": "general"}


@pytest.fixture
def rehearsal(house: None, session: Session) -> rehearsing.Rehearsal:
    return rehearsing.begin(session, actor(session, "admin"), "hazard", at=AT)


def test_a_process_is_played_with_its_forms_and_nothing_stays(
    session: Session, rehearsal: rehearsing.Rehearsal
) -> None:
    before = session.scalar(select(func.count()).select_from(Case)), session.scalar(select(func.count(Instance.id)))
    admin = actor(session, "admin")
    rehearsing.add(session, admin, rehearsal.id, START)
    scene = rehearsing.played(rehearsal)
    assert scene.seen is not None and scene.seen.trouble is None
    task = scene.task("hazard", "verify")
    assert task.form is not None
    with pytest.raises(AnswersInvalid):
        rehearsing.answered(session, task, {})
    rehearsing.add(session, admin, rehearsal.id, {"complete": {"task": "verify", "variables": VERIFIED}})
    scene = rehearsing.played(rehearsal)
    assert [one.waiting.element_id for one in scene.tasks] == ["measures"]
    assert scene.seen is not None
    [run] = scene.seen.runs
    assert run.status == "active"
    assert run.definition_id in scene.diagrams
    assert scene.seen.completed()[str(run.definition_id), "verify"] == 1
    after = session.scalar(select(func.count()).select_from(Case)), session.scalar(select(func.count(Instance.id)))
    assert after == before
    assert session.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'stage_%'")) == 0


def test_time_is_moved_and_a_step_taken_back(session: Session, rehearsal: rehearsing.Rehearsal) -> None:
    admin = actor(session, "admin")
    measures = {"complete": {"task": "measures", "variables": {"fix_due": "2026-11-28"}}}
    for step in (START, {"complete": {"task": "verify", "variables": VERIFIED}}, measures, {"advance": "P7D"}):
        rehearsing.add(session, admin, rehearsal.id, step)
    seen = rehearsing.played(rehearsal).seen
    assert seen is not None
    assert seen.runs[0].variables["level"] == "town", "past its day it goes up a level"
    assert seen.now.astimezone(clock.ZONE).date().isoformat() == "2026-11-30"
    rehearsing.take_back(session, admin, rehearsal.id, 3)
    seen = rehearsing.played(rehearsal).seen
    assert seen is not None
    assert seen.runs[0].variables["level"] == "village"


def test_trouble_is_told_at_its_step(session: Session, rehearsal: rehearsing.Rehearsal) -> None:
    admin = actor(session, "admin")
    for step in (START, {"complete": {"task": "rectify"}}, {"advance": "P1D"}):
        rehearsing.add(session, admin, rehearsal.id, step)
    seen = rehearsing.played(rehearsal).seen
    assert seen is not None and seen.trouble is not None
    assert seen.trouble.step == 1
    assert isinstance(seen.trouble.error, TaskNotOpen)
    assert len(seen.moments) == 1


def test_a_draft_is_played_instead_of_what_is_deployed(session: Session, rehearsal: rehearsing.Rehearsal) -> None:
    [deployed] = [file for file in casework.library() if file.name == "hazard/hazard.bpmn"]
    other = deployed.content
    for place in (b' id="%s"', b'Ref="%s"', b'bpmnElement="%s"', b">%s<"):
        other = other.replace(place % b"verify", place % b"look")
    draft = File("hazard/hazard.bpmn", other)
    rehearsing.add(session, actor(session, "admin"), rehearsal.id, START)
    assert [one.waiting.element_id for one in rehearsing.played(rehearsal, [draft]).tasks] == ["look"]
    broken = File("hazard/hazard.bpmn", other.replace(b'targetRef="look"', b'targetRef="nowhere"'))
    scene = rehearsing.played(rehearsal, [broken])
    assert scene.seen is None
    assert scene.findings


def test_what_was_played_is_a_scenario_that_passes(
    session: Session, rehearsal: rehearsing.Rehearsal, tmp_path: Path
) -> None:
    admin = actor(session, "admin")
    for step in (START, {"complete": {"task": "verify", "variables": {"verified": "false"}}}):
        rehearsing.add(session, admin, rehearsal.id, step)
    seen = rehearsing.played(rehearsal).seen
    assert seen is not None
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (tmp_path / "hazard.bpmn").write_bytes(
        next(one.content for one in casework.library() if one.name == "hazard/hazard.bpmn")
    )
    content = {"clock": AT.isoformat(), "scenarios": [as_scenario("不属实", seen)]}
    (folder / "played.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with casework.stage(db.engine()) as play:
        [outcome] = play(folder / "played.yaml")
    assert outcome.passed, outcome.problem
    assert {"expect": {"ended": ["hazard"], "incidents": []}} in content["scenarios"][0]["steps"]
    assert scenarios.coverage([outcome])[0].walked > 0


def test_a_message_starts_another_process_which_gets_a_name(session: Session, house: None) -> None:
    admin = actor(session, "admin")
    found = rehearsing.begin(session, admin, "intake", at=AT)
    variables = {"urgency": "danger_place"}
    rehearsing.add(session, admin, found.id, {"start": {"process": "intake", "as": "intake", "variables": variables}})
    scene = rehearsing.played(found)
    assert scene.seen is not None
    assert {run.name for run in scene.seen.runs} == {"intake", "hazard"}
    assert scene.seen.moments[0].new == [("hazard", "hazard")]


def test_only_administrators_and_nobody_twice(session: Session, rehearsal: rehearsing.Rehearsal) -> None:
    with pytest.raises(AdministratorsOnly):
        rehearsing.begin(session, actor(session, "mediator"), "hazard")
    session.flush()
    rehearsing.add(session, actor(session, "admin"), rehearsal.id, START, version=rehearsal.version)
    session.flush()
    with pytest.raises(Outdated):
        rehearsing.add(session, actor(session, "admin"), rehearsal.id, START, version=rehearsal.version - 1)
