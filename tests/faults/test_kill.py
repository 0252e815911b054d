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
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.orm import Session

from engine import demo, events, postgres
from engine.cases.models import Case, Submission
from engine.config import ROOT
from engine.documents.queries import uploads_of_case
from engine.workflow.models import Instance, UserTask
from tests.browser.conftest import free_port
from tests.engine.documents.test_photos import photo
from tests.factories import LAND, answers

pytestmark = pytest.mark.faults
HEJIE = [sys.executable, "-m", "api.cli"]
SCALE = int(os.environ.get("HEJIE_FAULT_SCALE") or 1)
CLERKS, KILLS, SEED = 4, 6 * SCALE, 20261123
VICTIMS = ("serve", "worker", "database", "everything")
WAY = (("duty", "triage"), ("duty", "confirm"), ("mediator", "consent"), ("mediator", "tell-refused"))
PATIENCE = 600.0
"""Seconds in which nobody at all was answered: the house is down for good, and the test fails."""
OVERTAKEN = 10_000
"""Answers that others got while one waited for the same: it will never come, and the test fails."""


class House:
    """The product as `make run` starts it, on a database cluster of its own."""

    def __init__(self, var: Path, env: Mapping[str, str] | None = None) -> None:
        self.var = var
        self.port = free_port()
        self.env = {**os.environ, "HEJIE_VAR": str(var), "HEJIE_DATABASE_URL": "", **(env or {})}
        self.answers, self.answered_at = 0, time.monotonic()
        self.start()

    def start(self) -> None:
        """Start everything, and wait until it serves: before that, there is nothing to kill."""
        command = [*HEJIE, "run", "--port", str(self.port)]
        with (self.var.parent / "run.log").open("a") as log:
            self.run = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.run.stdout is not None
        assert any("Ctrl-C" in line for line in self.run.stdout), "hejie run did not start"

    def kill(self, part: str) -> None:
        """SIGKILL for the web server with all its processes, the worker, or the database's postmaster, if it is up."""
        if part == "database":
            self.tell_database(signal.SIGKILL)
            return
        for _ in self.asking(f"the {part} that was killed before"):  # `run` looks only now and then what has ended
            if group := self.children().get(part):
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
                return

    def tell_database(self, number: int) -> None:
        """Send a signal to the postmaster, if it is up: SIGINT shuts it down, and cuts off who is connected."""
        with suppress(FileNotFoundError, ProcessLookupError):
            pid = (postgres.cluster(self.var).data / "postmaster.pid").read_text().split()[0]
            os.kill(int(pid), number)

    def cut_power(self) -> None:
        """SIGKILL for everything at once, and what watches over it first; then it is switched on again."""
        parts = self.children()
        with self.run:
            self.run.kill()
        self.kill("database")
        for group in parts.values():
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self.start()

    def wait(self) -> None:
        """Wait until somebody is served: a house that is down cannot be killed."""
        for _ in self.asking("readyz"):
            with (
                suppress(OSError, HTTPException),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=30),
            ):
                self.has_answered()
                return

    def has_answered(self) -> None:
        """Somebody got an answer."""
        self.answers, self.answered_at = self.answers + 1, time.monotonic()

    def asking(self, what: str) -> Iterator[None]:
        """Ask again and again, however slow the machine is, as long as the house gets anywhere without us."""
        begun = self.answers
        while True:
            yield
            assert self.answers - begun < OVERTAKEN, f"{what}: no answer, while others got {OVERTAKEN}"
            assert time.monotonic() - self.answered_at < PATIENCE, f"{what}: nobody was answered for {PATIENCE} seconds"
            time.sleep(0.1)

    def stop(self) -> None:
        """End everything in order."""
        with self.run:
            self.run.terminate()
            assert self.run.wait(timeout=60) == 0
        assert not postgres.is_running(postgres.cluster(self.var)), "the database was left behind"

    def children(self) -> dict[str, int]:
        """The process ids of web server and worker, each the leader of a group of its own."""
        of_run = Path(f"/proc/{self.run.pid}/task/{self.run.pid}/children").read_text().split()
        commands = {}
        for pid in of_run:
            with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                commands[int(pid)] = Path(f"/proc/{pid}/cmdline").read_bytes()
        return {
            "worker" if b"worker\0" in command[-7:] else "serve": pid for pid, command in commands.items() if command
        }


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The product with the demo county, running."""
    made = House(tmp_path_factory.mktemp("house") / "var")
    yield made
    made.stop()


@dataclass
class Clerk:
    """Another system that works through REST, and asks again with the same key until it gets an answer."""

    house: House
    token: str = ""

    def sign_in(self, login: str) -> None:
        """Get a token."""
        self.token = self.ask("POST", "tokens", {"login": login, "password": demo.PASSWORD})["token"]

    def ask(self, method: str, path: str, body: Any = None, *, conflict: bool = False) -> Any:
        """The answer's body. Refusals that only waiting can cure are asked again; None for a conflict that may be."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = json.dumps(body).encode() if body is not None else None
        address = f"http://127.0.0.1:{self.house.port}/api/v1/{path}"
        for _ in self.house.asking(f"{method} {path}"):
            try:
                asked = urllib.request.Request(address, data, headers, method=method)
                with urllib.request.urlopen(asked, timeout=30) as answer:
                    given = json.load(answer)
                self.house.has_answered()
                return given
            except urllib.error.HTTPError as refused:
                with refused:
                    if refused.code == 409 and conflict:
                        self.house.has_answered()
                        return None
                    if refused.code < 500:
                        raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()}") from None
            except (OSError, ValueError, HTTPException):
                pass  # nobody there, or cut off in the middle of the answer

    def task(self, case_id: str, element: str) -> str:
        """The id of the open task of an element, once the process has come to it."""
        for _ in self.house.asking(f"{element} of {case_id}"):
            for one in self.ask("GET", "tasks?limit=100")["items"]:
                if one["case"]["id"] == case_id and one["task"]["element_id"] == element:
                    return str(one["task"]["id"])
        raise AssertionError


