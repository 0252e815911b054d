"""Completing user tasks through the engine's Python API, beside the floor of a bare transaction in the same run."""

import statistics
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bench import database
from bench.diagrams import SIX_TASKS, STEPS
from bench.measure import Figure, figure, in_turn, seconds, share
from bench.naive import persisted
from engine import casework, clock, db, demo
from engine.people.actor import Actor
from engine.workflow import definitions, instances, jobs, tasks, timers
from engine.workflow.definitions import File
from engine.workflow.models import Definition, Instance, UserTask
from tests.engine.workflow.diagrams import ROUND
from tests.factories import LAND, do

ROUNDS, BATCH = 9, 120
EARLY, LATE, STEPS_COMPARED = 10, 1000, 200
WAY = (
    ("triage", "duty"), ("confirm", "duty"), ("consent", "mediator"), ("register", "mediator"),
    ("mediator", "mediator"), ("rights", "mediator"), ("session", "mediator"), ("agreement", "mediator"),
    ("perform", "mediator"),
)  # fmt: skip


def run() -> list[Figure]:
    """All figures of the engine."""
    with database.fresh() as url:
        return [*_rates(url), *_looping(), *_size()]


def _rates(url: str) -> list[Figure]:
    deploy(File("bench.bpmn", SIX_TASKS))
    bare = database.Floor(url, _example(), BATCH)
    persisted.Base.metadata.create_all(db.engine())

    def floor() -> float:
        return BATCH / seconds(lambda: [bare.step(row) for row in range(BATCH)])

    def completions() -> float:
        return _rate(lambda: [_start("six-tasks") for _ in range(BATCH // 6)], _complete, open_tasks)

    for warm_up in (floor, completions, _by_serializer):
        warm_up()
    floors, rates, others = in_turn(ROUNDS, floor, completions, _by_serializer)
    return [
        figure("floor: a bare transaction with the same bytes and rows", floors, "a second"),
        figure("completing a user task through the engine", rates, "a second"),
        figure("… share of the floor", share(rates, floors), "×", must=0.4, aim=0.6),
        figure("SpiffWorkflow with its serializer in a row a step, no server", others, "a second"),
        figure("… share of the floor", share(others, floors), "×"),
    ]


def _rate(
    begin: Callable[[], list[UUID]], finish: Callable[[UUID], None], following: Callable[[], list[UUID]]
) -> float:
    waiting, took, done = begin(), 0.0, 0
    for _ in STEPS:
        took += seconds(lambda waiting=waiting: [finish(task) for task in waiting])  # type: ignore[misc]
        done += len(waiting)
        waiting = following()
    return done / took


def _by_serializer() -> float:
    with db.transaction() as session:
        begun = [persisted.start(session) for _ in range(BATCH // 6)]

    def finish() -> None:
        for instance, waiting in begun:
            while waiting:
                with db.transaction() as session:
                    waiting = persisted.complete(session, instance, waiting[0], {"agreed": True})

    return BATCH / seconds(finish)


def _looping() -> list[Figure]:
    """Two instances of the same loop in turn: one at its beginning, one with a thousand rounds behind it."""
    deploy(File("bench.bpmn", ROUND))
    task = _start("p")
    old = _instance_of(task)
    for _ in range(LATE):
        _complete(task)
        [task] = _open(old)
    young = _instance_of(_start("p"))
    for _ in range(EARLY):
        _complete(_open(young)[0])

    def step(instance: UUID) -> float:
        [waiting] = _open(instance)
        return 1000 * seconds(lambda: _complete(waiting))

    early, late = in_turn(STEPS_COMPARED, lambda: step(young), lambda: step(old))
    ratio = statistics.median(late) / statistics.median(early)
    return [
        figure("completions 10 to 210 of a looping instance", early, "ms"),
        figure("completions 1,000 to 1,200 of another", late, "ms"),
        figure("… late beside early", [ratio], "×", must=1.2, aim=1.0, at_most=True),
    ]


def _size() -> list[Figure]:
    """A civil dispute on its way from the report to the performed agreement, looked at after each step."""
    sizes: list[float] = []
    with db.transaction() as session, jobs.inline(session) as run_jobs, clock.virtual(clock.now()):
        casework.deploy(session, None, casework.library())
        demo.load(session)
        case = casework.report(session, Actor.PUBLIC, LAND).case
        for element, login in WAY:
            run_jobs()
            while timers.fire_due(session):
                run_jobs()
            sizes += _dispute(session)
            do(session, case, element, login)
        sizes += _dispute(session)
        session.rollback()
    note = f"largest of {len(sizes)} looks: {max(sizes):,.0f}"
    return [figure("state of a live civil dispute", sizes, "bytes", note, must=2048, aim=1024, at_most=True)]


def _dispute(session: Session) -> list[float]:
    session.flush()
    found = (
        select(text("octet_length(instance.state)"))
        .select_from(Instance)
        .join(Definition, Definition.id == Instance.definition_id)
        .where(Instance.status == "active", Definition.key == "civil-dispute")
    )
    return [float(size) for size in session.scalars(found)]


def deploy(*files: File) -> None:
    """Deploy files as they are."""
    with db.transaction() as session:
        definitions.deploy(session, list(files), actor=None)


def open_tasks() -> list[UUID]:
    """All open tasks, oldest first."""
    with db.transaction() as session:
        return list(session.scalars(select(UserTask.id).where(UserTask.state == "open").order_by(UserTask.id)))


def _example() -> UUID:
    """An instance that has made one step as the measured ones do."""
    task = _start("six-tasks")
    _complete(task)
    return _instance_of(task)


def _start(key: str) -> UUID:
    with db.transaction() as session:
        started = instances.start(session, key, {"case_id": "bench", "level": "village"}, actor="bench").id
    return _open(started)[0]


def _complete(task: UUID) -> None:
    with db.transaction() as session:
        tasks.complete(session, task, {"agreed": True}, actor="bench")


def _instance_of(task: UUID) -> UUID:
    with db.transaction() as session:
        return tasks.find(session, task).instance_id


def _open(instance: UUID) -> list[UUID]:
    with db.transaction() as session:
        waiting = select(UserTask.id).where(UserTask.instance_id == instance, UserTask.state == "open")
        return list(session.scalars(waiting))
