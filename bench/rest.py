"""The product through REST: from a report to the first task that somebody sees, and completions a second."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from bench import database
from bench.measure import Figure, figure, in_turn, seconds
from engine import casework, db, demo
from engine.config import ROOT
from engine.people import queries as people
from engine.people.actor import Actor
from tests.factories import LAND, answers

REPORTS, ROUNDS, BATCH, CLIENTS = 30, 5, 40, 4
HEJIE = [sys.executable, "-m", "api.cli"]


class Client:
    """One connection of another system, kept open."""

    def __init__(self, port: int, login: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Content-Type": "application/json"}
        if login:
            token = self.ask("POST", "tokens", {"login": login, "password": demo.PASSWORD})["token"]
            self.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's body; whatever is refused ends the benchmark."""
        self.connection.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, self.headers)
        answer = self.connection.getresponse()
        read = json.loads(answer.read())
        assert answer.status < 300, read
        return read

    def report(self) -> str:
        """Report something; the case's id."""
        return str(self.ask("POST", "reports", {"answers": LAND})["id"])

    def complete(self, task: str) -> None:
        """Complete the triage of a report."""
        self.ask("POST", f"tasks/{task}/complete", {"answers": answers("f-triage")})

    def work(self) -> Iterator[dict[str, Any]]:
        """All of this client's work, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.ask("GET", f"tasks?limit=100&cursor={cursor}")
            yield from page["items"]
            cursor = page["next"]

    def triages(self) -> list[str]:
        """The open tasks of triage that this client sees."""
        return [one["task"]["id"] for one in self.work() if one["task"]["element_id"] == "triage"]

    def complete_all(self, tasks: list[str]) -> None:
        """Complete several triages, one after the other."""
        for task in tasks:
            self.complete(task)


def run() -> list[Figure]:
    """All figures of REST."""
    with database.fresh() as url, _served(url) as port:
        villager, duty = Client(port), Client(port, "duty")
        waits = [1000 * seconds(lambda: _seen(villager, duty)) for _ in range(REPORTS)]
        for task in duty.triages():
            duty.complete(task)
        return [figure("POST /reports until the officer's GET /tasks shows it", waits, "ms"), *_rates(port, duty)]


def _seen(villager: Client, duty: Client) -> None:
    case_id = villager.report()
    while all(one["case"]["id"] != case_id for one in duty.work()):
        pass


def _rates(port: int, duty: Client) -> list[Figure]:
    clients = [Client(port, "duty") for _ in range(CLIENTS)]
    with db.engine().connect() as connection, ThreadPoolExecutor(CLIENTS) as pool:
        database.make_floor(connection, BATCH)

        def floor() -> float:
            return BATCH / seconds(lambda: [database.floor_step(connection, row) for row in range(BATCH)])

        def directly() -> float:
            actor, waiting = _at_triage(BATCH)
            return BATCH / seconds(lambda: [_complete(actor, task) for task in waiting])

        def completions() -> float:
            for client in (duty, *clients):
                client.connection.close()  # it opens again; the server has closed what was idle
            for _ in range(BATCH):
                duty.report()
            waiting = duty.triages()
            assert len(waiting) == BATCH
            shares = [waiting[number::CLIENTS] for number in range(CLIENTS)]
            return BATCH / seconds(lambda: list(pool.map(Client.complete_all, clients, shares)))

        floors, direct, rates = in_turn(ROUNDS, floor, directly, completions)
    return [
        figure("floor: read, update, insert three rows, commit", floors, "a second"),
        figure("completing triage through Python", direct, "a second", "form, table and process; one client"),
        figure("… share of the floor", _shares(direct, floors), "×"),
        figure("completing triage through REST", rates, "a second", f"{CLIENTS} clients, 2 web processes"),
        figure("… share of the floor", _shares(rates, floors), "×"),
        figure("… beside Python", _shares(rates, direct), "×"),
    ]


def _shares(rates: list[float], others: list[float]) -> list[float]:
    return [rate / other for rate, other in zip(rates, others, strict=True)]


def _at_triage(number: int) -> tuple[Actor, list[UUID]]:
    """The officer on duty, and the tasks of new reports."""
    with db.transaction() as session:
        cases = [casework.report(session, Actor.PUBLIC, LAND).case for _ in range(number)]
        session.flush()
        waiting = [task.id for case in cases for task in casework.open_tasks(session, case.id)]
        assert len(waiting) == number
        return people.actor_by_login(session, "duty"), waiting


def _complete(actor: Actor, task: UUID) -> None:
    with db.transaction() as session:
        casework.complete_task(session, actor, task, answers("f-triage"))


@contextmanager
def _served(url: str) -> Iterator[int]:
    """The port of the product with the demo county on a database."""
    with db.transaction() as session:
        casework.deploy(session, None, casework.library())
        demo.load(session)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {**os.environ, "HEJIE_DATABASE_URL": url}
    commands = (["serve", "--port", str(port)], ["worker"])
    quiet = subprocess.DEVNULL
    running = [subprocess.Popen([*HEJIE, *one], cwd=ROOT, env=env, stderr=quiet) for one in commands]
    try:
        _wait(port)
        yield port
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)


def _wait(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
