"""A worker within the test's transaction, and a dispute that goes all its way."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases.models import Case
from engine.workflow import jobs, timers
from tests.factories import LAND, actor, do

Work = Callable[[], None]
WAY = (
    ("triage", "duty"), ("confirm", "duty"), ("consent", "mediator"), ("register", "mediator"),
    ("mediator", "mediator"), ("rights", "mediator"), ("session", "mediator"), ("agreement", "mediator"),
    ("perform", "mediator"),
)  # fmt: skip


@pytest.fixture
def work(house: None, session: Session) -> Iterator[Work]:
    """What a worker would do now: jobs and due timers."""
    with jobs.inline(session) as run_jobs:

        def do_all() -> None:
            run_jobs()
            while timers.fire_due(session):
                run_jobs()

        yield do_all


@pytest.fixture
def settled(session: Session, work: Work) -> Case:
    """A land dispute that was settled, performed, called back and closed."""
    with clock.virtual(clock.now()) as time:
        case = casework.report(session, actor(session, "grid"), LAND).case
        for element, login in WAY:
            work()
            do(session, case, element, login)
        work()
        time.advance(timedelta(days=8))
        work()
        do(session, case, "callback", "duty")
        work()
    return case
