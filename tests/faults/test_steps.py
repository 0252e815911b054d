"""Many steps while workers, servers and the database go down and the clock jumps: the history has each exactly once.

Each relay goes round: a job of another system, a job of this house, a message to an instance of another process and its
answer, a timer. HEJIE_FAULT_SCALE makes it longer (`make faults`).
"""

import logging
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.cli.house import MOST_RESTARTS
from engine import chains, postgres
from engine.config import ROOT
from engine.deadlines import counting, queries
from engine.deadlines.models import Deadline
from engine.deadlines.queries import STILL_OPEN
from engine.events import Event as Happened
from engine.workflow import definitions
from engine.workflow.definitions import File
from engine.workflow.models import Definition, Incident, Instance, Message, ServiceJob
from tests.engine.workflow.diagrams import diagram, flow, timer
from tests.factories import LAND
from tests.faults.test_kill import HEJIE, OVERTAKEN, SCALE, SEED, Clerk, House
from tests.faults.wrong_clock import WrongClock

pytestmark = pytest.mark.faults
LOG = logging.getLogger(__name__)
RELAYS, ROUNDS, CLIENTS, KILLS = 12, 4 * SCALE, 8, 7 * SCALE
JUMPS, PETITIONS = 9 * SCALE, 5
VICTIMS = ("worker", "clock ahead", "serve", "restart", "second", "power", "clock back")


def task(element: str, kind: str, properties: str = "") -> str:
    """A service task."""
    return (
        f'<bpmn:serviceTask id="{element}"><bpmn:extensionElements><zeebe:taskDefinition type="{kind}" retries="99"/>'
        '<zeebe:ioMapping><zeebe:input source="round" target="kind"/></zeebe:ioMapping>'
        f"<zeebe:properties>{properties}</zeebe:properties></bpmn:extensionElements></bpmn:serviceTask>"
    )


LATER = '<zeebe:property name="hejie.async" value="true"/>'
MESSAGES = (
    '<bpmn:message id="ping" name="ping"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=relay"/></bpmn:extensionElements></bpmn:message>'
    '<bpmn:message id="pong" name="pong"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=relay"/></bpmn:extensionElements></bpmn:message>'
)


def throws(message: str) -> str:
    """An event that sends a message with the relay's name."""
    return (
        f'<bpmn:intermediateThrowEvent id="send"><bpmn:extensionElements><zeebe:ioMapping>'
        '<zeebe:input source="=relay" target="relay"/></zeebe:ioMapping></bpmn:extensionElements>'
        f'<bpmn:messageEventDefinition messageRef="{message}"/></bpmn:intermediateThrowEvent>'
    )


RELAY = diagram(
    '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="again"/>'
    + task("work", "relay.work")
    + task("note", "notice.record", LATER)
    + throws("ping")
    + '<bpmn:intermediateCatchEvent id="heard"><bpmn:messageEventDefinition messageRef="pong"/>'
    "</bpmn:intermediateCatchEvent>"
    + f'<bpmn:intermediateCatchEvent id="wait">{timer("PT0.2S")}</bpmn:intermediateCatchEvent>'
    + '<bpmn:scriptTask id="count"><bpmn:extensionElements><zeebe:script expression="=left - 1" resultVariable="left"/>'
    '</bpmn:extensionElements></bpmn:scriptTask><bpmn:exclusiveGateway id="done" default="done_again"/>'
    '<bpmn:endEvent id="end"/>'
    + flow("start", "again")
    + flow("again", "work")
    + flow("work", "note")
    + flow("note", "send")
    + flow("send", "heard")
    + flow("heard", "wait")
    + flow("wait", "count")
    + flow("count", "done")
    + flow("done", "end", "left &lt;= 0")
    + flow("done", "again"),
    key="relay",
    roots=MESSAGES,
)
ECHO = diagram(
    '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="ping"/></bpmn:startEvent>'
    + task("note", "notice.record", LATER)
    + throws("pong")
    + '<bpmn:endEvent id="end"/>'
    + flow("start", "note")
    + flow("note", "send")
    + flow("send", "end"),
    key="echo",
    roots=MESSAGES,
)
EACH_ROUND = {"work": 1, "note": 1, "send": 1, "heard": 1, "wait": 1, "count": 1}


