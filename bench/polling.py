"""A county at work: two hundred people whose pages ask every twenty seconds what has changed, while fifty write."""

import http.client
import json
import random
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from bench import database
from bench.diagrams import ANSWERS, FORM, SIX_FORMS
from bench.engine import deploy
from bench.measure import Figure, figure, percentile
from bench.rest import HEJIE, begin, served, worker
from engine import casework, clock, db, demo
from engine.ids import new_id
from engine.people.commands import grant, token_hash
from engine.people.models import Account, SignIn
from engine.territory import queries as territory
from engine.workflow.definitions import File

VILLAGES, POLLING, WRITING, SEED = 50, 200, 50, 20261123
POLLS_EVERY, WRITES_EVERY = 20.0, 30.0
"""Seconds: of the page's script, and of somebody who reads a task, fills in its form and sends it."""
OPEN = 20
"""Tasks that wait in each village; whoever polls sees those of theirs, and one of five people writes."""


class Person:
    """Somebody with a page open: a connection that is kept, and the version of the list that the page has."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.seen = ""

    def newest_task(self) -> str:
        """The task of this person's list that somebody does next."""
        self.connection.request("GET", "/api/v1/tasks?sort=newest&limit=1", headers=self.headers)
        found: str = json.load(self.connection.getresponse())["items"][0]["task"]["id"]
        return found

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, float]:
        """The status and the milliseconds of one answer, read to its end."""
        begin = time.perf_counter()
        headers = self.headers | ({"If-None-Match": self.seen} if path == "tasks/changes" else {})
        self.connection.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
        answer = self.connection.getresponse()
        read = answer.read()
        took = 1000 * (time.perf_counter() - begin)
        assert answer.status in (200, 304), (path, answer.status, read)
        if path == "tasks/changes":
            self.seen = answer.headers["ETag"]
        return answer.status, took


def run(*, full: bool = False) -> list[Figure]:
    """How long polls and writes take, over five minutes or one."""
    lasts = 300 if full else 60
    with database.fresh() as url, ExitStack() as running:
        with db.transaction() as session:
            casework.deploy(session, None, casework.library())
            demo.load(session)
        deploy(File("bench.bpmn", SIX_FORMS), File("f-bench.form.json", FORM))
        with db.transaction() as session:
            villages = [one.code for one in territory.villages(session)[:VILLAGES]]
        for code in villages:
            begin(OPEN, code)
        tokens = _sign_in(villages)
        port = running.enter_context(served(url, [*HEJIE, "serve", "--processes", "2", "--port"]))
        running.enter_context(worker(url))
        people = [Person(port, token) for token in tokens]
        return _at_work(people, lasts)


def _sign_in(villages: list[str]) -> list[str]:
    """The tokens of mediators, as their pages have them; one village after another, and round again."""
    tokens, now = [secrets.token_urlsafe(32) for _ in range(POLLING + WRITING)], clock.now()
    with db.transaction() as session:
        for number, token in enumerate(tokens):
            account = Account(
                id=new_id(), login=f"bench{number}", name=f"示例{number}", password_hash="", created_at=now
            )
            session.add(account)
            session.flush()  # roles and session point to it
            grant(session, account, "village_mediator", villages[number % VILLAGES])
            session.add(
                SignIn(
                    token_hash=token_hash(token), account_id=account.id, created_at=now,
                    expires_at=now + timedelta(hours=1), address="",
                )
            )  # fmt: skip
    return tokens


def _at_work(people: list[Person], lasts: float) -> list[Figure]:
    """Everybody at once, each in a rhythm of their own, after a first look at what there is."""
    polls: list[tuple[int, float]] = []
    reads: list[tuple[int, float]] = []
    writes: list[tuple[int, float]] = []
    for person in people:
        person.ask("GET", "tasks/changes")
    end = time.monotonic() + lasts

    def poll(person: Person, chance: random.Random) -> None:
        for _ in _rhythm(POLLS_EVERY, end, chance):
            polls.append(person.ask("GET", "tasks/changes"))

    def write(person: Person, chance: random.Random) -> None:
        for _ in _rhythm(WRITES_EVERY, end, chance):
            task = person.newest_task()
            reads.append(person.ask("GET", f"tasks/{task}"))
            writes.append(person.ask("POST", f"tasks/{task}/complete", {"answers": ANSWERS}))

    with ThreadPoolExecutor(len(people)) as pool:
        done = [
            pool.submit(poll if number < POLLING else write, person, random.Random(SEED + number))
            for number, person in enumerate(people)
        ]
        for one in done:
            one.result()
    unchanged = sum(status == 304 for status, _ in polls) / len(polls)
    return [
        _within(f"polls of {POLLING} people", polls, f"{unchanged:.0%} answered that nothing has changed"),
        _within(f"the tasks that {WRITING} others open meanwhile", reads),
        _within("the same tasks completed", writes),
    ]


def _rhythm(every: float, end: float, chance: random.Random) -> Iterator[None]:
    """Moments so far apart, more or less, until the end; the first one anywhere within the first pause."""
    pause = chance.uniform(0, every)
    while time.monotonic() + pause < end:
        time.sleep(pause)
        yield
        pause = chance.uniform(0.8, 1.2) * every


def _within(subject: str, answers: list[tuple[int, float]], note: str = "") -> Figure:
    times = [took for _, took in answers]
    note = f"median {percentile(times, 50):.1f}, longest {max(times):.0f}, {len(times)} answers; {note}".rstrip("; ")
    return figure(f"{subject}, 95 of 100 within", [percentile(times, 95)], "ms", note, must=300, at_most=True)
