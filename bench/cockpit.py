"""The cockpit over a million running instances, and the insight into a hundred thousand that have ended."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import database
from bench.measure import Figure, figure, seconds
from engine import clock, db
from engine.casework import cockpit
from engine.people.actor import Actor, Held
from engine.workflow import definitions, visits
from engine.workflow.definitions import File
from engine.workflow.selection import Selection
from engine.workflow.visits import Window
from tests.engine.workflow.diagrams import END, START, diagram, flow, script, user_task

FILL = Path(__file__).with_name("cockpit.sql")
ADMIN = Actor("00000000-0000-7000-8000-000000000003", "示例", None, (Held("admin", "610927", "610927"),))
ROUNDS = 3


def run(*, full: bool = False) -> list[Figure]:
    """Counts on the diagram, lists at an element, and how a process goes."""
    running, finished = (1_000_000, 100_000) if full else (100_000, 20_000)
    with database.fresh():
        version = _deploy()
        with db.engine().connect() as connection:
            values = {":definition": str(version), ":running": str(running), ":finished": str(finished)}
            for statement in FILL.read_text(encoding="utf-8").split(";"):
                for name, value in values.items():
                    statement = statement.replace(name, value)
                connection.exec_driver_sql(statement.replace("%", "%%"))
            connection.commit()
        with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE) event, instance, token_place"))
        return _figures(version, running, finished)


def _deploy() -> UUID:
    body = START + user_task("a") + '<bpmn:exclusiveGateway id="which" default="which_b"/>' + script("act", "1", "x")
    body += user_task("b") + user_task("rare") + END + flow("start", "a") + flow("a", "which") + flow("which", "b")
    body += flow("which", "act", "=false") + flow("act", "rare") + flow("rare", "b") + flow("b", "end")
    with db.transaction() as session:
        return definitions.deploy(session, [File("bench.bpmn", diagram(body, key="bench"))], actor=None)[0].id


def _figures(version: UUID, running: int, finished: int) -> list[Figure]:
    at = Selection(process="bench", version=1, element="a")
    rare = Selection(process="bench", version=1, element="rare")
    every = Selection(process="bench", version=1, status="active")
    now = clock.now()
    window = Window(now - timedelta(days=100), now + timedelta(days=1))
    works: dict[str, Callable[[Session], object]] = {
        f"processes with {running:,} running instances": lambda session: cockpit.running(session, ADMIN),
        "tokens at each step of the diagram": lambda session: cockpit.standing(session, ADMIN, version),
        "first page of the instances at a common step": lambda session: cockpit.instances(session, ADMIN, at),
        "first page of the instances at a rare step": lambda session: cockpit.instances(session, ADMIN, rare),
        "first page of all that run": lambda session: cockpit.instances(session, ADMIN, every),
        "how many stand at a common step (to 10,000)": lambda session: cockpit.count(session, ADMIN, at),
        f"insight into {finished:,} ended instances": lambda session: visits.walked(
            session, definitions.versions(session, definitions.PROCESS, "bench"), window
        ),
    }
    return [figure(name, [1000 * _took(work) for _ in range(ROUNDS)], "ms") for name, work in works.items()]


def _took(work: Callable[[Session], object]) -> float:
    with db.transaction() as session:
        return seconds(lambda: work(session))
