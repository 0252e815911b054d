"""Fifty of my tasks among a million open ones of all counties, as mediators, duty officers and county officers ask."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import database
from bench.measure import Figure, figure, percentile, seconds
from engine import casework, db
from engine.casework.work import WorkPage
from engine.people.actor import Actor, Held

COUNTIES, TOWNS, VILLAGES = 2800, 12, 10  # as lists.sql makes them
PAGE, PAGES, ASKED, SEED = 50, 4, 120, 20261123
VIEWS = ("all", "mine", "group", "due", "overdue")

FILL = Path(__file__).with_name("lists.sql")


def run(*, full: bool = False) -> list[Figure]:
    """The time of one page, over people of three roles, all views, first pages and those after them."""
    tasks = 1_000_000 if full else 100_000
    with database.fresh():
        with db.transaction() as session:
            casework.deploy(session, None, casework.library())  # a line says by which article its step is due
        with db.engine().connect() as connection:
            for statement in FILL.read_text(encoding="utf-8").split(";"):
                connection.execute(text(statement.replace(":tasks", str(tasks))))
            connection.commit()
        with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE) user_task, case_record"))
        return _pages(tasks)


def _pages(tasks: int) -> list[Figure]:
    choice = random.Random(SEED)
    found = []
    for role, level in (("village_mediator", 3), ("duty_officer", 2), ("county_officer", 1)):
        times = [1000 * one for _ in range(ASKED) for one in _asked(_holder(choice, role, level), choice.choice(VIEWS))]
        found.append(
            figure(
                f"50 of my tasks among {tasks:,}, {role}, 95 of 100 within", [percentile(times, 95)], "ms",
                f"median {percentile(times, 50):.2f}, longest {max(times):.2f}, {len(times)} pages",
                must=20, aim=5, at_most=True,
            )
        )  # fmt: skip
    return found


def _holder(choice: random.Random, role: str, level: int) -> Actor:
    """Somebody of a county drawn by lot; the id is what tasks of that village are assigned to."""
    county = str(100000 + int(COUNTIES * choice.random() ** 2))  # as the tasks are spread
    town = county + f"{choice.randrange(TOWNS):03}"
    village = town + f"{choice.randrange(VILLAGES):03}"
    path = "/".join((county, town, village)[:level])
    account = UUID(hashlib.md5(f"{county}/{town}/{village}".encode()).hexdigest())
    return Actor(str(account), "示例", None, (Held(role, path.rpartition("/")[2], path),))


def _asked(actor: Actor, view: str) -> Iterator[float]:
    """The time of each of the first pages."""
    after: str | None = ""
    for _ in range(PAGES):
        with db.transaction() as session:
            pages: list[WorkPage] = []
            yield seconds(
                lambda after=after, session=session, pages=pages: pages.append(_page(session, actor, view, after))
            )  # type: ignore[misc]
        after = pages[0].next
        if after is None:
            return


def _page(session: Session, actor: Actor, view: str, after: str) -> WorkPage:
    return casework.my_tasks(session, actor, view, after=after, size=PAGE)
