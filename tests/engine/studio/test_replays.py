"""What if: ended cases played again on a draft, and where they would go another way."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework
from engine.cases.models import Case
from engine.casework.errors import AdministratorsOnly
from engine.studio import replays
from engine.workflow import instances
from engine.workflow.definitions import File
from engine.workflow.models import Instance, Received
from engine.workflow.replaying import Difference
from tests.engine.casework.conftest import Work
from tests.factories import ROCK, actor, do

TRUE = b'=verified = "true"'


@pytest.fixture
def rock(session: Session, work: Work) -> Instance:
    """A rock that was not there: told, called, looked at, closed."""
    told = casework.report(session, actor(session, "grid"), ROCK)
    work()
    do(session, told.case, "call", "hazard")
    do(session, told.case, "verify", "hazard", verified="false", not_true="坡上没有石头")
    work()
    assert told.case.closed_at is not None
    return _ended(session, told.case)


def _ended(session: Session, case: Case) -> Instance:
    query = select(Instance).where(Instance.stream == case.id).order_by(Instance.started_at.desc(), Instance.id.desc())
    found = session.scalars(query).first()
    assert found is not None
    return found


def _asked(session: Session, work: Work, key: str) -> replays.Answer:
    found = replays.ask(session, actor(session, "admin"), key, draft_id=None, most=1)
    work()
    return replays.answer(session, actor(session, "admin"), found.id)


def _draft(*changes: tuple[bytes, bytes]) -> list[File]:
    [deployed] = [file for file in casework.library() if file.name == "hazard/hazard.bpmn"]
    content = deployed.content
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    return [File("hazard/hazard.bpmn", content)]


def test_on_its_own_version_a_case_goes_the_same_way(session: Session, work: Work, rock: Instance) -> None:
    answer = _asked(session, work, "hazard")
    assert (answer.played, answer.same, answer.other, answer.cannot) == (1, 1, [], {})
    assert answer.replay.ended_at is not None


def test_so_does_one_with_called_processes_messages_and_timers(session: Session, work: Work, settled: Case) -> None:
    answer = _asked(session, work, "civil-dispute")
    assert (answer.same, answer.cannot) == (1, {})


def test_another_condition_shows_where_it_parts(session: Session, rock: Instance) -> None:
    result = replays._play(session, rock.id, "hazard", _draft((TRUE, b'=verified = "false"')))
    assert result["verdict"] == replays.OTHER
    way = Difference(*result["way"])
    assert (way.after, way.was, way.now) == ("is-true", "close-not-true", "classify")


def test_a_step_that_nobody_answered_is_where_it_waits(session: Session, rock: Instance) -> None:
    renamed = [(mark % b"verify", mark % b"look") for mark in (b' id="%s"', b'Ref="%s"', b'bpmnElement="%s"')]
    result = replays._play(session, rock.id, "hazard", _draft(*renamed))
    assert Difference(*result["way"]) == Difference("call", "verify", "look")


def test_a_draft_that_would_be_refused_plays_nothing(session: Session, rock: Instance) -> None:
    broken = _draft((b'targetRef="strike-off"', b'targetRef="nowhere"'))
    assert replays._play(session, rock.id, "hazard", broken)["code"] == "draft-refused"


def test_what_was_moved_by_hand_or_has_no_record_cannot_be_played(session: Session, work: Work, rock: Instance) -> None:
    session.query(Received).filter(Received.instance_id == rock.id).delete()
    assert _asked(session, work, "hazard").cannot == {"start-unknown": 1}


def test_sealed_cases_are_not_among_them(session: Session, work: Work, rock: Instance) -> None:
    session.get_one(Case, rock.stream).sealed = True
    session.flush()
    assert str(rock.id) not in replays.ask(session, actor(session, "admin"), "hazard", draft_id=None).instances


def test_only_administrators_ask(session: Session, house: None) -> None:
    with pytest.raises(AdministratorsOnly):
        replays.ask(session, actor(session, "county"), "hazard", draft_id=None)


def test_variables_that_came_are_kept_with_start_message_and_by_hand(
    session: Session, work: Work, rock: Instance
) -> None:
    told = casework.report(session, actor(session, "grid"), ROCK)
    work()
    running = _ended(session, told.case)
    instances.set_variables(session, running.id, {"risk": "ORANGE"}, actor="someone", reason="weather")
    session.flush()
    came = session.scalars(select(Received).where(Received.instance_id == running.id).order_by(Received.number)).all()
    assert [one.kind for one in came] == ["start", "set"]
    assert came[0].variables["risk"] == "RED"
    assert came[1].variables == {"risk": "ORANGE"}
