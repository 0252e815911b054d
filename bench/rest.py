"""The product through REST: completions a second beside the floor and the naive version, and the way of a report."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from bench import database
from bench.diagrams import ANSWERS, FORM, SIX_FORMS, STEPS
from bench.engine import deploy, open_tasks
from bench.measure import Figure, figure, in_turn, seconds, share
from bench.naive import persisted
from engine import casework, db, demo
from engine.cases import commands as cases
from engine.casework.commands import home_of
from engine.config import ROOT
from engine.territory import queries as territory
from engine.workflow import instances
from engine.workflow.definitions import File
from engine.workflow.models import UserTask
from tests.factories import LAND, answers

REPORTS, ROUNDS, BATCH, CLIENTS = 30, 5, 240, 8
HEJIE = [sys.executable, "-m", "api.cli"]
NAIVE = "bench.naive.app:app"
GUNICORN = [
    sys.executable, "-m", "gunicorn", NAIVE, "--workers", "2", "--threads", "16", "--worker-class", "gthread",
    "--no-control-socket", "--graceful-timeout", "10", "--keep-alive", "75", "--bind",
]  # fmt: skip
GRANIAN = [
    sys.executable, "-m", "granian", NAIVE, "--interface", "wsgi", "--workers", "2", "--blocking-threads", "16",
    "--no-ws", "--log-level", "error", "--port",
]  # fmt: skip
Request = bytes


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

    def work(self) -> Iterator[dict[str, Any]]:
        """All of this client's work, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.ask("GET", f"tasks?limit=100&cursor={cursor}")
            yield from page["items"]
            cursor = page["next"]


class Line:
    """A connection that sends requests made beforehand: the client must not be what is measured."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")

    def ask(self, request: Request) -> None:
        """Send a request and read its answer."""
        self.socket.sendall(request)
        status = self.file.readline()
        length = 0
        while (line := self.file.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line[15:])
        body = self.file.read(length)
        assert b" 200 " in status, (status, body)


def post(path: str, body: Any, **headers: str) -> Request:
    """The bytes of a request."""
    content = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(content)}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def run() -> list[Figure]:
    """All figures of REST."""
    with database.fresh() as url, ExitStack() as running:
        with db.transaction() as session:
            casework.deploy(session, None, casework.library())
            demo.load(session)
        deploy(File("bench.bpmn", SIX_FORMS), File("f-bench.form.json", FORM))
        port = running.enter_context(served(url, [*HEJIE, "serve", "--processes", "2", "--port"]))
        persisted.Base.metadata.create_all(db.engine())
        theirs = running.enter_context(served(url, GUNICORN, address="127.0.0.1:"))
        same = running.enter_context(served(url, GRANIAN))
        figures = _rates(url, port, theirs, same)
        running.enter_context(worker(url))
        return [*figures, _way(port)]


def _rates(url: str, port: int, naive_port: int, same_port: int) -> list[Figure]:
    token = Client(port, "mediator").headers["Authorization"]
    begin(1)
    with db.transaction() as session:
        example = session.get_one(UserTask, open_tasks()[0]).instance_id
    bare = database.Floor(url, example, BATCH)
    eight = [database.Floor(url, example, BATCH // CLIENTS, number) for number in range(1, CLIENTS + 1)]
    with ThreadPoolExecutor(CLIENTS) as pool:

        def floor() -> float:
            return BATCH / seconds(lambda: _all_rows(bare))

        def wide_floor() -> float:
            return BATCH / seconds(lambda: list(pool.map(_all_rows, eight)))

        def completions() -> float:
            begin(BATCH // 6)
            took = 0.0
            for _ in STEPS:
                waiting = open_tasks()
                took += _all(
                    pool, port,
                    [
                        post(f"/api/v1/tasks/{task}/complete", {"answers": ANSWERS}, Authorization=token)
                        for task in waiting
                    ],
                )  # fmt: skip
            return BATCH / took

        def naive(port: int) -> float:
            with db.transaction() as session:
                begun = [persisted.start(session) for _ in range(BATCH // 6)]
            took = 0.0
            for _ in STEPS:
                took += _all(pool, port, [_naive_request(one, waiting[0]) for one, waiting in begun])
                with db.transaction() as session:
                    begun = [(one, persisted.ready(session, one)) for one, _ in begun]
            return BATCH / took

        turns = (floor, wide_floor, completions, partial(naive, naive_port), partial(naive, same_port))
        for warm_up in turns:
            warm_up()
        floors, wide, rates, others, same = in_turn(ROUNDS, *turns)
    return [
        figure("floor: a bare transaction with the same bytes and rows", floors, "a second"),
        figure("the same over 8 connections of one process", wide, "a second"),
        figure("completing through REST, 2 processes, 8 clients", rates, "a second", "permissions, form, history"),
        figure("… share of the floor", share(rates, floors), "×", must=0.3, aim=0.5),
        figure("… share of the floor over 8 connections", share(rates, wide), "×"),
        figure("the naive version under gunicorn, 2 processes, 8 clients", others, "a second", "none of these"),
        figure("… ours beside the naive version", share(rates, others), "×", must=1, aim=2),
        figure("the naive version under the web server that ours runs under", same, "a second"),
        figure("… ours beside that", share(rates, same), "×"),
    ]


def _all_rows(floor: database.Floor) -> None:
    for row in range(len(floor.open)):
        floor.step(row)


def _all(pool: ThreadPoolExecutor, port: int, requests: list[Request]) -> float:
    """Seconds for all requests, shared among the clients."""
    lines = [Line(port) for _ in range(CLIENTS)]

    def ask(number: int) -> None:
        for request in requests[number::CLIENTS]:
            lines[number].ask(request)

    took = seconds(lambda: list(pool.map(ask, range(CLIENTS))))
    for line in lines:
        line.file.close()
        line.socket.close()
    return took


def begin(number: int, code: str = demo.VILLAGE) -> None:
    """Cases of a village with an instance each, before its first step."""
    with db.transaction() as session:
        village = territory.division(session, code)
        for _ in range(number):
            case, _ = cases.report(
                session, words="占地", place=village.name, urgency="ordinary", kind="dispute", source="bench",
                division=village.path, actor=None,
            )  # fmt: skip
            case.level = "village"
            instances.start(session, "six-forms", {"case_id": str(case.id)}, actor=None, home=home_of(case))


def _naive_request(instance: UUID, task: UUID) -> Request:
    return post(f"/instances/{instance}/tasks/{task}/complete", ANSWERS)


def _way(port: int) -> Figure:
    villager, duty = Client(port), Client(port, "duty")

    def seen() -> None:
        case_id = str(villager.ask("POST", "reports", {"answers": LAND})["id"])
        while not (found := [one["task"]["id"] for one in duty.work() if one["case"]["id"] == case_id]):
            pass
        duty.ask("POST", f"tasks/{found[0]}/complete", {"answers": answers("f-triage")})

    waits = [1000 * seconds(seen) for _ in range(REPORTS)]
    return figure("POST /reports until the officer has seen and completed its triage", waits, "ms")


@contextmanager
def served(url: str, command: list[str], *, address: str = "", **env: str) -> Iterator[int]:
    """The port of a web server; `command` lacks it as its last word."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with _running(url, [*command, f"{address}{port}"], **env):
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port


@contextmanager
def worker(url: str) -> Iterator[None]:
    with _running(url, [*HEJIE, "worker"]):
        yield


@contextmanager
def _running(url: str, command: list[str], **env: str) -> Iterator[None]:
    environment = {**os.environ, "HEJIE_DATABASE_URL": url, **env}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
