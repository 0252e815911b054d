"""A case stays on the ledger until nothing runs in it any more, whichever of its processes ends first."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases import commands
from engine.cases.dictionary import options
from engine.cases.models import Case
from engine.casework import paper_history, procedures
from engine.deadlines import queries as deadlines
from engine.workflow import instances
from engine.workflow.models import Definition, Instance
from tests.engine.casework.conftest import WAY, Work
from tests.factories import LAND, actor, closed, do, open_task


def in_mediation(session: Session, work: Work, steps: int = 6) -> Case:
    case = casework.report(session, actor(session, "grid"), LAND).case
    for element, login in WAY[:steps]:
        work()
        do(session, case, element, login)
    work()
    return case


def at_court(session: Session, work: Work) -> Case:
    """Somebody goes to court while the mediation goes on, then the mediation is ended."""
    case = in_mediation(session, work)
    procedures.start_on(session, actor(session, "duty"), case.id, "court-handover")
    work()
    do(session, case, "guide", "duty")
    work()
    casework.withdraw(session, actor(session, "mediator"), case.id)
    work()
    do(session, case, "tell-routes", "mediator")
    work()
    return case


def kinds(session: Session, case: Case) -> list[str]:
    return [one.kind for one in events.of_stream(session, case.id)]


def test_a_case_whose_mediation_ended_stays_open_until_the_court_has_answered(session: Session, work: Work) -> None:
    """民事诉讼法 §126: the seven days of filing go on; what the mediation counted does not."""
    case = at_court(session, work)
    assert closed(session, case) == (None, False)
    assert case.stage == "court" and [one.element_id for one in casework.open_tasks(session, case.id)] == ["filing"]
    states = {one.key: one.state for one in deadlines.of_case(session, case.id)}
    assert (states["court.filing"], states["civil.limitation"]) == ("running", "running")
    assert states["pm.soft"] == "cancelled"
    assert "case.concluded" in kinds(session, case) and "case.closed" not in kinds(session, case)
    told = [str(one["what"]) for one in paper_history.lines(session, case)]
    assert any("其余程序办完后结案" in one for one in told)
    do(session, case, "filing", "court", filing="refused", ground="122", procedure=None, court_number=None)
    work()
    do(session, case, "tell-routes", "duty")
    work()
    assert closed(session, case) == ("guided", True), "it ends as the last of its processes says"
    assert case.closing is None and kinds(session, case).count("case.closed") == 1
    states = {one.key: one.state for one in deadlines.of_case(session, case.id)}
    assert "running" not in states.values() and states["civil.limitation"] == "kept"


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        (("corrected", "guided"), "corrected"), (("performed", "handed_over"), "performed"),
        (("handed_over", "withdrawn"), "handed_over"), (("withdrawn", "handed_over"), "handed_over"),
        (("withdrawn", "guided"), "guided"), (("performed", "answered"), "answered"),
    ],
)  # fmt: skip
def test_a_case_ends_as_the_process_says_that_did_most_for_it(
    session: Session, work: Work, said: tuple[str, ...], ends: str
) -> None:
    """What was achieved is not lost in the figures because a way was told afterwards."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    for reason in said:
        commands.conclude(session, case, None, reason=reason)
    assert case.closing == ends
    assert {one["value"] for one in options("outcome")} >= commands.SETTLED | commands.PASSED_ON


def test_a_case_is_closed_when_what_still_ran_is_cancelled(session: Session, work: Work) -> None:
    """Whatever runs last decides when; how it ended is what the mediation said, since nobody said otherwise."""
    case = at_court(session, work)
    running = select(Instance.id).join(Definition, Definition.id == Instance.definition_id)
    court = running.where(Instance.stream == case.id, Instance.ended_at.is_(None), Definition.key == "court-handover")
    instances.cancel(session, session.scalars(court).one(), actor=None, reason="suit withdrawn")
    assert closed(session, case) == ("withdrawn", True)


def test_a_performed_agreement_is_not_closed_while_the_police_have_not_answered(session: Session, work: Work) -> None:
    """人民调解法 §25: danger after the agreement goes to the police beside the performance."""
    with clock.virtual(clock.now()) as time:
        case = in_mediation(session, work, steps=8)
        casework.raise_danger(
            session, actor(session, "mediator"), case.id,
            {"signs": ["threat"], "what": "扬言要打人", "called_police": "yes"},
        )  # fmt: skip
        work()
        do(session, case, "perform", "mediator")
        work()
        time.advance(timedelta(days=8))
        work()
        do(session, case, "callback", "duty")
        work()
        assert closed(session, case) == (None, False)
        assert open_task(session, case).element_id == "receipt"
        for element in ("receipt", "outcome-report"):
            do(session, case, element, "police")
            work()
        assert closed(session, case) == ("performed", True)
