"""Server, worker and database are killed with SIGKILL while people work; nothing is lost or done twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from engine import demo, events, postgres
from engine.cases.models import Case, Submission
from engine.config import ROOT
from engine.workflow.models import Instance, UserTask
from tests.browser.conftest import free_port
from tests.factories import LAND, answers

pytestmark = pytest.mark.faults
HEJIE = [sys.executable, "-m", "api.cli"]
CLERKS, KILLS, SEED = 4, 7, 20261123
VICTIMS = ("serve", "worker", "database")
WAY = (("duty", "triage"), ("duty", "confirm"), ("mediator", "consent"), ("mediator", "tell-refused"))
PATIENCE = 120.0
"""Seconds after which somebody who asks again and again gives up, and the test fails."""


class House:
    """The product on a database cluster of its own: started, killed, started again."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.env = {**os.environ, "HEJIE_VAR": str(var), "HEJIE_DATABASE_URL": ""}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def load(self) -> None:
        """Make the database and load the demo county."""
        for command in (["db", "upgrade"], ["demo", "load"]):
            subprocess.run([*HEJIE, *command], cwd=ROOT, env=self.env, check=True)

    def start(self) -> None:
        """Start what does not run."""
        commands = {"serve": ["serve", "--port", str(self.port), "--processes", "2"], "worker": ["worker"]}
        for name, command in commands.items():
            if name not in self.running:
                self.running[name] = subprocess.Popen(
                    [*HEJIE, *command], cwd=ROOT, env=self.env, start_new_session=True, stderr=subprocess.DEVNULL
                )

    def kill(self, name: str) -> None:
        """SIGKILL for the web server with all its processes, the worker, or the database's postmaster."""
        if name == "database":
            place = postgres.ensure_running(self.var)  # it may not have come back yet from the last time
            os.kill(int((place.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            return
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything."""
        for name in list(self.running):
            self.kill(name)
        postgres.stop(self.var)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The product with the demo county, running."""
    made = House(tmp_path / "var")
    try:
        made.load()
        made.start()
        yield made
    finally:
        made.stop()


@dataclass
class Clerk:
    """Another system that works through REST, and asks again with the same key until it gets an answer."""

    house: House
    token: str = ""

    def sign_in(self, login: str) -> None:
        """Get a token."""
        self.token = self.ask("POST", "tokens", {"login": login, "password": demo.PASSWORD})["token"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's body. Refusals that only waiting can cure are asked again."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = json.dumps(body).encode() if body is not None else None
        address = f"http://127.0.0.1:{self.house.port}/api/v1/{path}"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                asked = urllib.request.Request(address, data, headers, method=method)
                with urllib.request.urlopen(asked, timeout=10) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refused:
                with refused:
                    if refused.code < 500:
                        raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()}") from None
            except (OSError, ValueError):
                pass  # nobody there, or cut off in the middle of the answer
            time.sleep(0.1)
        raise AssertionError(f"{method} {path}: no answer for {PATIENCE} seconds")

    def task(self, case_id: str, element: str) -> str:
        """The id of the open task of an element, once the process has come to it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for one in self.ask("GET", "tasks?limit=100")["items"]:
                if one["case"]["id"] == case_id and one["task"]["element_id"] == element:
                    return str(one["task"]["id"])
            time.sleep(0.1)
        raise AssertionError(f"{element} of {case_id} never came")


def work(house: House, clerks: dict[str, Clerk]) -> str:
    """Take one case from its report to its closing; returns its id."""
    case_id = str(Clerk(house).ask("POST", "reports", {"answers": LAND})["id"])
    for login, element in WAY:
        task_id = clerks[login].task(case_id, element)
        given = answers("f-terminate" if element == "tell-refused" else {
            "triage": "f-triage", "confirm": "f-route", "consent": "f-consent"}[element])  # fmt: skip
        if element == "consent":
            given["consent"] = "refused"
        clerks[login].ask("POST", f"tasks/{task_id}/complete", {"answers": given})
    return case_id


def work_on(house: House, clerks: dict[str, Clerk], over: Event) -> list[str]:
    """Take case after case through, until it is over; returns their ids."""
    done = [work(house, clerks)]
    while not over.is_set():
        done.append(work(house, clerks))
    return done


def test_whoever_is_killed_nothing_is_lost_or_done_twice(house: House) -> None:
    clerks = {login: Clerk(house) for login in ("duty", "mediator")}
    for login, clerk in clerks.items():
        clerk.sign_in(login)
    chance = random.Random(SEED)
    victims = [*VICTIMS, *chance.choices(VICTIMS, k=KILLS - len(VICTIMS))]
    over = Event()
    with ThreadPoolExecutor(CLERKS) as pool:
        working = [pool.submit(work_on, house, clerks, over) for _ in range(CLERKS)]
        for victim in victims:
            time.sleep(chance.uniform(0.5, 2.5))
            house.kill(victim)
            if victim == "database":  # a power cut: all of them at once
                house.kill("serve")
                house.kill("worker")
            house.start()
        over.set()
        case_ids = [UUID(case_id) for one in working for case_id in one.result()]
    assert_consistent(house, case_ids)


def assert_consistent(house: House, case_ids: list[UUID]) -> None:
    """Every case is closed once, by its steps and no others; nothing is left over."""
    engine = create_engine(postgres.ensure_running(house.var).url)
    with Session(engine) as session:
        _wait_for_jobs(session)
        for case_id in case_ids:
            case = session.get_one(Case, case_id)
            assert (case.outcome, case.stage) == ("refused", "closed")
            happened = events.of_stream(session, case_id)
            assert events.first_break(happened) is None
            kinds = Counter(one.kind for one in happened)
            assert (kinds["case.reported"], kinds["case.closed"], kinds["task.completed"]) == (1, 1, len(WAY))
            tasks = session.scalars(select(UserTask).where(UserTask.stream == case_id)).all()
            assert sorted((one.element_id, one.state) for one in tasks) == sorted(
                (step, "completed") for _, step in WAY
            )
            filed = session.scalar(select(func.count()).where(Submission.case_id == case_id))
            assert filed == 1 + len(WAY)
            alive = select(Instance.id).where(Instance.stream == case_id, Instance.ended_at.is_(None))
            assert session.scalars(alive).all() == []
        reported = session.scalar(select(func.count()).where(Case.words == LAND["what"]))
        assert reported == len(case_ids), "a report that was asked for again is one case"
    engine.dispose()


def _wait_for_jobs(session: Session) -> None:
    left = text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
    end = time.monotonic() + PATIENCE
    while session.scalar(left):
        session.rollback()
        assert time.monotonic() < end, "jobs are left undone"
        time.sleep(0.2)
    assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")) == 0
