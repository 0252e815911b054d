"""Independent call-backs: drawn by lot, made by somebody who did not work on the case."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import callbacks, commands
from engine.cases.models import Callback, Case
from engine.cases.permissions import NotForYourRole
from engine.ids import new_id
from tests.engine.cases.conftest import TOWN, VILLAGE, Report, holder


def drawn(session: Session, case: Case) -> Callback:
    made = Callback(id=new_id(), case_id=case.id, drawn_at=clock.now())
    session.add(made)
    session.flush()
    return made


def test_between_five_and_ten_of_a_hundred_are_drawn() -> None:
    share = sum(callbacks.is_drawn(new_id()) for _ in range(10_000)) / 100
    assert 5 <= share <= 10


@pytest.mark.parametrize(("outcome", "sealed", "may"), [("performed", False, True), ("handed_over", False, False),
                                                        ("performed", True, False)])  # fmt: skip
def test_only_what_was_solved_and_is_not_sealed_is_drawn(
    session: Session, report: Report, monkeypatch: pytest.MonkeyPatch, outcome: str, sealed: bool, may: bool
) -> None:
    monkeypatch.setattr(callbacks, "PERCENT", 100)
    case = report(sealed=sealed)
    commands.close(session, case, "somebody", reason=outcome)
    session.flush()
    assert bool(session.scalars(select(Callback).where(Callback.case_id == case.id)).all()) is may


def test_who_worked_on_it_is_not_asked_to_call(session: Session, report: Report) -> None:
    case = report(mediator="m1")
    commands.submit(session, case, "d1", form_key="f-triage", form_id=new_id(), answers={})
    made = drawn(session, case)
    for own in ("m1", "d1"):
        duty = holder("duty_officer", TOWN, own)
        assert made not in [one.callback for one in callbacks.due(session, duty)]
        with pytest.raises(callbacks.OwnWork):
            callbacks.answer(session, duty, made.id, solved="yes", satisfied="")
    other = holder("duty_officer", TOWN, "d2")
    assert made in [one.callback for one in callbacks.due(session, other)]
    with pytest.raises(callbacks.AnswerMissing):
        callbacks.answer(session, other, made.id, solved="perhaps", satisfied="")
    callbacks.answer(session, other, made.id, solved="no", satisfied="no")
    with pytest.raises(callbacks.AlreadyCalled):
        callbacks.answer(session, other, made.id, solved="yes", satisfied="yes")


def test_others_see_no_call_backs(session: Session, report: Report) -> None:
    made = drawn(session, report())
    with pytest.raises(NotForYourRole):
        callbacks.due(session, holder("grid_worker", VILLAGE))
    with pytest.raises(callbacks.CallbackUnknown):
        callbacks.answer(session, holder("village_mediator", VILLAGE), made.id, solved="yes", satisfied="")
    with pytest.raises(callbacks.CallbackUnknown):
        callbacks.answer(session, holder("duty_officer", TOWN), UUID(int=1), solved="yes", satisfied="")
