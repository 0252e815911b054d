"""Working on a task together: delegation, and people who must agree before it is completed."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import events
from engine.workflow import cosigning, tasks
from engine.workflow.cosigning import AlreadySigning, NotAskedToSign
from engine.workflow.errors import SignaturesMissing, TaskDelegated, TaskNotDelegated
from engine.workflow.models import UserTask
from tests.engine.workflow.diagrams import TWO_STEPS
from tests.engine.workflow.driving import open_task, start


@pytest.fixture
def task(session: Session) -> UserTask:
    """An open task that m1 has taken."""
    found = open_task(session, start(session, TWO_STEPS))
    return tasks.claim(session, found.id, actor="m1")


def ask(session: Session, task: UserTask, *people: str, in_order: bool = False) -> None:
    cosigning.ask(session, task.id, people, in_order=in_order, actor="m1", reason="it is a hard one")


def answer(session: Session, task: UserTask, person: str, *, agrees: bool = True) -> None:
    cosigning.answer(session, task.id, agrees=agrees, actor=person, reason="no" if not agrees else "")


def asked_now(session: Session, *people: str) -> list[str]:
    """Whose turn it is."""
    return [one for one in people if session.scalars(select(UserTask.id).where(cosigning.waits_for(one))).all()]


def test_all_must_agree_before_it_is_completed(session: Session, task: UserTask) -> None:
    ask(session, task, "c1", "c2")
    assert asked_now(session, "c1", "c2") == ["c1", "c2"]
    answer(session, task, "c2")
    with pytest.raises(SignaturesMissing) as missing:
        tasks.complete(session, task.id, {}, actor="m1")
    assert missing.value.facts["missing"] == 1
    answer(session, task, "c1")
    tasks.complete(session, task.id, {}, actor="m1")
    kinds = [one.kind for one in events.of_stream(session, task.stream)]
    assert kinds[-4:] == ["task.cosigners_added", "task.cosigned", "task.cosigned", "task.completed"]


def test_in_order_each_is_asked_when_those_before_have_agreed(session: Session, task: UserTask) -> None:
    ask(session, task, "c2", "c1", in_order=True)
    assert asked_now(session, "c1", "c2") == ["c2"]
    with pytest.raises(NotAskedToSign):
        answer(session, task, "c1")
    answer(session, task, "c2")
    assert asked_now(session, "c1", "c2") == ["c1"]
    ask(session, task, "c3", in_order=True)
    assert asked_now(session, "c1", "c3") == ["c1"], "those asked later come later"
    answer(session, task, "c1")
    assert asked_now(session, "c1", "c3") == ["c3"]


def test_who_declines_holds_it_up_until_taken_off_or_of_another_mind(session: Session, task: UserTask) -> None:
    ask(session, task, "c1", "c2")
    answer(session, task, "c1", agrees=False)
    answer(session, task, "c2", agrees=False)
    assert task.signatures == 2
    answer(session, task, "c2")
    cosigning.remove(session, task.id, "c1", actor="m1", reason="wrong person")
    assert task.signatures == 0
    assert not cosigning.is_asked(session, task.id, "c1")
    tasks.complete(session, task.id, {}, actor="m1")


def test_nobody_is_asked_twice_and_nobody_answers_unasked(session: Session, task: UserTask) -> None:
    ask(session, task, "c1")
    with pytest.raises(AlreadySigning):
        ask(session, task, "c2", "c1")
    with pytest.raises(NotAskedToSign):
        answer(session, task, "c2")
    answer(session, task, "c1")
    with pytest.raises(NotAskedToSign):
        answer(session, task, "c1")


def test_a_delegated_task_comes_back_before_it_is_completed(session: Session, task: UserTask) -> None:
    tasks.delegate(session, task.id, "m2", actor="m1", reason="on leave")
    assert (task.owner, task.assignee) == ("m1", "m2")
    tasks.save_draft(session, task.id, {"words": "half done"}, actor="m2")
    for person in ("m1", "m2"):
        with pytest.raises(TaskDelegated):
            tasks.complete(session, task.id, {}, actor=person)
    with pytest.raises(TaskDelegated):
        tasks.delegate(session, task.id, "m3", actor="m2", reason="me too")
    with pytest.raises(TaskNotDelegated):
        tasks.resolve(session, task.id, actor="m3", reason="here")
    tasks.resolve(session, task.id, actor="m2", reason="looked at it")
    assert (task.owner, task.assignee) == (None, "m1")
    typed = tasks.draft(session, task.id, actor="m1")
    assert typed is not None and typed.answers == {"words": "half done"}
    tasks.complete(session, task.id, {}, actor="m1")
    said = [(one.kind, one.actor, one.data.get("reason")) for one in events.of_stream(session, task.stream)]
    assert said[-3:-1] == [("task.delegated", "m1", "on leave"), ("task.resolved", "m2", "looked at it")]


def test_handing_it_on_ends_a_delegation(session: Session, task: UserTask) -> None:
    tasks.delegate(session, task.id, "m2", actor="m1", reason="on leave")
    tasks.assign(session, task.id, "m3", actor="admin")
    assert (task.owner, task.assignee) == (None, "m3")
    tasks.complete(session, task.id, {}, actor="m3")
