"""Expressions ask the house for its calendar and its catalogue of deadlines."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import clock, feel
from engine.deadlines import commands
from engine.workflow import days

NINE = datetime(2026, 11, 23, 9, tzinfo=clock.ZONE)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param(
            'add working days(@"2026-09-29", 5)', "2026-10-12", id="国庆: a holiday week and a make-up Saturday"
        ),
        pytest.param('deadline("pet.handle", date(nine))', "2027-01-22", id="信访工作条例 §34: 60 days"),
        pytest.param('deadline("pet.objection", nine)', "2026-11-30", id="信访工作条例 §23: 5 working days"),
        pytest.param(
            'deadline("police.transfer", nine)', "2026-11-24T09:00:00+08:00", id="行政案件程序规定 §61: 24 hours"
        ),
    ],
)
def test_calendar_and_catalogue_answer(session: Session, source: str, text: str) -> None:
    commands.load(session)
    value: Any = feel.evaluate(source, {"nine": NINE}, runtime=days.runtime(session))
    assert feel.to_json(value) == text


def test_deadline_that_nobody_knows_is_null_with_a_reason(session: Session) -> None:
    runtime = days.runtime(session)
    assert feel.evaluate('deadline("no.such", nine)', {"nine": NINE}, runtime=runtime) is None
    assert [warning.code for warning in runtime.take_warnings()] == ["no-deadline"]


def test_expressions_see_the_house_clock(session: Session) -> None:
    with clock.virtual(NINE):
        assert feel.evaluate("now() = nine", {"nine": NINE}, runtime=days.runtime(session)) is True
