"""What a step costs the database: a number of statements that does not grow with what lies behind it."""

from unittest.mock import patch

from sqlalchemy.orm import Session

from engine import events, statements
from engine.workflow import tasks
from tests.engine.workflow import diagrams
from tests.engine.workflow.driving import open_task, start
from tests.statements import counted


def test_completing_a_task_takes_five_statements(session: Session) -> None:
    instance = start(session, diagrams.TWO_STEPS)
    events.write(session)
    task = open_task(session, instance)
    session.expunge_all()
    with counted() as sent:
        tasks.complete(session, task.id, {}, actor="m1")
        events.write(session, last=True)
    assert [one.split()[0] for one in sent] == ["SELECT", "WITH", "WITH", "INSERT", "WITH"], sent


def test_the_fiftieth_round_takes_as_many_statements_as_the_first(session: Session) -> None:
    instance = start(session, diagrams.ROUND)
    numbers = []
    for _ in range(50):
        task = open_task(session, instance)
        session.expunge_all()
        with counted() as sent:
            tasks.complete(session, task.id, {}, actor="m1")
            events.write(session, last=True)
        numbers.append(len(sent))
    assert set(numbers[1:]) == {5}


def test_completing_a_task_takes_two_round_trips(session: Session) -> None:
    instance = start(session, diagrams.TWO_STEPS)
    events.write(session, last=True)
    task = open_task(session, instance)
    session.expunge_all()
    with patch.object(statements, "exchange", wraps=statements.exchange) as trips:
        tasks.complete(session, task.id, {}, actor="m1")
        events.write(session, last=True)
    assert [len(trip.args[2]) for trip in trips.call_args_list] == [1, 4]
