"""An instance goes on under another version: where each token goes, or why it cannot; whole or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.workflow import batches, correlation, definitions, instances, migration, timers
from engine.workflow.definitions import File
from engine.workflow.migration import MigrationRefused
from engine.workflow.models import Definition, Incident, Instance, ServiceJob, Subscription
from engine.workflow.rearranging import Addition
from engine.workflow.selection import Selection
from tests.engine.workflow.diagrams import END, START, diagram, flow, service_task, timer, user_task
from tests.engine.workflow.driving import complete, open_elements, open_task

DAY = timedelta(days=1)
MANY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)


@pytest.fixture(autouse=True)
def time() -> Iterator[clock.VirtualClock]:
    """A clock that stands still."""
    with clock.virtual(clock.now()) as time:
        yield time


def boundary(element: str, host: str, what: str) -> str:
    """A boundary event that does not interrupt."""
    return (
        f'<bpmn:boundaryEvent id="{element}" attachedToRef="{host}" cancelActivity="false">{what}</bpmn:boundaryEvent>'
    )


def line(*steps: str, extra: str = "", roots: str = "") -> bytes:
    """Steps one after another; each is an element as XML that begins with its id."""
    ids = ["start", *(one.partition('id="')[2].partition('"')[0] for one in steps), "end"]
    flows = "".join(flow(one, other) for one, other in pairwise(ids))
    return diagram(START + "".join(steps) + END + flows + extra, roots=roots)


def deploy(session: Session, content: bytes) -> Definition:
    """The newest version of the process p."""
    [found] = definitions.deploy(session, [File("p.bpmn", content)], actor=None)
    return found


def running(session: Session, content: bytes) -> Instance:
    """An instance of a version."""
    deploy(session, content)
    return instances.start(session, "p", {"case": "1"}, actor=None)


def migrate(session: Session, instance: Instance, content: bytes, *, restart: bool = False, **mapping: str) -> None:
    """Deploy a version and let the instance go on under it."""
    target = deploy(session, content).id
    with session.begin_nested():
        migration.migrate(
            session, instance.id, target, mapping, actor="admin", reason="law has changed", restart_timers=restart
        )


def plan(session: Session, instance: Instance, content: bytes, **mapping: str) -> dict[str, str]:
    """What would become of each token: where it goes and how, or the code of what speaks against it."""
    found = migration.plan(session, instance, deploy(session, content).id, mapping)
    return {one.element_id: one.refusal.code if one.refusal else f"{one.becomes} {one.to}" for one in found}


def test_a_token_goes_on_where_it_is_under_the_new_version(session: Session) -> None:
    instance = running(session, line(user_task("a", groups="village_mediator"), user_task("b")))
    new = line(user_task("a", groups="town_mediator"), user_task("between"), user_task("b"))
    task = open_task(session, instance)
    assert plan(session, instance, new) == {"a": "kept a"}
    migrate(session, instance, new)
    session.refresh(task)
    assert (task.groups, task.definition_id) == (["town_mediator"], instance.definition_id)
    complete(session, instance, "a")
    assert open_elements(session, instance) == ["between"]
    event = next(one for one in events.of_stream(session, instance.stream) if one.kind == "instance.migrated")
    assert (event.actor, event.data["reason"], event.data["tokens"]) == (
        "admin",
        "law has changed",
        [["a", "a", "kept"]],
    )


def test_an_element_with_another_id_is_named_in_the_mapping(session: Session) -> None:
    instance = running(session, line(user_task("a"), user_task("b")))
    new = line(user_task("renamed"), user_task("b"))
    assert plan(session, instance, new) == {"a": "gone"}
    with pytest.raises(MigrationRefused) as refused:
        migrate(session, instance, new)
    assert [one.code for one in refused.value.fields] == ["gone"]
    session.refresh(instance)
    assert open_elements(session, instance) == ["a"], "nothing was changed"
    migrate(session, instance, new, a="renamed")
    assert open_elements(session, instance) == ["renamed"]


def test_a_token_in_another_part_goes_on_by_the_way_that_its_refusal_names(session: Session) -> None:
    inside = f'<bpmn:subProcess id="part"><bpmn:startEvent id="s"/>{user_task("a")}{flow("s", "a")}</bpmn:subProcess>'
    instance = running(session, line(user_task("before"), user_task("a")))
    complete(session, instance, "before")
    new = line(user_task("before"), inside)
    assert plan(session, instance, new) == {"a": "scope"}
    _move(session, instance, "before")
    migrate(session, instance, new)
    _move(session, instance, "a")
    complete(session, instance, "a")
    assert instance.status == "completed"


def _move(session: Session, instance: Instance, to: str) -> None:
    taken = [open_task(session, instance).id]
    instances.modify(session, instance.id, take=taken, add=[Addition(to)], actor="admin", reason="new version")


def test_type_loop_and_scope_must_fit(session: Session) -> None:
    instance = running(session, line(user_task("a")))
    assert plan(session, instance, line(service_task("a", "ext.x"))) == {"a": "type"}
    assert plan(session, instance, line(user_task("a").replace("</bpmn:userTask>", MANY + "</bpmn:userTask>"))) == {
        "a": "loop"
    }
    inside = f'<bpmn:subProcess id="part"><bpmn:startEvent id="in"/>{user_task("a")}{flow("in", "a")}</bpmn:subProcess>'
    assert plan(session, instance, line(inside)) == {"a": "scope"}


def test_timers_keep_their_due_time_unless_told_otherwise(session: Session, time: clock.VirtualClock) -> None:
    wait = '<bpmn:intermediateCatchEvent id="wait">{}</bpmn:intermediateCatchEvent>'
    instance = running(session, line(wait.format(timer("P5D"))))
    due = instance.wake_at
    time.advance(DAY)
    migrate(session, instance, line(wait.format(timer("P1D")), user_task("x")))
    assert instance.wake_at == due
    migrate(session, instance, line(wait.format(timer("P1D")), user_task("y")), restart=True)
    assert instance.wake_at == clock.now() + DAY
    time.advance(DAY)
    assert timers.fire_due(session) == 1
    assert open_elements(session, instance) == ["y"]


def test_boundary_events_are_dropped_and_armed_and_one_that_has_fired_is_not_armed_again(
    session: Session, time: clock.VirtualClock
) -> None:
    def version(*events: str) -> bytes:
        return line(user_task("a"), extra="".join(events) + user_task("w"))

    fired, kept, old, new = (
        boundary(name, "a", timer(f"P{days}D")) + flow(name, "w")
        for name, days in (("fired", 1), ("kept", 2), ("old", 3), ("new", 4))
    )
    instance = running(session, version(fired, kept, old))
    time.advance(DAY)
    assert timers.fire_due(session) == 1
    complete(session, instance, "w")
    target = version(fired, kept, new)
    assert plan(session, instance, target) == {
        "a": "kept a", "kept": "kept kept", "old": "dropped None", "new": "armed new",
    }  # fmt: skip
    migrate(session, instance, target)
    found = []
    while instance.wake_at:
        found.append((instance.wake_at - clock.now()) / DAY)
        time.instant = instance.wake_at
        timers.fire_due(session)
    assert [round(one) for one in found] == [1, 3], "kept is due tomorrow, new four days from now"


def test_what_listens_for_another_message_listens_anew(session: Session) -> None:
    def version(name: str, *steps: str) -> bytes:
        roots = (
            f'<bpmn:message id="m" name="{name}"><bpmn:extensionElements>'
            '<zeebe:subscription correlationKey="=case"/></bpmn:extensionElements></bpmn:message>'
        )
        event = '<bpmn:messageEventDefinition messageRef="m"/>'
        wait = f'<bpmn:intermediateCatchEvent id="wait">{event}</bpmn:intermediateCatchEvent>'
        return line(wait, user_task("after"), roots=roots)

    instance = running(session, version("old"))
    assert plan(session, instance, version("new")) == {"wait": "rearmed wait"}
    migrate(session, instance, version("new"))
    assert session.scalars(select(Subscription.name).where(Subscription.instance_id == instance.id)).all() == ["new"]
    correlation.correlate(session, "new", "1", {}, actor=None)
    assert open_elements(session, instance) == ["after"]


def test_tokens_that_wait_at_a_joining_gateway_keep_their_flow(session: Session) -> None:
    def version(last: str, *, gateway: str = "join") -> bytes:
        gateways = f'<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="{gateway}"/>'
        flows = flow("start", "fork") + flow("fork", "a") + flow("fork", "b") + flow("a", gateway) + flow("b", gateway)
        return diagram(
            START + gateways + user_task("a") + user_task("b") + user_task(last) + flows + flow(gateway, last)
        )

    instance = running(session, version("x"))
    complete(session, instance, "a")
    migrate(session, instance, version("y", gateway="meet"), join="meet")
    complete(session, instance, "b")
    assert open_elements(session, instance) == ["y"]


def test_a_mended_version_lets_an_incident_go_on(session: Session) -> None:
    def version(condition: str) -> bytes:
        gate = '<bpmn:exclusiveGateway id="gate"/>'
        return diagram(START + gate + user_task("x") + user_task("y") + flow("start", "gate")
                       + flow("gate", "x", condition) + flow("gate", "y", "false"))  # fmt: skip

    instance = running(session, version("false"))
    incident = session.scalars(select(Incident).where(Incident.instance_id == instance.id)).one()
    migrate(session, instance, version("true"))
    instances.retry(session, instance.id, incident.token_id, actor="admin", reason="mended")
    assert open_elements(session, instance) == ["x"]


def test_service_jobs_go_along(session: Session) -> None:
    instance = running(session, line(service_task("act", "ext.act")))
    migrate(session, instance, line(service_task("do", "ext.act")), act="do")
    job = session.scalars(select(ServiceJob).where(ServiceJob.instance_id == instance.id)).one()
    session.refresh(job)
    assert (job.element_id, job.definition_id, job.state) == ("do", instance.definition_id, "open")


def test_only_a_version_of_the_same_process_will_do(session: Session) -> None:
    instance = running(session, line(user_task("a")))
    [other] = definitions.deploy(session, [File("q.bpmn", diagram(user_task("a"), key="q"))], actor=None)
    with pytest.raises(MigrationRefused, match="No version"):
        migration.plan(session, instance, other.id, {})


def test_what_was_called_goes_on_under_a_newer_version_of_its_own(session: Session) -> None:
    call = '<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="inner"/>'
    call += "</bpmn:extensionElements></bpmn:callActivity>"

    def inner(*steps: str) -> Definition:
        content = line(*map(user_task, steps)).replace(b'<bpmn:process id="p"', b'<bpmn:process id="inner"')
        return deploy(session, content)

    inner("a")
    instance = running(session, line(call, user_task("after")))
    own = instance.definition_id
    newer = inner("a", "b")
    [passage] = migration.plan(session, instance, newer.id, {})
    assert (passage.element_id, passage.becomes, passage.refusal) == ("a", "kept", None)
    given = {"definition": str(newer.id), "mapping": {}}
    many = batches.preview(session, "migrate", given, Selection(process="inner"), actor="m1", reason="a step more")
    assert [one.instance_id for one in batches.items(session, many.id)] == [instance.id]
    migration.migrate(session, instance.id, newer.id, {}, actor="m1", reason="a step more")
    assert (instance.definition_id, open_task(session, instance).definition_id) == (own, newer.id)
    for element in ("a", "b", "after"):
        complete(session, instance, element)
    assert instance.status == "completed"
    stranger = deploy(session, line(user_task("a")).replace(b'<bpmn:process id="p"', b'<bpmn:process id="other"'))
    waits = running(session, line(user_task("x")))
    with pytest.raises(MigrationRefused):
        migration.migrate(session, waits.id, stranger.id, {}, actor="m1", reason="wrong")
