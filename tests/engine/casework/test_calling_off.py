"""What was planned and was settled, or is over, before it took place is cancelled, and its people are told."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases.models import Case
from engine.casework import convening
from engine.notifications import queries as notifications
from engine.people.actor import Actor
from engine.sessions import sittings
from engine.sessions.models import Sitting
from tests.engine.casework.conftest import WAY, Work
from tests.factories import LAND, actor, do


@pytest.fixture
def case(session: Session, work: Work) -> Case:
    """A dispute at the step of its session, with a session and a visit that are planned by the justice office."""
    made = casework.report(session, Actor.PUBLIC, LAND).case
    for element, login in WAY[:6]:
        work()
        do(session, made, element, login)
    work()
    for number, kind in enumerate(("session", "visit")):
        convening.plan(
            session, actor(session, "town"), made.id, kind=kind, minutes=60, place="村委会",
            starts_at=clock.now() + timedelta(days=20, hours=2 * number),
        )  # fmt: skip
    return made


def planned(session: Session, case: Case) -> list[str]:
    """What still stands in the diary."""
    session.flush()
    stands = select(Sitting.kind).where(Sitting.case_id == case.id, Sitting.cancelled_at.is_(None))
    return list(session.scalars(stands.order_by(Sitting.starts_at)))


def test_an_agreement_calls_off_the_sessions_and_tells_who_leads_them(session: Session, work: Work, case: Case) -> None:
    do(session, case, "session", "mediator")
    work()
    assert planned(session, case) == ["session", "visit"], "it is agreed when it is signed"
    do(session, case, "agreement", "mediator")
    work()
    assert planned(session, case) == ["visit"], "performance may still be looked at"
    told = [one.text for one in notifications.page(session, actor(session, "town"), "en")[0]]
    assert any("cancelled" in text and case.number in text for text in told), told
    assert "sitting.cancelled" in [one.kind for one in events.of_stream(session, case.id)]


def test_a_party_who_leaves_calls_off_the_sessions(session: Session, case: Case) -> None:
    """人民调解法 §23."""
    casework.withdraw(session, actor(session, "mediator"), case.id)
    assert planned(session, case) == ["visit"]


def test_the_closing_calls_off_all_that_has_not_begun(session: Session, work: Work, case: Case) -> None:
    with clock.virtual(clock.now()) as time:
        for element, login in WAY[6:]:
            do(session, case, element, login)
            work()
        time.advance(timedelta(days=8))
        work()
        do(session, case, "callback", "duty")
        work()
    assert case.closed_at is not None and planned(session, case) == []
    assert all(one.sitting.cancelled_at for one in sittings.of_case(session, case.id))