class SecondWorker:
    """A worker beside the one that `hejie run` has; it ends when the database restarts, and is started again."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.process: subprocess.Popen[bytes] | None = None
        self.starting = Lock()  # who disturbs and who waits both see to it

    def see_to(self) -> None:
        """Start it if it does not run."""
        with self.starting:
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(
                    [*HEJIE, "worker"], cwd=ROOT, env=self.house.env, start_new_session=True, stderr=subprocess.DEVNULL
                )

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def clock() -> Iterator[WrongClock]:
    """The clock of the house."""
    made = WrongClock()
    yield made
    made.remove()


@pytest.fixture
def house(tmp_path: Path, clock: WrongClock) -> Iterator[House]:
    """The product with the two processes."""
    made = House(tmp_path / "var", clock.env)
    engine = create_engine(postgres.ensure_running(made.var).url)
    with Session(engine) as session, session.begin():
        definitions.deploy(session, [File("relay.bpmn", RELAY), File("echo.bpmn", ECHO)], actor=None)
    engine.dispose()
    yield made
    made.stop()


@pytest.fixture
def second(house: House) -> Iterator[SecondWorker]:
    """Another worker."""
    made = SecondWorker(house)
    made.see_to()
    yield made
    made.kill()


def work(admin: Clerk, name: str, over: Event, done: list[str]) -> None:
    """Another system: get jobs, do them, until it is over. `done` gets those that it has done."""
    while not over.is_set():
        asked = {"types": ["relay.work"], "worker": name, "limit": 3, "lock_seconds": 20, "wait_seconds": 1}
        for one in admin.ask("POST", "jobs/activate", asked)["items"]:
            body = {"lock": one["lock"], "variables": {}}
            if admin.ask("POST", f"jobs/{one['job']['id']}/complete", body, conflict=True) is not None:
                done.append(one["job"]["id"])  # else its lock ran out, and another has the job


def disturb(house: House, second: SecondWorker, clock: WrongClock, over: Event) -> Counter[str]:
    """Let things go down at random moments, and come back. Returns how often each did."""
    chance, done = random.Random(SEED), Counter[str]()
    try:
        for number in range(KILLS):
            house.wait()
            if over.wait(chance.uniform(0.5, 2.5)):
                break
            victim = VICTIMS[number % len(VICTIMS)]
            done[victim] += 1
            _bring_down(victim, house, second, clock, timedelta(minutes=chance.uniform(2, 20)))
            second.see_to()
    finally:
        clock.jump(clock.furthest)
    return done


def _bring_down(victim: str, house: House, second: SecondWorker, clock: WrongClock, jump: timedelta) -> None:
    match victim:
        case "second":
            second.kill()
        case "restart":  # under load; `hejie run` starts it again
            house.tell_database(signal.SIGINT)
        case "power":
            house.cut_power()
        case "clock ahead":
            clock.jump(clock.furthest + jump)
        case "clock back":  # what was begun ahead is due only when the clock has come there again
            clock.jump(clock.furthest - jump)
        case part:
            house.kill(part)


def test_no_step_is_lost_or_doubled_whatever_goes_down(house: House, second: SecondWorker, clock: WrongClock) -> None:
    admin = Clerk(house)
    admin.sign_in("admin")
    over, done = Event(), list[str]()
    started = [
        admin.ask("POST", "instances", {"process": "relay", "variables": {"relay": f"r{number}", "left": ROUNDS}})["id"]
        for number in range(RELAYS)
    ]
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        working = [pool.submit(work, admin, f"w{number}", over, done) for number in range(CLIENTS)]
        disturbing = pool.submit(disturb, house, second, clock, over)
        try:
            _wait_until_all_have_ended(admin, second, started, done)
        finally:
            over.set()
        for one in working:
            one.result()
        down = disturbing.result()
    _assert_the_database_jumped(house, clock)
    steps = assert_counted(house, [UUID(one) for one in started])
    counts = f"{steps} steps, {len(done)} jobs of another system, {house.answers} answers, down: {dict(down)}"
    LOG.warning("%s, clock ahead by up to %s", counts, clock.furthest)  # pytest -rP shows it


def test_deadlines_of_the_law_warn_of_each_mark_once_however_the_clock_jumps(
    house: House, second: SecondWorker, clock: WrongClock
) -> None:
    """Petitions have two deadlines each; ahead and back over all their marks, while a worker is killed at each jump."""
    admin = Clerk(house)
    admin.sign_in("admin")
    for _ in range(PETITIONS):
        case_id = Clerk(house).ask("POST", "reports", {"answers": LAND})["id"]
        begun = {"process": "petition-handle", "case": case_id, "variables": {"case_id": case_id}}
        admin.ask("POST", "instances", begun)
    chance, engine = random.Random(SEED), create_engine(postgres.ensure_running(house.var).url)
    for number in range(JUMPS):
        if number % 2:
            house.kill("worker")
            time.sleep(60 / MOST_RESTARTS)  # more often, and `run` gives up, as it should
        else:
            second.kill()
        clock.jump(clock.furthest + timedelta(days=chance.uniform(1, 3) / SCALE))
        second.see_to()
        _wait_until_warned(house, engine)
        clock.jump(clock.furthest - timedelta(days=1))
    clock.jump(clock.furthest)
    _wait_until_warned(house, engine)
    with Session(engine) as session:
        warned = session.scalars(select(Happened).where(Happened.kind == "deadline.warned")).all()
        marks = [one for one in warned if "mark" in one.data]  # the others are a diagram's own
        often = Counter((one.stream, one.data["key"], one.data["due_on"], one.data["mark"]) for one in marks)
        running = session.scalars(select(Deadline).where(Deadline.state == "running")).all()
        behind = [one.key for one in running if one.warned != _last_mark(session, one, datetime.now(UTC) + clock.ahead)]
        fired = session.scalars(select(Instance.id).where(Instance.wake_at < func.now() - timedelta(minutes=1))).all()
        faults = [found for _, _, found in chains.verify(session) if found]
    engine.dispose()
    assert len(running) >= 2 * PETITIONS and len(often) >= 4 * PETITIONS
    assert set(often.values()) == {1}
    assert (behind, fired, faults) == ([], [], [])


def _last_mark(session: Session, deadline: Deadline, now: datetime) -> str | None:
    marks = queries.marks(session, deadline, queries.calendar(session))
    return max((mark for mark, at in marks if at <= now), key=counting.MARKS.index, default=None)


def _wait_until_warned(house: House, engine: Engine) -> None:
    """Until nothing is due by the clock of the database, which has jumped as well."""
    owed = select(func.count()).select_from(Deadline).where(Deadline.warn_at <= func.now())
    late = select(func.count()).select_from(Instance).where(Instance.wake_at <= func.now())
    for _ in house.asking("what is due"):
        house.wait()
        with suppress(OperationalError), Session(engine) as session:
            if not session.scalar(owed.where(Deadline.state.in_(STILL_OPEN))) and not session.scalar(late):
                return


def _wait_until_all_have_ended(admin: Clerk, second: SecondWorker, started: list[str], done: list[str]) -> None:
    left, known, since = list(started), 0, 0
    while left:
        second.see_to()
        if admin.ask("GET", f"instances/{left[0]}")["status"] == "completed":
            left.pop(0)
            continue
        if len(done) > known:
            known, since = len(done), admin.house.answers
        assert admin.house.answers - since < OVERTAKEN, f"{len(left)} of {len(started)} get nowhere"
        time.sleep(0.5)


def _assert_the_database_jumped(house: House, clock: WrongClock) -> None:
    engine = create_engine(postgres.ensure_running(house.var).url)
    with Session(engine) as session:
        ahead = session.scalars(select(func.now())).one() - datetime.now(UTC)
    engine.dispose()
    assert abs(ahead - clock.ahead) < timedelta(minutes=1)


def assert_counted(house: House, started: list[UUID]) -> int:
    """The history has every step of every round exactly once, and nothing is left over. Returns how many steps."""
    engine = create_engine(postgres.ensure_running(house.var).url)
    with Session(engine) as session:
        steps = Counter[str]()
        for instance_id in started:
            happened = session.scalars(select(Happened).where(Happened.instance == instance_id)).all()
            own = Counter(step for one in happened for step in _completed(one.data))
            assert {name: own[name] for name in EACH_ROUND} == dict.fromkeys(EACH_ROUND, ROUNDS)
            kinds = Counter(one.kind for one in happened)
            expected = {"job.completed": 2 * ROUNDS, "notice.recorded": ROUNDS, "message.received": ROUNDS}
            assert {kind: kinds[kind] for kind in expected} == expected
            assert kinds["timer.fired"] == ROUNDS
            steps.update(own)
        assert sum(steps.values()) > 6 * RELAYS * ROUNDS
        ours = Definition.key.in_(("relay", "echo"))  # the demo county shows an incident of its own
        running = select(Instance.status, Definition.key).join(Definition, Definition.id == Instance.definition_id)
        statuses = Counter(tuple(row) for row in session.execute(running.where(ours)))
        assert statuses == {("completed", "relay"): RELAYS, ("completed", "echo"): RELAYS * ROUNDS}
        failed = select(Incident).join(Instance, Instance.id == Incident.instance_id)
        assert session.scalars(failed.join(Definition, Definition.id == Instance.definition_id).where(ours)).all() == []
        assert set(session.scalars(select(ServiceJob.state))) == {"completed"}
        assert session.scalars(select(Message).where(Message.taken_at.is_(None))).all() == []
        assert [found for _, _, found in chains.verify(session) if found] == []
    engine.dispose()
    return sum(steps.values())


def _completed(data: dict[str, Any]) -> list[str]:
    return [one[1] for one in data.get("path", []) if one[0] == "element.completed"]
