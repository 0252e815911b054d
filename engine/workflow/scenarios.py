"""Scenarios: executable specifications of processes, played by the real engine on the real database.

All of it happens in one transaction, in tables of its own that are gone when it is rolled back: a scenario sees no
case of the house and leaves no trace. The clock is virtual.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.orm import Session

from engine import clock, events, feel
from engine.db import Base
from engine.errors import DomainError
from engine.ids import new_id
from engine.sentences import S_
from engine.workflow import instances, jobs, scenario_files
from engine.workflow.definitions import File
from engine.workflow.models import Instance
from engine.workflow.playing import Player, Start, StepFailed, why, words_of
from engine.workflow.scenario_files import Malformed


@dataclass(frozen=True)
class Outcome:
    """What became of one scenario. `step` counts from 1; `walked` are the sequence flows taken, by process, of all."""

    file: str
    scenario: str
    passed: bool
    step: int | None = None
    problem: str | None = None
    walked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    flows: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Coverage:
    """How many of a process's sequence flows some scenarios walked, and which not."""

    process: str
    walked: int
    flows: int
    missed: tuple[str, ...]


def coverage(outcomes: Iterable[Outcome]) -> list[Coverage]:
    """What scenarios walked together, by process."""
    walked: dict[str, set[str]] = {}
    flows: dict[str, set[str]] = {}
    for outcome in outcomes:
        for key, found in outcome.flows.items():
            flows.setdefault(key, set()).update(found)
            walked.setdefault(key, set()).update(outcome.walked.get(key, ()))
    return [
        Coverage(key, len(walked[key] & flows[key]), len(flows[key]), tuple(sorted(flows[key] - walked[key])))
        for key in sorted(flows)
    ]


@contextmanager
def stage(
    connection: Connection, prepare: Callable[[Session], None] = lambda session: None, *, copied: Iterable[Table] = ()
) -> Iterator[Session]:
    """An empty house in the middle of a transaction, but for the rows of tables that are copied.

    Leaving the block takes it away. Stages do not wait for each other: each has a schema of its own.
    """
    transaction = connection.begin()
    try:
        house = connection.scalar(select(func.current_schema()))
        name = f"stage_{new_id().hex}"
        connection.execute(text(f"CREATE SCHEMA {name}"))
        connection.execute(text(f'SET LOCAL search_path TO {name}, "{house}"'))  # indexes use functions of the house
        Base.metadata.create_all(connection, checkfirst=False)
        for table in copied:
            _copy(connection, table, str(house))
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            prepare(session)
            session.flush()
            yield session
    finally:
        transaction.rollback()


def _copy(connection: Connection, table: Table, house: str) -> None:
    columns = ", ".join(column.name for column in table.columns)
    source = f'SELECT {columns} FROM "{house}".{table.name}'  # noqa: S608 - names of our own
    connection.execute(text(f"INSERT INTO {table.name} ({columns}) {source}"))
    for column in table.columns:
        if column.identity:  # what is added on the stage counts on from what was copied
            last = select(func.coalesce(func.max(column), 1)).scalar_subquery()
            connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), last)))


def play(session: Session, path: Path, *, start: Start | None = None) -> list[Outcome]:
    """Play every scenario of a file on a stage. A file that cannot be read is one failed outcome."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return [
            Outcome(str(path), "", False, None, S_("this is not a scenario file: %(problem)s", problem=error.strerror))
        ]
    return play_file(session, str(path), content, lambda named: _models(path, named), start=start)


def play_file(
    session: Session,
    name: str,
    content: bytes,
    models: Callable[[list[str] | None], list[File]] = lambda named: [],
    *,
    start: Start | None = None,
) -> list[Outcome]:
    """The same for what a file holds; `models` are deployed first, given the names that the file says (None: none)."""
    try:
        given = scenario_files.read(content)
    except Malformed as error:
        return [Outcome(name, "", False, None, S_("this is not a scenario file: %(problem)s", problem=error.sentence))]
    outcomes = []
    for scenario in given.scenarios:
        with _undone(session), jobs.inline(session) as run_jobs, clock.virtual(given.begins_at or clock.now()) as time:
            player = Player(session, start or _plain_start, run_jobs, time)
            player.deploy(models(given.models))
            outcomes.append(_play_one(player, name, scenario))
    return outcomes


def _play_one(player: Player, file: str, scenario: Mapping[str, Any]) -> Outcome:
    name = str(scenario.get("name", ""))
    for number, step in enumerate(scenario["steps"], start=1):
        try:
            player.do(step)
        except (StepFailed, DomainError, feel.FeelError, KeyError, ValueError, TypeError, AttributeError) as error:
            problem = S_("%(step)s: %(why)s", step=words_of(step), why=why(error))
            return Outcome(file, name, False, number, problem, player.walked(), player.flows())
    return Outcome(file, name, True, walked=player.walked(), flows=player.flows())


@contextmanager
def _undone(session: Session) -> Iterator[None]:
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        session.info.pop(events.PENDING, None)
        savepoint.rollback()
        session.expire_all()


def _models(path: Path, named: list[str] | None) -> list[File]:
    """The files that a scenario file names, relative to itself; else every model in the folder above."""
    if named is not None:
        paths = [path.parent / name for name in named]
    else:
        above = path.resolve().parent.parent
        paths = sorted(found for found in above.iterdir() if found.suffix in (".bpmn", ".dmn"))
    return [File(found.name, found.read_bytes()) for found in paths]


def _plain_start(session: Session, key: str, variables: Mapping[str, Any], start_event: str | None) -> Instance:
    return instances.start(session, key, variables, actor=None, start_event=start_event)
