"""What must hold for any sound process and anything that people, signals and time may do to it."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events, feel
from engine.workflow import bpmn, correlation, definitions, instances, tasks, timers
from engine.workflow.bpmn import Element, Process, soundness
from engine.workflow.bpmn.model import TIMED
from engine.workflow.definitions import File
from engine.workflow.errors import InstanceNotActive
from engine.workflow.execution import Execution, Step
from engine.workflow.models import Instance, UserTask
from tests.engine.workflow.blocks import Block, blocks, process_of, throwing_blocks
from tests.engine.workflow.replaying import TokenGame

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
Command = tuple[str, int, Mapping[str, bool]]

values = st.fixed_dictionaries({name: st.booleans() for name in ("v1", "v2", "again")})
commands: st.SearchStrategy[list[Command]] = st.lists(
    st.tuples(st.sampled_from(("complete", "complete", "signal", "signal", "time", "rest")), st.integers(0, 7), values),
    min_size=6,
    max_size=16,
)
DONE = {"v1": False, "v2": False, "again": False}

repeatable = settings(
    derandomize=True, deadline=None, database=None, max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


class Bench:
    """An environment without a house: time stands until it is moved."""

    runtime = feel.Runtime()

    def __init__(self, processes: Mapping[str, Process]) -> None:
        self.time, self._processes = BEGIN, processes

    def now(self) -> datetime:
        return self.time

    def process(self, key: str) -> Process:
        return self._processes[key]

    def process_by_ref(self, ref: str) -> Process:
        return self._processes[ref]

    def decide(self, decision_id: str, context: Mapping[str, Any]) -> tuple[Any, object]:
        raise NotImplementedError

    def is_later(self, element: Element) -> bool:
        return False

    def perform(self, operation: str, parameters: Mapping[str, Any], step: Step) -> Any:
        raise NotImplementedError


def begun(block: Block, given_: Mapping[str, bool], *, calls: bool = False) -> tuple[Execution, Bench, Process]:
    model = bpmn.compile_model(process_of(block, calls=calls))
    processes = {key: process.bound_to(key) for key, process in model.processes.items()}
    bench = Bench(processes)
    return Execution.start(processes["p"], bench, given_), bench, processes["p"]


def act(execution: Execution, bench: Bench, command: Command) -> None:
    what, which, variables = command
    if execution.ended:
        return
    if what == "complete" and execution.tasks:
        tasks = sorted(execution.tasks, key=lambda task: task.element.id)
        execution.complete(tasks[which % len(tasks)].id, variables)
    elif what == "signal":
        execution.signal(("alarm", "flood")[which % 2], {})
    elif what == "time":
        bench.time += timedelta(days=which)
        execution.fire_due(bench.time)


def text(execution: Execution) -> bytes:
    return zstandard.ZstdDecompressor().decompress(execution.dump())


def path(execution: Execution) -> list[tuple[str, str]]:
    return [(fact.kind, fact.element_id) for fact in execution.facts]


@repeatable
@given(blocks)
def test_what_is_built_of_blocks_is_accepted_and_sound(block: Block) -> None:
    content = process_of(block)
    assert [found for found in bpmn.check_model(content) if found.severity == "error"] == []
    [process] = bpmn.compile_model(content).processes.values()
    verdict, findings = soundness.verdict(process)
    assert verdict != "unsound", [finding.message for finding in findings]


@repeatable
@given(blocks, values, commands)
def test_a_restored_execution_goes_the_same_way(block: Block, given_: Mapping[str, bool], todo: list[Command]) -> None:
    kept, bench, process = begun(block, given_)
    walked = path(kept)
    other = Execution.restore(process, bench, kept.dump())
    for command in todo:
        assert text(other) == text(kept)
        assert [task.id for task in other.tasks] == [task.id for task in kept.tasks]
        before, time = len(kept.facts), bench.time
        restored = Execution.restore(process, bench, kept.dump())
        act(kept, bench, command)
        bench.time = time
        act(restored, bench, command)
        assert path(restored) == path(kept)[before:]
        walked += path(restored)
        other = Execution.restore(process, bench, kept.dump())
    assert walked == path(kept)


@repeatable
@given(blocks, values, commands)
def test_tokens_are_where_the_history_puts_them(block: Block, given_: Mapping[str, bool], todo: list[Command]) -> None:
    execution, bench, process = begun(block, given_)
    game, told = TokenGame(process), 0
    for command in [None, *todo]:
        if command is not None:
            act(execution, bench, command)
        game.play(path(execution)[told:])
        told = len(execution.facts)
        assert_at(game, execution)
        assert execution.incidents == []


def assert_at(game: TokenGame, execution: Execution) -> None:
    live = Counter(element for _, element in execution.positions())
    known = [one for one in game.process.elements.values() if one.id not in game.unknown]
    assert {one.id: live[one.id] for one in known} == {one.id: game.at(one) for one in known}


@repeatable
@given(blocks, values, commands)
def test_who_stays_somewhere_comes_once_and_leaves_once(
    block: Block, given_: Mapping[str, bool], todo: list[Command]
) -> None:
    execution, bench, process = begun(block, given_)
    for command in todo:
        act(execution, bench, command)
    assert_visits_are_whole(execution, process)


def assert_visits_are_whole(execution: Execution, process: Process) -> None:
    """Each token that stays at an element is said to come once, and to leave once unless it is still there."""
    come, left = Counter[tuple[str, UUID]](), Counter[tuple[str, UUID]]()
    for fact in execution.facts:
        element = process.elements.get(fact.element_id)
        if fact.kind.startswith("element.") and element is not None and element.type in TIMED:
            visits = come if fact.kind == "element.entered" else left
            visits[fact.element_id, fact.token_id] += 1
    there = Counter((one.element_id, one.token_id) for one in execution.places())
    assert max(come.values(), default=1) == 1
    assert come == left + Counter({key: 1 for key in come if key in there})


@repeatable
@given(blocks, values, commands)
def test_it_can_always_end(block: Block, given_: Mapping[str, bool], todo: list[Command]) -> None:
    execution, bench, _ = begun(block, given_)
    for command in todo:
        act(execution, bench, command)
    for _ in range(60):
        for command in (("complete", 0, DONE), ("signal", 1, DONE), ("time", 3, DONE)):
            act(execution, bench, command)
    assert execution.outcome == "completed"
    assert execution.tasks == [] and execution.subscriptions == [] and execution.wake_at is None


@repeatable
@given(throwing_blocks, values, commands)
def test_a_called_process_goes_the_way_of_a_sub_process(
    block: Block, given_: Mapping[str, bool], todo: list[Command]
) -> None:
    given_ = {**given_, "again": False}  # answers are always the same, for what is called shows its own at its end only
    within, bench, _ = begun(block, given_)
    called, other, process = begun(block, given_, calls=True)
    to_the_end = 30 * [("complete", 0, DONE), ("signal", 1, DONE), ("time", 3, DONE)]
    for what, which, _ in [*todo, *to_the_end]:
        assert asked(called) == asked(within)
        act(within, bench, (what, which, given_))
        act(called, other, (what, which, given_))
        called = Execution.restore(process, other, called.dump())
    assert called.outcome == within.outcome in ("completed", "error E1")
    # Where something ends early, it matters when results come out.
    cut_short = given_["v1"] or given_["v2"] or "guarded" in repr(block)
    assert cut_short or called.variables == within.variables


def asked(execution: Execution) -> list[str]:
    return sorted(task.element.id for task in execution.tasks)


@settings(repeatable, max_examples=15)
@given(block=blocks, given_=values, todo=commands)
def test_history_and_tasks_say_where_an_instance_is(
    session: Session, block: Block, given_: Mapping[str, bool], todo: list[Command]
) -> None:
    with session.begin_nested() as savepoint, clock.virtual(BEGIN) as time:
        [definition] = definitions.deploy(session, [File("p.bpmn", process_of(block))], actor=None)
        instance = instances.start(session, "p", given_, actor=None)
        process = definitions.process(session, definition.id)
        for command in [None, *todo]:
            if command is not None:
                _do(session, instance, time, command)
            stored = instances.restore(session, instance)
            assert _open(session, instance) == sorted(task.id for task in stored.tasks)
            game = TokenGame(process)
            for event in events.of_stream(session, instance.stream):
                game.play((kind, element) for kind, element, *_ in event.data.get("path", []))
            assert_at(game, stored)
        savepoint.rollback()
    session.expire_all()


def _open(session: Session, instance: Instance) -> list[UUID]:
    waiting = select(UserTask.id).where(UserTask.instance_id == instance.id, UserTask.state == "open")
    return sorted(session.scalars(waiting))


def _do(session: Session, instance: Instance, time: clock.VirtualClock, command: Command) -> None:
    what, which, variables = command
    found = _open(session, instance)
    if what == "complete" and found:
        tasks.complete(session, found[which % len(found)], variables, actor="x")
    elif what == "signal":
        correlation.broadcast(session, ("alarm", "flood")[which % 2], {}, actor=None)
    elif what == "rest" and instance.status == "active":
        instances.suspend(session, instance.id, actor="x", reason="")
        time.advance(timedelta(days=which))
        assert timers.fire_due(session) == 0
        assert correlation.broadcast(session, "alarm", {}, actor=None) == 0
        for one in found:
            with pytest.raises(InstanceNotActive):
                tasks.complete(session, one, variables, actor="x")
        instances.resume(session, instance.id, actor="x")
        _fire(session)
    elif what == "time":
        time.advance(timedelta(days=which))
        _fire(session)


def _fire(session: Session) -> None:
    while timers.fire_due(session):
        pass
