"""Completing user tasks through the engine's Python API, beside the floor of a bare transaction in the same run."""

import statistics
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bench import database
from bench.diagrams import ROUND, SIX_TASKS
from bench.measure import Figure, figure, in_turn, seconds
from engine import db
from engine.workflow import definitions, instances, tasks
from engine.workflow.definitions import File
from engine.workflow.models import Instance, UserTask

ROUNDS, BATCH = 7, 60


def run() -> list[Figure]:
    """All figures of the engine."""
    with database.fresh():
        return [*_rates(), *_looping(), *_size()]


def _rates() -> list[Figure]:
    _deploy(SIX_TASKS)
    with db.engine().connect() as connection:
        database.make_floor(connection, BATCH)

        def floor() -> float:
            return BATCH / seconds(lambda: [database.floor_step(connection, row) for row in range(BATCH)])

        def completions() -> float:
            open_tasks = [_start("six-tasks") for _ in range(BATCH // 6)]
            return BATCH / seconds(lambda: [_complete_all(task) for task in open_tasks])

        floors, rates = in_turn(ROUNDS, floor, completions)
    shares = [rate / bare for rate, bare in zip(rates, floors, strict=True)]
    return [
        figure("floor: read, update, insert three rows, commit", floors, "a second"),
        figure("completing a user task through the engine", rates, "a second"),
        figure("… share of the floor", shares, "×", "aim 0.6, at least 0.4"),
    ]


def _looping() -> list[Figure]:
    _deploy(ROUND)
    task = _start("round")
    times = []
    for _ in range(1010):
        following: list[UUID | None] = []
        times.append(seconds(lambda task=task, following=following: following.append(_complete(task))))  # type: ignore[misc]
        assert following[0] is not None
        task = following[0]
    early, late = times[10:60], times[-50:]
    ratio = statistics.median(late) / statistics.median(early)
    return [
        figure("completion 10 to 60 of one looping instance", [1000 * one for one in early], "ms"),
        figure("completion 960 to 1,010 of the same", [1000 * one for one in late], "ms"),
        Figure("… late beside early", ratio, ratio, ratio, "×", "at most 1.2"),
    ]


def _size() -> list[Figure]:
    with db.transaction() as session:
        sizes = list(
            session.scalars(
                select(text("octet_length(state)")).select_from(Instance).where(Instance.status == "active")
            )
        )
    return [figure("state of a live instance", [float(size) for size in sizes], "bytes")]


def _deploy(content: bytes) -> None:
    with db.transaction() as session:
        definitions.deploy(session, [File("bench.bpmn", content)], actor=None)


def _start(key: str) -> UUID:
    with db.transaction() as session:
        instance = instances.start(session, key, {"case_id": "bench", "level": "village"}, actor="bench")
        return _open(session, instance.id)[0]


def _complete_all(task: UUID | None) -> None:
    while task is not None:
        task = _complete(task)


def _complete(task: UUID) -> UUID | None:
    """Complete a task; the id of the next one of its instance."""
    with db.transaction() as session:
        instance = tasks.find(session, task).instance_id
        tasks.complete(session, task, {"agreed": True}, actor="bench")
        session.flush()
        following = _open(session, instance)
        return following[0] if following else None


def _open(session: Session, instance: UUID) -> list[UUID]:
    waiting = select(UserTask.id).where(UserTask.instance_id == instance, UserTask.state == "open")
    return list(session.scalars(waiting))
