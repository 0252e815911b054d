"""What a diagram's own timer says is told to people, not to the history alone."""

from datetime import timedelta

from sqlalchemy.orm import Session

from engine import casework, clock, events
from tests.engine.casework.conftest import Work
from tests.engine.notifications.telling import reads
from tests.engine.workflow.diagrams import diagram, flow, service_task
from tests.engine.workflow.driving import start
from tests.factories import LAND, actor, do

LATE = "{0}: a step is near its time or past it. Look at it."
UP = "{0} was taken up to your level. Look at it."


def test_of_a_step_past_its_time_who_has_it_and_the_centres_are_told(session: Session, work: Work) -> None:
    with clock.virtual(clock.now()) as time:
        case = casework.report(session, actor(session, "grid"), LAND).case
        work()
        time.advance(timedelta(days=1, minutes=1))
        work()
        told = LATE.format(case.number)
        assert [reads(session, login).count(told) for login in ("duty", "county", "mediator")] == [1, 1, 0]


def test_a_hazard_that_was_not_fixed_in_time_is_told_to_the_centre_of_the_next_level(
    session: Session, work: Work
) -> None:
    """安全生产法 §73: taken up a level, it reached nobody there."""
    told = {"what": "桥板断了两块", "where": "民主村", "urgency": "ordinary"}
    with clock.virtual(clock.now()) as time:
        case = casework.report(session, actor(session, "grid"), told).case
        for element, login, more in (
            ("triage", "duty", {"route_facts": ["hazard"], "subject": "h_public", "land_question": None}),
            ("confirm", "duty", {"route": "hazard", "risk": "YELLOW", "level": "town"}),
            ("verify", "hazard", {}), ("measures", "hazard", {}),
        ):  # fmt: skip
            work()
            do(session, case, element, login, **more)
        work()
        time.advance(timedelta(days=2))
        work()
    assert case.level == "county"
    assert [UP.format(case.number) in reads(session, login) for login in ("county", "duty")] == [True, False]


def test_a_process_without_a_case_notes_what_is_late_and_goes_on(session: Session, work: Work) -> None:
    noted = service_task("note", "notice.record", '<zeebe:input source="late" target="kind"/>')
    whole = '<bpmn:startEvent id="s"/>' + noted + '<bpmn:endEvent id="e"/>' + flow("s", "note") + flow("note", "e")
    instance = start(session, diagram(whole))
    work()
    assert instance.status == "completed"
    assert [one.data for one in events.of_stream(session, instance.stream) if one.kind == "notice.recorded"]
