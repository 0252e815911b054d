"""One command for many instances: on exactly the list that was previewed, piece by piece, with a pause."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from engine import events
from engine.workflow import batches, definitions, instances, jobs, operations
from engine.workflow.batches import BatchEmpty, BatchState
from engine.workflow.definitions import File
from engine.workflow.models import Batch, Instance
from engine.workflow.operations import Operation
from engine.workflow.selection import Selection
from tests.engine.workflow import driving
from tests.engine.workflow.diagrams import END, START, diagram, flow, service_task, user_task
from tests.engine.workflow.driving import open_elements

Jobs = Callable[[], None]


def version(first: str, *more: str) -> bytes:
    """A process of user tasks."""
    ids = ["start", first, *more, "end"]
    flows = "".join(flow(one, other) for one, other in pairwise(ids))
    return diagram(START + "".join(user_task(one) for one in (first, *more)) + END + flows)


def deploy(session: Session, content: bytes) -> str:
    """The id of a version."""
    return str(definitions.deploy(session, [File("p.bpmn", content)], actor=None)[0].id)


def started(session: Session, number: int) -> list[Instance]:
    """Instances of the newest version."""
    return [instances.start(session, "p", {}, actor=None) for _ in range(number)]


def previewed(session: Session, command: str, **given: object) -> Batch:
    """A batch for all instances of the process."""
    return batches.preview(session, command, given, Selection(process="p"), actor="admin", reason="law has changed")


@pytest.fixture
def run(session: Session) -> Iterator[Jobs]:
    """Do what a worker would."""
    with jobs.inline(session) as run_waiting:
        yield run_waiting


def test_all_that_were_previewed_are_migrated_and_no_others(session: Session, run: Jobs) -> None:
    deploy(session, version("a"))
    listed = started(session, 23)
    target = deploy(session, version("a", "b"))
    batch = previewed(session, "migrate", definition=target, mapping={}, restart_timers=False)
    assert batches.progress(session, batch.id) == {"todo": 23}
    later = instances.start(session, "p", {}, actor=None, definition_id=listed[0].definition_id)
    batches.start(session, batch.id)
    run()
    assert (batch.state, batches.progress(session, batch.id)) == ("done", {"done": 23})
    assert {str(one.definition_id) for one in listed} == {target}
    assert str(later.definition_id) != target, "it was not in the preview"
    event = events.of_stream(session, listed[0].stream)[-1]
    assert (event.kind, event.actor, event.data["reason"]) == ("instance.migrated", "admin", "law has changed")


def test_what_cannot_go_is_shown_before_and_left_out(session: Session, run: Jobs) -> None:
    deploy(session, version("a"))
    stays = started(session, 1)[0]
    deploy(session, version("x"))
    goes = started(session, 1)[0]
    target = deploy(session, version("x", "y"))
    batch = previewed(session, "migrate", definition=target, mapping={}, restart_timers=False)
    refused = batches.items(session, batch.id, state="refused")
    why = "a: The new version has no “a”: say in the mapping where this token goes."
    assert [(one.instance_id, one.code, one.says) for one in refused] == [(stays.id, "migration-refused", why)]
    batches.start(session, batch.id)
    run()
    assert batches.progress(session, batch.id) == {"refused": 1, "done": 1}
    assert (str(goes.definition_id) == target, str(stays.definition_id) == target) == (True, False)


def test_what_changed_since_the_preview_fails_alone(session: Session, run: Jobs) -> None:
    deploy(session, version("a"))
    gone, there = started(session, 2)
    batch = previewed(session, "cancel")
    instances.cancel(session, gone.id, actor="admin", reason="entered twice")
    batches.start(session, batch.id)
    run()
    [failed] = batches.items(session, batch.id, state="failed")
    assert (failed.instance_id, failed.code) == (gone.id, "instance-not-active")
    assert there.status == "cancelled"


def test_what_moved_on_since_the_preview_says_which_step_has_no_place(session: Session, run: Jobs) -> None:
    deploy(session, version("a", "b"))
    [moves] = started(session, 1)
    target = deploy(session, version("a"))
    batch = previewed(session, "migrate", definition=target, mapping={}, restart_timers=False)
    driving.complete(session, moves, "a")
    batches.start(session, batch.id)
    run()
    [failed] = batches.items(session, batch.id, state="failed")
    assert (failed.code, failed.says) == (
        "migration-refused", "The new version has no “b”: say in the mapping where this token goes."
    )  # fmt: skip


def test_what_rests_is_cancelled_in_bulk_as_well_or_alone(session: Session, run: Jobs) -> None:
    deploy(session, version("a"))
    rests, other, active = started(session, 3)
    for one in (rests, other):
        instances.suspend(session, one.id, actor="admin", reason="flood")
    resting = Selection(process="p", status="suspended")
    only = batches.preview(session, "cancel", {}, resting, actor="admin", reason="it will not go on")
    assert batches.progress(session, only.id) == {"todo": 2}
    batches.start(session, previewed(session, "cancel").id)
    run()
    assert [one.status for one in (rests, other, active)] == ["cancelled"] * 3


def test_a_batch_rests_between_two_pieces_and_goes_on(session: Session) -> None:
    deploy(session, version("a"))
    started(session, 3 * batches.PIECE)
    batch = previewed(session, "suspend")
    with jobs.inline(session):
        batches.start(session, batch.id)
        batches.run_batch(session, str(batch.id))
        batches.pause(session, batch.id)
        batches.run_batch(session, str(batch.id))
        assert batches.progress(session, batch.id) == {"todo": 2 * batches.PIECE, "done": batches.PIECE}
        with pytest.raises(BatchState):
            batches.pause(session, batch.id)
    with jobs.inline(session) as run:
        batches.start(session, batch.id)
        run()
    assert batches.progress(session, batch.id) == {"done": 3 * batches.PIECE}
    assert batch.ended_at is not None


def test_a_batch_that_is_cancelled_does_no_more(session: Session, run: Jobs) -> None:
    deploy(session, version("a"))
    [instance] = started(session, 1)
    batch = previewed(session, "cancel")
    batches.start(session, batch.id)
    batches.cancel(session, batch.id)
    run()
    assert open_elements(session, instance) == ["a"]
    with pytest.raises(BatchState):
        batches.start(session, batch.id)


def test_incidents_are_retried_in_bulk(session: Session, run: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"is": True}

    def act(call: operations.Call) -> None:
        if broken["is"]:
            raise OSError("no paper")

    monkeypatch.setitem(operations.OPERATIONS, "test.act", Operation("test.act", "", "", {}, act))
    body = START + service_task("act", "test.act") + user_task("after") + flow("start", "act") + flow("act", "after")
    deploy(session, diagram(body))
    failed = started(session, 12)
    broken["is"] = False
    batch = previewed(session, "retry")
    batches.start(session, batch.id)
    run()
    assert batches.progress(session, batch.id) == {"done": 12}
    assert all(open_elements(session, one) == ["after"] for one in failed)


def test_a_batch_holds_something(session: Session) -> None:
    deploy(session, version("a"))
    with pytest.raises(BatchEmpty):
        previewed(session, "cancel")
    made = started(session, 3)
    chosen = Selection(instances=(made[0].id, UUID(int=0)))
    batch = batches.preview(session, "cancel", {}, chosen, actor="admin", reason="x")
    assert batches.progress(session, batch.id) == {"todo": 1}


def test_a_long_list_is_made_piece_by_piece_and_begun_only_when_whole(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    deploy(session, version("a"))
    made = started(session, 5)
    with jobs.inline(session) as run:
        batch = previewed(session, "cancel")
        assert (batch.state, batch.expected, batches.progress(session, batch.id)) == ("previewing", 5, {})
        with pytest.raises(BatchState):
            batches.start(session, batch.id)
        batches.preview_batch(session, str(batch.id))
        instances.cancel(session, made[3].id, actor="admin", reason="ended while the list was made")
        late = started(session, 1)[0]
        run()
    assert batch.state == "previewed"
    listed = [one.instance_id for one in batches.items(session, batch.id)]
    assert listed == [one.id for one in made if one is not made[3]]
    assert late.id not in listed


def test_incidents_of_a_long_list_are_each_listed_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)

    def fail(call: operations.Call) -> None:
        raise OSError("no paper")

    monkeypatch.setitem(operations.OPERATIONS, "test.act", Operation("test.act", "", "", {}, fail))
    body = START + service_task("one", "test.act") + service_task("other", "test.act")
    deploy(session, diagram(body + flow("start", "one") + flow("start", "other")))
    started(session, 3)
    with jobs.inline(session) as run:
        batch = previewed(session, "retry")
        run()
    incidents = [one.incident_id for one in batches.items(session, batch.id)]
    assert (batch.expected, len(incidents), len(set(incidents))) == (6, 6, 6)


def test_a_preview_of_a_migration_counts_where_tokens_go(session: Session) -> None:
    deploy(session, version("a"))
    started(session, 2)
    deploy(session, version("x"))
    started(session, 3)
    target = deploy(session, version("x", "y"))
    batch = previewed(session, "migrate", definition=target, mapping={}, restart_timers=False)
    found = [(one.element_id, one.to, one.refusal, one.tokens) for one in batches.moves(session, batch.id)]
    assert found == [("a", None, "gone", 2), ("x", "x", None, 3)]


def test_only_those_at_an_element_are_taken(session: Session) -> None:
    deploy(session, version("a", "b"))
    first, second = started(session, 2)
    driving.complete(session, second, "a")
    chosen = Selection(process="p", element="b")
    batch = batches.preview(session, "suspend", {}, chosen, actor="admin", reason="x")
    assert [one.instance_id for one in batches.items(session, batch.id)] == [second.id] != [first.id]