def work(house: House, clerks: dict[str, Clerk]) -> str:
    """Take one case from its report to its closing; returns its id."""
    case_id = str(Clerk(house).ask("POST", "reports", {"answers": LAND})["id"])
    for login, element in WAY:
        task_id = clerks[login].task(case_id, element)
        given = answers("f-terminate" if element == "tell-refused" else {
            "triage": "f-triage", "confirm": "f-route", "consent": "f-consent"}[element])  # fmt: skip
        if element == "consent":
            given["consent"] = "refused"
        complete_once(clerks[login], task_id, given)
    return case_id


def complete_once(clerk: Clerk, task_id: str, given: dict[str, Any]) -> None:
    """Two clients complete the same task at once, each until it gets an answer: one has done it."""

    def ask() -> bool:
        return clerk.ask("POST", f"tasks/{task_id}/complete", {"answers": given}, conflict=True) is not None

    with ThreadPoolExecutor(2) as pool:
        done = [one.result() for one in [pool.submit(ask), pool.submit(ask)]]
    assert sorted(done) == [False, True], f"{task_id} was completed {sum(done)} times"


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
        try:
            for victim in victims:
                house.wait()
                time.sleep(chance.uniform(0.5, 2.5))
                if victim == "everything":
                    house.cut_power()
                else:
                    house.kill(victim)
        finally:
            over.set()
        case_ids = [UUID(case_id) for one in working for case_id in one.result()]
    assert_consistent(house, case_ids)


def test_what_run_started_ends_with_it_even_if_it_is_killed(house: House) -> None:
    left = house.children().values()
    with house.run:
        house.run.kill()
    end = time.monotonic() + PATIENCE
    while alive := [pid for pid in left if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < end, f"{alive} live on"
        time.sleep(0.1)
    house.start()


def test_a_report_whose_answer_died_with_the_server_arrives_once(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    """Killed after the database has kept the report and before the server knows: the phone sends it again."""
    words = "河边的路塌了一段，\n摩托车过不去"
    picture = tmp_path / "路.jpg"
    picture.write_bytes(photo())
    house.wait()
    page = browser.new_page(base_url=f"http://127.0.0.1:{house.port}", locale="zh-CN")
    page.goto("/sign-in")
    for name, value in (("#login", "grid"), ("#password", demo.PASSWORD)):
        page.locator(name).fill(value)
    with page.expect_navigation():
        page.locator("main button").first.click()
    page.goto("/report")
    page.locator("[name=what]").fill(words)
    page.locator("[name=where]").fill("民主村")
    page.locator("[name=urgency][value=soon]").check()
    page.locator("[type=file]").set_input_files(picture)
    expect(page.locator("main")).to_contain_text(picture.name)
    with commits_unanswered(house) as report_is_kept:
        page.locator("form .send button").click(no_wait_after=True)
        report_is_kept()
        house.kill("serve")
    house.wait()
    page.goto("/report")
    expect(page.locator("[data-outbox] .item")).to_contain_text("ZP-", timeout=1000 * PATIENCE)
    page.context.close()
    engine = create_engine(postgres.ensure_running(house.var).url)
    with Session(engine) as session:
        [case] = session.scalars(select(Case).where(Case.words.like("河边的路塌了一段%")))
        assert len(uploads_of_case(session, case.id)) == 1
    engine.dispose()


@contextmanager
def commits_unanswered(house: House) -> Iterator[Callable[[], None]]:
    """The database keeps what is committed and does not say so: it waits for a second one that does not exist.

    Gives what waits until a report has been kept in this way.
    """
    engine = create_engine(postgres.ensure_running(house.var).url, isolation_level="AUTOCOMMIT")
    kept = text(
        "SELECT count(*) FROM pg_stat_activity JOIN pg_locks USING (pid)"
        " WHERE wait_event = 'SyncRep' AND relation = 'idempotent_answer'::regclass"
    )

    def wait_for(connection: Connection) -> None:
        end = time.monotonic() + PATIENCE
        while not connection.scalar(kept):
            assert time.monotonic() < end, "no report was committed"
            time.sleep(0.05)

    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET synchronous_standby_names = 'nobody'"))
        connection.execute(text("SELECT pg_reload_conf()"))
        try:
            yield partial(wait_for, connection)
        finally:
            connection.execute(text("ALTER SYSTEM RESET synchronous_standby_names"))
            connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


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
