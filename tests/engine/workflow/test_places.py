"""Where tokens are is written with every command: the rows say what the state says."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.workflow import definitions, instances, migration
from engine.workflow.definitions import File
from engine.workflow.models import Instance, TokenPlace
from engine.workflow.rearranging import Addition
from tests.engine.workflow import driving
from tests.engine.workflow.diagrams import END, START, TIMER, diagram, flow, user_task


def rows(session: Session, instance: Instance) -> set[tuple[UUID, UUID, str]]:
    """Token, version and element of each row of an instance."""
    found = select(TokenPlace).where(TokenPlace.instance_id == instance.id)
    return {(one.id, one.definition_id, one.element_id) for one in session.scalars(found)}


def state(session: Session, instance: Instance) -> set[tuple[UUID, UUID, str]]:
    """The same as the state has it."""
    places = instances.restore(session, instance).places()
    return {(one.token_id, UUID(one.process_ref), one.element_id) for one in places}


def forked(*ids: str) -> bytes:
    """Steps side by side, behind a fork and before a join."""
    fork, join = '<bpmn:parallelGateway id="fork"/>', '<bpmn:parallelGateway id="join"/>'
    flows = "".join(flow("fork", one) + flow(one, "join") for one in ids)
    steps = "".join(user_task(one) for one in ids)
    return diagram(START + fork + steps + join + END + flow("start", "fork") + flows + flow("join", "end"))


def test_rows_follow_tokens_through_a_fork_and_a_join(session: Session) -> None:
    instance = driving.start(session, forked("a", "b"))
    assert {element for _, _, element in rows(session, instance)} == {"a", "b"}
    driving.complete(session, instance, "a")
    assert {element for _, _, element in rows(session, instance)} == {"b", "join"}
    assert rows(session, instance) == state(session, instance)
    driving.complete(session, instance, "b")
    assert rows(session, instance) == set()


def test_a_token_that_waits_for_a_time_has_a_row(session: Session) -> None:
    instance = driving.start(session, TIMER)
    assert {element for _, _, element in rows(session, instance)} == {"wait"}


def test_rows_follow_a_migration_and_a_modification(session: Session) -> None:
    instance = driving.start(session, forked("a", "b"))
    target = definitions.deploy(session, [File("p.bpmn", forked("a", "c"))], actor=None)[0].id
    migration.migrate(session, instance.id, target, {"b": "c"}, actor=None, reason="law")
    assert {(definition, element) for _, definition, element in rows(session, instance)} == {
        (target, "a"), (target, "c"),
    }  # fmt: skip
    token = next(one for one, _, element in rows(session, instance) if element == "a")
    instances.modify(session, instance.id, take=[token], add=[Addition("c")], actor=None, reason="by hand")
    assert sorted(element for _, _, element in rows(session, instance)) == ["c", "c"]
    assert rows(session, instance) == state(session, instance)
    instances.cancel(session, instance.id, actor=None, reason="over")
    assert rows(session, instance) == set()
